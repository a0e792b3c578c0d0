//! A line that no failure crosses unseen: panics become errors, what may pass is tried again, the rest is answered otherwise, all of it is
//! reported.
//!
//! | I want to | use |
//! |---|---|
//! | run something behind one | [`Boundary::run`] |
//! | try again so many times, or by other rules | [`Boundary::attempts`], [`Boundary::retry`] |
//! | bound how long one attempt takes | [`Boundary::attempt_timeout`] |
//! | say what cannot be recovered from | [`Boundary::recoverable`] |
//! | give something else in the end | [`Boundary::fallback`] |
//! | give it for some failures | [`Boundary::on_timeout`], [`Boundary::when`], then [`Boundary::otherwise`] |
//! | let some go on, whatever is given for others | [`Boundary::goes_on`] |
//! | have every failure reported | [`Boundary::observed`] |
//! | know whether the answer is a fallback | [`outcome`](super::fallback::Run::outcome) of what `run` gives |
//! | put one around a body that borrows, returns and breaks | [`Boundary::scope`] |
//!
//! # The order of things
//! One attempt with its time limit; its panic caught; the retry around it; then the arms in the order in which they were said, the fallback
//! last. It is always this order, in whatever order the rules are said.
//!
//! # What cannot be recovered from
//! Such a failure is not tried again, no arm takes it, and it comes out as an error at once. That is a panic, unless something else is
//! [said](Boundary::recoverable): a bug is no weather, and a fallback in its place would hide it. A drop is no failure at all: who is cancelled
//! is gone, and nothing is tried or given instead.
//!
//! # What it costs
//! What goes well at once: no look at the clock, no timer, no allocation. It is a [`Retry`](crate::retry::Retry) and a
//! [`Fallback`](super::Fallback) and nothing beside; what one of them alone does needs no boundary.

mod arms;
mod recoverable;
mod report;
mod rules;
mod run;
mod scope;

pub use arms::{Either, GoesOn, NoArms, OnKind, Otherwise, When};
pub use recoverable::{ButPanics, RecoverableBy, Recovers};
pub use report::{Observed, Report, Told};
pub use rules::Boundary;
pub use run::{Failure, Guarding, Judging, Watch};
pub use scope::Scope;
