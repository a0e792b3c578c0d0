//! Policies around an operation: a limit in time around a retry around a breaker around a call, at the cost of their parts.
//!
//! ```
//! # untether::rt::threads::block_on(|rt| async move {
//! use core::time::Duration;
//! use untether::limit::Bulkhead;
//! use untether::policy::{Timeout, stack};
//! use untether::retry::{Retry, schedule::exponential};
//!
//! static USERS: Bulkhead = Bulkhead::new(10);
//!
//! let retry = Retry::new(exponential(Duration::from_millis(50)));
//! let calls = stack((Timeout::new(Duration::from_secs(30)), retry, &USERS, Timeout::new(Duration::from_secs(5))));
//! let user = calls.on(&rt).run(async || Ok::<_, &str>("ada")).await;
//! assert_eq!(user.unwrap(), "ada");
//! # });
//! ```
mod env;
mod error;
mod gate;
mod gates;
mod hedge;
mod op;
mod reject;
mod retry;
mod stack;
mod standard;
mod timeout;
mod verdict;

pub use env::{Env, IntoEnv, Named};
pub use error::{Cause, Error};
pub use gate::{Counts, Gate, Passing, Refusal};
pub use gates::Admission;
pub use op::{IntoOp, Lift, Lifted, Numbered, Once, Op, Plain, Repeated, once};
pub use reject::Reject;
pub use retry::{Left, Retried, Stacked};
pub use stack::{Policy, Runner, Stack, Wrapped, stack};
pub use standard::{Standard, standard};
pub use timeout::{Limited, Timeout};
pub use verdict::{Counting, CountingAdmission, Verdict, counting};
