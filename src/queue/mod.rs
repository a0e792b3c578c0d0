//! What one hands to another: things that wait until somebody takes them, in the order that the queue is for.

pub mod delay;

pub use delay::DelayQueue;
