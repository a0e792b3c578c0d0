//! An iterator that blocks, as a stream.

use super::running::Inline;
use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Counts up to `end`, and says how far it was advanced and when it is gone.
struct Counter {
    at: u32,
    end: u32,
    pulled: Arc<AtomicUsize>,
    _held: Held,
}

impl Iterator for Counter {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.at += 1;
        if self.at > self.end {
            return None;
        }
        self.pulled.fetch_add(1, Ordering::AcqRel);
        Some(self.at)
    }
}

#[derive(Default)]
struct Source {
    pulled: Arc<AtomicUsize>,
    gone: Gone,
}

impl Source {
    fn up_to(&self, end: u32) -> Counter {
        Counter { at: 0, end, pulled: self.pulled.clone(), _held: self.gone.held() }
    }

    fn pulled(&self) -> usize {
        self.pulled.load(Ordering::Acquire)
    }
}

#[track_caller]
pub(super) fn assert_item(stream: &mut ReadAhead<Shelf, u32>, expected: u32) {
    let found = next(stream);
    assert!(matches!(found, Poll::Ready(Some(Ok(item))) if item == expected), "{found:?}");
}

#[test]
fn all_items_come_in_their_order_and_then_the_end() {
    for ahead in [1, 2, 3, 7, 100, usize::MAX] {
        let source = Source::default();
        let counter = source.up_to(50);
        let stream = Offload::new(Inline).stream(|| counter).ahead(ahead);
        let items = Probe::new(stream.map(|item| item.unwrap()).collect::<Vec<_>>()).assert_ready();
        assert!(items.into_iter().eq(1..=50), "{ahead} ahead");
        assert_eq!(source.gone.times(), 1);
    }
}

#[test]
fn nothing_is_begun_before_the_first_poll() {
    let (shelf, gone) = (Shelf::default(), Gone::default());
    let (offload, held) = (shelf.offload(1), gone.held());
    let opened = Arc::new(AtomicBool::new(false));
    let opens = opened.clone();
    let stream = offload.stream(move || {
        opens.store(true, Ordering::Release);
        drop(held);
        [1]
    });
    assert_eq!(shelf.len(), 0);
    drop(stream);
    assert_eq!((gone.times(), opened.load(Ordering::Acquire)), (1, false));
    assert_whole(&shelf, &offload);
}

#[test]
fn a_turn_fills_the_buffer_and_gives_the_thread_back_and_the_next_begins_when_half_is_left() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let mut stream = offload.stream(|| counter).ahead(4);
    assert!(next(&mut stream).is_pending());
    assert_eq!((source.pulled(), shelf.len()), (0, 1));
    shelf.take().run();
    assert_eq!((source.pulled(), stream.len(), counts(&offload)), (4, 4, (0, 0)));
    for (item, turns) in [(1, 0), (2, 1), (3, 1)] {
        assert_item(&mut stream, item);
        assert_eq!(shelf.len(), turns, "there is one turn at most");
    }
    shelf.take().run();
    assert_eq!((source.pulled(), stream.len()), (7, 4));
    for item in 4..8 {
        assert_item(&mut stream, item);
    }
    drop(stream);
    shelf.take().run();
    assert_eq!(source.gone.times(), 1);
    assert_whole(&shelf, &offload);
}

#[test]
fn a_reader_that_found_nothing_is_woken_by_the_first_item_and_not_by_each() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter, waker) = (shelf.offload(1), source.up_to(100), CountingWaker::new());
    let mut stream = offload.stream(|| counter).ahead(8);
    for _ in 0..3 {
        assert!(stream.poll_next_unpin(&mut Context::from_waker(&waker.waker())).is_pending());
    }
    shelf.take().run();
    assert_eq!((waker.wakes(), stream.len()), (1, 8));
    drop(stream);
    shelf.take().run();
    assert_eq!(waker.wakes(), 1);
}

#[test]
fn while_items_lie_there_it_waits_in_no_line_and_holds_no_place() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let mut stream = offload.stream(|| counter).ahead(2);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    let mut other = Probe::new(offload.run(|| ()));
    other.assert_pending();
    assert_item(&mut stream, 1);
    assert_eq!(counts(&offload), (1, 0));
    assert_item(&mut stream, 2);
    assert_eq!(counts(&offload), (1, 0));
    assert!(next(&mut stream).is_pending());
    assert_eq!(counts(&offload), (1, 1), "now it waits for its turn");
    shelf.take().run();
    other.assert_ready().unwrap();
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    assert_item(&mut stream, 3);
    drop(stream);
    shelf.take().run();
    assert_whole(&shelf, &offload);
}

