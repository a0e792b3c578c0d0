//! Tokio's time and tasks.
//!
//! | | implements | by |
//! |---|---|---|
//! | [`Tokio`] | `Clock`, `Timer`, `Spawn`, `SpawnBlocking`: a whole [`Runtime`](crate::spawn::Runtime) | the runtime this code runs in |
//! | [`TokioOn`] | the same | the runtime of a handle, from anywhere |
//! | [`TokioLocal`] | `Clock`, `Timer`, `SpawnLocal`, `SpawnBlocking`: a [`LocalRuntime`](crate::spawn::LocalRuntime) | the runtime this code runs in, and a `LocalSet` |
//!
//! Time is tokio's own: a paused clock is honoured, moments come in milliseconds and late rather than early. Moments of all three
//! can be compared, across runtimes and with those of [`rt::threads`](crate::rt::threads).
//!
//! At the end: when the runtime shuts down, its tasks are dropped at their next await, a blocking closure that runs is finished
//! and one that waits is dropped. A task that is spawned on a runtime that is gone is dropped at once, and that is its report:
//! tokio does not say whether it is gone. When the `LocalSet` is dropped, its tasks are, and new ones are refused as
//! [`Shutdown`](crate::spawn::SpawnErrorKind::Shutdown).
//!
//! # Panics
//! A sleep that is first polled outside of a runtime, or in one that was built without `enable_time`, panics, and so does any sleep
//! that is polled after its runtime is gone: it would never end. A blocking closure panics if the system refuses tokio a thread.

mod ambient;
mod local;
mod on;
mod sleep;

pub use ambient::Tokio;
pub use local::TokioLocal;
pub use on::TokioOn;
pub use sleep::Sleep;
