//! What allocates: nothing of ours.

use super::*;
use untether_support::allocations;

#[test]
fn a_retry_with_all_its_rules_allocates_nothing() {
    let clock = ManualClock::new();
    let quota = untether::retry::budget::TokenQuota::new(1_000_000);
    let seed = seed();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut once = || {
        let schedule = exponential(MS).and(fibonacci(MS)).attempts(5);
        let retrying = retry(fails(3), schedule).attempt_timeout(SECOND).when(|_| true).hint(|_| Some(MS));
        let retrying = retrying.on_retry(|_| ()).budget(&quota).entropy(&seed).within(60 * SECOND).on(&clock);
        let mut retrying = std::pin::pin!(retrying);
        while retrying.as_mut().poll(&mut cx).is_pending() {
            clock.advance_to_next();
        }
    };
    once();
    let before = allocations();
    (0..100).for_each(|_| once());
    assert_eq!(allocations() - before, 0);
}
