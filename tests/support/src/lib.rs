//! What the tests and benches need and cannot be written in safe code: a waker that does something on clone, wake and drop, and
//! an allocator that counts. And how much is to be tried, and the stopwatch of the benches.

mod alloc;
mod effort;
mod hooks;
pub mod stopwatch;

pub use alloc::{CountingAllocator, allocations, allocations_of_all, bytes_held};
pub use effort::cases;
pub use hooks::{Hooks, unequal_waker};
