//! What a sleep and its clock promise: see [`time`](crate::time#what-a-sleep-promises).

use super::polls::{poll_once, poll_with};
use crate::sys::host;
use crate::testing::CountingWaker;
use crate::time::{AnyTimer, Instant, TimeoutExt, Timer};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::future::{pending, ready};
use core::pin::{Pin, pin};
use core::time::Duration;
use futures_util::future::join_all;

/// Longer than the coarsest tick of a timer in use, and than a busy machine keeps a test waiting between two lines.
const SHORT: Duration = Duration::from_millis(40);
/// Longer than the shortest wheel of a timer in use.
const LONG: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// Waits a while, by a sleep of its own.
async fn wait(timer: &impl Timer, duration: Duration) {
    timer.sleep(duration).await;
}

/// How long it took to make a future and await it, on the timer's own clock.
async fn measured<T: Timer, F: Future<Output = ()>>(timer: &T, make: impl FnOnce() -> F) -> Duration {
    let start = timer.now();
    make().await;
    timer.now().saturating_duration_since(start)
}

/// `now` grows or stays.
pub async fn the_clock_never_steps_back<T: Timer>(timer: T) {
    let mut last = timer.now();
    for turn in 0..1_000 {
        if turn % 500 == 0 {
            wait(&timer, SHORT).await;
        }
        let now = timer.now();
        assert!(now >= last, "{now:?} came after {last:?}");
        last = now;
    }
}

/// A sleep ends at its deadline or later, never before, down to the nanosecond.
pub async fn a_sleep_is_never_early<T: Timer>(timer: T) {
    for nanos in [1, 999, 1_000, 999_999, 1_000_001, 1_500_000, 3_333_333, 10_000_000] {
        let deadline = timer.now().saturating_add(Duration::from_nanos(nanos));
        timer.sleep_until(deadline).await;
        assert!(timer.now() >= deadline, "{nanos} ns ended early");
        let duration = Duration::from_nanos(nanos);
        assert!(measured(&timer, || timer.sleep(duration)).await >= duration, "{nanos} ns ended early");
    }
}

/// `sleep` counts from its call and not from the first poll.
pub async fn a_sleep_counts_from_the_call_that_made_it<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(SHORT));
    wait(&timer, 2 * SHORT).await;
    assert!(poll_once(sleep.as_mut()).await.is_ready());
}

/// A sleep that is polled in the breath that made it keeps the promises.
pub async fn a_sleep_that_is_started_is_a_sleep<T: Timer>(timer: T) {
    assert!(poll_once(pin!(timer.start_sleep(Duration::ZERO))).await.is_ready());
    assert!(poll_once(pin!(timer.start_sleep(Duration::MAX))).await.is_pending());
    for nanos in [1, 999_999, 1_000_001, 10_000_000] {
        let duration = Duration::from_nanos(nanos);
        assert!(measured(&timer, || timer.start_sleep(duration)).await >= duration, "{nanos} ns ended early");
    }
    let mut late = pin!(timer.start_sleep(SHORT));
    wait(&timer, SHORT).await;
    late.as_mut().await;
    assert!(poll_once(late.as_mut()).await.is_ready());
    let took = measured(&timer, || {
        timer.reset(late.as_mut(), timer.now().saturating_add(SHORT));
        late
    })
    .await;
    assert!(took >= SHORT, "{took:?}");
}

/// Also the origin of the clock is a moment one can have missed.
pub async fn a_deadline_that_has_passed_is_ready_at_the_first_poll<T: Timer>(timer: T) {
    wait(&timer, SHORT).await;
    let now = timer.now();
    for deadline in [now, now.saturating_sub(Duration::from_nanos(1)), Instant::from_nanos(0)] {
        assert!(poll_once(pin!(timer.sleep_until(deadline))).await.is_ready(), "{deadline:?} at {now:?}");
    }
}

/// `Duration::ZERO` does not even yield.
pub async fn a_sleep_of_no_time_is_ready_at_the_first_poll<T: Timer>(timer: T) {
    assert!(poll_once(pin!(timer.sleep(Duration::ZERO))).await.is_ready());
}

