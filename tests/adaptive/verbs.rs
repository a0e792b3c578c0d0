//! What each verb does where nothing goes wrong, the line, and the end.

use super::*;
use std::rc::Rc;
use untether::sync::Semaphore;

#[test]
fn so_many_are_in_flight_and_one_more_waits_in_the_order_in_which_it_came() {
    let limit = fixed(2);
    let [one, two] = [held(&limit), held(&limit)];
    assert_eq!(limit.in_flight(), 2);
    assert_eq!(limit.try_acquire().unwrap_err(), TryAcquireError::Full);
    let mut waits = [waiting(&limit), waiting(&limit)];
    one.success();
    assert_eq!(limit.try_acquire().unwrap_err(), TryAcquireError::Full, "it is granted already");
    assert_eq!((limit.in_flight(), limit.stats().granted), (1, 1));
    waits[1].assert_pending();
    let three = waits[0].assert_ready().unwrap();
    two.overload();
    drop((three, waits[1].assert_ready().unwrap()));
    drop(waits);
    assert_whole(&limit);
}

#[test]
fn a_sample_says_how_long_it_took_from_its_admission_and_how_many_were_there() {
    let (clock, samples) = (ManualClock::new(), Arc::new(Mutex::new(Vec::new())));
    let noted = samples.clone();
    let learns = By(2, move |sample: &Sample| {
        noted.lock().unwrap().push(*sample);
        2
    });
    let limit = AdaptiveLimit::new(learns, clock.clone());
    let [one, two] = [held(&limit), held(&limit)];
    let mut waits = waiting(&limit);
    clock.advance(5 * SECOND);
    one.success();
    // It was granted at 5 s, comes for it at 6 s, and ends at 8 s: what it waited says nothing of the service.
    clock.advance(SECOND);
    let three = waits.assert_ready().unwrap();
    clock.advance(2 * SECOND);
    three.overload();
    two.ignore();
    drop(held(&limit));
    let took = |latency, in_flight, outcome| Sample::new(latency, in_flight, outcome);
    assert_eq!(
        *samples.lock().unwrap(),
        [took(5 * SECOND, 1, Outcome::Success), took(2 * SECOND, 2, Outcome::Overload)]
    );
    assert_whole(&limit);
}

#[test]
fn a_call_is_run_when_there_is_room_and_classified() {
    let limit = aimd(10);
    let say = |outcome| move |_: &u32| outcome;
    let _held: Vec<_> = (0..5).map(|_| held(&limit)).collect();
    assert_eq!(Probe::new(limit.run(async || 7, say(Some(Outcome::Success)))).assert_ready().unwrap(), 7);
    assert_eq!(limit.limit(), 11);
    assert_eq!(Probe::new(limit.run(async || 7, say(None))).assert_ready().unwrap(), 7);
    assert_eq!(limit.limit(), 11);
    assert_eq!(Probe::new(limit.run(async || 7, say(Some(Outcome::Overload)))).assert_ready().unwrap(), 7);
    assert_eq!((limit.limit(), limit.in_flight()), (9, 5));
}

#[test]
fn a_close_refuses_who_waits_and_who_comes_and_learns_from_those_in_flight() {
    let limit = aimd(1);
    let first = held(&limit);
    let mut waits = waiting(&limit);
    let mut runs = Probe::new(limit.run(async || 7, |_| None));
    runs.assert_pending();
    assert!(!limit.is_closed());
    limit.close();
    assert!(limit.is_closed() && limit.stats().closed);
    assert_eq!(
        (waits.wakes(), waits.assert_ready().unwrap_err().to_string()),
        (1, "the limit was closed".into())
    );
    let rejected = runs.assert_ready().unwrap_err();
    assert_eq!(format!("{rejected}: {rejected:?}"), "the limit was closed: Rejected { .. }");
    assert_eq!(Probe::new(rejected.into_inner()()).assert_ready(), 7);
    assert_eq!(limit.try_acquire().unwrap_err(), TryAcquireError::Closed);
    first.success();
    assert_eq!((limit.limit(), limit.in_flight()), (2, 0));
}

#[test]
fn what_begins_with_an_impossible_limit_is_refused_where_it_is_written() {
    for begins in [0, Semaphore::MAX_PERMITS + 1] {
        assert!(Fixed::try_new(begins).is_err());
        let refused: Option<LimitError> =
            AdaptiveLimit::try_new(By(begins, |_: &Sample| 1), ManualClock::new()).err();
        assert_eq!(refused.unwrap().to_string(), "a limit of no calls, or of more than can be counted");
        assert!(std::panic::catch_unwind(|| Fixed::new(begins)).is_err());
        let new = || AdaptiveLimit::new(By(begins, |_: &Sample| 1), ManualClock::new()).limit();
        assert!(std::panic::catch_unwind(new).is_err());
    }
}

#[test]
fn it_stands_in_whatever_is_shared() {
    let (arc, rc) = (Arc::new(fixed(1)), Rc::new(fixed(1)));
    let permit = AdaptiveLimit::try_acquire_owned(arc.clone()).unwrap();
    assert!(std::ptr::eq(permit.limit(), &*arc));
    permit.success();
    Probe::new(AdaptiveLimit::acquire_owned(rc.clone())).assert_ready().unwrap().success();
    assert_whole(&*arc);
    assert_whole(&*rc);
    assert_eq!(
        format!("{arc:?}"),
        "Stats { limit: 1, in_flight: 0, waiting: 0, granted: 0, missed: 0, closed: false }"
    );
}
