//! What becomes of the limit. The names are those of what went wrong elsewhere.

use super::*;

#[test]
fn a_limit_that_grows_admits_those_who_wait() {
    let limit = aimd(2);
    let mut all = all_of(&limit);
    let mut waits = [waiting(&limit), waiting(&limit)];
    all.pop().unwrap().success();
    assert_eq!(limit.limit(), 3);
    assert_eq!(
        waits.each_ref().map(Probe::wakes),
        [1, 1],
        "one for the place that is free, one for the one that is new"
    );
    drop(waits.each_mut().map(|waits| waits.assert_ready().unwrap()));
    drop((all, waits));
    assert_whole(&limit);
}

#[test]
fn a_limit_that_shrinks_lets_those_in_flight_go_on_and_admits_nobody_until_enough_have_ended() {
    let limit = aimd(20);
    let mut all = all_of(&limit);
    let mut waits = waiting(&limit);
    for expected in [18, 16, 14] {
        all.pop().unwrap().overload();
        assert_eq!(limit.limit(), expected);
    }
    assert_eq!((limit.in_flight(), waits.wakes()), (17, 0));
    while all.len() > 14 {
        drop(all.pop());
        waits.assert_pending();
    }
    assert_eq!(limit.in_flight(), 14);
    drop(all.pop());
    drop(waits.assert_ready().unwrap());
    drop((all, waits));
    assert_whole(&limit);
}

/// An unsigned difference of the limit and those in flight breaks where the limit is below them.
#[test]
fn a_limit_far_below_those_in_flight_breaks_no_count() {
    let limit = AdaptiveLimit::new(By(50, |_: &Sample| 1), ManualClock::new());
    let mut all = all_of(&limit);
    all.pop().unwrap().overload();
    let stats = limit.stats();
    assert_eq!((stats.limit, stats.in_flight, limit.in_flight()), (1, 49, 49));
    let mut waits = waiting(&limit);
    while let Some(permit) = all.pop() {
        assert_eq!(waits.wakes(), 0);
        permit.overload();
    }
    drop(waits.assert_ready().unwrap());
    drop(waits);
    assert_whole(&limit);
}

#[test]
fn a_limit_of_nothing_is_one_and_one_without_end_is_what_can_be_counted() {
    let next = Arc::new(Mutex::new(0));
    let says = next.clone();
    let limit = AdaptiveLimit::new(By(2, move |_: &Sample| *says.lock().unwrap()), ManualClock::new());
    held(&limit).success();
    assert_eq!(limit.limit(), 1);
    assert_whole(&limit);
    *next.lock().unwrap() = usize::MAX;
    held(&limit).success();
    assert_eq!(limit.limit(), untether::sync::Semaphore::MAX_PERMITS);
    *next.lock().unwrap() = 3;
    held(&limit).success();
    assert_eq!(limit.limit(), 3);
    assert_whole(&limit);
}

#[test]
fn a_limit_does_not_grow_though_one_caller_comes_again_and_again() {
    let limit = aimd(10);
    (0..1_000_000).for_each(|_| held(&limit).success());
    assert_eq!(limit.limit(), 10);
    assert_whole(&limit);
}

/// A baseline that is never measured anew holds a limit down for ever; here there is none.
#[test]
fn a_limit_that_was_down_grows_again_when_the_service_is_well() {
    let limit = aimd(10);
    for _ in 0..100 {
        held(&limit).overload();
    }
    assert_eq!(limit.limit(), 1);
    for expected in 2..=100 {
        let mut all = all_of(&limit);
        all.pop().unwrap().success();
        assert_eq!(limit.limit(), expected);
    }
    assert_whole(&limit);
}

#[test]
fn a_call_that_takes_too_long_is_an_overload() {
    let clock = ManualClock::new();
    let limit = AdaptiveLimit::new(Aimd::builder().initial(10).timeout(SECOND).build(), clock.clone());
    let all = all_of(&limit);
    clock.advance(SECOND);
    let mut all = all.into_iter().rev();
    all.next().unwrap().success();
    assert_eq!(limit.limit(), 11, "in time");
    clock.advance(Duration::from_nanos(1));
    all.next().unwrap().success();
    assert_eq!(limit.limit(), 9);
}

#[test]
fn a_clock_that_steps_back_measures_nothing_and_breaks_nothing() {
    let clock = ManualClock::new();
    clock.advance(100 * SECOND);
    let seen = Arc::new(Mutex::new(None));
    let notes = seen.clone();
    let learns = By(1, move |sample: &Sample| {
        *notes.lock().unwrap() = Some(sample.latency);
        1
    });
    let limit = AdaptiveLimit::new(learns, clock.clone());
    let first = held(&limit);
    clock.step_back(50 * SECOND);
    first.success();
    assert_eq!(*seen.lock().unwrap(), Some(Duration::ZERO));
    assert_whole(&limit);
}

#[test]
fn what_was_cancelled_dropped_or_panicked_says_nothing() {
    let limit = AdaptiveLimit::new(By(3, |_: &Sample| panic!("nothing was said")), ManualClock::new());
    held(&limit).ignore();
    drop(held(&limit));
    let mut runs = Probe::new(limit.run(std::future::pending::<()>, |()| Some(Outcome::Overload)));
    runs.assert_pending();
    assert_eq!(limit.in_flight(), 1);
    drop(runs);
    let panics = || {
        let mut runs = Probe::new(limit.run(async || panic!("on purpose"), |()| Some(Outcome::Success)));
        _ = runs.poll();
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    assert_whole(&limit);
}
