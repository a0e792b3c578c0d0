//! Tasks inside one future: no executor needed, on any executor, also without std.
//!
//! | | implements | takes |
//! |---|---|---|
//! | [`Spawner`] | `Spawn`, `Clone + Send + Sync` | futures that are `Send`, from any thread |
//! | [`LocalSpawner`] | `SpawnLocal`, `Clone` | any future, from the thread of its [`Local`] |
//!
//! [`Local`] owns the tasks; they run while one of its futures ([`run_until`](Local::run_until), [`run`](Local::run)) is polled. A
//! wake costs O(1), whatever the number of tasks, and polls that task only. At the end: dropping the `Local` drops its tasks, and
//! its spawners refuse with [`Shutdown`](crate::spawn::SpawnErrorKind::Shutdown). A bare task that panics ends, and its siblings go on;
//! start it as a [`Task`](crate::spawn::Task) to see the panic.
//!
//! # Memory
//! Per task one box and one waker, given back when it ends.
//! # Comparison
//! The tasks of one `Local` share one thread. For more, spawn on an executor that has more.

mod run;
mod shared;
mod spawner;
mod tasks;

pub use run::{Local, Run, RunUntil};
pub use spawner::{LocalSpawner, Spawner};

#[cfg(all(test, untether_loom))]
mod models;
