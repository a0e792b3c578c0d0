//! Policies around a call: a limit in time around a retry around a breaker around the call, written from the outer to the inner, at the
//! cost of its parts.
//!
//! ```
//! # untether::rt::threads::block_on(|rt| async move {
//! use core::time::Duration;
//! use untether::fault::CircuitBreaker;
//! use untether::policy::{Timeout, stack};
//! use untether::retry::{Retry, schedule::exponential};
//!
//! let breaker = CircuitBreaker::new(&rt);
//! let retry = Retry::new(exponential(Duration::from_millis(50)));
//! let calls = stack((Timeout::new(Duration::from_secs(30)), retry, &breaker, Timeout::new(Duration::from_secs(5))));
//! assert_eq!(calls.on(&rt).run(async || Ok::<_, &str>("ada")).await.unwrap(), "ada");
//! # });
//! ```
//!
//! | a policy | does |
//! |---|---|
//! | [`Timeout`] | gives what is inside of it at most so long |
//! | [`Retry`](crate::retry::Retry::new) | tries again; waits as long as a refusal inside of it says, where its schedule's [hint](crate::retry::schedule::Hint) lets it |
//! | [`Hedge`](crate::fault::Hedge) | begins another attempt beside one that is slow |
//! | [`&CircuitBreaker`](crate::fault::CircuitBreaker) | lets nothing through to what fails: every error counts, refusals of policies inside of it do not |
//! | [`&Bulkhead`](crate::limit::Bulkhead), [`&AdaptiveLimit`](crate::limit::AdaptiveLimit) | waits for a place |
//! | [`&RateLimiter`](crate::limit::RateLimiter), [`Reject`] | waits for its turn; is refused at once when it is not its turn |
//! | [`counting`] | says what a result counts for, to a breaker or an adaptive limit |
//! | [`Fallback`](crate::fault::Fallback), [`Seen`] | gives something else instead of an error; says so |
//! | [`CatchPanic`] | takes a panic for an error |
//! | [`Stack`], a [`Policy`] of yours | is a stack in a stack, does what you like |
//!
//! What is shared stands in it as `&T`, as `Arc<T>` where futures are spawned, or as `Rc<T>`; all else is a plain value. A timer, an observer and a source of
//! jitter are said once, by [`on`](Stack::on). [`standard`] is what to take when nothing is known.
//!
//! # Order
//! 1. outermost a fallback, for whatever else fails, and the limit on the whole: it also ends waits of what is inside
//! 2. retry, and its budget: each attempt goes through all below
//! 3. breaker: it sees every attempt, and what it refuses takes no cell and no place; what waits inside of it is slow to it
//! 4. rate limit, then bulkhead or adaptive limit: a place is held for an attempt, and not for the waits between two
//! 5. hedge; outside of the bulkhead, where each of its attempts is to have a place
//! 6. the limit on one attempt: innermost, so that the time in line is not the service's
//!
//! The observer of the [`Env`] is told what they do, by the name of what is called: the [table of all events](crate::observe::Event).
//!
//! # What it costs
//! No layer boxes or allocates. What is ready at once passes all without a look at the clock, but for those that count in time. The
//! operation is copied where something may repeat it.
//!
//! # Comparison
//! For one policy alone its own verbs are shorter: [`timeout`](fn@crate::time::timeout), [`retry`](crate::retry::Retryable::retry). A
//! [`Boundary`](crate::fault::Boundary) is a stack that is there already, for code that must not fail.

mod catch_panic;
mod env;
mod error;
mod fallback;
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

pub use catch_panic::{CatchPanic, Catching};
pub use env::{Env, IntoEnv, Named};
pub use error::{Cause, Error};
pub use fallback::Seen;
pub use gate::{Counts, Gate, Passing, Refusal};
pub use gates::Admission;
pub use op::{IntoOp, Lift, Lifted, Numbered, Once, Op, Plain, Repeated, once};
pub use reject::Reject;
pub use retry::{Left, Retried, Stacked};
pub use stack::{Policy, Runner, Stack, Wrapped, stack};
pub use standard::{Standard, standard};
pub use timeout::{Limited, Timeout};
pub use verdict::{Counting, CountingAdmission, Verdict, counting};
