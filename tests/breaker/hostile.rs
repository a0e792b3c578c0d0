//! Schedules, sources of chance, clocks and wakers that use the breaker they are of, and that panic.

use super::*;
use futures_util::StreamExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Context;
use untether::retry::schedule::{Schedule, Step};
use untether::time::Entropy;
use untether_support::Hooks;

type Hook = Arc<dyn Fn(&Step) + Send + Sync>;

/// Calls a hook each time it is asked, and says one second.
#[derive(Clone)]
struct Hooked(Hook);

impl Schedule for Hooked {
    fn next_delay(&mut self, step: &Step, _: &dyn Entropy) -> Option<Duration> {
        (self.0)(step);
        Some(SECOND)
    }
}

type Slot = Arc<OnceLock<Arc<CircuitBreaker<ManualClock, Backoff<Hooked>, Seed>>>>;

/// With a schedule that calls the hook with the breaker.
fn hooked(
    hook: impl Fn(&CircuitBreaker<ManualClock, Backoff<Hooked>, Seed>) + Send + Sync + 'static,
) -> Arc<CircuitBreaker<ManualClock, Backoff<Hooked>, Seed>> {
    let slot = Slot::default();
    let itself = slot.clone();
    let schedule = Hooked(Arc::new(move |_| hook(itself.get().unwrap())));
    let plan = CircuitBreaker::builder().open_for(Backoff::of(schedule)).entropy(Seed::new(1));
    let breaker = Arc::new(plan.consecutive(1).build(ManualClock::new()));
    assert!(slot.set(breaker.clone()).is_ok());
    breaker
}

#[test]
fn a_schedule_may_use_the_breaker_that_asks_it() {
    let breaker = hooked(|breaker| {
        let rejected = breaker.try_acquire().unwrap_err();
        assert_eq!((rejected.reason(), rejected.retry_after()), (Reason::Open, None), "not known yet");
        assert_eq!(breaker.stats().probes_at, None);
        drop((breaker.isolate(), breaker.transitions()));
    });
    breaker.try_acquire().unwrap().failure();
    assert_eq!(breaker.try_acquire().unwrap_err().retry_after(), Some(SECOND));
}

#[test]
fn a_schedule_that_closes_and_opens_it_again_is_asked_for_each_opening() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = asked.clone();
    let breaker = hooked(move |breaker| {
        if counts.fetch_add(1, Ordering::Relaxed) < 3 {
            breaker.reset();
            breaker.try_acquire().unwrap().failure();
        }
    });
    breaker.try_acquire().unwrap().failure();
    assert_eq!((asked.load(Ordering::Relaxed), breaker.stats().opened), (4, 4));
    assert_eq!(breaker.try_acquire().unwrap_err().retry_after(), Some(SECOND));
}

#[test]
fn a_schedule_that_panics_leaves_it_open_for_thirty_seconds_and_is_asked_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = asked.clone();
    let breaker = hooked(move |_| assert!(counts.fetch_add(1, Ordering::Relaxed) > 0, "on purpose"));
    let mut follows = breaker.transitions();
    let woken = untether::testing::CountingWaker::new();
    assert!(follows.poll_next_unpin(&mut Context::from_waker(&woken.waker())).is_pending());
    let permit = breaker.try_acquire().unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| permit.failure())).is_err());
    assert_eq!(woken.wakes(), 1, "and who follows is told all the same");
    assert_eq!(breaker.try_acquire().unwrap_err().retry_after(), Some(30 * SECOND));
    breaker.clock().advance(30 * SECOND);
    breaker.try_acquire().unwrap().failure();
    assert_eq!(breaker.try_acquire().unwrap_err().retry_after(), Some(SECOND));
}

/// Its clone and its drop use the breaker: they are never under the lock.
struct Lively(Slot2);
type Slot2 = Arc<OnceLock<std::sync::Weak<CircuitBreaker<ManualClock, Backoff<Lively>, Seed>>>>;

impl Lively {
    fn touch(&self) {
        if let Some(breaker) = self.0.get().and_then(std::sync::Weak::upgrade) {
            let _ = (breaker.state(), breaker.stats());
        }
    }
}

impl Clone for Lively {
    fn clone(&self) -> Self {
        self.touch();
        Self(self.0.clone())
    }
}

impl Drop for Lively {
    fn drop(&mut self) {
        self.touch();
    }
}

impl Schedule for Lively {
    fn next_delay(&mut self, _: &Step, _: &dyn Entropy) -> Option<Duration> {
        self.touch();
        None
    }
}

#[test]
fn a_schedule_is_cloned_and_dropped_outside_of_every_lock() {
    let slot = Slot2::default();
    let plan = CircuitBreaker::builder().open_for(Backoff::of(Lively(slot.clone()))).entropy(Seed::new(1));
    let breaker = Arc::new(plan.consecutive(1).build(ManualClock::new()));
    assert!(slot.set(Arc::downgrade(&breaker)).is_ok());
    for _ in 0..5 {
        breaker.try_acquire().unwrap().failure();
        breaker.clock().advance(30 * SECOND);
        breaker.try_acquire().unwrap().success();
    }
    assert_eq!(breaker.stats().opened, 5);
}

/// Uses the breaker whenever it is asked for the time.
struct Nosy(Arc<OnceLock<std::sync::Weak<Breaker<Nosy>>>>);

impl Clock for Nosy {
    fn now(&self) -> Instant {
        if let Some(breaker) = self.0.get().and_then(std::sync::Weak::upgrade) {
            let _ = breaker.state();
        }
        Instant::from_nanos(1 << 40)
    }
}

