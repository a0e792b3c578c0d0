//! Waiting for each other: tasks and threads, in one line.
//!
//! | I want to | use |
//! |---|---|
//! | let so many in at once | [`Semaphore`] |
//!
//! Locks that are awaited are async-lock's own, for which nothing better is known on any runtime:
//!
//! | type | for | fairness | what it does not promise |
//! |---|---|---|---|
//! | [`Mutex`] | state that is held across an `.await` | a newcomer may overtake; after 500 µs of waiting it may not, where there is `std` | strict first come, first served; a waker that locks it again from within its own `clone`, `wake` or `drop` |
//! | [`RwLock`] | much reading, little writing | a waiting writer holds back new readers | an upgrade from reading to writing |
//! | [`OnceCell`] | a value made at first use, by one of many | – | that a cancelled initialisation goes on: the next caller begins anew |
//!
//! # Comparison
//! For state that is not held across an `.await` use a lock of std: it is faster and cannot be forgotten in a dropped future.

pub mod semaphore;

pub use semaphore::{Permit, Semaphore};

pub use async_lock::{Mutex, OnceCell, RwLock};
