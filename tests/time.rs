//! Timeouts, deadlines, intervals and timers, on a clock that is moved by hand.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, ready};
use std::num::NonZeroU64;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::observe::{Event, Observer};
use untether::spawn::yield_now;
use untether::testing::sim::{Check, check};
use untether::testing::{CountingWaker, HookWaker, ManualClock, Probe};
use untether::time::{
    AnyTimer, Clock, Deadline, Driver, DriverTimer, Elapsed, Instant, Interval, Missed, StaticTimer,
    TimeoutExt, Timer, WakeKey, WakeQueue, timeout, timeout_at,
};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Counts what is asked of it, and never fires.
#[derive(Default)]
struct Asked {
    clock_reads: Cell<u32>,
    sleeps: Cell<u32>,
}

impl Clock for Asked {
    fn now(&self) -> Instant {
        self.clock_reads.set(self.clock_reads.get() + 1);
        Instant::from_nanos(0)
    }
}

impl Timer for Asked {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        self.sleeps.set(self.sleeps.get() + 1);
        pending()
    }
}

/// Keeps the lines of what it was told.
#[derive(Default)]
struct Lines(RefCell<Vec<String>>);

impl Observer for Lines {
    fn on(&self, event: &Event<'_>) {
        self.0.borrow_mut().push(event.to_string());
    }
}

mod timeouts {
    use super::*;

    #[test]
    fn a_ready_future_reads_no_clock_and_registers_nothing() {
        let asked = Asked::default();
        for limit in [Duration::ZERO, SECOND, Duration::MAX] {
            assert_eq!(Probe::new(timeout(limit, ready(1), &asked)).assert_ready(), Ok(1));
        }
        assert_eq!(Probe::new(timeout_at(Instant::from_nanos(0), ready(2), &asked)).assert_ready(), Ok(2));
        assert_eq!(Probe::new(Deadline::never().run(ready(3), &asked)).assert_ready(), Ok(3));
        assert_eq!((asked.clock_reads.get(), asked.sleeps.get()), (0, 0));
    }

    #[test]
    fn a_pending_future_reads_the_clock_once_however_often_it_is_polled() {
        let asked = Asked::default();
        let mut future = Probe::new(timeout(SECOND, pending::<()>(), &asked));
        for _ in 0..5 {
            future.assert_pending();
        }
        assert_eq!((asked.clock_reads.get(), asked.sleeps.get()), (1, 1));
    }

    #[test]
    fn the_limit_begins_at_the_first_pending_poll() {
        let clock = ManualClock::new();
        let mut future = Probe::new(timeout(SECOND, pending::<()>(), &clock));
        clock.advance(10 * SECOND);
        future.assert_pending();
        clock.advance(SECOND - Duration::from_nanos(1));
        future.assert_pending();
        clock.advance(Duration::from_nanos(1));
        assert_eq!(future.wakes(), 1);
        assert_eq!(future.assert_ready().unwrap_err().after(), SECOND);
    }

    #[test]
    fn a_future_that_is_ready_when_the_limit_passes_wins() {
        let clock = ManualClock::new();
        let mut future = Probe::new(timeout(SECOND, clock.sleep(SECOND), &clock));
        future.assert_pending();
        clock.advance(SECOND);
        assert_eq!(future.assert_ready(), Ok(()));
    }

    #[test]
    fn zero_gives_one_poll() {
        let clock = ManualClock::new();
        let mut polls = 0;
        let counting = std::future::poll_fn(|_| {
            polls += 1;
            Poll::<()>::Pending
        });
        let error = Probe::new(timeout(Duration::ZERO, counting, &clock)).assert_ready().unwrap_err();
        assert_eq!((polls, error.to_string()), (1, "operation timed out after 0ns".to_string()));
    }

