//! A drop is no error.

use super::*;

#[test]
fn who_is_dropped_calls_no_fallback() {
    let fallback = Fallback::with(|_: &()| -> u32 { unreachable!("a drop is no error") });
    let mut run = Probe::new(fallback.run(pending()));
    run.assert_pending();
    drop(run);
}

#[test]
fn wherever_it_is_dropped_nothing_is_left_behind() {
    for steps in 0..5 {
        let (clock, alive) = (ManualClock::new(), Arc::new(()));
        let takes = |result: Answer| {
            let (guard, clock) = (alive.clone(), clock.clone());
            async move {
                let _guard = guard;
                clock.sleep(SECOND).await;
                result
            }
        };
        let fallback = Fallback::operation(|_: &&str| takes(Ok(9)));
        let mut run = Probe::new(fallback.run(takes(Err("down"))).outcome());
        let mut answered = None;
        for _ in 0..steps {
            if let std::task::Poll::Ready(outcome) = run.poll() {
                answered = Some(outcome);
                break;
            }
            clock.advance(SECOND);
        }
        drop(run);
        assert_eq!((Arc::strong_count(&alive), clock.sleepers()), (1, 0), "after {steps}");
        assert_eq!(answered.is_some(), steps > 2, "{answered:?} after {steps}");
    }
}
