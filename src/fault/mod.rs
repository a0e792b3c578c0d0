//! What to do about calls that fail or drag on.
//!
//! | I want to | use |
//! |---|---|
//! | begin another attempt beside one that is slow, and take what comes first | [`Hedge`] |
//! | know what kind of failure an error is | [`Fault`] |

pub mod breaker;
pub mod hedge;
mod kind;

pub use hedge::Hedge;
pub use kind::{Fault, Kind};
