//! Many pieces of work at once.
//!
//! | I want to | use |
//! |---|---|
//! | know how each of many ended | [`Outcomes`], of [`Outcome`]s |

pub mod group;
pub mod in_flight;
mod outcome;
mod outcomes;
mod progress;

pub use group::TaskGroup;
pub use in_flight::InFlight;
pub use outcome::{Failure, Outcome};
pub use outcomes::{Oks, Outcomes, Split};
