//! Stopping in order, under one deadline, with a report by name.
//!
//! | I want to | use |
//! |---|---|
//! | start a task that is waited for, and aborted at the end | [`Shutdown::task`] |
//! | be waited for without being a task | [`Shutdown::participant`], kept until it is done |
//! | take part with a future that somebody else polls | [`Participant::run`] |
//! | take nothing new once it is asked for | [`Shutdown::stopping`]: ask it, await it, or [`run`](crate::sync::CancelToken::run) an accept in it |
//! | close what takes work | [`stopping().on_cancel(..)`](crate::sync::CancelToken::on_cancel) |
//! | drop what was begun when there is no time left | [`Shutdown::token`] |
//! | ask for it | [`Shutdown::request`]; by a signal [`Drain::signals`]; by failing, which [`OnFailure`] can turn off |
//! | wait for it in `main` | [`Shutdown::run`] |
//! | do it now | [`Shutdown::drain`] |
//! | divide the time otherwise | [`DrainPlan`] |
//! | end the process as a shell expects | [`DrainReport::exit_code`] |
//! | only count, without names and phases | [`InFlight`](super::InFlight) |
//!
//! # The phases
//! | phase | begins | what is told | who is listed as what when it goes |
//! |---|---|---|---|
//! | [`Running`](Phase::Running) | | | not at all, unless it failed |
//! | [`Draining`](Phase::Draining) | when it is asked for | nobody comes in; `stopping` is cancelled | completed |
//! | [`Cancelling`](Phase::Cancelling) | 24.5 s later | `token` is cancelled | cancelled |
//! | [`Aborting`](Phase::Aborting) | 5 s later; or with the second signal, or [`Shutdown::abort`] | futures that run under it are dropped at their next poll | aborted |
//! | the end | half a second later, or when the last has gone | | left, if it is still there |
//!
//! One deadline is for all of it, and each begins its part where the one before has ended. Who fails is listed as failed, whenever that was.
//! A server closes its listener in the first phase, goes on to answer those who are connected, and drops them in the second: each connection is a
//! participant of its own, with [`OnFailure::Continue`], under one name for all.
//!
//! # What it costs
//! To come and to go is a short lock each, for the name. To run under it costs one registration, and two loads at each poll.
//!
//! # Memory
//! One place for each who takes part. Of those who have gone before it is asked for nothing is kept but the last 1,000 failures.
//!
//! # Comparison
//! A token and a tracker, kept together by hand, tell and count, and know neither names nor phases; who has died before the end goes unseen. An
//! [`abort`](crate::spawn::Task::abort) of all handles gives nobody the chance to finish.

mod drain;
mod ending;
mod error;
mod handle;
mod members;
mod participant;
mod phase;
mod plan;
mod report;
mod run;
mod shared;

pub use drain::{Drain, NoSignals};
pub use ending::{Ending, SharedError};
pub use error::TaskError;
pub use handle::Shutdown;
pub use participant::{OnFailure, Participant};
pub use phase::Phase;
pub use plan::DrainPlan;
pub use report::{DrainReport, Failed};
pub use run::Run;
