//! What every adapter owes, as tests to run on it: for the adapters of this crate and for yours.
//!
//! Each case is a function that is given a runtime and panics if that does not keep a promise; [`conformance!`](crate::conformance)
//! makes a `#[test]` of each. It is given, for each adapter, a function that runs an async body on it to the end, and names the lists
//! of cases for which it has the capabilities. What an adapter cannot do is a list that is not named: no case is ever skipped.
//!
//! | list | of what | needs |
//! |---|---|---|
//! | [`timer`] | what a sleep and its clock promise | `Timer` |
//! | `timer_across_threads` | sleeps that are made here and polled there | `Timer<Sleep: Send + 'static>` |
//! | [`spawn`] | tasks: results, drop, abort, cancel, panics | `Runtime` |
//! | [`local`] | the same for tasks that are not `Send` | `LocalRuntime` |
//! | [`blocking`] | closures: results, drop, panics, bursts | `Timer + SpawnBlocking` |
//! | `blocking_beside` | closures that wait for the tasks beside them | the same, and threads |
//! | [`shutdown`] | tasks that are alive when their runtime ends | `Runtime`, and a function that ends it |
//! | `local_shutdown` | the same for tasks that are not `Send` | `LocalRuntime`, and a function that ends it |
//!
//! The cases wait for real time where the adapter has real time, some tens of milliseconds each. A runtime that hangs, hangs its test.
//!
//! # Examples
//! A test file for an adapter; here for a runtime of this crate:
//! ```
//! use untether::rt::threads::{self, Handle};
//!
//! fn on_threads<F: Future>(body: impl FnOnce(Handle) -> F) -> F::Output {
//!     threads::block_on(body)
//! }
//!
//! untether::conformance! {
//!     mine = on_threads: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
//! }
//! # fn main() {}
//! ```

#![expect(clippy::missing_panics_doc, reason = "every case panics where its promise is broken")]

pub mod blocking;
mod cases;
pub mod local;
mod polls;
pub mod shutdown;
pub mod spawn;
mod tasks;
pub mod timer;
