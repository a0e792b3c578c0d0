//! What is told of a retry while it runs.

use super::*;
use untether::observe::{Event, Lines, Observer, Value};

#[test]
fn every_failure_that_is_followed_by_another_attempt_is_told_before_the_wait() {
    let (clock, told) = (ManualClock::new(), RefCell::new(Vec::new()));
    let note = |failed: &Failed<'_, &str>| {
        told.borrow_mut().push((failed.attempt().number(), failed.last().to_string(), failed.delay()));
    };
    let mut retrying =
        Probe::new(Box::pin(retry(fails(9), every(SECOND).attempts(3)).on_retry(note).on(&clock)));
    retrying.assert_pending();
    assert_eq!(*told.borrow(), [(1, "busy".to_owned(), SECOND)]);
    drop(run(&clock, async { retrying.get_mut().await }));
    assert_eq!(told.borrow().len(), 2, "the last failure is in the error");
}

/// tokio-retry2 tells a running sum, and of a hint it did not wait for.
#[test]
fn the_delay_that_is_told_is_the_one_that_is_waited() {
    let (clock, told) = (ManualClock::new(), RefCell::new(Vec::new()));
    let schedule = exponential(SECOND).attempts(6);
    let start = clock.now();
    let retrying = retry(fails(9), schedule).entropy(seed()).hint(|_| Some(20 * SECOND));
    let _ = run(&clock, retrying.on_retry(|failed| told.borrow_mut().push(failed.delay())).on(&clock));
    assert_eq!(clock.now().saturating_duration_since(start), told.borrow().iter().sum());
}

#[test]
fn the_observer_is_told_a_sentence_and_its_facts() {
    #[derive(Default)]
    struct Facts(RefCell<Vec<String>>);
    impl Observer for Facts {
        fn on(&self, event: &Event<'_>) {
            let text = |key| match event.get(key) {
                Some(Value::Text(text)) => text.to_owned(),
                Some(value) => value.to_string(),
                None => panic!("{key} is missing"),
            };
            self.0
                .borrow_mut()
                .push([event.kind(), &text("error"), &text("attempt"), &text("delay")].join(" | "));
        }
    }
    let (clock, facts, lines) = (ManualClock::new(), Facts::default(), RefCell::new(Vec::new()));
    let observed = retry(fails(1), every(SECOND)).observed(&facts);
    let text = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
    assert_eq!(run(&clock, observed.observed(text).on(&clock)), Ok(2));
    assert_eq!(*lines.borrow(), ["attempt 1 failed: busy; retrying in 1.00s"]);
    assert_eq!(facts.0.into_inner(), ["retry | busy | 1 | 1s"]);
}

#[test]
fn what_is_said_of_errors_is_said_in_any_order() {
    let (clock, told) = (ManualClock::new(), Cell::new(0));
    let statuses = [429, 503, 404];
    let status = |attempt: Attempt| ready(Err::<(), u16>(statuses[attempt.number() as usize - 1]));
    let start = clock.now();
    let hinted = retry(status, every(SECOND)).hint(|status| (*status == 429).then_some(3 * SECOND));
    let watched = hinted.on_retry(|_| told.set(told.get() + 1)).when(|status| *status >= 429);
    let error = run(&clock, watched.when(|status| *status != 418).on(&clock)).unwrap_err();
    assert_eq!((error.reason(), error.into_last(), told.get()), (StopReason::Permanent, 404, 2));
    assert_eq!(clock.now().saturating_duration_since(start), 4 * SECOND);
    let verdict = retry(status, every(SECOND)).judge(|_| Verdict::Retry).when(|last| *last != Err(503));
    assert_eq!(run(&clock, verdict.on(&clock)).unwrap_err().into_last(), Err(503));
}
