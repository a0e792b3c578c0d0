//! Something else instead of an error, and never unseen.
//!
//! | I want instead of an error | use |
//! |---|---|
//! | a value | [`Fallback::value`] |
//! | a value that is made of the error, or only when it is needed | [`Fallback::with`] |
//! | what another operation brings | [`Fallback::operation`] |
//! | it for some errors alone | [`Fallback::when`] |
//! | to know whether it was used | [`Run::outcome`] |
//! | somebody told whenever it was | [`Fallback::observed`] |
//! | to wait on a thread | [`Run::wait`] |
//!
//! A fallback that nobody sees is an outage that nobody sees: give it an observer, or ask for the [`Outcome`].
//!
//! A drop is no error, and neither is a panic: who is cancelled calls no fallback, and a panic goes through. To take a panic for an error, see
//! [`Boundary`](super::Boundary).
//!
//! # What it costs
//! Nothing beside the future it stands around: no clock, no timer, no allocation. An observer that is told makes text of the error.

mod cover;
mod instead;
mod outcome;
mod rules;
mod run;

pub use cover::{Cover, EveryError, Observed, When};
pub use instead::{Calls, Instead, Untaken, Value, With};
pub use outcome::Outcome;
pub use rules::Fallback;
pub use run::{Falling, Run, WithOutcome};
