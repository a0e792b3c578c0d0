//! The probes: who finds out, how many at once, and what becomes of those that say nothing.

use super::*;

#[test]
fn a_success_from_before_it_opened_does_not_close_it_while_a_probe_is_under_way() {
    let clock = ManualClock::new();
    let breaker = plan().consecutive(1).build(clock.clone());
    let (late, later) = (let_through(&breaker), let_through(&breaker));
    fail(&breaker, 1);
    assert_eq!(late.success(), None);
    assert_eq!(breaker.state(), State::Open);
    clock.advance(10 * SECOND);
    let probe = let_through(&breaker);
    assert_eq!(later.success(), None);
    assert_eq!((breaker.state(), refused(&breaker).reason()), (State::HalfOpen, Reason::HalfOpen));
    assert_eq!(probe.failure().unwrap().to, State::Open);
}

#[test]
fn a_failure_from_before_counts_in_no_newer_state() {
    let (clock, breaker) = due(plan());
    let probe = let_through(&breaker);
    drop(breaker.isolate());
    assert_eq!(probe.failure(), None);
    let late = let_through(&breaker);
    clock.advance(30 * SECOND);
    assert_eq!(refused(&breaker).transition().unwrap().why, Why::ProbesHung);
    clock.advance(10 * SECOND);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
    assert_eq!(late.failure(), None);
    let late = let_through(&breaker);
    breaker.reset();
    assert_eq!(
        (late.failure(), breaker.state(), breaker.stats().failures_in_a_row),
        (None, State::Closed, 0)
    );
}

#[test]
fn of_a_thousand_who_come_when_it_is_time_one_probes() {
    let (_clock, breaker) = due(plan());
    let came: Vec<_> = (0..1_000).filter_map(|_| breaker.try_acquire().ok()).collect();
    assert_eq!(came.len(), 1);
    let (_clock, breaker) = due(plan().probes(5, 5));
    let came: Vec<_> = (0..1_000).filter_map(|_| breaker.try_acquire().ok()).collect();
    assert_eq!(came.len(), 5);
}

#[test]
fn a_probe_that_was_cancelled_does_not_close_it() {
    let (_clock, breaker) = due(plan());
    let mut call = Probe::new(Box::pin(breaker.run(pending::<Result<(), ()>>)));
    call.assert_pending();
    drop(call);
    assert_eq!((breaker.state(), breaker.stats().generation), (State::HalfOpen, 2));
}

#[test]
fn a_probe_that_says_nothing_keeps_no_place() {
    let (_clock, breaker) = due(plan().probes(2, 1));
    for _ in 0..100 {
        let (one, other) = (let_through(&breaker), let_through(&breaker));
        assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
        one.ignore();
        assert_eq!(other.record(Verdict::Ignore), None);
    }
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

#[test]
fn places_that_are_given_back_are_no_more_than_there_are() {
    let (clock, breaker) = due(plan().probes(2, 2));
    let old = [(); 2].map(|()| let_through(&breaker));
    clock.advance(30 * SECOND);
    assert_eq!(refused(&breaker).reason(), Reason::Open);
    clock.advance(10 * SECOND);
    let new = [(); 2].map(|()| let_through(&breaker));
    drop(old);
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen, "those of an older generation are not of these");
    drop(new);
    let again = [(); 2].map(|()| let_through(&breaker));
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    drop(again);
}

#[test]
fn a_probe_that_hangs_or_is_leaked_does_not_keep_it_half_open_for_ever() {
    let (clock, breaker) = due(plan().probe_max_wait(5 * SECOND));
    std::mem::forget(let_through(&breaker));
    clock.advance(5 * SECOND - Duration::from_nanos(1));
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    clock.advance(Duration::from_nanos(1));
    let rejected = refused(&breaker);
    assert_eq!((rejected.reason(), rejected.retry_after()), (Reason::Open, Some(10 * SECOND)));
    let opened = rejected.transition().unwrap();
    assert_eq!((opened.from, opened.to, opened.why), (State::HalfOpen, State::Open, Why::ProbesHung));
    clock.advance(10 * SECOND);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

#[test]
fn who_has_no_limit_on_its_probes_waits_for_them() {
    let (clock, breaker) = due(plan().probe_max_wait(Duration::MAX));
    let probe = let_through(&breaker);
    clock.advance(Duration::from_secs(1 << 32));
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    assert_eq!(probe.success().unwrap().to, State::Closed);
}

#[test]
fn a_service_that_is_seldom_called_is_not_shut_out_between_two_probes() {
    let (clock, breaker) = due(plan().probes(2, 2).probe_max_wait(SECOND));
    assert_eq!(succeed(&breaker, 1), None);
    clock.advance(3_600 * SECOND);
    let second = let_through(&breaker);
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen, "the last one has just begun");
    assert_eq!(second.success().unwrap().to, State::Closed);
}

#[test]
fn a_window_plays_no_part_while_it_is_half_open() {
    let clock = ManualClock::new();
    let rated = plan().failure_rate(0.5).window(Window::time(SECOND)).min_calls(20);
    let breaker = rated.build(clock.clone());
    fail(&breaker, 20);
    clock.advance(10 * SECOND);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
    assert_eq!(breaker.stats().calls, 0, "nothing of before is left");
    assert_eq!(fail(&breaker, 19), None);
}

#[test]
fn what_probes_have_said_before_an_isolation_is_known_after_it() {
    let (_clock, breaker) = due(plan().probes(3, 2));
    let late = let_through(&breaker);
    assert_eq!(succeed(&breaker, 1), None);
    drop(breaker.isolate());
    assert_eq!(late.success(), None);
    let probes = [(); 2].map(|()| let_through(&breaker));
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen, "one of three places is taken by what was said");
    drop(probes);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}
