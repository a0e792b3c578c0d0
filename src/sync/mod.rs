//! Who may go on, and when: parts that wait for each other, on any runtime or none.
//!
//! | I want to | use | it is about |
//! |---|---|---|
//! | let so many in at once | [`Semaphore`] | permits, first come, first served |
//! | tell that something happened | [`Event`] | one or all, now or until it is cleared |
//! | wait until so many things were done | [`Latch`] | a gate that opens once |
//! | let the same parties wait for each other | [`Barrier`] | rounds; who is cancelled is withdrawn |
//! | hand over one value, once | [`oneshot`](fn@oneshot) | two halves, one allocation |
//! | share a value of which the latest counts | [`watch`](fn@watch) | versions; nobody is held up by a reader |
//! | tell tasks and threads to stop, and why | [`CancelToken`], [`CancelFlag`] | children, causes, callbacks, deadlines |
//! | hold state across an `.await` | [`Mutex`], [`RwLock`], [`OnceCell`] | async-lock's own, see below |
//!
//! What is ours: named futures, which are `Unpin` and cancelled at the cost of one step; `.wait()` and `.wait_timeout(d)` on them for
//! threads, which stand in the same line; first come, first served; no waker, closure or value of yours touched under a lock; nothing
//! allocated once it has run for a while. A waker that panics keeps nobody else asleep and loses nothing; the panic goes on to whoever told,
//! after all others were woken, and no further where the thread is unwinding already.
//!
//! # The locks of async-lock
//!
//! | type | for | fairness | what it does not promise |
//! |---|---|---|---|
//! | [`Mutex`] | state that is held across an `.await` | a newcomer may overtake; after 500 µs of waiting it may not, where there is `std` | strict first come, first served |
//! | [`RwLock`] | much reading, little writing | a waiting writer holds back new readers | an upgrade from reading to writing |
//! | [`OnceCell`] | a value made at first use, by one of many | – | that a cancelled initialisation goes on: the next caller begins anew |
//!
//! Of all three: a waker that locks, polls or drops any future of the same lock within its own `clone`, `wake` or `drop` may hang, since it
//! is called under a lock of theirs; one that panics there may leave a future for ever unwoken, or end the process. Only the drop of a
//! waker whose future is dropped is free to do all that. `tests/reentrancy` prints it, cell by cell, beside ours.
//!
//! # Comparison
//! For state that is not held across an `.await` use a lock of std: it is faster and cannot be forgotten in a dropped future.

pub mod barrier;
pub mod cancel;
pub mod event;
pub mod latch;
pub mod oneshot;
pub mod semaphore;
pub mod watch;

pub use barrier::Barrier;
pub use cancel::{CancelFlag, CancelToken};
pub use event::Event;
pub use latch::Latch;
pub use oneshot::oneshot;
pub use semaphore::{Permit, Semaphore};
pub use watch::watch;

pub use async_lock::{Mutex, OnceCell, RwLock};