/// `Duration::MAX` is no overflow.
pub async fn the_longest_sleep_never_ends<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(Duration::MAX));
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    wait(&timer, SHORT).await;
    assert!(poll_once(sleep.as_mut()).await.is_pending());
}

/// `FAR_FUTURE` means never.
pub async fn a_sleep_until_never_never_ends<T: Timer>(timer: T) {
    let waker = CountingWaker::new();
    let mut sleep = pin!(timer.sleep_until(Instant::FAR_FUTURE));
    assert!(poll_with(&waker, sleep.as_mut()).is_pending());
    wait(&timer, SHORT).await;
    assert!(poll_with(&waker, sleep.as_mut()).is_pending());
    assert_eq!(waker.wakes(), 0);
}

/// From a day to centuries, and one nanosecond before never.
pub async fn deadlines_in_the_far_future_are_no_trouble<T: Timer>(timer: T) {
    let day = Duration::from_secs(24 * 60 * 60);
    let days = [1, 25, 50, 1_000, 10_000, 36_500].map(|days| timer.now().saturating_add(days * day));
    let last = Instant::from_nanos(Instant::FAR_FUTURE.as_nanos() - 1);
    for deadline in days.into_iter().chain([last]) {
        let mut sleep = pin!(timer.sleep_until(deadline));
        assert!(poll_once(sleep.as_mut()).await.is_pending(), "{deadline:?}");
        wait(&timer, Duration::from_millis(1)).await;
        assert!(poll_once(sleep).await.is_pending(), "{deadline:?}");
    }
}

/// Polling after the end is allowed.
pub async fn ready_stays_ready<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(SHORT));
    sleep.as_mut().await;
    for _ in 0..3 {
        assert!(poll_once(sleep.as_mut()).await.is_ready());
    }
}

/// A sleep that was never polled has nothing to forget.
pub async fn reset_before_the_first_poll_moves_the_deadline<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(LONG));
    let took = measured(&timer, || {
        timer.reset(sleep.as_mut(), timer.now().saturating_add(SHORT));
        sleep
    })
    .await;
    assert!((SHORT..LONG).contains(&took), "{took:?}");
}

/// The wake of the old deadline may come; it ends nothing.
pub async fn reset_to_later_moves_a_sleep_that_waits<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(SHORT));
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    let later = timer.now().saturating_add(3 * SHORT);
    timer.reset(sleep.as_mut(), later);
    sleep.await;
    assert!(timer.now() >= later);
}

/// The old deadline holds nothing up.
pub async fn reset_to_sooner_moves_a_sleep_that_waits<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(LONG));
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    let took = measured(&timer, || {
        timer.reset(sleep.as_mut(), timer.now().saturating_add(SHORT));
        sleep
    })
    .await;
    assert!((SHORT..LONG).contains(&took), "{took:?}");
}

/// As for a new sleep: ready at the next poll.
pub async fn reset_to_the_past_makes_it_ready<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(LONG));
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    timer.reset(sleep.as_mut(), timer.now());
    assert!(poll_once(sleep).await.is_ready());
}

/// One sleep can be used again and again.
pub async fn reset_after_the_end_begins_anew<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(Duration::ZERO));
    sleep.as_mut().await;
    for _ in 0..3 {
        let deadline = timer.now().saturating_add(SHORT);
        timer.reset(sleep.as_mut(), deadline);
        sleep.as_mut().await;
        assert!(timer.now() >= deadline);
        assert!(poll_once(sleep.as_mut()).await.is_ready());
    }
}

/// Never is a deadline like any other.
pub async fn reset_to_never_and_back<T: Timer>(timer: T) {
    let mut sleep = pin!(timer.sleep(SHORT));
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    timer.reset(sleep.as_mut(), Instant::FAR_FUTURE);
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    wait(&timer, 2 * SHORT).await;
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    let deadline = timer.now().saturating_add(SHORT);
    timer.reset(sleep.as_mut(), deadline);
    sleep.await;
    assert!(timer.now() >= deadline);
}

/// Neither a registration nor a panic.
pub async fn a_sleep_dropped_before_its_first_poll_leaves_nothing<T: Timer>(timer: T) {
    drop(timer.sleep(SHORT));
    drop(timer.sleep_until(Instant::FAR_FUTURE));
    wait(&timer, 2 * SHORT).await;
}

