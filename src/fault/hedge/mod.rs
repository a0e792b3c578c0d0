//! Another attempt beside one that is slow: the first success wins, and the others are dropped.
//!
//! | I want to | use |
//! |---|---|
//! | begin another attempt after a fixed time | [`Hedge::after`] |
//! | after a time that is computed, as from the latencies of late | [`Hedge::by`] |
//! | more than one | [`Hedge::extra`] |
//! | keep extra attempts from finishing off a service that is slow | [`Hedge::budget`] |
//! | say what counts as a success | [`Hedge::accept`] |
//! | watch it | [`Hedge::observed`] |
//! | wait on a thread | [`Hedging::wait`] |
//!
//! Hedge only what may be done twice, and at the same time: a loser is dropped wherever it is, and may have done its work all the same.
//!
//! # What it does and what not
//! It is for attempts that are slow, and for nothing else. One that fails begins no other: that would be a retry without a pause. What
//! runs already is waited for, and when all have failed the last result comes out. For failures put a retry around it:
//! ```
//! # untether::rt::threads::block_on(|rt| async move {
//! use core::time::Duration;
//! use untether::fault::Hedge;
//! use untether::retry::{Attempt, retry, schedule::constant};
//!
//! const HEDGE: Hedge = Hedge::after(Duration::from_millis(50));
//!
//! let service = |try_again: Attempt| async move { if try_again.is_first() { Err("busy") } else { Ok(7) } };
//! let fetch = |attempt: Attempt| HEDGE.run(move |_| service(attempt), &rt);
//! assert_eq!(retry(fetch, constant(Duration::from_millis(1))).on(&rt).await, Ok(7));
//! # });
//! ```
//!
//! # What it costs
//! An attempt that is ready at its first poll: no look at the clock, no timer, nothing of the budget but the deposit of its first call, no
//! allocation. One that is pending: one timer. Every poll polls all attempts that run, four at most.
//!
//! # Memory
//! The future has room for four attempts in itself, whether they are begun or not; nothing is allocated. Put a large operation in a `Box`.
//!
//! # Which delay
//! About what 95 of 100 calls take: then one in twenty makes another. Measure it where the operation runs, with a guard that takes the time when
//! it is dropped: a loser's time is the least that it would have taken, and leaving losers out makes the next delay too short.

mod choose;
mod delay;
mod hedging;
mod rules;
mod slots;

pub use choose::{Accepting, Choose, FirstOk, Observed};
pub use delay::{After, By, Delay};
pub use hedging::Hedging;
pub use rules::Hedge;