    #[test]
    fn an_infinite_limit_registers_nothing() {
        let clock = ManualClock::new();
        let mut futures = [
            Probe::new(timeout(Duration::MAX, pending::<()>(), &clock)),
            Probe::new(timeout_at(Instant::FAR_FUTURE, pending::<()>(), &clock)),
            Probe::new(Deadline::never().run(pending::<()>(), &clock)),
        ];
        futures.iter_mut().for_each(Probe::assert_pending);
        assert_eq!(clock.sleepers(), 0);
        clock.advance(Duration::MAX);
        futures.iter_mut().for_each(Probe::assert_pending);
    }

    #[test]
    fn a_past_deadline_elapses_at_the_first_poll() {
        let clock = ManualClock::new();
        let past = clock.now().saturating_sub(SECOND);
        let error = Probe::new(timeout_at(past, pending::<()>(), &clock)).assert_ready().unwrap_err();
        assert_eq!(error.after(), Duration::ZERO);
    }

    #[test]
    fn dropping_it_deregisters_the_timer_and_drops_the_future() {
        let clock = ManualClock::new();
        let inner = Rc::new(());
        let held = inner.clone();
        let mut future = Probe::new(timeout(SECOND, async move { held_for_ever(held).await }, &clock));
        future.assert_pending();
        assert_eq!((clock.sleepers(), Rc::strong_count(&inner)), (1, 2));
        drop(future);
        assert_eq!((clock.sleepers(), Rc::strong_count(&inner)), (0, 1));
    }

    async fn held_for_ever(held: Rc<()>) {
        pending::<()>().await;
        drop(held);
    }

    #[test]
    fn an_error_says_which_limit_passed_and_how_long_it_was() {
        let clock = ManualClock::new();
        let elapse = |limit: Duration, name| {
            let mut future = Probe::new(timeout(limit, pending::<()>(), &clock).named(name));
            future.assert_pending();
            clock.advance(limit);
            future.assert_ready().unwrap_err()
        };
        let error = elapse(5 * SECOND, "fetch users");
        assert_eq!((error.name(), error.after()), (Some("fetch users"), 5 * SECOND));
        assert_eq!(error.to_string(), "fetch users: timed out after 5s");
        assert_eq!(elapse(Duration::from_millis(1_500), "x").to_string(), "x: timed out after 1.5s");

        let mut unnamed = Probe::new(pending::<()>().timeout(5 * SECOND, &clock));
        unnamed.assert_pending();
        clock.advance(5 * SECOND);
        assert_eq!(unnamed.assert_ready().unwrap_err().to_string(), "operation timed out after 5s");
    }

    #[test]
    fn a_bare_deadline_says_how_long_it_was_from_the_first_pending_poll() {
        let clock = ManualClock::new();
        let mut future =
            Probe::new(timeout_at(clock.now().saturating_add(5 * SECOND), pending::<()>(), &clock));
        clock.advance(2 * SECOND);
        future.assert_pending();
        clock.advance(9 * SECOND);
        assert_eq!(future.assert_ready().unwrap_err().after(), 3 * SECOND);
    }

    #[test]
    fn the_operations_own_time_out_is_not_taken_for_ours() {
        #[derive(Debug, PartialEq)]
        struct TimedOut;
        let clock = ManualClock::new();
        let own = async { Err::<u8, _>(TimedOut) };
        assert_eq!(Probe::new(timeout(5 * SECOND, own, &clock)).assert_ready(), Ok(Err(TimedOut)));
        let own = async { Err::<u8, _>(TimedOut) };
        assert_eq!(Probe::new(own.timeout(5 * SECOND, &clock).or(Ok(0))).assert_ready(), Err(TimedOut));
    }

    #[test]
    fn of_two_nested_limits_the_one_that_passed_is_named() {
        let clock = ManualClock::new();
        let nested = |inner: u32, outer: u32| {
            let fetch = pending::<()>().timeout(inner * SECOND, &clock).named("fetch");
            let mut request = Probe::new(fetch.timeout(outer * SECOND, &clock).named("request"));
            request.assert_pending();
            clock.advance(inner.min(outer) * SECOND);
            request.assert_ready()
        };
        let name = |result: Result<Result<(), Elapsed>, Elapsed>| match result {
            Ok(Err(inner)) => inner.name(),
            Err(outer) => outer.name(),
            Ok(Ok(())) => None,
        };
        assert_eq!(name(nested(5, 10)), Some("fetch"));
        assert_eq!(name(nested(10, 5)), Some("request"));
    }

