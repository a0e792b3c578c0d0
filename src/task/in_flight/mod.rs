//! What is in flight: a count that can be closed, and waited for until it is nothing.
//!
//! | I want to | use |
//! |---|---|
//! | count a piece of work for as long as it lasts | [`InFlight::enter`], which gives an [`Entry`] |
//! | count a future until it has ended or is dropped | [`InFlight::track`] |
//! | keep the entry in a task of its own | [`enter_owned`](InFlight::enter_owned), [`track_owned`](InFlight::track_owned) |
//! | let nobody in any more | [`close`](InFlight::close) |
//! | wait until all are gone | [`wait_idle`](InFlight::wait_idle) |
//! | know who is still there, by name, and stop them | [`Shutdown`](super::Shutdown) |
//! | have their results, or a limit | a [`TaskGroup`](super::TaskGroup), a [`WorkerPool`](super::WorkerPool), a [`Bulkhead`](crate::limit::Bulkhead) |
//!
//! It starts nothing, keeps nothing and needs no runtime: the work is wherever it is.
//!
//! # What it costs
//! One word. To come in is one compare-and-swap and to go out another, whoever waits; who waits is behind a lock that is entered when the last
//! one goes and somebody waits for that.
//!
//! # Memory
//! Nothing is allocated before somebody waits.
//!
//! # Comparison
//! tokio-util's `TaskTracker` lets in whoever comes, also after `close` (tokio#6759), so that what was idle may be busy again; its `wait` never ends
//! before it is closed. Here closed means that nobody comes in, decided by the same word that counts; and to wait needs no close.

mod count;
mod entry;
mod error;
mod track;
mod wait;

pub use count::InFlight;
pub use entry::Entry;
pub use error::{Closed, TrackError};
pub use track::Track;
pub use wait::WaitIdle;

#[cfg(all(test, untether_loom))]
mod models;
