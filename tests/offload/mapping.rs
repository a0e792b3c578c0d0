//! A function over many items.

use super::running::Inline;
use super::*;
use std::cell::Cell;
use untether::task::Outcome;

impl Shelf {
    /// The youngest.
    #[track_caller]
    fn take_last(&self) -> BoxBlocking {
        self.0.closures.lock().unwrap().pop().expect("there is one")
    }
}

#[test]
fn all_outcomes_come_in_the_order_of_the_items_whichever_ends_first() {
    let shelf = Shelf::default();
    let offload = shelf.offload(3);
    let mut all = Probe::new(offload.map(0..5, |n: u32| n * 10).collect());
    for _ in 0..5 {
        all.assert_pending();
        shelf.take_last().run();
    }
    assert_eq!(all.assert_ready().all().unwrap(), [0, 10, 20, 30, 40]);
    assert_whole(&shelf, &offload);
}

#[test]
fn as_a_stream_each_comes_when_it_ends_with_the_index_of_its_item() {
    let shelf = Shelf::default();
    let offload = shelf.offload(2);
    let mut map = offload.map(["a", "bc", "def"], str::len);
    assert_eq!(map.size_hint(), (3, Some(3)));
    assert!(next(&mut map).is_pending());
    assert_eq!(map.size_hint(), (3, Some(3)));
    for (index, len) in [(1, 2), (2, 3), (0, 1)] {
        shelf.take_last().run();
        let Poll::Ready(Some((at, Outcome::Ok(value)))) = next(&mut map) else { panic!("it has ended") };
        assert_eq!((at, value), (index, len));
        assert!(index == 0 || next(&mut map).is_pending());
    }
    assert!(matches!(next(&mut map), Poll::Ready(None)));
    assert!(matches!(next(&mut map), Poll::Ready(None)));
    assert_whole(&shelf, &offload);
}

#[test]
fn items_are_taken_as_they_can_be_begun_and_a_million_are_never_in_memory() {
    let shelf = Shelf::default();
    let offload = shelf.offload(2);
    let taken = Cell::new(0);
    let items = (0..1_000_000).inspect(|_| taken.set(taken.get() + 1));
    let mut map = offload.map(items, |n: u32| n);
    for read in 0..10 {
        assert!(next(&mut map).is_pending());
        assert_eq!((taken.get(), shelf.len()), (read + 2, 2));
        shelf.take().run();
        assert!(next(&mut map).is_ready());
    }
}

#[test]
fn a_panic_of_one_is_its_outcome_and_the_others_go_on() {
    let map = Offload::new(Inline).map(0..4, |n| if n == 1 { panic!("one of them") } else { n });
    let outcomes = Probe::new(map.collect()).assert_ready();
    assert_eq!(outcomes.len(), 4);
    let split = outcomes.split();
    assert_eq!(split.values, [(0, 0), (2, 2), (3, 3)]);
    assert!(matches!(&split.failures[..], [(1, Failure::Panicked(_))]));
}

#[test]
fn what_is_refused_or_cancelled_is_an_outcome_of_its_own() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let mut map = offload.map(0..3, |n: u32| n);
    assert!(next(&mut map).is_pending());
    drop(shelf.take());
    assert!(matches!(next(&mut map), Poll::Ready(Some((0, Outcome::Cancelled(None))))));
    shelf.refuse(true);
    let Poll::Ready(Some((1, Outcome::Err(refused)))) = next(&mut map) else { panic!("it was refused") };
    assert_eq!((refused.kind(), refused.into_inner()), (SpawnErrorKind::Full, 1));
    shelf.refuse(false);
    assert!(next(&mut map).is_pending());
    shelf.take().run();
    assert!(matches!(next(&mut map), Poll::Ready(Some((2, Outcome::Ok(2))))));
    assert!(matches!(next(&mut map), Poll::Ready(None)));
    assert_whole(&shelf, &offload);
}

/// With their places kept in the outcomes, the third of them would wait for ever.
#[test]
fn where_all_is_refused_all_comes_back() {
    let shelf = Shelf::default();
    shelf.refuse(true);
    let outcomes = Probe::new(shelf.offload(2).map(0..5, |n: u32| n).collect()).assert_ready();
    let items = outcomes.split().failures.into_iter().map(|(index, failure)| match failure {
        Failure::Error(refused) => (index, refused.into_inner()),
        other => panic!("{other}"),
    });
    assert!(items.eq([(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]));
}

#[test]
fn who_drops_it_begins_nothing_more_and_what_runs_runs_on() {
    let shelf = Shelf::default();
    let (offload, ran) = (shelf.offload(2), Arc::new(AtomicUsize::new(0)));
    let counts_runs = ran.clone();
    let mut map = offload.map(0..9, move |_: u32| counts_runs.fetch_add(1, Ordering::AcqRel));
    assert!(next(&mut map).is_pending());
    let slot = Arc::new(Mutex::new(Some(map)));
    let mut blocked = Probe::new(offload.run(move || drop(slot.lock().unwrap().take())));
    blocked.assert_pending();
    // The first of the map ends, and its place is the other one's.
    shelf.take().run();
    blocked.assert_pending();
    shelf.take_last().run();
    blocked.assert_ready().unwrap();
    // The second was at the runtime and had not begun.
    shelf.take().run();
    assert_eq!(ran.load(Ordering::Acquire), 1);
    assert_whole(&shelf, &offload);
}

#[test]
fn nothing_at_all_is_done_for_no_items() {
    let outcomes = Probe::new(Offload::new(Inline).map([0; 0], |n: u32| n).collect()).assert_ready();
    assert!(outcomes.is_empty());
}
