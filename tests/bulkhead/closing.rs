//! The end.

use super::*;

#[test]
fn a_close_refuses_who_waits_and_who_comes_and_lets_those_who_run_go_on() {
    let bulkhead = Bulkhead::new(1);
    let mut running = Probe::new(bulkhead.run(async || {
        untether::spawn::yield_now().await;
        7
    }));
    running.assert_pending();
    let mut waits = [Probe::new(bulkhead.run(says(1))), Probe::new(bulkhead.run(says(2)))];
    waits.iter_mut().for_each(Probe::assert_pending);
    assert!(!bulkhead.is_closed());
    bulkhead.close();
    bulkhead.close();
    assert!(bulkhead.is_closed());
    for mut waits in waits {
        assert_eq!(waits.wakes(), 1);
        let rejected = waits.assert_ready().unwrap_err();
        assert_eq!(
            (rejected.reason(), rejected.to_string()),
            (AcquireError::Closed, "the bulkhead was closed".into())
        );
    }
    assert_eq!(bulkhead.try_acquire().unwrap_err(), TryAcquireError::Closed);
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::Closed);
    assert_eq!(bulkhead.stats().running, 1);
    assert_eq!(running.assert_ready().unwrap(), 7);
    assert_whole(&bulkhead);
}

#[test]
fn who_was_admitted_before_the_close_runs() {
    let bulkhead = Bulkhead::new(1);
    let first = held(&bulkhead);
    let mut run = Probe::new(bulkhead.run(says(1)));
    run.assert_pending();
    drop(first);
    bulkhead.close();
    assert_eq!(run.assert_ready().unwrap(), 1);
    assert_whole(&bulkhead);
}

#[test]
fn a_bulkhead_that_is_closed_and_resized_stays_closed() {
    let bulkhead = Bulkhead::new(1);
    bulkhead.close();
    bulkhead.resize(5);
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::Closed);
}
