//! Time as a value that is passed in: clocks, timers, and what can be built on a timer alone.
//!
//! A part that needs to know the time asks for a [`Clock`], one that waits asks for a [`Timer`]. A timer is one object that gives
//! both, because a clock and a sleep that disagree are the most repeated bug of this field: under a paused or simulated clock
//! they drift apart. There is no `Instant::now()` in this crate.
//!
//! | I want to | use |
//! |---|---|
//! | give up on one future after a while | [`timeout`], [`timeout_at`], or [`TimeoutExt`] on the future itself |
//! | share one budget between several awaits | [`Deadline`], handed down by value |
//! | do something again and again | [`Interval`] |
//! | keep a timer in a struct without a type parameter | [`AnyTimer`] |
//! | leave time out of a part that can do without | [`NoTimer`] |
//! | bring my own clock: an interrupt, a frame loop, a browser | [`Driver`] on a [`WakeQueue`], then [`DriverTimer`] |
//! | reproducible jitter | [`Seed`], or any [`Entropy`] |
//!
//! # What a sleep promises
//! Never early, maybe late. Ready stays ready. A deadline that has passed is ready at the first poll. [`Instant::FAR_FUTURE`]
//! registers nothing and never fires. It registers at its first pending poll and deregisters when it is dropped. After
//! [`Timer::reset`] it must be polled once to be armed for its new deadline.
//!
//! # Memory
//! Nothing here allocates but [`AnyTimer`] (one box per sleep, at its first poll), [`Interval`] (one box in all) and [`WakeQueue`] (for
//! the sleeps registered at the same time, used again).

mod any;
mod deadline;
mod driver;
mod entropy;
mod instant;
mod interval;
mod maybe;
mod missed;
mod none;
mod timeout;
mod timeout_ext;
mod timer;
mod wake_queue;
mod window;

pub use any::{AnySleep, AnyTimer};
pub use deadline::Deadline;
pub use driver::{Driver, DriverSleep, DriverTimer, StaticTimer, WakeKey};
pub(crate) use entropy::next_of;
pub use entropy::{Entropy, Seed, SystemEntropy};
pub use instant::Instant;
pub use interval::{Interval, NextTick, ZeroPeriod};
pub use maybe::MaybeTimer;
pub use missed::{Missed, Tick};
pub use none::NoTimer;
pub use timeout::{Elapsed, Timeout, timeout, timeout_at};
pub use timeout_ext::{Or, OrDefault, TimeoutExt};
pub use timer::{Clock, Timer};
pub use wake_queue::WakeQueue;
pub(crate) use window::SlidingSums;

#[cfg(all(test, untether_loom))]
mod models;
