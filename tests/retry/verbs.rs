//! What comes out of a retry, in each of its forms.

use super::*;
use std::cell::Cell;
use std::future::pending;
use untether::retry::{retry_async, retry_with};

#[test]
fn it_ends_with_the_first_success_and_tells_which_attempt_it_is() {
    let clock = ManualClock::new();
    assert_eq!(run(&clock, retry(fails(0), every(SECOND)).on(&clock)), Ok(1));
    assert_eq!(clock.now(), ManualClock::new().now(), "no wait");
    assert_eq!(run(&clock, retry(fails(3), every(SECOND)).on(&clock)), Ok(4));
    assert_eq!(clock.now().saturating_duration_since(ManualClock::new().now()), 3 * SECOND);
}

#[test]
fn it_gives_up_with_the_last_error_itself() {
    let clock = ManualClock::new();
    let numbered = |attempt: Attempt| ready(Err::<(), _>(format!("error {}", attempt.number())));
    let error = run(&clock, retry(numbered, every(SECOND).attempts(4)).on(&clock)).unwrap_err();
    assert_eq!((error.attempts(), error.elapsed(), error.reason()), (4, 3 * SECOND, StopReason::Exhausted));
    assert_eq!(error.to_string(), "gave up after 4 attempts: no attempt is left");
    assert_eq!((error.last().as_str(), error.clone().into_last()), ("error 4", "error 4".to_owned()));
}

#[test]
fn its_error_leads_to_the_operation_s_own() {
    let clock = ManualClock::new();
    let refused = || ready(Err::<(), _>(std::io::Error::from(std::io::ErrorKind::ConnectionRefused)));
    let error = run(&clock, refused.retry(every(SECOND).attempts(1)).on(&clock)).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(source.kind(), std::io::ErrorKind::ConnectionRefused);
    assert_eq!(error.to_string(), "gave up after 1 attempt: no attempt is left");
}

/// The guides' loops returned nothing, or raised a `TypeError`, without a single call.
#[test]
fn there_is_never_a_result_without_a_call() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let counted = || {
        calls.set(calls.get() + 1);
        ready(Err::<(), _>("no"))
    };
    let past = Deadline::at(Instant::from_nanos(0));
    let ended = from_iter([]);
    assert!(run(&clock, counted.retry(ended).deadline(past).within(Duration::ZERO).on(&clock)).is_err());
    assert_eq!(calls.get(), 1);
}

#[test]
fn three_attempts_are_three_calls_and_two_waits() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let counted = |_: Attempt| {
        calls.set(calls.get() + 1);
        ready(Err::<(), _>("no"))
    };
    assert_eq!(
        run(&clock, retry(counted, every(SECOND).attempts(3)).on(&clock)).unwrap_err().elapsed(),
        2 * SECOND
    );
    assert_eq!(calls.get(), 3);
}

/// backoff calls the operation again before its wait.
#[test]
fn the_operation_is_called_after_the_wait_and_not_before_the_first_poll() {
    let clock = ManualClock::new();
    let calls = RefCell::new(Vec::new());
    let noted = || {
        calls.borrow_mut().push(clock.now());
        ready(Err::<(), _>("no"))
    };
    let start = clock.now();
    let mut retrying = Probe::new(Box::pin(noted.retry(every(10 * SECOND)).on(&clock)));
    assert_eq!(calls.borrow().len(), 0);
    retrying.assert_pending();
    clock.advance(9 * SECOND);
    retrying.assert_pending();
    assert_eq!(calls.borrow().len(), 1);
    clock.advance(SECOND);
    assert_eq!(retrying.wakes(), 1);
    retrying.assert_pending();
    assert_eq!(*calls.borrow(), [start, start.saturating_add(10 * SECOND)]);
}

#[test]
fn only_what_is_worth_it_is_tried_again() {
    let clock = ManualClock::new();
    let statuses = [500, 503, 404, 500];
    let status = |attempt: Attempt| ready(Err::<(), u16>(statuses[attempt.number() as usize - 1]));
    let error =
        run(&clock, retry(status, every(SECOND)).when(|status| *status >= 500).on(&clock)).unwrap_err();
    assert_eq!((error.attempts(), error.into_last()), (3, 404));
    let error =
        run(&clock, retry(status, every(SECOND)).when(|status| *status >= 500).on(&clock)).unwrap_err();
    assert_eq!((error.reason(), error.elapsed()), (StopReason::Permanent, 2 * SECOND));
    assert_eq!(error.to_string(), "gave up after 3 attempts: the error is permanent");
}