#[test]
fn where_others_wait_a_turn_is_over_after_as_many_items_as_are_read_ahead() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let slot = Arc::new(Mutex::new(None::<ReadAhead<Shelf, u32>>));
    let reads = slot.clone();
    // Its reader is as quick as the iterator: the buffer is never full.
    let read = Arc::new(AtomicUsize::new(0));
    let counts_read = read.clone();
    let mut stream = offload
        .stream(move || {
            (0..1_000_000).inspect(move |_| {
                if let Some(stream) = reads.lock().unwrap().as_mut() {
                    while next(stream).is_ready() {
                        counts_read.fetch_add(1, Ordering::AcqRel);
                    }
                }
            })
        })
        .ahead(8);
    assert!(next(&mut stream).is_pending());
    let mut other = Probe::new(offload.run(|| 7));
    other.assert_pending();
    *slot.lock().unwrap() = Some(stream);
    shelf.take().run();
    assert_eq!(read.load(Ordering::Acquire), 7, "and one lies there");
    assert_eq!(other.wakes(), 1);
    other.assert_pending();
    shelf.take().run();
    assert!(matches!(other.assert_ready(), Ok(7)));
    let stream = slot.lock().unwrap().take();
    drop(stream);
    shelf.take().run();
    assert_whole(&shelf, &offload);
}

#[test]
fn dropped_between_two_turns_its_iterator_is_dropped_on_a_thread() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let mut stream = offload.stream(|| counter).ahead(2);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    drop(stream);
    assert_eq!((source.gone.times(), shelf.len()), (0, 1), "dropping may block as well");
    shelf.take().run();
    assert_eq!(source.gone.times(), 1);
    assert_whole(&shelf, &offload);
}

#[test]
fn dropped_while_a_turn_runs_the_iterator_stops_at_the_next_item_and_is_dropped() {
    let shelf = Shelf::default();
    let (offload, source) = (shelf.offload(1), Source::default());
    let slot = Arc::new(Mutex::new(None::<ReadAhead<Shelf, u32>>));
    let (drops, counter) = (slot.clone(), source.up_to(1_000));
    let mut stream = offload
        .stream(move || {
            counter.inspect(move |n| {
                if *n == 3 {
                    drop(drops.lock().unwrap().take());
                }
            })
        })
        .ahead(100);
    assert!(next(&mut stream).is_pending());
    *slot.lock().unwrap() = Some(stream);
    shelf.take().run();
    assert_eq!((source.pulled(), source.gone.times()), (3, 1));
    assert_whole(&shelf, &offload);
}

#[test]
fn dropped_before_its_turn_began_it_opens_nothing() {
    let (shelf, opened) = (Shelf::default(), Arc::new(AtomicBool::new(false)));
    let (offload, opens) = (shelf.offload(1), opened.clone());
    let mut stream = offload.stream(move || {
        opens.store(true, Ordering::Release);
        [1]
    });
    assert!(next(&mut stream).is_pending());
    drop(stream);
    shelf.take().run();
    assert!(!opened.load(Ordering::Acquire));
    assert_whole(&shelf, &offload);
}

#[test]
fn a_reader_that_is_told_of_the_end_finds_the_iterator_gone_and_its_place_free() {
    let (shelf, gone) = (Shelf::default(), Gone::default());
    for ends in [true, false] {
        let (offload, told) = (shelf.offload(1), Arc::new(AtomicUsize::new(0)));
        let (looks, notes, seen, held) = (offload.clone(), told.clone(), gone.clone(), gone.held());
        let before = gone.times();
        let waker = HookWaker::new().on_wake(move || {
            assert_eq!((counts(&looks), seen.times()), ((0, 0), before + 1));
            notes.fetch_add(1, Ordering::AcqRel);
        });
        let mut stream = offload.stream(move || {
            let _held = held;
            [0; 0]
        });
        assert!(stream.poll_next_unpin(&mut Context::from_waker(&waker.waker())).is_pending());
        let turn = shelf.take();
        if ends {
            turn.run();
        } else {
            drop(turn);
        }
        assert_eq!(told.load(Ordering::Acquire), 1, "what a hook finds is not lost with its panic");
        assert_eq!(matches!(next(&mut stream), Poll::Ready(None)), ends);
        drop(stream);
        assert_whole(&shelf, &offload);
    }
}

