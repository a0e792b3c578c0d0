//! The flat flag.

use super::*;

#[test]
fn a_flag_in_a_static_is_cancelled_once_with_the_first_cause() {
    static FLAG: CancelFlag = CancelFlag::new();
    assert!(!FLAG.is_cancelled() && FLAG.cause().is_none());
    let waits = thread::spawn(|| word(Some(FLAG.cancelled().wait())));
    assert!(FLAG.cancel_with(Cause::Shutdown));
    assert!(!FLAG.cancel());
    assert_eq!(waits.join().unwrap(), "shutdown");
    assert_eq!(format!("{FLAG:?}"), "CancelFlag { cause: Some(Shutdown), .. }");
}

#[test]
fn all_who_wait_for_a_flag_are_told_under_ten_thousand_schedules_and_wherever_one_is_dropped() {
    Check::random(10_000).cancel("waiter").no_leaks().spurious_polls().assert(|sim| async move {
        let flag = Arc::new(CancelFlag::default());
        let waiters: Vec<_> = (0..3)
            .map(|_| {
                let waits = CancelFlag::cancelled_owned(flag.clone());
                Task::builder().name("waiter").spawn(&sim, waits).unwrap()
            })
            .collect();
        yield_now().await;
        assert!(flag.cancel_with(Cause::Deadline));
        for waiter in waiters {
            match waiter.await {
                Ok(cause) => assert!(matches!(cause, Cause::Deadline)),
                Err(error) => assert!(error.is_cancelled()),
            }
        }
    });
}

#[test]
fn the_future_of_a_flag_stays_ready_is_fused_and_wakes_once() {
    let flag = CancelFlag::new();
    let mut waits = Probe::new(flag.cancelled());
    waits.assert_pending();
    flag.cancel();
    flag.cancel();
    assert_eq!(waits.wakes(), 1);
    assert!(!waits.get_mut().is_terminated());
    for _ in 0..2 {
        waits.assert_ready();
        assert!(waits.get_mut().is_terminated());
    }
}
