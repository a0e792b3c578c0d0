//! What each verb gives.

use super::*;
use untether::task::map::DEFAULT_LIMIT;

/// Takes so many seconds, and fails where that is odd.
async fn naps(clock: &ManualClock, seconds: u32) -> Result<u32, &'static str> {
    clock.sleep(seconds * SECOND).await;
    if seconds % 2 == 0 { Ok(seconds) } else { Err("odd") }
}

#[test]
fn collect_gives_as_many_outcomes_as_there_were_items_in_their_order() {
    let clock = ManualClock::new();
    let (outcomes, took) = run(&clock, map([4, 1, 2, 3], |seconds| naps(&clock, seconds)).limit(2).collect());
    let texts: Vec<_> = outcomes.into_iter().map(Outcome::into_result).collect();
    assert!(matches!(texts[..], [Ok(4), Err(Failure::Error("odd")), Ok(2), Err(Failure::Error("odd"))]));
    assert_eq!(took, 6, "4, and 1 + 2 + 3 beside it");
}

#[test]
fn try_collect_gives_all_values_in_the_order_of_the_items() {
    let clock = ManualClock::new();
    let naps = map([6, 2, 4], |seconds| naps(&clock, seconds)).try_collect();
    assert_eq!(run(&clock, naps), (Ok(vec![6, 2, 4]), 6));
}

#[test]
fn the_first_error_drops_the_rest_before_it_is_given_and_takes_no_more_items() {
    let (clock, crowd, taken) = (ManualClock::new(), Crowd::default(), Cell::new(0));
    let items = [8, 3, 2, 4].into_iter().inspect(|_| taken.set(taken.get() + 1));
    let work = |seconds| {
        let (inside, clock) = (crowd.enter(), &clock);
        async move {
            let _inside = inside;
            naps(clock, seconds).await
        }
    };
    let mut trying = Probe::new(map(items, work).limit(3).try_collect());
    trying.assert_pending();
    assert_eq!(crowd.now(), 3);
    clock.advance(3 * SECOND);
    assert_eq!(trying.assert_ready(), Err("odd"));
    assert_eq!((crowd.now(), clock.sleepers()), (0, 0), "though the future is still there");
    assert_eq!(taken.get(), 4);
}

#[test]
fn as_completed_gives_each_when_it_ends_with_the_index_of_its_item() {
    let clock = ManualClock::new();
    let mut naps = Box::pin(map([4, 1, 2], |seconds| naps(&clock, seconds)).as_completed());
    let mut order = Vec::new();
    for _ in 0..10 {
        match next(naps.as_mut()) {
            Poll::Ready(Some((index, outcome))) => order.push((index, outcome.is_ok())),
            Poll::Ready(None) => break,
            Poll::Pending => drop(clock.advance_to_next()),
        }
    }
    assert_eq!(order, [(1, false), (2, true), (0, true)]);
    assert!(naps.is_terminated());
    assert!(matches!(next(naps.as_mut()), Poll::Ready(None)), "and stays at its end");
}

#[test]
fn ordered_gives_each_when_those_before_it_are_given() {
    let clock = ManualClock::new();
    let mut naps = Box::pin(map([4, 1, 2], |seconds| naps(&clock, seconds)).ordered());
    assert!(next(naps.as_mut()).is_pending());
    clock.advance(3 * SECOND);
    assert!(next(naps.as_mut()).is_pending(), "the first is not there");
    clock.advance(SECOND);
    let given: Vec<_> = (0..3).map(|_| next(naps.as_mut())).collect();
    assert!(matches!(given[0], Poll::Ready(Some(Outcome::Ok(4)))));
    assert!(matches!(given[1], Poll::Ready(Some(Outcome::Err("odd")))));
    assert!(matches!(given[2], Poll::Ready(Some(Outcome::Ok(2)))));
    assert!(matches!(next(naps.as_mut()), Poll::Ready(None)) && naps.is_terminated());
}

#[test]
fn tally_counts_how_they_ended() {
    let work = |n: u32| async move {
        match n % 4 {
            0 => Err("fourth"),
            1 => panic!("on purpose"),
            _ => Ok(n),
        }
    };
    let tally = Probe::new(map(0..100, work).tally()).assert_ready();
    assert_eq!(tally, Tally { ok: 50, failed: 25, panicked: 25 });
    assert!(tally.total() == 100 && !tally.is_ok());
}

#[test]
fn nothing_to_do_is_done_at_once() {
    let nothing = || map([0; 0], |_| ready(Ok::<u32, ()>(1)));
    assert!(Probe::new(nothing().collect()).assert_ready().is_empty());
    assert_eq!(Probe::new(nothing().try_collect()).assert_ready(), Ok(vec![]));
    assert_eq!(Probe::new(nothing().tally()).assert_ready(), Tally::default());
    assert!(all(nothing().ordered()).is_empty() && all(nothing().as_completed()).is_empty());
}

#[test]
fn ten_at_a_time_unless_it_is_said() {
    let crowd = Crowd::default();
    let work = |_| {
        let inside = crowd.enter();
        async move {
            let _inside = inside;
            pending::<Result<(), ()>>().await
        }
    };
    Probe::new(map(0..100, work).collect()).assert_pending();
    assert_eq!((crowd.most(), DEFAULT_LIMIT), (10, 10));
    Probe::new(map(0..100, work).limit(usize::MAX).collect()).assert_pending();
    assert_eq!(crowd.most(), 100);
}

#[test]
#[should_panic(expected = "a limit of 0 items at a time")]
fn a_limit_of_nothing_is_refused_where_it_is_written() {
    let _ = map([1], |_: i32| ready(Ok::<(), ()>(()))).limit(0);
}

#[test]
fn a_limit_that_is_tried_is_refused_by_an_error() {
    let error = map([1], |_: i32| ready(Ok::<(), ()>(()))).try_limit(0).unwrap_err();
    assert_eq!(error.to_string(), "a limit of 0 items at a time");
}

#[test]
fn with_a_limit_of_one_each_begins_when_the_one_before_it_has_ended() {
    let clock = ManualClock::new();
    let naps = map([2, 4, 6], |seconds| naps(&clock, seconds)).limit(1).try_collect();
    assert_eq!(run(&clock, naps), (Ok(vec![2, 4, 6]), 12));
}

#[test]
fn the_hint_of_size_counts_what_runs_what_is_kept_and_what_is_to_come() {
    let clock = ManualClock::new();
    let mut naps = Box::pin(map([4, 1, 2, 6], |seconds| naps(&clock, seconds)).limit(3).ordered());
    for (advance, left) in [(0, 4), (1, 4), (1, 4), (2, 3), (0, 2), (0, 1), (6, 0)] {
        clock.advance(advance * SECOND);
        let _ = next(naps.as_mut());
        assert_eq!(naps.size_hint(), (left, Some(left)));
    }
    assert_eq!(map_sizes(0..), (usize::MAX, None));
    assert_eq!(map_sizes((0..10).filter(|n| n % 2 == 0)), (0, Some(10)));
}

fn map_sizes(items: impl Iterator<Item = u32>) -> (usize, Option<usize>) {
    map(items, |n| ready(Ok::<_, ()>(n))).as_completed().size_hint()
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn a_future_that_was_ready_is_polled_no_more() {
    let mut trying = Probe::new(map([1], |_: i32| ready(Ok::<(), ()>(()))).try_collect());
    trying.assert_ready().unwrap();
    let _ = trying.poll();
}
