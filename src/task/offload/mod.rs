//! Work that blocks, where it holds up nobody: so many closures at once, on the threads of the runtime that is passed in.
//!
//! | I want to | use |
//! |---|---|
//! | run a closure that blocks and await what it gives | [`Offload::run`] |
//! | run a function that blocks over many items, so many at once | [`Offload::map`] |
//! | have its outcomes as they come, or all in the order of the items | [`Map`], a stream; [`Map::collect`] |
//! | read an iterator that blocks, such as a file in chunks, as a stream | [`Offload::stream`] |
//! | read less far ahead, or further | [`ReadAhead::ahead`] |
//! | have more closures at once, or fewer | [`Builder::limit`] |
//! | see what it is at | [`Offload::stats`] |
//! | run one closure beside all limits, with a handle that can be aborted | [`SpawnExt::spawn_blocking_task`](crate::spawn::SpawnExt::spawn_blocking_task) |
//!
//! One [`Offload`] is made where the program starts, and cloned: its clones share one limit and one line. It has no threads of its own,
//! so making one costs next to nothing, and dropping one waits for nobody.
//!
//! # Two bounds
//! The limit here, 4 unless it is said otherwise, bounds how many closures are at the runtime at once; what comes then waits in line,
//! as tasks do: without a thread, without an end, and able to give up. The runtime has a bound of its own for the sum of all that is passed
//! to it, and another for what waits there:
//!
//! | runtime | threads for closures | closures that wait |
//! |---|---|---|
//! | [`rt::threads`](crate::rt::threads) | 4, or as [built](crate::rt::threads::ThreadsBuilder::blocking_threads) | 1,000; the next is refused |
//! | tokio | 512, or as built | without a bound |
//! | smol, async-std | 500, by `BLOCKING_MAX_THREADS` | without a bound |
//!
//! So the smaller of the two holds. With a limit above the number of threads, closures wait at the runtime for the rest of the way.
//!
//! # Who gives up
//! A future that is dropped before its closure began drops the closure with it, which then never runs; in line, its place is the next one's. One
//! that is dropped while its closure runs returns at once: nothing can stop the closure, so it runs on, and what it gives is dropped on
//! its thread. What lies at the runtime keeps its place until the runtime is through with it, so there are never more than may be. A task that
//! awaits is not blocked in any of these.
//!
//! A closure that waits for another one of the same `Offload` may wait for ever: as many such closures as may run at once leave no place for
//! what they wait for.
//!
//! # Memory
//! A closure costs two allocations: its box and what its future shares with it; an item of a map one more. A stream costs two, and one for
//! each turn of its iterator; the items that were read ahead lie in one buffer.
//!
//! # Comparison
//! A pool that is made for one call, as by `with ThreadPoolExecutor()` in Python, ends by waiting for its threads: a time-out of 50 ms around
//! 500 ms of work comes back after 500 ms, and the loop stood still. tokio's `spawn_blocking` has no limit of one's own: it is put together with a
//! semaphore, whose permit must be moved into the closure, or a time-out frees a place that is still taken. blocking's `Unblock` reads an iterator
//! on a thread that is parked while nobody reads; here no thread is ever parked.

mod builder;
mod call;
mod core;
mod map;
mod read_ahead;
mod run;
mod shared;
mod stats;
mod turn;

pub use self::core::Offload;
pub use builder::{Builder, LimitError};
pub use map::{Collect, Map};
pub use read_ahead::ReadAhead;
pub use run::Run;
pub use stats::Stats;

#[cfg(all(test, untether_loom))]
mod models;