/// Dropping a sleep takes its registration along.
pub async fn a_dropped_sleep_wakes_nobody<T: Timer>(timer: T) {
    let waker = CountingWaker::new();
    let sleeps: Vec<_> = (0..10).map(|_| Box::pin(timer.sleep(SHORT))).collect();
    for mut sleep in sleeps {
        assert!(poll_with(&waker, sleep.as_mut()).is_pending());
    }
    wait(&timer, 3 * SHORT).await;
    assert_eq!(waker.wakes(), 0);
}

/// A sleep that moved to another task wakes that one.
pub async fn the_waker_of_the_last_poll_is_woken<T: Timer>(timer: T) {
    let (first, last) = (CountingWaker::new(), CountingWaker::new());
    let mut sleep = pin!(timer.sleep(SHORT));
    assert!(poll_with(&first, sleep.as_mut()).is_pending());
    assert!(poll_with(&last, sleep.as_mut()).is_pending());
    wait(&timer, 3 * SHORT).await;
    assert!(last.wakes() > 0 && first.wakes() == 0, "{} and {}", last.wakes(), first.wakes());
    assert!(poll_once(sleep).await.is_ready());
}

/// Whatever the order in which they were made.
pub async fn sleeps_end_in_the_order_of_their_deadlines<T: Timer>(timer: T) {
    let ended = core::cell::RefCell::new(Vec::new());
    let order = [4, 1, 3, 0, 2];
    let sleeps = order.map(|place| {
        let (sleep, ended) = (timer.sleep(SHORT * (place + 1)), &ended);
        async move {
            sleep.await;
            ended.borrow_mut().push(place);
        }
    });
    join_all(sleeps).await;
    assert_eq!(*ended.borrow(), [0, 1, 2, 3, 4]);
}

/// All of them end, none before its time.
pub async fn a_thousand_sleeps_at_once<T: Timer>(timer: T) {
    let sleeps = (0..1_000_u32).map(|n| {
        let (timer, deadline) =
            (&timer, timer.now().saturating_add(Duration::from_micros((n * 7_919 % 1_000).into())));
        async move {
            timer.sleep_until(deadline).await;
            assert!(timer.now() >= deadline);
        }
    });
    join_all(sleeps).await;
}

/// A limit on top of the timer.
pub async fn a_timeout_ends_what_is_late_and_nothing_else<T: Timer>(timer: T) {
    assert_eq!(ready(7).timeout(SHORT, &timer).await, Ok(7));
    assert!(wait(&timer, SHORT).timeout(LONG, &timer).await.is_ok());
    let late = async || assert!(pending::<()>().timeout(SHORT, &timer).await.is_err());
    let took = measured(&timer, late).await;
    assert!(took >= SHORT, "{took:?}");
}

/// Registered here, polled there, ended here.
pub async fn a_sleep_may_be_polled_on_another_thread<T>(timer: T)
where
    T: Timer<Sleep: Send + 'static>,
{
    let start = timer.now();
    let mut sleep: Pin<Box<T::Sleep>> = Box::pin(timer.sleep(SHORT));
    assert!(poll_once(sleep.as_mut()).await.is_pending());
    let waker = CountingWaker::new();
    let there = waker.clone();
    let (mut sleep, polled) = host::on_another_thread(move || {
        let polled = poll_with(&there, sleep.as_mut());
        (sleep, polled)
    });
    wait(&timer, 2 * SHORT).await;
    assert!(polled.is_ready() || waker.wakes() > 0, "the waker of the other thread was forgotten");
    assert!(poll_once(sleep.as_mut()).await.is_ready());
    sleep.await;
    assert!(timer.now().saturating_duration_since(start) >= SHORT);
}

/// Behind [`AnyTimer`] a sleep is the same sleep.
pub async fn an_erased_timer_keeps_the_promises<T>(timer: T)
where
    T: Timer<Sleep: Send + 'static> + Clone + Send + Sync + 'static,
{
    let timer = AnyTimer::new(timer);
    a_sleep_is_never_early(timer.clone()).await;
    ready_stays_ready(timer.clone()).await;
    reset_to_sooner_moves_a_sleep_that_waits(timer.clone()).await;
    a_dropped_sleep_wakes_nobody(timer).await;
}