    #[test]
    fn a_default_stands_in_for_an_elapsed_limit_alone() {
        let clock = ManualClock::new();
        let mut fallback = Probe::new(pending::<u32>().timeout(SECOND, &clock).or_default());
        let mut given = Probe::new(pending::<u32>().timeout(SECOND, &clock).or(9));
        fallback.assert_pending();
        given.assert_pending();
        clock.advance(SECOND);
        assert_eq!((fallback.assert_ready(), given.assert_ready()), (0, 9));
        assert_eq!(Probe::new(ready(5).timeout(SECOND, &clock).or_default()).assert_ready(), 5);
    }

    #[test]
    fn the_observer_is_told_by_name_once_and_only_when_the_limit_passes() {
        let (clock, lines) = (ManualClock::new(), Lines::default());
        let mut late =
            Probe::new(pending::<()>().timeout(5 * SECOND, &clock).named("fetch").observed(&lines));
        let mut swift = Probe::new(ready(()).timeout(5 * SECOND, &clock).named("ping").observed(&lines));
        swift.assert_ready().unwrap();
        late.assert_pending();
        clock.advance(5 * SECOND);
        late.assert_ready().unwrap_err();
        assert_eq!(lines.0.into_inner(), ["timeout fetch after=5s"]);
    }

    #[test]
    fn polled_again_after_it_elapsed_it_has_elapsed() {
        let clock = ManualClock::new();
        let mut future = Probe::new(timeout(SECOND, pending::<()>(), &clock));
        future.assert_pending();
        clock.advance(SECOND);
        assert!(future.assert_ready().is_err());
        clock.step_back(SECOND);
        assert!(future.assert_ready().is_err(), "also when the clock steps back");
    }

    #[test]
    #[should_panic(expected = "polled again after it was ready")]
    fn polling_a_given_value_again_panics_as_documented() {
        let mut future = Probe::new(pending().timeout(Duration::ZERO, ManualClock::new()).or(2));
        assert_eq!(future.assert_ready(), 2);
        future.assert_ready();
    }

    #[test]
    fn a_timeout_on_a_known_timer_allocates_nothing_in_steady_state() {
        let clock = ManualClock::new();
        let mut cx = Context::from_waker(Waker::noop());
        let mut round = || {
            let mut future = pin!(timeout(SECOND, pending::<()>(), &clock));
            assert!(future.as_mut().poll(&mut cx).is_pending());
            clock.advance(SECOND);
            assert!(future.as_mut().poll(&mut cx).is_ready());
        };
        round();
        let before = untether_support::allocations();
        (0..100).for_each(|_| round());
        assert_eq!(untether_support::allocations(), before);
    }
}

mod deadlines {
    use super::*;

    #[test]
    fn several_awaits_share_one_budget() {
        check(async |sim| {
            let deadline = Deadline::after(10 * SECOND, &sim).named("request");
            deadline.run(sim.sleep(4 * SECOND), &sim).await.unwrap();
            assert_eq!(deadline.remaining(&sim), 6 * SECOND);
            deadline.run(sim.sleep(4 * SECOND), &sim).await.unwrap();
            let error = deadline.run(sim.sleep(4 * SECOND), &sim).await.unwrap_err();
            assert_eq!(error.to_string(), "request: timed out after 10s");
            assert!(deadline.has_passed(&sim));
            assert_eq!(deadline.remaining(&sim), Duration::ZERO);
            assert_eq!(deadline.run(ready(1), &sim).await, Ok(1), "what is ready is returned all the same");
        });
    }

