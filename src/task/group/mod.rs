//! Tasks that belong together, on any executor.
//!
//! | I want to | use |
//! |---|---|
//! | start many, wait for all, and end all when one fails | [`TaskGroup::collecting`], [`spawn`](Handle::spawn), [`join_all`](TaskGroup::join_all) |
//! | have results as they come | [`join_next`](TaskGroup::join_next), or the group as a `Stream` |
//! | run a server's connections: nothing to collect, however many there were | [`TaskGroup::new`] |
//! | let the others go on | [`Builder::continue_on_failure`], [`Builder::supervise`] |
//! | be refused at once where there is no slot | [`try_spawn`](Handle::try_spawn) |
//! | have a task clean up when the group is cancelled | [`spawn_with`](Handle::spawn_with): it gets the token and is not dropped |
//! | start siblings from inside | [`handle`](Handle::handle) |
//! | name a task | [`task`](Handle::task) |
//! | be rid of one task alone | [`Started::abort`] |
//! | stop | [`close`](Handle::close), [`cancel`](Handle::cancel), [`abort_all`](Handle::abort_all), or drop it |
//! | futures that are not `Send` | [`spawn_local`](Handle::spawn_local), where the spawner is a [`SpawnLocal`](crate::spawn::SpawnLocal) |
//!
//! A task is a future of a `Result`. Its error, and its panic, are failures; what a failure means to the others is said once, when the group is
//! made. Who is cancelled is dropped in place of its next poll, unless it was given the token: then it is asked, and waited for.
//!
//! # Memory
//! One allocation of ours for each task that runs, beside the executor's own. Results lie in one queue until they are read; of a group that does
//! not collect nothing is kept but a number and the first 1,000 failures.
//!
//! # Comparison
//! [`gather`](fn@crate::task::gather) and [`map`](fn@crate::task::map) run on the task that awaits them, borrow from it and need no spawner; a group runs
//! its tasks side by side on the executor's threads. An [`InFlight`](crate::task::InFlight) counts what others
//! started, and a [`WorkerPool`](crate::task::WorkerPool) does the same work again and again. tokio's `JoinSet` keeps every result until it is
//! read, and has no limit, no policy and no token; its `TaskTracker` counts, and starts tasks after it was closed.

mod builder;
mod core;
mod ended;
mod handle;
mod join;
mod member;
mod opening;
mod owner;
mod results;
mod roster;
mod seat;
mod spawning;
mod started;
mod stats;

pub use builder::Builder;
pub use ended::{Ended, Failed, GroupError, TaskId};
pub use handle::Handle;
pub use join::{JoinAll, JoinNext};
pub use opening::Opening;
pub use owner::TaskGroup;
pub use spawning::{Anywhere, Here, SpawnError, Spawning, TrySpawnError};
pub use started::Started;
pub use stats::Stats;

#[cfg(all(test, untether_loom))]
mod models;
