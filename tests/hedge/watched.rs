//! What is told.

use super::*;
use untether::observe::{Event, Lines, Observer};

#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Observer for Log {
    fn on(&self, event: &Event<'_>) {
        let fields: Vec<_> = event.fields().map(|(key, value)| format!("{key}={value}")).collect();
        self.0.borrow_mut().push(format!("{} {}", event.kind(), fields.join(" ")));
    }
}

fn told(takes: &[i32]) -> Vec<String> {
    let (service, log) = (Service::default(), Log::default());
    let hedge = Hedge::after(SECOND).extra(2).observed(&log);
    let _ = run(&service.clock, hedge.run(service.takes(takes), &service.clock));
    log.0.into_inner()
}

#[test]
fn nothing_is_told_where_there_is_no_extra_attempt() {
    assert!(told(&[1]).is_empty());
    assert!(told(&[-1]).is_empty());
}

#[test]
fn each_extra_attempt_is_told_and_who_won_and_how_long_the_first_has_taken_at_least() {
    let expected = ["hedge attempt=2 delay=1s", "hedged won=true attempt=2 attempts=2 elapsed=2s"];
    assert_eq!(told(&[9, 1, 1]), expected);
    let two = ["hedge attempt=2 delay=1s", "hedge attempt=3 delay=1s"];
    assert_eq!(told(&[4, 9, 9])[..2], two);
    assert_eq!(told(&[4, 9, 9])[2], "hedged won=true attempt=1 attempts=3 elapsed=4s");
}

#[test]
fn that_none_went_well_is_told_as_well() {
    assert_eq!(told(&[-4, -1, -1])[2], "hedged won=false attempts=3 elapsed=4s");
}

#[test]
fn the_lines_read_well() {
    let (service, lines) = (Service::default(), RefCell::new(Vec::new()));
    let observer = Lines::new(|line: &str| lines.borrow_mut().push(line.to_string()));
    let hedge = Hedge::after(SECOND).observed(observer);
    let _ = run(&service.clock, hedge.run(service.takes(&[9, 1]), &service.clock));
    service.calls.set(0);
    let _ = run(&service.clock, hedge.run(service.takes(&[-3, -1]), &service.clock));
    let expected = [
        "no answer after 1.00s: attempt 2 begins",
        "attempt 2 of 2 won after 2.00s",
        "no answer after 1.00s: attempt 2 begins",
        "none of 2 attempts went well, after 3.00s",
    ];
    assert_eq!(*lines.borrow(), expected);
}

/// What begins only when others have been told cannot be told in their place.
#[test]
fn a_hedge_is_told_before_its_attempt_begins() {
    let (clock, order) = (ManualClock::new(), RefCell::new(Vec::new()));
    let note = |line: &str| order.borrow_mut().push(line.to_string());
    let calls = |attempt: Attempt| {
        note(&attempt.to_string());
        pending::<Answer>()
    };
    let mut hedging = Probe::new(Hedge::after(SECOND).observed(Lines::new(note)).run(calls, &clock));
    hedging.assert_pending();
    clock.advance(SECOND);
    hedging.assert_pending();
    assert_eq!(*order.borrow(), ["attempt 1", "no answer after 1.00s: attempt 2 begins", "attempt 2"]);
}