#[test]
fn a_verdict_is_given_on_values_and_errors_alike() {
    let clock = ManualClock::new();
    let answers = [Err("reset"), Ok("pending"), Ok("ready"), Ok("never asked")];
    let ask = |attempt: Attempt| ready(answers[attempt.number() as usize - 1]);
    let until_ready = |result: &Result<&str, &str>| match result {
        Ok("ready") => Verdict::Done,
        Ok(_) => Verdict::RetryAfter(2 * SECOND),
        Err(_) => Verdict::Retry,
    };
    let start = clock.now();
    assert_eq!(run(&clock, retry(ask, every(SECOND)).judge(until_ready).on(&clock)), Ok("ready"));
    assert_eq!(clock.now().saturating_duration_since(start), 3 * SECOND);
    // A value that was not what was asked for is never taken for one that was.
    let error = run(&clock, retry(ask, every(SECOND).attempts(2)).judge(until_ready).on(&clock)).unwrap_err();
    assert_eq!(error.into_last(), Ok("pending"));
    let error = run(
        &clock,
        retry(ask, every(SECOND)).judge(|_| if true { Verdict::Done } else { Verdict::Retry }).on(&clock),
    );
    assert_eq!(error.unwrap_err().into_last(), Err("reset"));
}

#[test]
fn what_is_carried_comes_back_with_the_result() {
    let clock = ManualClock::new();
    let work = |mut log: Vec<u32>, attempt: Attempt| async move {
        log.push(attempt.number());
        (log, if attempt.number() < 3 { Err("busy") } else { Ok(()) })
    };
    assert_eq!(run(&clock, retry_with(vec![], work, every(SECOND)).on(&clock)), (vec![1, 2, 3], Ok(())));
    let (log, result) =
        run(&clock, retry_with(vec![], work, every(SECOND).attempts(2)).when(|_| true).on(&clock));
    assert_eq!((log, result.unwrap_err().into_last()), (vec![1, 2], "busy"));
}

#[test]
fn a_closure_may_borrow_and_change_what_is_around_it() {
    let clock = ManualClock::new();
    let mut log = String::new();
    let operation = async |attempt: Attempt| {
        log.push_str("call ");
        if attempt.number() < 3 { Err("busy") } else { Ok(log.len()) }
    };
    assert_eq!(run(&clock, retry_async(operation, every(SECOND)).on(&clock)), Ok(15));
    let error =
        run(&clock, retry_async(async |_| Err::<(), _>("no"), every(SECOND)).when(|_| false).on(&clock));
    assert_eq!(error.unwrap_err().attempts(), 1);
}

/// A schedule without waits and an operation that is always ready would keep the thread for ever.
#[test]
fn without_waits_it_lets_others_have_their_turn() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0_u32));
    let counted = || {
        calls.set(calls.get() + 1);
        ready(Err::<(), _>("no"))
    };
    let mut retrying = Probe::new(Box::pin(counted.retry(every(Duration::ZERO)).on(&clock)));
    for round in 1..10 {
        retrying.assert_pending();
        assert_eq!((calls.get(), retrying.wakes(), clock.sleepers()), (32 * round, round as usize, 0));
    }
}

/// A clock that a millisecond passes on with each look: no short wait is begun before it is over.
#[derive(Default)]
struct Rushing(Cell<u64>);

impl Clock for Rushing {
    fn now(&self) -> Instant {
        Instant::from_nanos(self.0.replace(self.0.get() + 1_000_000))
    }
}

impl Timer for Rushing {
    type Sleep = Ready<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        ready(())
    }
}

