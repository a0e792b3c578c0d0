//! Attempts with a time of their own, and panics that are errors.

use super::*;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use untether::retry::AttemptError;

#[test]
fn an_attempt_that_hangs_is_dropped_and_tried_again() {
    let clock = ManualClock::new();
    let hangs_once = |attempt: Attempt| async move {
        if attempt.is_first() {
            pending::<()>().await;
        }
        Ok::<_, &str>(attempt.number())
    };
    let start = clock.now();
    assert_eq!(
        run(&clock, retry(hangs_once, every(SECOND)).attempt_timeout(5 * SECOND).on(&clock)).unwrap(),
        2
    );
    assert_eq!(clock.now().saturating_duration_since(start), 6 * SECOND);
}

/// Each attempt has its time anew, and its own error is told from ours.
#[test]
fn the_error_says_whether_it_was_the_operation_or_the_time() {
    let clock = ManualClock::new();
    let hangs = || pending::<Result<(), &str>>();
    let error = run(&clock, hangs.retry(every(SECOND).attempts(2)).attempt_timeout(5 * SECOND).on(&clock))
        .unwrap_err();
    assert!(matches!(error.last(), AttemptError::TimedOut(elapsed) if elapsed.after() == 5 * SECOND));
    assert_eq!(error.last().to_string(), "operation timed out after 5s");
    let own = || ready(Err::<(), _>("timed out, says the operation"));
    let error =
        run(&clock, own.retry(every(SECOND).attempts(2)).attempt_timeout(5 * SECOND).on(&clock)).unwrap_err();
    assert_eq!(error.last().failed(), Some(&"timed out, says the operation"));
}

#[test]
fn what_looks_at_errors_sees_those_of_the_guard() {
    let clock = ManualClock::new();
    let hangs = || pending::<Result<(), &str>>();
    let only_own = hangs.retry(every(SECOND)).attempt_timeout(SECOND).when(|error| error.failed().is_some());
    assert_eq!(run(&clock, only_own.on(&clock)).unwrap_err().attempts(), 1);
}

#[test]
fn a_panic_is_an_error_where_it_is_caught() {
    let clock = ManualClock::new();
    let panics = |attempt: Attempt| async move {
        assert!(attempt.number() > 2, "a bug in attempt {}", attempt.number());
        Ok::<_, &str>(attempt.number())
    };
    assert_eq!(run(&clock, retry(panics, every(SECOND)).catch_panic().on(&clock)).unwrap(), 3);
    let error = run(&clock, retry(panics, every(SECOND).attempts(2)).catch_panic().on(&clock)).unwrap_err();
    assert_eq!(error.last().to_string(), "panicked: a bug in attempt 2");
    let AttemptError::Panicked(panicked) = error.into_last() else { panic!("it panicked") };
    assert_eq!(panicked.into_payload().downcast_ref::<String>().unwrap(), "a bug in attempt 2");
}

#[test]
fn a_panic_of_the_call_itself_is_caught_as_well() {
    let clock = ManualClock::new();
    let panics = |attempt: Attempt| {
        assert!(attempt.number() > 1, "in the call");
        ready(Ok::<_, &str>(attempt.number()))
    };
    assert_eq!(
        run(&clock, retry(panics, every(SECOND)).catch_panic().attempt_timeout(SECOND).on(&clock)).unwrap(),
        2
    );
}

#[test]
fn both_guards_stand_in_any_order_and_one_alone_does_nothing_else() {
    let clock = ManualClock::new();
    let hangs_then_panics = |attempt: Attempt| async move {
        match attempt.number() {
            1 => pending().await,
            2 => panic!("the second"),
            n => Ok::<_, &str>(n),
        }
    };
    let one = retry(hangs_then_panics, every(SECOND)).catch_panic().attempt_timeout(SECOND).on(&clock);
    let other = retry(hangs_then_panics, every(SECOND)).attempt_timeout(SECOND).catch_panic().on(&clock);
    assert_eq!((run(&clock, one).unwrap(), run(&clock, other).unwrap()), (3, 3));
    let timed =
        retry(|_| async { if true { panic!("goes through") } else { Ok::<(), ()>(()) } }, every(SECOND))
            .attempt_timeout(SECOND);
    assert!(catch_unwind(AssertUnwindSafe(|| Probe::new(Box::pin(timed.on(&clock))).poll())).is_err());
    let mut caught =
        Probe::new(Box::pin(pending::<Result<(), ()>>.retry(every(SECOND)).catch_panic().on(&clock)));
    caught.assert_pending();
    clock.advance(3_600 * SECOND);
    caught.assert_pending();
}

/// Panics when it is dropped, if it is armed.
struct Mine(bool);

impl Drop for Mine {
    fn drop(&mut self) {
        assert!(!self.0 || std::thread::panicking(), "in its drop");
    }
}

#[test]
fn a_panic_of_what_an_attempt_drops_is_caught_as_well() {
    let clock = ManualClock::new();
    let cut_off = |attempt: Attempt| {
        let mine = Mine(attempt.is_first());
        async move {
            if attempt.is_first() {
                pending::<()>().await;
            }
            drop(mine);
            Ok::<_, &str>(attempt.number())
        }
    };
    let once = retry(cut_off, every(SECOND).attempts(1)).catch_panic().attempt_timeout(SECOND);
    assert_eq!(run(&clock, once.on(&clock)).unwrap_err().last().to_string(), "panicked: in its drop");
    let again = retry(cut_off, every(SECOND)).catch_panic().attempt_timeout(SECOND);
    assert_eq!(run(&clock, again.on(&clock)).unwrap(), 2);
}

/// The error of an attempt that is tried again is dropped, and its payload with it.
#[test]
fn a_payload_that_panics_itself_does_not_get_through() {
    let clock = ManualClock::new();
    let bomb = |attempt: Attempt| async move {
        if attempt.is_first() {
            std::panic::panic_any(Mine(true));
        }
        Ok::<_, &str>(attempt.number())
    };
    assert_eq!(run(&clock, retry(bomb, every(SECOND)).catch_panic().on(&clock)).unwrap(), 2);
}
