//! Many pieces of work at once.
//!
//! | I want to | use |
//! |---|---|
//! | run a few things together, in this task | [`gather`](fn@gather), [`try_gather`], [`race`], [`first_ok`] |
//! | begin more while others run, borrowing what is around | [`scope`](fn@scope) |
//! | do the same with each of many items, so many at a time, in this task | [`map`](fn@map), [`map_stream`] |
//! | run tasks on an executor that end together | [`TaskGroup`] |
//! | have workers that take inputs from a queue | [`WorkerPool`] |
//! | have named jobs run again and again | [`Background`] |
//! | run what blocks, so much at once | [`Offload`] |
//! | count what is in flight, and wait until all are gone | [`InFlight`] |
//! | stop in order, under one deadline, with a report by name | [`Shutdown`] |
//! | know how each of many ended | [`Outcomes`], of [`Outcome`]s |
//!
//! # What becomes of the others when one fails
//! | | the others | returns |
//! |---|---|---|
//! | [`gather`](fn@gather), [`map`](fn@map)`(..).collect()` | run on | when all have ended, with every outcome |
//! | [`try_gather`], [`map`](fn@map)`(..).try_collect()` | are dropped | at once, with the first error |
//! | [`TaskGroup::join_all`] | are cancelled, unless it is said otherwise | when all have ended, with every error |
//! | [`WorkerPool`] | run on | each ticket with its own outcome |

pub mod background;
pub mod gather;
pub mod group;
pub mod in_flight;
pub mod map;
pub mod offload;
mod outcome;
mod outcomes;
mod progress;
pub mod scope;
pub mod shutdown;
pub mod worker_pool;

pub use background::Background;
pub use gather::{AllFailed, first_ok, gather, race, try_gather};
pub use group::TaskGroup;
pub use in_flight::InFlight;
pub use map::{map, map_stream};
pub use offload::Offload;
pub use outcome::{Failure, Outcome};
pub use outcomes::{Oks, Outcomes, Split};
pub use scope::{Scope, scope};
pub use shutdown::{DrainPlan, DrainReport, Shutdown};
pub use worker_pool::WorkerPool;
