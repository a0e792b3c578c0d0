//! Something happened: telling one who waits, or all, now or for whoever comes later.
//!
//! | who is told | and if nobody waits |
//! |---|---|
//! | [`notify_one`](Event::notify_one): the first in line | kept for the next who comes; several are kept as one |
//! | [`pulse_one`](Event::pulse_one): the first in line | nothing is kept |
//! | [`notify_all`](Event::notify_all): all who wait now | nothing is kept |
//! | [`set`](Event::set): all who wait now, and all who come until [`clear`](Event::clear) | stays set |
//!
//! An event says *that* something happened. What it was stands elsewhere: change that first, then notify; look at it after waiting.
//!
//! # Memory
//! Nothing is allocated before somebody waits. Places in the line are used again.
//!
//! # Comparison
//! For a value that changes use [`watch`](fn@super::watch), for one that comes once [`oneshot`](fn@super::oneshot), for a gate that opens
//! once a [`Latch`](super::Latch). To count what happened use a [`Semaphore`](super::Semaphore) with no permits.

mod core;
mod wait;
mod word;

pub use self::core::Event;
pub use wait::Wait;

#[cfg(all(test, untether_loom))]
mod models;
