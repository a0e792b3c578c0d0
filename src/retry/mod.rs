//! Trying again: when, how often, at whose expense, and what comes out if it was all in vain.
//!
//! | I want to | use |
//! |---|---|
//! | try a function again | [`Retryable::retry`]: `fetch.retry(schedule).on(&rt)` |
//! | know in it which attempt it is | [`retry`](fn@retry) |
//! | hand it something of its own | [`retry_with`] |
//! | borrow in it | [`retry_async`], or the loop form, [`Retry::attempts`] |
//! | retry only what is worth it | [`Retry::when`]; by value, or with a wish of the other side, [`Retry::judge`], [`Retry::hint`] |
//! | stop in time | [`Retry::deadline`], [`Retry::within`]; for one attempt [`Retry::attempt_timeout`] |
//! | not finish off a service that is down | [`Retry::budget`], see [`budget`] |
//! | choose the delays | [`schedule`] |
//! | watch it | [`Retry::on_retry`], [`Retry::observed`] |
//! | wait on a thread | [`Retrying::wait`] |
//!
//! Repeat only what may be done twice: an operation that failed may have done its work all the same. Without
//! [`when`](Retry::when) every `Err` is tried again; a panic and a cancellation never.
//!
//! # What it costs
//! An operation that goes well at once: no look at the clock, no timer, no random number, no allocation. After a failure: one look at the
//! clock and one sleep. A [`RateBudget`](budget::RateBudget) looks at its own clock at each call.
//!
//! # Comparison
//! What fails although it is repeated, and takes others down with it, wants a budget first. To bound how long one call takes, see
//! [`time::timeout`](fn@crate::time::timeout). Work that must not be lost while its consumers fail belongs into a
//! [`WorkQueue`](crate::queue::WorkQueue).

mod attempt;
mod attempts;
pub mod budget;
mod builder;
mod course;
mod guarded;
mod judge;
mod plan;
mod report;
mod retrying;
pub mod schedule;
mod with;

pub use attempt::{Attempt, Carrying, Lending, Numbered, Operation, Plain, Repeat};
pub use attempts::{Attempts, Body, NextAttempt, Try};
pub use builder::{Retry, Retryable, retry, retry_async, retry_with};
pub use course::Course;
pub(crate) use guarded::caught;
pub use guarded::{AttemptError, Guard, Guarded, GuardedAttempt, Stopped};
pub use judge::{ByVerdict, EveryError, Hinted, Judge, Judged, Observed, OnRetry, Verdict, When};
pub use plan::Plan;
pub(crate) use report::Story;
pub use report::{Failed, RetryError, StopReason};
pub use retrying::Retrying;
pub use with::RetryingWith;
