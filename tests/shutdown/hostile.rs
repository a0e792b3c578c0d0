//! Callbacks, futures and errors that panic, and that use the shutdown they are of.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn a_callback_that_panics_keeps_nobody_from_being_told_or_let_in() {
    let shutdown = Shutdown::new();
    let it = participant(&shutdown, "it");
    for token in [shutdown.stopping(), shutdown.token()] {
        token.on_cancel(|_| panic!("on purpose")).detach();
    }
    assert!(catch_unwind(AssertUnwindSafe(|| shutdown.abort())).is_err());
    assert_eq!((it.phase(), it.token().is_cancelled()), (Phase::Aborting, true));
    assert!(shutdown.participant("late").is_err());
}

#[test]
fn a_drain_goes_on_after_a_callback_has_panicked_in_it() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let it = participant(&shutdown, "it");
    shutdown.stopping().on_cancel(|_| panic!("on purpose")).detach();
    let mut drain = Probe::new(shutdown.drain(clock));
    assert!(catch_unwind(AssertUnwindSafe(|| drain.poll())).is_err());
    drain.assert_pending();
    drop(it);
    assert_eq!(counts(&drain.assert_ready()), [1, 0, 0, 0, 0]);
}

#[test]
fn a_callback_may_use_the_shutdown_it_is_called_by() {
    let shutdown = Shutdown::new();
    let it = Mutex::new(Some(participant(&shutdown, "it")));
    let theirs = shutdown.clone();
    let called = Arc::new(AtomicUsize::new(0));
    let calls = called.clone();
    shutdown
        .stopping()
        .on_cancel(move |_| {
            assert!(theirs.participant("late").is_err() && !theirs.request(Cause::Requested));
            drop(it.lock().unwrap().take());
            assert!(theirs.participants().is_empty());
            calls.fetch_add(1, Ordering::Relaxed);
        })
        .detach();
    assert_eq!(counts(&Probe::new(shutdown.drain(ManualClock::new())).assert_ready()), [1, 0, 0, 0, 0]);
    assert_eq!(called.load(Ordering::Relaxed), 1);
}

#[test]
fn a_future_that_panics_in_its_drop_is_aborted_and_a_failure() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in the drop");
        }
    }
    let shutdown = Shutdown::new();
    let mut run = Probe::new(participant(&shutdown, "bomb").run(async {
        let _bomb = Bomb;
        pending::<()>().await;
    }));
    run.assert_pending();
    shutdown.abort();
    run.assert_ready();
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert_eq!(report.failed[0].to_string(), "bomb: panicked: in the drop");
}

#[test]
fn an_error_that_uses_the_shutdown_in_its_drop_finds_no_lock_held() {
    #[derive(Debug)]
    struct Uses(Shutdown);
    impl std::fmt::Display for Uses {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("uses it")
        }
    }
    impl std::error::Error for Uses {}
    impl Drop for Uses {
        fn drop(&mut self) {
            let _ = (self.0.participants(), self.0.participant("while it is dropped"));
            panic!("on purpose");
        }
    }
    let shutdown = Shutdown::new();
    for number in 0..1_001 {
        let it = participant(&shutdown, "it").on_failure(OnFailure::Continue);
        if number == 0 { it.fail(Uses(shutdown.clone())) } else { it.fail("other") }
    }
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert_eq!((report.failed.len(), report.failed_before), (1_000, 1));
}
