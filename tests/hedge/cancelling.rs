//! Dropped at every point: nothing is left behind, and what is shared balances.

use super::*;

#[test]
fn wherever_it_is_dropped_all_attempts_are_dropped_the_timer_deregistered_and_the_budget_balanced() {
    for takes in [[9, 9, 9, 9], [-2, -3, 9, 1], [-5, -1, -1, -1], [9, 0, 0, 0]] {
        for steps in 0..12 {
            let (service, quota) = (Service::default(), TokenQuota::new(100).cost(10));
            let hedge = Hedge::after(SECOND).extra(3).budget(&quota);
            let mut hedging = Probe::new(hedge.run(service.takes(&takes), &service.clock));
            let mut brought = 0;
            for _ in 0..steps {
                if let std::task::Poll::Ready(answer) = hedging.poll() {
                    brought = answer.map_or(0, |number| if number > 1 { 10 } else { 1 });
                    break;
                }
                service.clock.advance_to_next();
            }
            drop(hedging);
            let made = 10 * service.calls.get().saturating_sub(1) as usize;
            let left = (100 - made + brought).min(100);
            let found = (quota.tokens(), service.running(), service.clock.sleepers());
            assert_eq!(found, (left, 0, 0), "after {steps} of {takes:?}");
        }
    }
}

/// What tower leaves out: it learns from winners alone.
#[test]
fn a_loser_can_be_measured_when_it_is_dropped() {
    struct Took<'a>(&'a ManualClock, Instant, &'a RefCell<Vec<u64>>);
    impl Drop for Took<'_> {
        fn drop(&mut self) {
            self.2.borrow_mut().push(self.0.now().saturating_duration_since(self.1).as_secs());
        }
    }
    let (clock, took) = (ManualClock::new(), RefCell::new(Vec::new()));
    let measured = |attempt: Attempt| {
        let (clock, guard) = (&clock, Took(&clock, clock.now(), &took));
        async move {
            let _guard = guard;
            clock.sleep(if attempt.is_first() { 60 * SECOND } else { 2 * SECOND }).await;
            Ok::<_, ()>(attempt.number())
        }
    };
    assert_eq!(run(&clock, Hedge::after(3 * SECOND).run(measured, &clock)), (Ok(2), 5));
    assert_eq!(*took.borrow(), [2, 5], "the winner, and the least that the loser would have taken");
}
