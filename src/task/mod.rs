//! Many pieces of work at once.
//!
//! | I want to | use |
//! |---|---|
//! | know how each of many ended | [`Outcomes`], of [`Outcome`]s |

mod outcome;
mod outcomes;
mod progress;

pub use outcome::{Failure, Outcome};
pub use outcomes::{Oks, Outcomes, Split};
