//! A drop is no failure.

use super::*;

/// Guides' boundaries swallow a cancellation, and go on with the fallback.
#[test]
fn who_is_cancelled_is_given_nothing_and_nobody_is_told() {
    let (clock, log) = (ManualClock::new(), Log::default());
    let never = Fallback::with(|_: &Failure<&'static str>| -> u32 { unreachable!("a drop is no failure") });
    let boundary = Boundary::new("load").observed(&log).fallback(never);
    let mut running = Probe::new(boundary.run(hangs, &clock));
    running.assert_pending();
    drop(running);
    assert!(log.0.borrow().is_empty());
}

#[test]
fn wherever_it_is_dropped_nothing_is_left_behind() {
    for steps in 0..10 {
        let (clock, alive) = (ManualClock::new(), Arc::new(()));
        let takes = |result: Answer| {
            let (guard, clock) = (alive.clone(), clock.clone());
            async move {
                let _guard = guard;
                clock.sleep(SECOND).await;
                result
            }
        };
        let cached = Fallback::operation(|_: &Failure<&'static str>| {
            let cached = takes(Ok(9));
            async move { Ok(cached.await.expect("it is there")) }
        });
        let boundary =
            Boundary::new("load").retry(each_second()).attempt_timeout(60 * SECOND).fallback(cached);
        let mut running = Probe::new(boundary.run(|_| takes(Err("busy")), &clock));
        let mut answered = false;
        for _ in 0..steps {
            answered = running.poll().is_ready();
            if answered {
                break;
            }
            clock.advance(SECOND);
        }
        drop(running);
        assert_eq!((Arc::strong_count(&alive), clock.sleepers()), (1, 0), "after {steps}");
        assert_eq!(answered, steps > 6, "three calls, two waits and the cache: after {steps}");
    }
}
