//! What the tests and benches need and cannot be written in safe code: a waker that does something on clone, wake and drop, and
//! an allocator that counts. And the stopwatch of the benches.

mod alloc;
mod hooks;
pub mod stopwatch;

pub use alloc::{CountingAllocator, allocations, allocations_of_all, bytes_held};
pub use hooks::{Hooks, unequal_waker};
