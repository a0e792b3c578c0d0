//! Tests without a runtime, without real time and without luck.
//!
//! | I want to | use |
//! |---|---|
//! | run async code under every order of its tasks, with virtual time | [`sim`]: [`check`](sim::check), [`Check`](sim::Check) |
//! | move time by hand, under any executor | [`ManualClock`] |
//! | poll one future step by step | [`Probe`] |
//! | count wakes, or have something happen on a wake or on a waker's drop | [`CountingWaker`], [`HookWaker`] |
//!
//! All of it works without `std`, but for what only `std` has: caught panics, environment variables, the name of the test.

pub mod conformance;
mod manual_clock;
mod probe;
pub mod sim;

pub use manual_clock::ManualClock;
pub use probe::{CountingWaker, HookWaker, Probe};
