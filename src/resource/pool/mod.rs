//! Objects that are made when they are needed, lent out one holder at a time, and used again.
//!
//! | I want to | use |
//! |---|---|
//! | say how objects are made, checked and let go | [`Manage`], or a closure that makes one |
//! | borrow one, and wait for it | [`Pool::get`], [`Pool::get_owned`] |
//! | borrow one that lies there, or do without | [`Pool::try_get`] |
//! | keep it for good | [`Object::take`] |
//! | have some ready before they are asked for | [`Builder::min_idle`], [`Pool::replenish`], [`Pool::add`] |
//! | give up waiting, creating or recycling after a while | [`Builder::wait_limit`], [`create_limit`](Builder::create_limit), [`recycle_limit`](Builder::recycle_limit), or a [`timeout`](fn@crate::time::timeout) around all of it |
//! | let go of what is old or lies about | [`Builder::max_lifetime`], [`Builder::idle_time`], and [`Pool::maintain`] now and then, or [`Pool::maintained`] as a task |
//! | look through what lies there | [`Pool::retain`] |
//! | have more or fewer | [`Pool::resize`] |
//! | hold on to the pool and not keep it alive | [`Arc::downgrade`](alloc::sync::Arc::downgrade) |
//! | see how it stands | [`Pool::stats`] |
//! | stop | [`Pool::close`], and [`Pool::drained`] to wait until everything is gone |
//!
//! The size is a [`Semaphore`](crate::sync::Semaphore): who gets an object has its permit before anything is waited for, and gives it back last, when the
//! object lies in the pool again or is gone. So there are never more objects than the size, whoever fails, hangs, panics or is dropped, and
//! who waits is served first come, first served. Nothing of yours runs while the lock is held: not the manager, not a
//! `Drop`, not a waker.
//!
//! # Memory
//! A pool allocates one block for its end, and a list of what lies idle, as long as that ever was. To get an object that lies there and to
//! give it back allocates nothing.
//!
//! # Comparison
//! deadpool wants tokio's semaphore and a runtime by name for its limits, bb8 wants tokio and spawns; here limits take any
//! [`Timer`](crate::time::Timer), and without one there are none, by type. Maintenance is a future that you drive.

mod builder;
mod core;
mod error;
mod fill;
mod get;
mod holder;
mod leaving;
mod limit;
mod maintain;
mod manage;
#[cfg(all(test, untether_loom))]
mod models;
mod object;
mod place;
mod slot;
mod state;
mod stats;
mod usage;

pub use self::core::Pool;
pub use builder::{Builder, CancelledRecycle};
pub use error::{AddError, CreateError, GetError, TryGetError};
pub use holder::Holder;
pub use manage::Manage;
pub use object::Object;
pub use stats::Stats;
pub use usage::Usage;
