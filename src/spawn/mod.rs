//! Tasks on any executor: the traits an executor implements, and one [`Task`] handle that behaves the same on all of them.
//!
//! Starting a task is fire-and-forget and fallible; that is all an executor is asked for. Everything above it (awaiting the
//! result, aborting, cancelling, panics, names) is built once, here, so that it does not depend on the executor.
//!
//! | I want to | use |
//! |---|---|
//! | start a task and get its result | [`SpawnExt::spawn_task`], which gives a [`Task`] |
//! | give it a name, watch its panics | [`Task::builder`] |
//! | start a future that is not `Send` | [`SpawnExt::spawn_local_task`] |
//! | run a blocking closure | [`SpawnExt::spawn_blocking_task`] |
//! | be generic over the runtime | the bound [`Runtime`], or [`LocalRuntime`] |
//! | keep a runtime in a struct without a type parameter | [`AnyRuntime`] |
//! | pair any timer with any spawner | [`Parts`] |
//! | let others run in a loop that is always ready | [`yield_now`], [`yield_every`] |
//!
//! # Memory
//! A [`Task`] costs one allocation beside the executor's own.

mod any;
mod boxed;
mod builder;
mod error;
mod join_error;
mod panicked;
mod runtime;
mod shared;
mod task;
mod tracked;
mod traits;
mod yields;

pub use any::AnyRuntime;
pub use boxed::{BoxBlocking, BoxTask, Label, LocalBoxTask};
pub use builder::{SpawnExt, Started, TaskBuilder, Unspawned};
pub use error::{SpawnError, SpawnErrorKind};
pub(crate) use join_error::Cause;
pub use join_error::JoinError;
pub use panicked::Panicked;
pub use runtime::{LocalRuntime, Parts, Runtime};
pub use task::{AbortHandle, Cancel, Task};
pub(crate) use tracked::{Report, Tracked};
pub use traits::{Spawn, SpawnBlocking, SpawnLocal};
pub use yields::{YieldEvery, YieldNow, yield_every, yield_now};

#[cfg(all(test, untether_loom))]
mod models;
