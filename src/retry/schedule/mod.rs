//! When to try again: delays, one after the other, as plain values without a clock, a lock or a waker.
//!
//! | I want | use |
//! |---|---|
//! | the usual | [`Backoff::standard`]: 1 s, doubled, ±50 %, at most 60 s, three calls in all |
//! | the same delay each time; one that grows by steps, by a factor, as Fibonacci's numbers | [`constant`], [`linear`], [`exponential`], [`fibonacci`] |
//! | as much spread as can be had | [`decorrelated`], or [`Jitter::FULL`] |
//! | the delays I have | [`from_iter`]: a list, a range, any iterator |
//! | both to agree, either to be enough, one after the other | [`Backoff::and`], [`or`](Backoff::or), [`then`](Backoff::then) |
//! | an end | [`attempts`](Backoff::attempts), [`during`](Backoff::during), [`while_`](Backoff::while_) |
//! | delays without a retry | [`Backoff::delays`], an iterator |
//! | a curve that a file chooses | [`Curve`], by [`Backoff::any`] |
//! | my own | [`Schedule`] |
//!
//! # The order of things
//! Whatever order they are said in, a [`Backoff`] takes the curve, what [`map`](Backoff::map) makes of it, the jitter, a server's
//! hint, and **then the cap**: no delay ever exceeds it. All of it saturates; no input panics but a zero or a number that is none,
//! where it is written.
//!
//! # Examples
//! ```
//! use core::time::Duration;
//! use untether::retry::schedule::{Jitter, exponential};
//! use untether::time::Seed;
//!
//! let backoff = exponential(Duration::from_millis(100)).cap(Duration::from_millis(350)).jitter(Jitter::NONE).attempts(5);
//! let delays: Vec<u128> = backoff.delays(Seed::new(1)).map(|delay| delay.as_millis()).collect();
//! assert_eq!(delays, [100, 200, 350, 350]);
//! ```

mod backoff;
mod combined;
mod curve;
mod curves;
mod decorrelated;
mod delays;
mod hint;
mod jitter;
mod nanos;
mod step;

pub use backoff::Backoff;
pub use combined::{And, Map, Or, Then, While};
pub use curve::Curve;
pub use curves::{
    Constant, Each, Exponential, Fibonacci, Linear, constant, exponential, fibonacci, from_iter, linear,
};
pub use decorrelated::{Decorrelated, decorrelated};
pub use delays::Delays;
pub use hint::Hint;
pub use jitter::{Jitter, JitterError};
pub use step::{Schedule, Step};