#[test]
fn a_panic_of_the_iterator_is_the_last_item_after_all_that_came_before() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let panics = move || counter.inspect(|n| assert!(*n < 3, "bad block"));
    let mut stream = offload.stream(panics).ahead(8);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    assert_eq!(source.gone.times(), 1);
    assert_item(&mut stream, 1);
    assert_item(&mut stream, 2);
    let Poll::Ready(Some(Err(Failure::Panicked(panicked)))) = next(&mut stream) else { panic!("it did") };
    assert_eq!(panicked.message(), "bad block");
    for _ in 0..2 {
        assert!(matches!(next(&mut stream), Poll::Ready(None)));
    }
    drop(stream);
    assert_whole(&shelf, &offload);
}

#[test]
fn a_panic_of_what_opens_it_or_of_its_drop_is_the_last_item() {
    struct Bomb;
    impl Iterator for Bomb {
        type Item = u32;

        fn next(&mut self) -> Option<u32> {
            None
        }
    }
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose: a drop");
        }
    }
    let opens: [fn() -> Bomb; 2] = [|| panic!("on purpose: no such file"), || Bomb];
    for (open, message) in opens.into_iter().zip(["on purpose: no such file", "on purpose: a drop"]) {
        let mut stream = Offload::new(Inline).stream(open);
        let Poll::Ready(Some(Err(Failure::Panicked(panicked)))) = next(&mut stream) else { panic!("it did") };
        assert_eq!(panicked.message(), message);
        assert!(matches!(next(&mut stream), Poll::Ready(None)));
    }
}

#[test]
fn an_item_that_panics_when_it_is_dropped_keeps_nothing_from_being_let_go() {
    struct Bomb(Option<Held>);
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(self.0.is_some(), "on purpose: a drop");
        }
    }
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter, gone) = (shelf.offload(1), source.up_to(100), Gone::default());
    let holds = gone.clone();
    let mut stream = offload.stream(move || counter.map(move |n| Bomb((n > 1).then(|| holds.held()))));
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(stream))).is_err());
    assert_eq!(gone.times(), 15);
    shelf.take().run();
    assert_eq!(source.gone.times(), 1);
    assert_whole(&shelf, &offload);
}

#[test]
fn a_runtime_that_goes_away_is_the_last_item() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let mut stream = offload.stream(|| counter).ahead(2);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    assert_item(&mut stream, 1);
    drop(shelf.take());
    assert_eq!((source.gone.times(), counts(&offload)), (1, (0, 0)));
    assert_item(&mut stream, 2);
    assert!(matches!(next(&mut stream), Poll::Ready(Some(Err(Failure::Cancelled(None))))));
    assert!(matches!(next(&mut stream), Poll::Ready(None)));
    assert_whole(&shelf, &offload);
}

#[test]
fn a_refusal_while_items_lie_there_is_tried_again_and_else_it_is_the_last_item() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let mut stream = offload.stream(|| counter).ahead(4);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    shelf.refuse(true);
    assert_item(&mut stream, 1);
    assert_item(&mut stream, 2);
    shelf.refuse(false);
    assert_item(&mut stream, 3);
    shelf.take().run();
    shelf.refuse(true);
    for item in 4..=7 {
        assert_item(&mut stream, item);
    }
    let refused = next(&mut stream);
    assert!(matches!(refused, Poll::Ready(Some(Err(Failure::Error(SpawnErrorKind::Full))))));
    assert_eq!((source.gone.times(), counts(&offload)), (1, (0, 0)));
    assert!(matches!(next(&mut stream), Poll::Ready(None)));
    shelf.refuse(false);
    drop(stream);
    assert_whole(&shelf, &offload);
}

#[test]
fn dropped_where_no_closure_is_taken_the_iterator_is_dropped_here() {
    let (shelf, source) = (Shelf::default(), Source::default());
    let (offload, counter) = (shelf.offload(1), source.up_to(100));
    let mut stream = offload.stream(|| counter).ahead(4);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    shelf.refuse(true);
    drop(stream);
    assert_eq!(source.gone.times(), 1);
    shelf.refuse(false);
    assert_whole(&shelf, &offload);
}
