//! Those who do the same, ours among them, behind one face each: a workload is written once, and measures the same of all.

mod bulkheads;
mod events;
mod pools;
pub mod queues;
pub mod queues_to_one;
mod semaphores;

pub use bulkheads::{Operations, Runs};
pub use events::{AsyncEvent, Event};
pub use pools::{Bb8, Deadpool, Lends, Numbers, around_bb8};
pub use semaphores::Permits;
