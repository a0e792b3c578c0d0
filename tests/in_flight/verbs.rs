//! Coming, going, closing.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether_support::allocations;

#[test]
fn who_is_in_is_counted_until_it_goes() {
    let in_flight = InFlight::new();
    let entries = [in_flight.enter().unwrap(), in_flight.enter().unwrap()];
    assert_eq!((in_flight.len(), in_flight.is_empty()), (2, false));
    assert_eq!(entries[0].in_flight().len(), 2);
    drop(entries);
    assert_eq!((in_flight.len(), in_flight.is_empty()), (0, true));
}

#[test]
fn nobody_comes_in_after_it_is_closed_until_it_is_opened_again() {
    let in_flight = InFlight::new();
    let entry = in_flight.enter().unwrap();
    assert_eq!((in_flight.close(), in_flight.close(), in_flight.is_closed()), (true, false, true));
    let refused: Closed = in_flight.enter().unwrap_err();
    assert_eq!(refused.to_string(), "coming in after it was closed");
    assert_eq!(in_flight.len(), 1, "who is in stays in");
    assert_eq!((in_flight.reopen(), in_flight.reopen(), in_flight.is_closed()), (true, false, false));
    assert!(in_flight.enter().is_ok());
    drop(entry);
    assert!(in_flight.is_empty());
}

#[test]
fn what_is_in_may_bring_in_what_belongs_to_it_also_when_it_is_closed() {
    let in_flight = Arc::new(InFlight::new());
    let entry = InFlight::enter_owned(in_flight.clone()).unwrap();
    in_flight.close();
    let part = entry.clone();
    drop(entry);
    assert_eq!(in_flight.len(), 1);
    drop(part);
    assert!(in_flight.is_empty());
}

#[test]
fn a_future_is_counted_from_when_it_is_tracked_until_it_has_ended() {
    let in_flight = InFlight::new();
    let mut tracked = Probe::new(in_flight.track(ready(7)).unwrap());
    assert_eq!(in_flight.len(), 1);
    assert_eq!(tracked.assert_ready(), 7);
    assert!(in_flight.is_empty(), "though it is still there");
}

#[test]
fn a_future_that_comes_too_late_is_given_back() {
    let in_flight = InFlight::new();
    in_flight.close();
    let refused = in_flight.track(ready(7)).unwrap_err();
    assert_eq!(refused.to_string(), "coming in after it was closed");
    assert_eq!(Probe::new(refused.into_inner()).assert_ready(), 7);
    assert!(in_flight.is_empty());
}

#[test]
fn a_future_that_is_dropped_goes_and_not_before_it_is_gone() {
    struct Looks<'a>(&'a InFlight, &'a AtomicUsize);
    impl Drop for Looks<'_> {
        fn drop(&mut self) {
            self.1.store(self.0.len(), Ordering::Relaxed);
        }
    }
    let (in_flight, seen) = (InFlight::new(), AtomicUsize::new(0));
    let looks = Looks(&in_flight, &seen);
    let tracked = in_flight.track(async move {
        let _looks = looks;
        pending::<()>().await;
    });
    drop(tracked);
    assert_eq!((seen.load(Ordering::Relaxed), in_flight.len()), (1, 0));

    seen.store(0, Ordering::Relaxed);
    let looks = Looks(&in_flight, &seen);
    let future = std::future::poll_fn(move |_| {
        let _ = &looks;
        Poll::Ready(())
    });
    let mut tracked = Probe::new(in_flight.track(future).unwrap());
    tracked.assert_ready();
    assert_eq!((seen.load(Ordering::Relaxed), in_flight.len()), (1, 0), "nor by ending");
}

#[test]
fn a_future_that_panics_goes_all_the_same() {
    let in_flight = InFlight::new();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let tracked = in_flight.track(async { panic!("on purpose") }).unwrap();
        let _: () = Probe::new(tracked).assert_ready();
    }));
    assert!(caught.is_err() && in_flight.is_empty());

    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose, in the drop");
        }
    }
    let caught = catch_unwind(AssertUnwindSafe(|| {
        drop(in_flight.track(async move {
            let _bomb = Bomb;
            pending::<()>().await;
        }));
    }));
    assert!(caught.is_ok(), "it was never polled, so there is no bomb yet");
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let bomb = Bomb;
        drop(in_flight.track(async move {
            let _bomb = bomb;
            pending::<()>().await;
        }));
    }));
    assert!(caught.is_err() && in_flight.is_empty());
}

#[test]
fn it_is_held_by_whatever_leads_to_it() {
    static OF_ALL: InFlight = InFlight::new();
    struct Server {
        requests: InFlight,
    }
    #[derive(Clone)]
    struct Handle(Arc<Server>);
    impl std::ops::Deref for Handle {
        type Target = InFlight;
        fn deref(&self) -> &InFlight {
            &self.0.requests
        }
    }
    let server = Arc::new(Server { requests: InFlight::default() });
    let entry: Entry<Handle> = InFlight::enter_owned(Handle(server.clone())).unwrap();
    let of_all: Entry<&'static InFlight> = OF_ALL.enter().unwrap();
    assert_eq!((server.requests.len(), OF_ALL.len()), (1, 1));
    drop((entry, of_all));
    assert_eq!((server.requests.len(), OF_ALL.len()), (0, 0));
}

#[test]
fn nothing_allocates_before_somebody_waits_nor_from_then_on() {
    let before = allocations();
    let in_flight = InFlight::new();
    let mut cx = Context::from_waker(Waker::noop());
    let mut round = |waits: bool| {
        let entry = in_flight.enter().unwrap();
        let mut wait = pin!(in_flight.wait_idle());
        assert!(!waits || wait.as_mut().poll(&mut cx).is_pending());
        drop(entry);
        let tracked = pin!(in_flight.track(ready(())).unwrap());
        assert!(tracked.poll(&mut cx).is_ready() && wait.poll(&mut cx).is_ready());
    };
    (0..100).for_each(|_| round(false));
    assert_eq!(allocations() - before, 0);
    round(true);
    let before = allocations();
    (0..1_000).for_each(|_| round(true));
    assert_eq!(allocations() - before, 0);
}

#[test]
fn it_shows_what_it_counts() {
    let in_flight = InFlight::new();
    let entry = in_flight.enter();
    in_flight.close();
    assert_eq!(format!("{in_flight:?}"), "InFlight { len: 1, closed: true }");
    assert_eq!(format!("{entry:?}"), "Ok(Entry { .. })");
}