#[test]
fn a_clock_may_look_at_the_breaker_that_asks_it() {
    let slot: Arc<OnceLock<_>> = Arc::default();
    let rated = plan().slow_rate(0.5, SECOND).window(Window::time(SECOND)).consecutive(1);
    let breaker = Arc::new(rated.build(Nosy(slot.clone())));
    assert!(slot.set(Arc::downgrade(&breaker)).is_ok());
    fail(&breaker, 1);
    assert_eq!(refused(&breaker).reason(), Reason::Open);
    drop((breaker.isolate(), breaker.stats()));
    breaker.reset();
    assert_eq!(succeed(&breaker, 1), None);
}

#[test]
fn a_waker_may_use_the_breaker_that_wakes_it() {
    let breaker = Arc::new(plan().consecutive(1).build(ManualClock::new()));
    let uses = breaker.clone();
    let waker =
        Hooks::new().on_wake(move || drop((uses.isolate(), uses.transitions(), uses.stats()))).waker();
    let mut follows = breaker.transitions();
    assert!(follows.poll_next_unpin(&mut Context::from_waker(&waker)).is_pending());
    fail(&breaker, 1);
    assert_eq!(breaker.stats().generation, 3);
    breaker.reset();
}

/// The permit's own panic is the judge's: it says nothing, and keeps no place.
#[test]
fn a_judge_that_panics_says_nothing() {
    let (_clock, breaker) = due(plan());
    let call = breaker.run_judged(says(Ok(1)), |_| panic!("on purpose"));
    assert!(catch_unwind(AssertUnwindSafe(|| now(call))).is_err());
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

/// A follower that waits, whose waker panics.
fn follows_with_a_bomb(
    breaker: &Breaker<Fragile>,
) -> untether::fault::breaker::Transitions<&Breaker<Fragile>> {
    let waker = Hooks::new().on_wake(|| panic!("on purpose")).waker();
    let mut follows = breaker.transitions();
    assert!(follows.poll_next_unpin(&mut Context::from_waker(&waker)).is_pending());
    follows
}

/// Panics when it is told to.
#[derive(Clone, Default)]
struct Fragile(ManualClock, Arc<std::sync::atomic::AtomicBool>);

impl Clock for Fragile {
    fn now(&self) -> Instant {
        assert!(!self.1.load(Ordering::Relaxed), "on purpose");
        self.0.now()
    }
}

/// Open, and it is time to probe: nothing but a word of a probe moves it from then on.
fn due_and_patient() -> Breaker<Fragile> {
    let breaker = plan().consecutive(1).probe_max_wait(Duration::MAX).build(Fragile::default());
    fail(&breaker, 1);
    breaker.clock().0.advance(10 * SECOND);
    breaker
}

#[test]
fn a_waker_that_panics_does_not_take_the_place_of_the_first_probe_along() {
    let breaker = due_and_patient();
    let _follows = follows_with_a_bomb(&breaker);
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.try_acquire())).is_err());
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

#[test]
fn a_waker_that_panics_leaves_no_isolation_behind() {
    let breaker = plan().consecutive(1).build(Fragile::default());
    let _follows = follows_with_a_bomb(&breaker);
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.isolate())).is_err());
    assert_eq!((breaker.state(), breaker.stats().generation), (State::Closed, 2));
    breaker.clock().1.store(true, Ordering::Relaxed);
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.isolate())).is_err());
    assert_eq!((breaker.state(), breaker.stats().generation), (State::Closed, 2));
}

#[test]
fn a_probe_whose_word_a_clock_that_panics_kept_back_keeps_no_place() {
    let breaker = due_and_patient();
    let probe = let_through(&breaker);
    breaker.clock().1.store(true, Ordering::Relaxed);
    assert!(catch_unwind(AssertUnwindSafe(|| probe.success())).is_err());
    breaker.clock().1.store(false, Ordering::Relaxed);
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

#[test]
fn a_schedule_that_panics_as_another_row_has_begun_is_asked_from_the_start_in_that_row() {
    /// Says as many seconds as it was asked.
    #[derive(Clone)]
    struct Steps(Hook, u32);
    impl Schedule for Steps {
        fn next_delay(&mut self, step: &Step, _: &dyn Entropy) -> Option<Duration> {
            self.1 += 1;
            (self.0)(step);
            Some(self.1 * SECOND)
        }
    }
    type Itself = OnceLock<std::sync::Weak<CircuitBreaker<ManualClock, Backoff<Steps>, Seed>>>;
    let (itself, asked) = (Arc::new(Itself::new()), AtomicUsize::new(0));
    let slot = itself.clone();
    let schedule = Steps(
        Arc::new(move |_| {
            if asked.fetch_add(1, Ordering::Relaxed) == 2 {
                let breaker = slot.get().unwrap().upgrade().unwrap();
                breaker.reset();
                breaker.try_acquire().unwrap().failure();
                panic!("on purpose");
            }
        }),
        0,
    );
    let plan = CircuitBreaker::builder().open_for(Backoff::of(schedule)).entropy(Seed::new(1));
    let breaker = Arc::new(plan.consecutive(1).build(ManualClock::new()));
    assert!(itself.set(Arc::downgrade(&breaker)).is_ok());
    let wait = || breaker.try_acquire().unwrap_err().retry_after().unwrap();
    for seconds in 1..3 {
        breaker.try_acquire().unwrap().failure();
        assert_eq!(wait(), seconds * SECOND);
        breaker.clock().advance(wait());
    }
    let probe = breaker.try_acquire().unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| probe.failure())).is_err());
    assert_eq!(wait(), 30 * SECOND, "the first of a row, and nothing was said of it");
    breaker.clock().advance(wait());
    breaker.try_acquire().unwrap().failure();
    assert!(wait() <= 2 * SECOND, "{:?}: of the row before", wait());
}
