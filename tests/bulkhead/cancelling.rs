//! Futures that are dropped.

use super::*;
use untether::spawn::yield_now;

#[test]
fn a_call_that_is_dropped_at_any_of_its_polls_gives_its_place_back() {
    for polls in 0..4 {
        let bulkhead = Bulkhead::new(1);
        let mut first = Some(held(&bulkhead));
        let mut run = Probe::new(bulkhead.run(async || {
            yield_now().await;
            yield_now().await;
        }));
        for poll in 0..polls {
            if poll == 1 {
                first = None;
            }
            run.assert_pending();
        }
        drop(run);
        drop(first);
        assert_whole(&bulkhead);
    }
}

#[test]
fn who_is_dropped_when_it_was_admitted_lets_the_next_go() {
    let bulkhead = Bulkhead::new(1);
    let first = held(&bulkhead);
    let mut runs = [Probe::new(bulkhead.run(says(1))), Probe::new(bulkhead.run(says(2)))];
    runs.iter_mut().for_each(Probe::assert_pending);
    drop(first);
    let [one, mut other] = runs;
    assert_eq!((one.wakes(), other.wakes()), (1, 0));
    drop(one);
    assert_eq!((other.wakes(), other.assert_ready().unwrap()), (1, 2));
    assert_whole(&bulkhead);
}

#[test]
fn who_is_dropped_while_it_runs_lets_the_next_go() {
    let bulkhead = Bulkhead::new(1);
    let mut first = Probe::new(bulkhead.run(pending::<()>));
    first.assert_pending();
    let mut second = Probe::new(bulkhead.run(says(2)));
    second.assert_pending();
    drop(first);
    assert_eq!((second.wakes(), second.assert_ready().unwrap()), (1, 2));
    assert_whole(&bulkhead);
}

#[test]
fn a_panic_of_the_operation_gives_its_place_back() {
    type Operation = fn() -> std::pin::Pin<Box<dyn Future<Output = ()>>>;
    let in_the_call: Operation = || panic!("on purpose");
    let in_the_poll: Operation = || Box::pin(async { panic!("on purpose") });
    for operation in [in_the_call, in_the_poll] {
        let bulkhead = Bulkhead::new(1);
        let mut waits = None;
        let panics = || {
            let first = held(&bulkhead);
            let mut run = Probe::new(bulkhead.run(operation));
            run.assert_pending();
            waits = Some(waiting(&bulkhead));
            drop(first);
            let _ = run.poll();
        };
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
        let mut waits = waits.unwrap();
        assert_eq!(waits.wakes(), 1);
        drop(waits.assert_ready().unwrap());
        drop(waits);
        assert_whole(&bulkhead);
    }
}

#[test]
fn a_forgotten_permit_keeps_its_place_and_no_other() {
    let bulkhead = Bulkhead::new(2);
    std::mem::forget(held(&bulkhead));
    let _one = held(&bulkhead);
    waiting(&bulkhead);
    assert_eq!(bulkhead.stats().running, 2);
}
