//! Work that is never lost.
//!
//! | I want to | use |
//! |---|---|
//! | put a job in, now or for later | [`WorkQueue::push`], [`push_after`](WorkQueue::push_after) |
//! | take it back | [`cancel`](WorkQueue::cancel), by its [`JobId`] |
//! | do jobs | [`lease`](WorkQueue::lease) or [`lease_many`](WorkQueue::lease_many), and say of each [`Job`] that it is done: [`ack`](Job::ack) |
//! | have it tried again | drop it, or [`nack`](Job::nack), [`nack_after`](Job::nack_after) |
//! | give it up | [`reject`](Job::reject) |
//! | see what was given up | [`dead_letters`](WorkQueue::dead_letters) |
//! | have one of each key done at a time | [`Builder::key`] |
//! | not wait for ever for a worker that hangs | [`Builder::visibility`] |
//! | wait until all is done | [`join`](WorkQueue::join) |
//! | stop | [`close`](WorkQueue::close) to have all done, [`close_now`](WorkQueue::close_now) to have it back |
//!
//! At least once is what is promised: a job is done by one worker at a time, unless a lease runs out, and is tried again if that one did not say
//! that it is done. It lives in memory: what is to survive the program belongs into a database.
//!
//! # Memory
//! Nothing before the first job. A job takes a place in blocks that are used again. Neither to put one in, to lease it nor to say that it is
//! done allocates in steady state, without keys and with keys that stay.
//!
//! # Comparison
//! A [`Queue`](super::Queue) forgets an item when it gives it out, and takes a third of the time. A [`KeyedQueue`](super::KeyedQueue) knows
//! which items are in flight, for order, and does not try again.

mod core;
mod dead;
mod error;
mod holder;
mod job;
mod join;
mod keys;
mod lease;
mod lease_many;
mod ledger;
mod list;
mod push;
mod rules;
mod stats;

pub use self::core::WorkQueue;
pub use dead::{DeadLetter, Why};
pub use error::{LeaseLost, PushError, TryLeaseError};
pub use holder::Holder;
pub use job::{Job, JobId};
pub use join::Join;
pub use lease::Lease;
pub use lease_many::LeaseMany;
pub use push::Push;
pub use rules::Builder;
pub use stats::Stats;
