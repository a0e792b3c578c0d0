//! Items, wakers and iterators that panic where something else is in hand.

use super::reading::assert_item;
use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn items_that_panic_as_they_are_dropped_leave_no_place_taken() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "on purpose: an item");
        }
    }
    let shelf = Shelf::default();
    let offload = shelf.offload(2);
    let mut before = [7, 8].map(|n| Probe::new(offload.run(move || n)));
    before.iter_mut().for_each(Probe::assert_pending);
    let mut map = offload.map([Bomb, Bomb], std::mem::forget);
    assert!(next(&mut map).is_pending());
    assert_eq!(counts(&offload), (2, 2));
    _ = catch_unwind(AssertUnwindSafe(|| drop(map)));
    assert_eq!(counts(&offload), (2, 0));
    (0..2).for_each(|_| shelf.take().run());
    assert_whole(&shelf, &offload);
}

#[test]
fn a_closure_that_is_refused_comes_back_whatever_the_next_in_line_does() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let mut first = Probe::new(offload.run(|| 1));
    first.assert_pending();
    let mut refused = Probe::new(offload.run(|| 2));
    refused.assert_pending();
    let mut behind = Probe::new(offload.run(|| 3));
    let bomb = HookWaker::new().on_wake(|| panic!("on purpose: a waker")).waker();
    assert!(behind.poll_with(&bomb).is_pending());
    shelf.take().run();
    shelf.refuse(true);
    let Err(Failure::Error(error)) = refused.assert_ready() else { panic!("it was not refused") };
    assert_eq!(error.into_inner()(), 2);
    shelf.refuse(false);
    assert!(matches!(first.assert_ready(), Ok(1)));
    behind.assert_pending();
    shelf.take().run();
    assert!(matches!(behind.assert_ready(), Ok(3)));
    assert_whole(&shelf, &offload);
}

#[test]
fn a_refusal_is_told_whatever_the_iterator_does_as_it_is_dropped() {
    struct Bomb(u32);
    impl Iterator for Bomb {
        type Item = u32;
        fn next(&mut self) -> Option<u32> {
            self.0 += 1;
            Some(self.0)
        }
    }
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "on purpose: a drop");
        }
    }
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let mut stream = offload.stream(|| Bomb(0)).ahead(1);
    assert!(next(&mut stream).is_pending());
    shelf.take().run();
    shelf.refuse(true);
    assert_item(&mut stream, 1);
    let refused = catch_unwind(AssertUnwindSafe(|| next(&mut stream)));
    assert!(matches!(refused, Ok(Poll::Ready(Some(Err(Failure::Error(SpawnErrorKind::Full)))))));
    assert!(matches!(next(&mut stream), Poll::Ready(None)));
    shelf.refuse(false);
    assert_whole(&shelf, &offload);
}

/// A shelf that panics when it is told to.
#[derive(Clone, Default)]
struct Breaks(Shelf, Arc<AtomicBool>);

impl SpawnBlocking for Breaks {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        assert!(!self.1.load(Ordering::Acquire), "on purpose: a runtime");
        self.0.spawn_blocking_boxed(work)
    }
}

#[test]
fn a_runtime_that_panics_takes_no_item_of_a_stream_along() {
    let breaks = Breaks::default();
    let offload = Offload::builder(breaks.clone()).limit(1).build();
    let mut stream = offload.stream(|| 1..=100_u32).ahead(2);
    assert!(next(&mut stream).is_pending());
    breaks.0.take().run();
    breaks.1.store(true, Ordering::Release);
    for item in 1..=2 {
        let read = catch_unwind(AssertUnwindSafe(|| next(&mut stream)));
        assert!(matches!(read, Ok(Poll::Ready(Some(Ok(read)))) if read == item));
    }
    assert!(matches!(next(&mut stream), Poll::Ready(Some(Err(Failure::Cancelled(None))))));
    assert!(matches!(next(&mut stream), Poll::Ready(None)));
    assert_eq!(counts(&offload), (0, 0));
}