    #[test]
    fn of_two_deadlines_the_one_that_passed_is_named() {
        check(async |sim| {
            let request = Deadline::after(30 * SECOND, &sim).named("request");
            let query = Deadline::after(5 * SECOND, &sim).named("query").min(request);
            let error = query.run(pending::<()>(), &sim).await.unwrap_err();
            assert_eq!((error.name(), error.after()), (Some("query"), 5 * SECOND));
            sim.sleep(22 * SECOND).await;
            let late = Deadline::after(5 * SECOND, &sim).named("query").min(request);
            let error = late.run(pending::<()>(), &sim).await.unwrap_err();
            assert_eq!((error.name(), error.after()), (Some("request"), 30 * SECOND));
        });
    }
}

mod intervals {
    use super::*;

    /// The offsets from the start at which ticks came, and what they missed, when each is followed by the next pause.
    fn beats(missed: Missed, pauses: &[u32]) -> Vec<(u64, u64)> {
        let clock = ManualClock::new();
        let start = clock.now();
        let mut beat = Interval::new(10 * SECOND, &clock).missed(missed);
        let mut ticks = Vec::new();
        for pause in pauses {
            clock.advance(*pause * SECOND);
            while let Poll::Ready(tick) = beat.poll_tick(&mut Context::from_waker(Waker::noop())) {
                ticks.push((tick.at.saturating_duration_since(start).as_secs(), tick.missed));
            }
        }
        ticks
    }

    #[test]
    fn missed_ticks_are_skipped_and_the_beat_is_kept() {
        assert_eq!(beats(Missed::Skip, &[10, 35, 5, 10]), [(10, 0), (40, 2), (50, 0), (60, 0)]);
    }

    #[test]
    fn missed_ticks_are_made_up_for_in_a_burst() {
        assert_eq!(beats(Missed::Burst, &[10, 35, 5]), [(10, 0), (20, 0), (30, 0), (40, 0), (50, 0)]);
    }

    #[test]
    fn missed_ticks_delay_the_beat() {
        assert_eq!(beats(Missed::Delay, &[10, 35, 9, 1]), [(10, 0), (20, 2), (55, 0)]);
    }

    #[test]
    fn a_tick_is_due_or_it_is_not_there_is_no_tolerance() {
        let clock = ManualClock::new();
        let mut beat = Interval::new(SECOND, &clock);
        clock.advance(SECOND - Duration::from_nanos(1));
        assert!(Probe::new(beat.tick()).poll().is_pending());
        clock.advance(Duration::from_nanos(1));
        assert_eq!(Probe::new(beat.tick()).assert_ready().missed, 0);
    }

    #[test]
    fn a_beat_that_is_always_taken_late_does_not_drift() {
        Check::random(5).assert(async |sim| {
            let start = sim.now();
            let mut beat = Interval::new(SECOND, &sim);
            for n in 1..=1_000 {
                let tick = beat.tick().await;
                assert_eq!((tick.at, tick.missed), (start.saturating_add(n * SECOND), 0));
                sim.sleep(Duration::from_millis(u64::from(n) % 999)).await;
            }
        });
    }

    #[test]
    fn the_first_tick_comes_after_one_period_or_when_it_is_told_to() {
        let clock = ManualClock::new();
        let mut later = Interval::new(SECOND, &clock);
        assert!(Probe::new(later.tick()).poll().is_pending());
        let mut now = Interval::new(SECOND, &clock).first_at(clock.now());
        assert_eq!(Probe::new(now.tick()).assert_ready().at, clock.now());
    }

    #[test]
    fn a_dropped_wait_loses_no_tick() {
        let clock = ManualClock::new();
        let mut beat = Interval::new(SECOND, &clock);
        let mut wait = Probe::new(beat.tick());
        wait.assert_pending();
        clock.advance(SECOND);
        assert_eq!(wait.wakes(), 1);
        drop(wait);
        assert_eq!(Probe::new(beat.tick()).assert_ready().missed, 0);
    }

