//! What allocates: nothing of ours.

use super::*;
use std::task::{Context, Waker};
use untether_support::allocations;

#[test]
fn a_hedge_of_four_attempts_allocates_nothing() {
    let (clock, quota) = (ManualClock::new(), TokenQuota::new(1_000_000));
    let mut cx = Context::from_waker(Waker::noop());
    let mut once = || {
        let takes = |attempt: Attempt| {
            let clock = &clock;
            async move {
                clock.sleep(if attempt.number() == 4 { MS } else { 60 * SECOND }).await;
                Ok::<_, ()>(attempt.number())
            }
        };
        let hedge =
            Hedge::by(|_| SECOND).extra(3).budget(&quota).accept(|result: &Result<u32, ()>| result.is_ok());
        let mut hedging = std::pin::pin!(hedge.run(takes, &clock));
        loop {
            if let std::task::Poll::Ready(answer) = hedging.as_mut().poll(&mut cx) {
                break assert_eq!(answer, Ok(4));
            }
            clock.advance_to_next();
        }
    };
    (0..10).for_each(|_| once());
    let before = allocations();
    (0..100).for_each(|_| once());
    assert_eq!(allocations() - before, 0);
}
