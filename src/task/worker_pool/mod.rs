//! Workers that take inputs from a queue and call one handler for each.
//!
//! | I want to | use |
//! |---|---|
//! | have an input done, and read its outcome | [`WorkerPool::submit`], [`try_submit`](WorkerPool::try_submit), which give a [`Ticket`] |
//! | have the outcomes of many that were submitted one by one: in their order, as they come | [`gather`](fn@super::gather) of the tickets, a `FuturesUnordered` of them |
//! | have many done: in order, as they come, with progress | [`WorkerPool::map`], which is a stream and [collects](Map::collect) |
//! | begin the most urgent first | [`Builder::queue`], with a queue of [`Submission`]s |
//! | have jobs done at least once, and tried again | [`Builder::work_queue`] |
//! | not care, and still hear of what fails | [`Ticket::detach`], [`Builder::observer`] |
//! | take one back | [`Ticket::abort`] |
//! | wait until all is done | [`WorkerPool::wait_idle`] |
//! | hold on; have more or fewer workers | [`pause`](WorkerPool::pause), [`resume`](WorkerPool::resume); [`resize`](WorkerPool::resize) |
//! | stop when all is done, when what runs is done, at once, in time | [`stop`](WorkerPool::stop), [`stop_after_running`](WorkerPool::stop_after_running), [`stop_now`](WorkerPool::stop_now), [`stop_within`](WorkerPool::stop_within) |
//!
//! Each input that was accepted has exactly one outcome, or comes back from the stop. An outcome lies in its ticket until it is read, so nothing piles
//! up in the pool and there are no results that have to be read for it to go on: what is unread is bounded by the tickets that somebody keeps, of a
//! [`map`](WorkerPool::map) by the queue and the workers. A pool stops because it was told to, never because of an input: any value
//! may be one.
//!
//! # Memory
//! One allocation for each input, which its ticket shares; none for one of a [`map`](WorkerPool::map), where outcomes lie in a queue. A handler's
//! future runs in the worker that called it, in the same place as the one before.
//!
//! # Comparison
//! To bound what callers run themselves a [`Bulkhead`](crate::limit::Bulkhead) needs no workers and no queue. A pool is for work that outlives
//! whoever asked for it, that waits in an order of its own, or that is to run on all processors.

mod answers;
mod builder;
mod cell;
mod core;
mod error;
mod idle;
mod leased;
mod map;
mod on_panic;
mod pool;
mod source;
mod state;
mod stats;
mod stop;
mod submission;
mod submit;
mod telling;
mod ticket;
mod worker;

pub use builder::{Bounded, Builder, Built, Told};
pub use error::{ResizeError, SubmitError};
pub use idle::WaitIdle;
pub use map::{Collect, Map};
pub use on_panic::OnPanic;
pub use pool::WorkerPool;
pub use source::{EndsWith, Inputs, QueueOf, Source, Ticketed, Tickets};
pub use stats::{Stats, Tally};
pub use stop::{Stop, StopWithin, Stopped};
pub use submission::Submission;
pub use submit::{Submit, Submitted};
pub use telling::Tells;
pub use ticket::Ticket;