    #[test]
    fn a_period_of_zero_is_refused() {
        assert!(Interval::try_new(Duration::ZERO, ManualClock::new()).is_err());
        let error = Interval::try_new(Duration::ZERO, ManualClock::new()).unwrap_err();
        assert_eq!(error.to_string(), "the period of an interval is zero");
        let panic =
            std::panic::catch_unwind(|| Interval::new(Duration::ZERO, ManualClock::new())).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains("must not be zero"));
    }

    #[test]
    fn an_endless_period_never_ticks() {
        let clock = ManualClock::new();
        let mut beat = Interval::new(Duration::MAX, &clock);
        assert!(Probe::new(beat.tick()).poll().is_pending());
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn a_beat_that_is_reset_begins_anew() {
        let clock = ManualClock::new();
        let mut beat = Interval::new(10 * SECOND, &clock);
        assert!(Probe::new(beat.tick()).poll().is_pending());
        clock.advance(25 * SECOND);
        beat.reset();
        assert!(Probe::new(beat.tick()).poll().is_pending());
        clock.advance(10 * SECOND);
        assert_eq!(Probe::new(beat.tick()).assert_ready().missed, 0);
    }

    #[test]
    fn a_clock_that_steps_back_makes_the_beat_wait_and_nothing_else() {
        let clock = ManualClock::new();
        let mut beat = Interval::new(10 * SECOND, &clock);
        let mut wait = Probe::new(beat.tick());
        wait.assert_pending();
        clock.advance(10 * SECOND);
        clock.step_back(5 * SECOND);
        wait.assert_pending();
        clock.advance(5 * SECOND);
        wait.assert_ready();
    }

    #[test]
    fn an_interval_is_a_stream_and_costs_one_box() {
        use futures_util::StreamExt as _;
        let clock = ManualClock::new();
        let mut beat = Interval::new(SECOND, &clock);
        let mut cx = Context::from_waker(Waker::noop());
        let mut allocated = Vec::new();
        for _ in 0..10 {
            let before = untether_support::allocations();
            assert!(beat.poll_next_unpin(&mut cx).is_pending());
            clock.advance(SECOND);
            assert!(matches!(beat.poll_next_unpin(&mut cx), Poll::Ready(Some(tick)) if tick.missed == 0));
            allocated.push(untether_support::allocations() - before);
        }
        assert!(allocated[0] > 0);
        assert_eq!(allocated[1..], [0; 9]);
    }
}

mod sleeps {
    use super::*;

