//! Operations and wakers that use the bulkhead they are of. What wakers do besides is in `tests/reentrancy`.

use super::*;
use std::task::Waker;
use untether_support::Hooks;

#[test]
fn an_operation_and_its_drop_may_use_their_own_bulkhead() {
    struct Uses(Arc<Bulkhead>);
    impl Drop for Uses {
        fn drop(&mut self) {
            assert_eq!(self.0.stats().running, 1, "it is gone before its place is free");
            assert!(self.0.try_acquire().is_err());
            self.0.resize(2);
            assert_eq!(Probe::new(self.0.run(says(1))).assert_ready().unwrap(), 1);
            self.0.resize(1);
        }
    }
    let bulkhead = Arc::new(Bulkhead::new(1));
    let uses = Uses(bulkhead.clone());
    Probe::new(Bulkhead::run_owned(bulkhead.clone(), async move || drop(uses))).assert_ready().unwrap();
    let uses = Uses(bulkhead.clone());
    let mut run = Probe::new(bulkhead.run(async move || {
        pending::<()>().await;
        drop(uses);
    }));
    run.assert_pending();
    drop(run);
    assert_whole(&bulkhead);
}

#[test]
fn an_operation_that_panics_as_it_is_dropped_gives_its_place_back() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("on purpose: a drop");
        }
    }
    let bulkhead = Bulkhead::new(1);
    for ends in [true, false] {
        let run = || {
            let panics = Panics;
            let operation = || {
                std::future::poll_fn(move |_| {
                    let _ = &panics;
                    if ends { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
                })
            };
            _ = Probe::new(bulkhead.run(operation)).poll();
        };
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err());
        assert_whole(&bulkhead);
    }
}

#[test]
fn a_wake_may_run_what_was_admitted_and_close() {
    let bulkhead = Arc::new(Bulkhead::builder(1).queue(4).build());
    let first = Bulkhead::try_acquire_owned(bulkhead.clone()).unwrap();
    let slot = Arc::new(Mutex::new(None::<Acquire<Arc<Bulkhead>>>));
    let (finds, closes) = (slot.clone(), bulkhead.clone());
    let waker = Hooks::new().on_wake(move || {
        let waits = finds.lock().unwrap().take();
        if let Some(mut waits) = waits {
            let mut cx = std::task::Context::from_waker(Waker::noop());
            assert!(std::pin::Pin::new(&mut waits).poll(&mut cx).is_ready());
            closes.close();
        }
    });
    let mut waits = Bulkhead::acquire_owned(bulkhead.clone());
    let waker = waker.waker();
    assert!(std::pin::Pin::new(&mut waits).poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    *slot.lock().unwrap() = Some(waits);
    drop(first);
    assert!(bulkhead.is_closed() && slot.lock().unwrap().is_none());
    assert_whole(&bulkhead);
}
