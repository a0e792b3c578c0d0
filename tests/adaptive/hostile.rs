//! Algorithms, clocks and wakers that use the limit they are of, and that panic.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Waker};
use untether::time::Instant;
use untether_support::Hooks;

type Hook = Arc<Mutex<Option<Box<dyn FnMut() + Send>>>>;

/// Counts its samples in its limit, and calls a hook at each.
struct Hooked(usize, Hook);

impl Algorithm for Hooked {
    fn limit(&self) -> usize {
        self.0
    }

    fn on_sample(&mut self, _: &Sample) -> usize {
        // Counted first: it is left as the panic of a hook finds it.
        self.0 += 1;
        let hook = self.1.lock().unwrap().take();
        if let Some(mut hook) = hook {
            hook();
        }
        self.0
    }
}

fn hooked(limit: usize) -> (Arc<Limit<Hooked>>, Hook) {
    let hook = Hook::default();
    (Arc::new(AdaptiveLimit::new(Hooked(limit, hook.clone()), ManualClock::new())), hook)
}

#[test]
fn an_algorithm_may_use_the_limit_that_it_decides_on() {
    let (limit, hook) = hooked(3);
    let uses = limit.clone();
    *hook.lock().unwrap() = Some(Box::new(move || {
        assert_eq!((uses.in_flight(), uses.limit(), uses.stats().waiting), (1, 3, 0));
        // Judged after the one that is judged now.
        held(&uses).success();
        drop(Probe::new(uses.acquire()).assert_ready().unwrap());
        assert_eq!(uses.limit(), 3);
    }));
    held(&limit).success();
    assert_eq!(limit.limit(), 5);
    assert_whole(&limit);
}

#[test]
fn samples_that_come_while_one_is_judged_are_judged_after_it_and_those_that_are_too_many_are_counted() {
    let (limit, hook) = hooked(71);
    let mut others: Vec<_> =
        (0..70).map(|_| AdaptiveLimit::try_acquire_owned(limit.clone()).unwrap()).collect();
    *hook.lock().unwrap() = Some(Box::new(move || others.drain(..).for_each(Permit::success)));
    held(&limit).success();
    assert_eq!((limit.limit(), limit.stats().missed), (71 + 1 + 64, 6));
    assert_whole(&limit);
}

type Chosen = Limit<Box<dyn Algorithm + Send>>;

#[test]
fn an_algorithm_that_makes_a_sample_of_each_sample_comes_to_an_end() {
    let limit: Arc<Mutex<Option<Arc<Chosen>>>> = Arc::default();
    let uses = limit.clone();
    let endless: Box<dyn Algorithm + Send> = Box::new(By(2, move |_: &Sample| {
        let limit = uses.lock().unwrap().clone().unwrap();
        held(&limit).success();
        2
    }));
    let shared = Arc::new(AdaptiveLimit::new(endless, ManualClock::new()));
    *limit.lock().unwrap() = Some(shared.clone());
    held(&shared).success();
    assert_whole(&shared);
    *limit.lock().unwrap() = None;
}

#[test]
fn an_algorithm_that_panics_frees_the_place_and_learns_on() {
    let (limit, hook) = hooked(1);
    let waits = || {
        *hook.lock().unwrap() = Some(Box::new(|| panic!("on purpose")));
        held(&limit).success();
    };
    for _ in 0..3 {
        assert!(catch_unwind(AssertUnwindSafe(waits)).is_err());
        assert_eq!(limit.limit(), 1, "it said nothing");
        assert_whole(&limit);
    }
    held(&limit).success();
    assert_eq!(limit.limit(), 5, "and was not lost");
    assert_whole(&limit);
}

#[test]
fn a_waker_that_panics_as_the_limit_grows_loses_neither_the_limit_nor_a_place() {
    let (limit, _hook) = hooked(1);
    let first = held(&limit);
    let mut waits = limit.acquire();
    let waker = Hooks::new().on_wake(|| panic!("on purpose: a wake")).waker();
    assert!(std::pin::Pin::new(&mut waits).poll(&mut Context::from_waker(&waker)).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| first.success())).is_err());
    assert_eq!((limit.limit(), limit.in_flight()), (2, 0));
    let mut cx = Context::from_waker(Waker::noop());
    let std::task::Poll::Ready(permit) = std::pin::Pin::new(&mut waits).poll(&mut cx) else {
        panic!("granted")
    };
    permit.unwrap().success();
    assert_eq!(limit.limit(), 3);
    assert_whole(&limit);
}

#[test]
fn a_waker_may_end_calls_as_the_limit_grows() {
    let (limit, _hook) = hooked(2);
    let (first, second) = (held(&limit), AdaptiveLimit::try_acquire_owned(limit.clone()).unwrap());
    let second = Mutex::new(Some(second));
    let mut waits = limit.acquire();
    let waker = Hooks::new().on_wake(move || {
        let second = second.lock().unwrap().take();
        second.into_iter().for_each(Permit::success);
    });
    let waker = waker.waker();
    assert!(std::pin::Pin::new(&mut waits).poll(&mut Context::from_waker(&waker)).is_pending());
    first.success();
    assert_eq!((limit.limit(), limit.in_flight()), (4, 0));
    drop(waits);
    assert_whole(&limit);
}

/// Panics when it is told to.
struct Breaks(Arc<Mutex<bool>>);

impl Clock for Breaks {
    fn now(&self) -> Instant {
        assert!(!*self.0.lock().unwrap(), "on purpose: a clock");
        Instant::from_nanos(0)
    }
}

#[test]
fn a_clock_that_panics_frees_the_place() {
    let breaks = Arc::new(Mutex::new(false));
    let limit = AdaptiveLimit::new(Fixed::new(1), Breaks(breaks.clone()));
    let tell =
        |breaks: &Mutex<bool>, says| *breaks.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = says;
    let first = held(&limit);
    tell(&breaks, true);
    assert!(catch_unwind(AssertUnwindSafe(|| first.success())).is_err());
    breaks.clear_poison();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(limit.try_acquire()))).is_err());
    breaks.clear_poison();
    tell(&breaks, false);
    assert_whole(&limit);
}
