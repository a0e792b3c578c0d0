//! What to do about calls that fail or drag on.
//!
//! | I want to | use |
//! |---|---|
//! | call a service that is down no more than it takes to learn that it is up again | [`CircuitBreaker`] |
//! | begin another attempt beside one that is slow, and take what comes first | [`Hedge`] |
//! | give something else instead of an error, and have it seen | [`Fallback`] |
//! | do all that fits around a call at once: catch, retry, fall back, report | [`Boundary`] |
//! | know what kind of failure an error is | [`Fault`] |
//! | try again, after a wait | [`retry`](fn@crate::retry::retry) |
//! | give up after a while | [`timeout`](fn@crate::time::timeout) |
//! | several of these around one call | [`policy`](crate::policy) |

pub mod boundary;
pub mod breaker;
pub mod fallback;
pub mod hedge;
mod kind;

pub use boundary::Boundary;
pub use breaker::CircuitBreaker;
pub use fallback::Fallback;
pub use hedge::Hedge;
pub use kind::{Fault, Kind};
