//! The same done with each of many items, so many at a time, in one task.
//!
//! | I want | use |
//! |---|---|
//! | the results in the order of the items, each as soon as it is its turn | [`ordered`](Map::ordered) |
//! | each result as soon as it is there, with the index of its item | [`as_completed`](Map::as_completed) |
//! | to know how each ended, when all have | [`collect`](Map::collect) |
//! | all values, or the first error, and nothing more done after it | [`try_collect`](Map::try_collect) |
//! | to know how many went well, and keep nothing else | [`tally`](Map::tally) |
//! | to see how far it has come | [`on_progress`](Map::on_progress) |
//! | to give it up when a token is cancelled | [`CancelToken::run`](crate::sync::CancelToken::run) around it, or around what is done with an item |
//! | items that come one by one | [`map_stream`] |
//! | them spread over threads | a spawner, and a task for each: this is one task |
//!
//! [`map`](fn@map) takes items, [`map_stream`] a stream of them, and a function that makes a future of an item. An item is asked for when there
//! is a place for it and not before: so many are there at a time as [`limit`](Map::limit) says, however many there will have been, and
//! a source that is faster than the work waits for it.
//!
//! # How it gives way
//! What is always ready would never let anybody else run: after 128 items in a row the map wakes itself and is pending once. What
//! wakes itself, such as [`yield_now`](crate::spawn::yield_now), is polled again in the next poll of the map, and not in the same.
//!
//! # What it costs
//! Each place has a waker of its own, and only what was woken is polled: a wake costs the same among ten as among ten thousand. The items
//! share one thread. What computes for long, or blocks, holds up all of them.
//!
//! # Memory
//! Per place one box for the futures that come into it one after another and one waker, made when the place is first used. An item costs no
//! allocation. A result that waits for its turn keeps its place, so [`ordered`](Map::ordered) has never more of both than the limit says;
//! [`collect`](Map::collect) and [`try_collect`](Map::try_collect) keep what they give.
//!
//! # Comparison
//! A list of futures, all there before the first is polled, is bounded by nothing, whatever runs them. Batches wait for the slowest of each
//! batch before the next begins. `buffered` and `buffer_unordered` of futures-util take a stream of futures, allocate for each, and a panic
//! of one is the end of all. A [`Semaphore`](crate::sync::Semaphore) limits what comes from many callers; here there is one.

mod as_completed;
mod collect;
mod core;
mod items;
mod limit;
mod ordered;
mod plan;
mod tally;
mod try_collect;
mod watch;
mod work;

pub use as_completed::AsCompleted;
pub use collect::Collect;
pub use items::Items;
pub use limit::LimitError;
pub use ordered::Ordered;
pub use plan::{DEFAULT_LIMIT, Map, map, map_stream};
pub use tally::{Tally, Tallying};
pub use try_collect::TryCollect;
pub use watch::{Told, Watch};
pub use work::Work;
