//! What each verb does where nothing goes wrong, and what is refused.

use super::*;
use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use untether::sync::Semaphore;

#[test]
fn a_call_that_finds_room_is_made_and_ends_in_one_poll() {
    let bulkhead = Bulkhead::new(2);
    assert_eq!(Probe::new(bulkhead.run(says(7))).assert_ready().unwrap(), 7);
    assert_eq!(
        Probe::new(bulkhead.run(async || Err::<(), _>("its own"))).assert_ready().unwrap(),
        Err("its own")
    );
    assert_whole(&bulkhead);
}

#[test]
fn an_operation_is_called_when_it_is_admitted_and_polled_in_the_same_poll() {
    let bulkhead = Bulkhead::new(1);
    let (called, polled) = (Cell::new(0), Cell::new(0));
    let first = held(&bulkhead);
    let mut run = Probe::new(bulkhead.run(|| {
        called.set(called.get() + 1);
        std::future::poll_fn(|_| {
            polled.set(polled.get() + 1);
            std::task::Poll::<()>::Pending
        })
    }));
    run.assert_pending();
    run.assert_pending();
    assert_eq!((called.get(), polled.get()), (0, 0));
    drop(first);
    assert_eq!((called.get(), run.wakes()), (0, 1), "admitted, and not polled yet");
    run.assert_pending();
    assert_eq!((called.get(), polled.get()), (1, 1));
    run.assert_pending();
    assert_eq!((called.get(), polled.get()), (1, 2));
}

#[test]
fn a_call_that_is_never_polled_takes_no_place_and_calls_nothing() {
    let bulkhead = Bulkhead::new(1);
    let run = bulkhead.run(|| -> Ready<()> { panic!("nobody asked") });
    assert_whole(&bulkhead);
    drop(run);
    assert_whole(&bulkhead);
}

#[test]
fn whether_it_waits_or_refuses_is_said_and_nothing_else_decides() {
    let (waits, refuses) = (Bulkhead::new(1), Bulkhead::builder(1).queue(0).build());
    let (_one, _other) = (held(&waits), held(&refuses));
    waiting(&waits);
    let rejected = Probe::new(refuses.run(says(7))).assert_ready().unwrap_err();
    assert_eq!(rejected.reason(), AcquireError::Full);
    assert_eq!(Probe::new(refuses.acquire()).assert_ready().unwrap_err(), AcquireError::Full);
}

#[test]
fn what_was_refused_comes_back_and_was_not_called() {
    let bulkhead = Bulkhead::builder(1).queue(0).build();
    let payload = String::from("not cloned");
    let first = held(&bulkhead);
    let rejected: Rejected<_> =
        Probe::new(bulkhead.run(move || ready(payload.len()))).assert_ready().unwrap_err();
    drop(first);
    let error: &dyn Error = &rejected;
    assert_eq!(error.to_string(), "the bulkhead is full");
    assert_eq!(format!("{rejected:?}"), "Rejected { reason: Full, .. }");
    assert_eq!(Probe::new(bulkhead.run(rejected.into_inner())).assert_ready().unwrap(), 10);
}

#[test]
fn who_does_not_want_it_back_passes_the_reason_on() {
    async fn calls(bulkhead: &Bulkhead) -> Result<u32, AcquireError> {
        let borrowed = String::from("seven");
        Ok(bulkhead.run(async || borrowed.len() as u32).await?)
    }
    let bulkhead = Bulkhead::builder(1).queue(0).build();
    assert_eq!(Probe::new(calls(&bulkhead)).assert_ready(), Ok(5));
    bulkhead.close();
    assert_eq!(Probe::new(calls(&bulkhead)).assert_ready(), Err(AcquireError::Closed));
}

#[test]
fn a_bulkhead_of_nothing_is_refused_where_it_is_written() {
    assert!(Bulkhead::try_new(0).is_err() && Bulkhead::try_builder(0).is_err());
    assert!(Bulkhead::try_new(Semaphore::MAX_PERMITS + 1).is_err());
    assert!(Bulkhead::try_new(Semaphore::MAX_PERMITS).is_ok());
    for panics in [|| _ = Bulkhead::new(0), || _ = Bulkhead::builder(0), || Bulkhead::new(1).resize(0)] {
        assert!(std::panic::catch_unwind(panics).is_err());
    }
}

#[test]
fn ten_run_at_once_if_nothing_is_said_and_any_number_waits() {
    let bulkhead = Bulkhead::default();
    assert_eq!(bulkhead.stats().size, 10);
    let _held: Vec<_> = (0..10).map(|_| held(&bulkhead)).collect();
    let _waits: Vec<_> = (0..1_000).map(|_| waiting(&bulkhead)).collect();
    assert_eq!(counts(&bulkhead), (10, 1_000));
    assert_eq!(
        format!("{bulkhead:?}"),
        "Stats { size: 10, running: 10, waiting: 1000, granted: 0, closed: false }"
    );
}

#[test]
fn a_bulkhead_stands_in_a_static_and_in_whatever_is_shared() {
    static SHARED: Bulkhead = Bulkhead::builder(3).queue(5).build();
    assert_eq!(Probe::new(SHARED.run(says(1))).assert_ready().unwrap(), 1);
    let (arc, rc) = (Arc::new(Bulkhead::new(1)), Rc::new(Bulkhead::new(1)));
    assert_eq!(Probe::new(Bulkhead::run_owned(arc.clone(), says(2))).assert_ready().unwrap(), 2);
    assert_eq!(Probe::new(Bulkhead::run_owned(rc.clone(), says(3))).assert_ready().unwrap(), 3);
    let permit = Bulkhead::try_acquire_owned(arc.clone()).unwrap();
    assert!(std::ptr::eq(permit.bulkhead(), &*arc));
    assert_eq!(Bulkhead::try_acquire_owned(arc.clone()).unwrap_err(), TryAcquireError::Full);
    drop(permit);
    drop(Probe::new(Bulkhead::acquire_owned(arc.clone())).assert_ready().unwrap());
    assert_whole(&arc);
    assert_whole(&rc);
}

/// An operation that is gone before its place is free: whoever runs next finds nothing of it.
#[test]
fn an_operation_is_gone_before_the_next_is_called() {
    struct Alive(Arc<AtomicUsize>);
    impl Drop for Alive {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::AcqRel);
        }
    }
    let (bulkhead, alive) = (Bulkhead::new(1), Arc::new(AtomicUsize::new(0)));
    let operation = || {
        let alive = alive.clone();
        move || {
            assert_eq!(alive.fetch_add(1, Ordering::AcqRel), 0, "two at once");
            let alive = Alive(alive);
            async move {
                untether::spawn::yield_now().await;
                drop(alive);
            }
        }
    };
    let mut runs: Vec<_> = (0..4).map(|_| Probe::new(bulkhead.run(operation()))).collect();
    runs.iter_mut().for_each(Probe::assert_pending);
    runs.remove(0).assert_ready().unwrap();
    // The next is dropped as it runs.
    runs[0].assert_pending();
    drop(runs.remove(0));
    for mut run in runs {
        run.assert_pending();
        run.assert_ready().unwrap();
    }
    assert_whole(&bulkhead);
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polling_a_call_after_its_end_panics() {
    let bulkhead = Bulkhead::new(1);
    let mut run = Probe::new(bulkhead.run(says(1)));
    run.assert_ready().unwrap();
    let _ = run.poll();
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polling_an_acquire_after_its_end_panics() {
    let bulkhead = Bulkhead::new(1);
    let mut acquire = Probe::new(bulkhead.acquire());
    drop(acquire.assert_ready().unwrap());
    let _ = acquire.poll();
}
