//! Smol: its global executor, or one of your own.
//!
//! | | implements | by |
//! |---|---|---|
//! | [`Smol`] | `Clock`, `Timer`, `Spawn`, `SpawnBlocking`: a whole [`Runtime`](crate::spawn::Runtime) | smol's global executor, whose thread starts at the first task |
//! | [`SmolOn`] | the same | an `Executor` of yours, which you run |
//! | [`SmolLocal`] | `Clock`, `Timer`, `SpawnLocal`, `SpawnBlocking`: a [`LocalRuntime`](crate::spawn::LocalRuntime) | a `LocalExecutor` of yours, which you run |
//!
//! Time is async-io's and works anywhere; blocking closures run in the pool of the crate blocking, whose queue has no bound.
//!
//! async-io starts one thread for the program at its first sleep, smol's executor one more at its first task.
//!
//! At the end: the global executor runs as long as the program, and its tasks are not dropped when that ends. An executor of yours
//! drops its tasks when it is dropped; then new ones are refused as [`Shutdown`](crate::spawn::SpawnErrorKind::Shutdown). One that nobody runs
//! keeps its tasks. A blocking closure that was started is finished.

mod global;
mod local;
mod on;

pub use super::async_io::Sleep;
pub use global::Smol;
pub use local::SmolLocal;
pub use on::SmolOn;

/// In reports.
const NAME: &str = "rt::smol";
