//! What most calls to somebody else's service want.

use super::stack::{Stack, stack};
use super::timeout::Timeout;
use crate::retry::schedule::{Backoff, Exponential};
use crate::retry::{Body, Plan, Retry};
use core::time::Duration;

/// [`standard`]: a limit on the whole, a retry, a limit on each attempt.
pub type Standard = Stack<(Timeout, Retry<Body, Plan<Backoff<Exponential>>>, Timeout)>;

/// 30 s for the whole, up to three attempts with [the standard backoff](Backoff::standard), 5 s for each.
///
/// It has no state and asks for none. What is shared belongs between the retry and the second limit, in [the order](super#order) that
/// the module says: write the stack out then.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// let calls = untether::policy::standard().on(&rt);
/// assert_eq!(calls.run(async || Ok::<_, &str>("fetched")).await.unwrap(), "fetched");
/// # });
/// ```
pub const fn standard() -> Standard {
    let (whole, attempt) = (Timeout::new(Duration::from_secs(30)), Timeout::new(Duration::from_secs(5)));
    stack((whole, Retry::new(Backoff::standard()), attempt))
}