    #[test]
    fn a_sleep_registers_at_its_first_pending_poll_and_not_before() {
        let clock = ManualClock::new();
        let mut sleep = Probe::new(clock.sleep(SECOND));
        assert_eq!(clock.sleepers(), 0);
        sleep.assert_pending();
        assert_eq!(clock.sleepers(), 1);
        drop(sleep);
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn ready_stays_ready_also_when_the_clock_steps_back() {
        let clock = ManualClock::new();
        let mut sleep = Probe::new(clock.sleep(SECOND));
        sleep.assert_pending();
        clock.advance(SECOND);
        sleep.assert_ready();
        clock.step_back(3_600 * SECOND);
        sleep.assert_ready();
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn a_clock_that_steps_back_before_the_deadline_makes_the_sleep_longer_and_never_early() {
        let clock = ManualClock::new();
        let mut sleep = Probe::new(clock.sleep(10 * SECOND));
        sleep.assert_pending();
        clock.advance(9 * SECOND);
        clock.step_back(5 * SECOND);
        clock.advance(5 * SECOND);
        sleep.assert_pending();
        clock.advance(SECOND);
        assert_eq!(sleep.wakes(), 1);
        sleep.assert_ready();
    }

    #[test]
    fn the_newest_waker_is_woken() {
        let clock = ManualClock::new();
        let mut sleep = Probe::new(clock.sleep(SECOND));
        let (old, new) = (CountingWaker::new(), CountingWaker::new());
        assert!(sleep.poll_with(&old.waker()).is_pending());
        assert!(sleep.poll_with(&new.waker()).is_pending());
        assert_eq!(clock.sleepers(), 1);
        clock.advance(SECOND);
        assert_eq!((old.wakes(), new.wakes()), (0, 1));
    }

    /// Resets a sleep that was polled, sooner, later, after it fired and to never and back.
    fn resets_in_place<T: Timer>(timer: T, clock: &ManualClock) {
        let start = clock.now();
        let at = |seconds: u32| start.saturating_add(seconds * SECOND);
        let mut sleep = Probe::new(timer.sleep_until(at(10)));
        sleep.assert_pending();
        timer.reset(sleep.get_mut(), at(2));
        sleep.assert_pending();
        clock.advance(2 * SECOND);
        assert_eq!(sleep.wakes(), 1, "sooner");
        sleep.assert_ready();
        timer.reset(sleep.get_mut(), at(20));
        sleep.assert_pending();
        timer.reset(sleep.get_mut(), at(30));
        sleep.assert_pending();
        clock.advance(27 * SECOND);
        sleep.assert_pending();
        clock.advance(SECOND);
        sleep.assert_ready();
        timer.reset(sleep.get_mut(), Instant::FAR_FUTURE);
        sleep.assert_pending();
        assert_eq!(clock.sleepers(), 0, "never");
        timer.reset(sleep.get_mut(), at(1));
        sleep.assert_ready();
    }

    #[test]
    fn a_reset_sleep_is_armed_at_its_next_poll() {
        let clock = ManualClock::new();
        resets_in_place(clock.clone(), &clock);
        resets_in_place(&clock, &clock);
        resets_in_place(Rc::new(clock.clone()), &clock);
        resets_in_place(Arc::new(clock.clone()), &clock);
        resets_in_place(DriverTimer(clock.clone()), &clock);
        resets_in_place(AnyTimer::new(clock.clone()), &clock);
    }

    #[test]
    fn an_erased_sleep_is_boxed_at_its_first_poll_and_reset_in_place() {
        let clock = ManualClock::new();
        let timer = AnyTimer::new(clock.clone());
        let count = |body: &mut dyn FnMut()| {
            let before = untether_support::allocations();
            body();
            untether_support::allocations() - before
        };
        let mut cx = Context::from_waker(Waker::noop());
        let mut sleep = None;
        assert_eq!(count(&mut || sleep = Some(timer.sleep(SECOND))), 0);
        let mut sleep = sleep.unwrap();
        let first = count(&mut || assert!(Pin::new(&mut sleep).poll(&mut cx).is_pending()));
        assert!(first >= 1);
        let again = count(&mut || {
            timer.reset(Pin::new(&mut sleep), clock.now().saturating_add(2 * SECOND));
            assert!(Pin::new(&mut sleep).poll(&mut cx).is_pending());
        });
        assert_eq!(again, 0);
        let mut never = timer.sleep(Duration::MAX);
        assert_eq!(count(&mut || assert!(Pin::new(&mut never).poll(&mut cx).is_pending())), 0);
    }
}

mod drivers {
    use super::*;

    #[test]
    fn advancing_stops_at_each_deadline_on_the_way() {
        let clock = ManualClock::new();
        let start = clock.now();
        let seen = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let mut sleeps = Vec::new();
        for n in [3_u32, 1, 2] {
            let (inside, seen) = (clock.clone(), seen.clone());
            let waker = HookWaker::new().on_wake(move || {
                let now = inside.now().saturating_duration_since(start).as_secs();
                let before = seen.load(std::sync::atomic::Ordering::Relaxed);
                seen.store(before * 10 + now, std::sync::atomic::Ordering::Relaxed);
            });
            let mut sleep = Probe::new(clock.sleep(n * SECOND));
            assert!(sleep.poll_with(&waker.waker()).is_pending());
            sleeps.push(sleep);
        }
        clock.advance(10 * SECOND);
        assert_eq!(seen.load(std::sync::atomic::Ordering::Relaxed), 123);
        assert_eq!(clock.now(), start.saturating_add(10 * SECOND));
        assert_eq!(clock.advance_to_next(), None);
    }

    #[test]
    fn advancing_to_the_next_deadline_goes_there_and_no_further() {
        let clock = ManualClock::new();
        let at = clock.now().saturating_add(7 * SECOND);
        let mut sleep = Probe::new(clock.sleep_until(at));
        sleep.assert_pending();
        assert_eq!(clock.advance_to_next(), Some(at));
        sleep.assert_ready();
    }

    #[test]
    fn wakers_with_one_deadline_fire_in_the_order_they_came() {
        let queue = WakeQueue::new();
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut keys: Vec<WakeKey> = (0..40).map(|_| WakeKey::new()).collect();
        for (n, key) in keys.iter_mut().enumerate() {
            let order = order.clone();
            let waker = HookWaker::new().on_wake(move || order.lock().unwrap().push(n)).waker();
            queue.schedule(Instant::from_nanos(5), key, &waker);
        }
        assert_eq!(queue.fire(Instant::from_nanos(4)), Some(Instant::from_nanos(5)));
        assert_eq!(queue.fire(Instant::from_nanos(5)), None);
        assert_eq!(*order.lock().unwrap(), (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn scheduling_says_once_that_firing_must_come_sooner() {
        let queue = WakeQueue::new();
        let mut keys = [(); 4].map(|()| WakeKey::new());
        let at = Instant::from_nanos;
        assert!(queue.schedule(at(50), &mut keys[0], Waker::noop()), "the first");
        assert!(!queue.schedule(at(60), &mut keys[1], Waker::noop()), "later");
        assert!(queue.schedule(at(40), &mut keys[2], Waker::noop()), "sooner");
        queue.cancel(&mut keys[2]);
        assert!(!queue.schedule(at(45), &mut keys[3], Waker::noop()), "it was told to come at 40");
        assert_eq!(queue.fire(at(40)), Some(at(45)));
        assert!(queue.schedule(at(44), &mut keys[1], Waker::noop()), "moved before what it was told");
        assert_eq!(queue.deadlines(), [at(44), at(45), at(50)]);
        assert_eq!((queue.len(), queue.is_empty(), queue.next()), (3, false, Some(at(44))));
    }

    #[test]
    fn a_key_whose_wake_was_fired_cancels_nobody_elses() {
        let queue = WakeQueue::new();
        let (mut fired, mut other) = (WakeKey::new(), WakeKey::new());
        queue.schedule(Instant::from_nanos(1), &mut fired, Waker::noop());
        queue.fire(Instant::from_nanos(1));
        queue.schedule(Instant::from_nanos(2), &mut other, Waker::noop());
        queue.cancel(&mut fired);
        assert_eq!(queue.len(), 1);
        assert!(fired.is_empty() && !other.is_empty());
    }

    #[test]
    fn wakers_may_use_the_queue_they_are_fired_from() {
        static QUEUE: WakeQueue = WakeQueue::new();
        let reenter = || {
            let mut key = WakeKey::new();
            QUEUE.schedule(Instant::from_nanos(9), &mut key, Waker::noop());
            QUEUE.fire(Instant::from_nanos(0));
            QUEUE.cancel(&mut key);
        };
        let hostile =
            || untether_support::Hooks::new().on_clone(reenter).on_wake(reenter).on_drop(reenter).waker();
        let mut key = WakeKey::new();
        QUEUE.schedule(Instant::from_nanos(5), &mut key, &hostile());
        QUEUE.schedule(Instant::from_nanos(5), &mut key, &hostile());
        QUEUE.fire(Instant::from_nanos(5));
        QUEUE.schedule(Instant::from_nanos(6), &mut key, &hostile());
        QUEUE.cancel(&mut key);
        assert!(QUEUE.is_empty());
    }

    #[test]
    fn a_waker_that_panics_does_not_keep_the_others_asleep() {
        let queue = WakeQueue::new();
        let count = CountingWaker::new();
        let mut keys: Vec<WakeKey> = (0..50).map(|_| WakeKey::new()).collect();
        for (n, key) in keys.iter_mut().enumerate() {
            let bomb = HookWaker::new().on_wake(|| panic!("on purpose")).waker();
            queue.schedule(Instant::from_nanos(5), key, &if n == 3 { bomb } else { count.waker() });
        }
        let fired =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| queue.fire(Instant::from_nanos(5))));
        assert!(fired.is_err(), "the panic goes on");
        assert_eq!(count.wakes(), 49);
    }

    /// A driver with a table of its own, which can only add.
    struct Adds {
        now: Cell<u64>,
        wakes: RefCell<Vec<(Instant, Waker)>>,
    }

    impl Clock for Adds {
        fn now(&self) -> Instant {
            Instant::from_nanos(self.now.get())
        }
    }

    impl Driver for Adds {
        fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
            let mut wakes = self.wakes.borrow_mut();
            wakes.push((at, waker.clone()));
            key.set_id(NonZeroU64::new(wakes.len() as u64).unwrap());
        }

        fn cancel(&self, key: &mut WakeKey) {
            assert!(key.id().is_some_and(|id| id.get() <= self.wakes.borrow().len() as u64));
            key.clear();
        }
    }

    #[test]
    fn a_driver_that_can_only_add_is_a_timer_all_the_same() {
        let adds = Adds { now: Cell::new(0), wakes: RefCell::default() };
        let timer = DriverTimer(&adds);
        let mut sleep = Probe::new(timer.sleep(Duration::from_nanos(10)));
        sleep.assert_pending();
        timer.reset(sleep.get_mut(), Instant::from_nanos(5));
        sleep.assert_pending();
        adds.now.set(5);
        sleep.assert_ready();
        assert_eq!(adds.wakes.borrow().len(), 2);
    }

    #[test]
    fn a_static_timer_is_erased_without_an_allocation() {
        static QUEUE: StoppedDriver = StoppedDriver(WakeQueue::new());
        struct StoppedDriver(WakeQueue);
        impl Clock for StoppedDriver {
            fn now(&self) -> Instant {
                Instant::from_nanos(0)
            }
        }
        impl Driver for StoppedDriver {
            fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
                self.0.schedule(at, key, waker);
            }
            fn cancel(&self, key: &mut WakeKey) {
                self.0.cancel(key);
            }
        }
        let before = untether_support::allocations();
        let timer: StaticTimer = DriverTimer(&QUEUE);
        let sleep = timer.sleep(SECOND);
        assert_eq!(untether_support::allocations(), before);
        let mut sleep = Probe::new(sleep);
        sleep.assert_pending();
        assert_eq!(QUEUE.0.len(), 1);
        drop(sleep);
        assert!(QUEUE.0.is_empty());
    }

    #[test]
    fn a_hundred_thousand_sleeps_come_and_go() {
        let clock = ManualClock::new();
        let mut sleeps: Vec<_> = (0..100_000_u64)
            .map(|n| Probe::new(clock.sleep(Duration::from_nanos(1 + n * 7_919 % 100_003))))
            .collect();
        sleeps.iter_mut().for_each(Probe::assert_pending);
        sleeps.truncate(50_000);
        assert_eq!(clock.sleepers(), 50_000);
        clock.advance(SECOND);
        assert_eq!(clock.sleepers(), 0);
        assert!(sleeps.iter().all(|sleep| sleep.wakes() == 1));
        sleeps.iter_mut().for_each(Probe::assert_ready);
    }

    #[test]
    fn any_cancellation_leaves_no_timer_behind() {
        use untether::spawn::Task;
        Check::random(100)
            .cancel("sleeper")
            .run(async |sim| {
                let timer = sim.clone();
                let sleeper = Task::builder().name("sleeper").spawn(&sim, async move {
                    let first = timer.sleep(SECOND).timeout(2 * SECOND, &timer);
                    let second = timer.sleep(3 * SECOND).timeout(SECOND, &timer);
                    let (first, second) = futures_util::join!(first, second);
                    assert!(first.is_ok() && second.is_err());
                });
                let start = sim.now();
                let cancelled = sleeper.unwrap().await.is_err();
                yield_now().await;
                // With no timer left, the next one that fires is this.
                sim.sleep(SECOND).await;
                let passed = sim.now().saturating_duration_since(start);
                assert!(passed == 2 * SECOND || cancelled && passed == SECOND, "{passed:?}");
            })
            .unwrap();
    }
}