#[test]
fn nor_do_the_async_form_and_the_loop_keep_the_thread_with_waits_that_are_over_at_once() {
    for delay in [Duration::ZERO, Duration::from_nanos(1)] {
        let (calls, in_loop) = (Cell::new(0), Cell::new(0));
        let counted = async |_| {
            calls.set(calls.get() + 1);
            Err::<(), _>("no")
        };
        let looped = async {
            let mut attempts = Retry::new(every(delay)).attempts(Rushing::default());
            while let Some(attempt) = attempts.next().await {
                in_loop.set(attempt.attempt().number());
                attempt.failed("no").unwrap();
            }
        };
        let mut endless = Probe::new(Box::pin(retry_async(counted, every(delay)).on(Rushing::default())));
        let mut looped = Probe::new(Box::pin(looped));
        for round in 1..10 {
            endless.assert_pending();
            looped.assert_pending();
            assert_eq!((calls.get(), in_loop.get()), (32 * round, 32 * round - 1));
            assert_eq!((endless.wakes(), looped.wakes()), (round as usize, round as usize));
        }
    }
}

#[test]
fn a_success_reads_no_clock_asks_for_no_timer_and_for_no_number() {
    struct Untouched;
    impl Clock for Untouched {
        fn now(&self) -> Instant {
            panic!("the clock was read")
        }
    }
    impl Timer for Untouched {
        type Sleep = std::future::Pending<()>;
        fn sleep_until(&self, _: Instant) -> Self::Sleep {
            panic!("a timer was asked for")
        }
    }
    impl Entropy for Untouched {
        fn next_u64(&self) -> u64 {
            panic!("a number was drawn")
        }
    }
    let deadline = Deadline::at(Instant::from_nanos(1));
    let of_all = retry(fails(0), Backoff::standard()).deadline(deadline).within(SECOND).entropy(Untouched);
    assert_eq!(Probe::new(Box::pin(of_all.on(Untouched))).assert_ready(), Ok(1));
    // Nor does a first error that is permanent.
    let permanent = retry(fails(1), Backoff::standard()).entropy(Untouched).when(|_| false);
    assert_eq!(
        Probe::new(Box::pin(permanent.on(Untouched))).assert_ready().unwrap_err().elapsed(),
        Duration::ZERO
    );
    // Nor what is pending, without a limit of its own.
    Probe::new(Box::pin(pending::<Result<(), ()>>.retry(Backoff::standard()).on(Untouched))).assert_pending();
}

#[test]
fn a_clock_that_steps_back_ten_years_neither_panics_nor_ends_it_early() {
    let clock = ManualClock::new();
    let mut retrying = Probe::new(Box::pin(retry(fails(2), every(SECOND).during(SECOND * 60)).on(&clock)));
    retrying.assert_pending();
    clock.step_back(Duration::from_secs(10 * 365 * 86_400));
    assert_eq!(run(&clock, async { retrying.get_mut().await }), Ok(3));
}

#[test]
fn a_panic_goes_through_and_is_not_retried() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let panics = || {
        calls.set(calls.get() + 1);
        async { if true { panic!("a bug") } else { Ok::<(), ()>(()) } }
    };
    let mut retrying = Probe::new(Box::pin(panics.retry(every(SECOND)).on(&clock)));
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| retrying.poll()));
    assert!(caught.is_err() && calls.get() == 1 && clock.sleepers() == 0);
}

/// It would be an attempt that nobody paid for, and none of those that were said.
#[test]
fn polled_after_a_panic_of_the_call_it_does_not_call_again() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    for panics_at in [1, 2] {
        calls.set(0);
        let panics = |attempt: Attempt| {
            calls.set(calls.get() + 1);
            assert!(attempt.number() < panics_at, "a bug");
            ready(Err::<(), _>("busy"))
        };
        let mut retrying = Probe::new(Box::pin(retry(panics, every(SECOND).attempts(3)).on(&clock)));
        for _ in 0..5 {
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| retrying.poll()));
            clock.advance(SECOND);
        }
        assert_eq!(calls.get(), panics_at);
    }
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polled_after_its_end_it_says_so() {
    let clock = ManualClock::new();
    let mut retrying = Probe::new(Box::pin(retry(fails(0), every(SECOND)).on(&clock)));
    let _ = retrying.assert_ready();
    let _ = retrying.poll();
}

#[test]
fn the_future_is_send_when_its_parts_are() {
    fn assert_send<T: Send>(future: T) -> T {
        future
    }
    let clock = ManualClock::new();
    drop(assert_send(
        retry(|_| async { Ok::<(), ()>(()) }, Backoff::standard()).when(|_| true).on(clock.clone()),
    ));
    drop(assert_send(
        retry_with(5, |n, _| async move { (n, Ok::<(), ()>(())) }, Backoff::standard()).on(clock),
    ));
}
