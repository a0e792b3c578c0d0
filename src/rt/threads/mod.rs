//! No runtime at all: threads of std, and nothing else.
//!
//! | | implements | by |
//! |---|---|---|
//! | [`Threads`] | `Clock`, `Timer`, `SpawnBlocking` | a timer thread and a bounded pool of blocking threads |
//! | [`Handle`], from [`block_on`] | the same and `Spawn`: a whole [`Runtime`](crate::spawn::Runtime) | its tasks run on the thread that called `block_on` |
//!
//! At the end: when `block_on` returns, the tasks it was still running are dropped. When the last clone of a [`Threads`] goes, its
//! threads end; a blocking closure that is running is finished first, one that is waiting is dropped.
//!
//! # Comparison
//! For an application with much I/O use a runtime that drives it. This one is for programs that have none, for tests, and for
//! synchronous programs that call one asynchronous library.

mod block_on;
mod handle;
mod owner;
mod pool;
mod timer_thread;

pub use block_on::block_on;
pub use handle::Handle;
pub use owner::{StartError, Threads, ThreadsBuilder, ThreadsStats};
