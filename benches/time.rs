//! What waiting for a time costs.

use std::future::{pending, ready};
use std::pin::{Pin, pin};
use std::task::{Context, Waker};
use std::time::Duration;
use untether::rt::threads::Threads;
use untether::testing::{CountingWaker, ManualClock};
use untether::time::{AnyTimer, Clock, Deadline, Instant, Interval, Timer, WakeKey, WakeQueue, timeout};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const MINUTE: Duration = Duration::from_secs(60);

/// Polls a future once, with a waker that is counted as real ones are, and drops it.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> bool {
    pin!(future).poll(&mut Context::from_waker(waker)).is_ready()
}

fn timeouts(waker: &Waker) {
    let (threads, manual) = (Threads::new().expect("a thread"), ManualClock::new());
    let erased = AnyTimer::new(threads.clone());
    Table::new("timeout")
        .case("a bare ready future", || poll_once(ready(1), waker))
        .case("ready", || poll_once(timeout(MINUTE, ready(1), &threads), waker))
        .case("ready, by deadline", || poll_once(Deadline::never().run(ready(1), &threads), waker))
        .case("pending once, manual clock", || poll_once(timeout(MINUTE, pending::<()>(), &manual), waker))
        .case("pending once, timer thread", || poll_once(timeout(MINUTE, pending::<()>(), &threads), waker))
        .case("pending once, timer thread, erased", || {
            poll_once(timeout(MINUTE, pending::<()>(), &erased), waker)
        })
        .case("the clock of threads", || threads.now())
        .print();
}

fn queues(waker: &Waker) {
    let cycle = |len: u64| {
        let queue = WakeQueue::new();
        let mut keys: Vec<WakeKey> = (0..len).map(|_| WakeKey::new()).collect();
        let mut spread = 1_u64;
        for key in &mut keys {
            spread = spread.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            queue.schedule(Instant::from_nanos(spread >> 8), key, waker);
        }
        move || {
            let mut key = WakeKey::new();
            spread = spread.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            queue.schedule(Instant::from_nanos(spread >> 8), &mut key, waker);
            queue.cancel(&mut key);
            keys.len()
        }
    };
    Table::new("schedule + cancel among others")
        .case("10", cycle(10))
        .case("1,000", cycle(1_000))
        .case("100,000", cycle(100_000))
        .print();
}

fn many(waker: &Waker) {
    let (threads, manual) = (Threads::new().expect("a thread"), ManualClock::new());
    fn at_once<T: Timer<Sleep: Unpin>>(timer: &T, waker: &Waker, times: u64) {
        for round in 0..times.div_ceil(100_000) {
            let count = (times - round * 100_000).min(100_000);
            let mut sleeps: Vec<T::Sleep> = (0..count).map(|_| timer.sleep(MINUTE)).collect();
            let cx = &mut Context::from_waker(waker);
            sleeps.iter_mut().for_each(|sleep| assert!(Pin::new(sleep).poll(cx).is_pending()));
        }
    }
    Table::new("100,000 sleeps at once, created, polled, dropped, each")
        .batch("manual clock", |times| at_once(&manual, waker, times))
        .batch("timer thread", |times| at_once(&threads, waker, times))
        .print();
}

fn intervals(waker: &Waker) {
    let clock = ManualClock::new();
    let mut beat = Interval::new(Duration::from_secs(1), &clock);
    let cx = &mut Context::from_waker(waker);
    Table::new("interval")
        .case("a tick that is waited for", || {
            assert!(beat.poll_tick(cx).is_pending());
            clock.advance(Duration::from_secs(1));
            beat.poll_tick(cx).is_ready()
        })
        .print();
}

fn main() {
    let waker = CountingWaker::new().waker();
    timeouts(&waker);
    queues(&waker);
    many(&waker);
    intervals(&waker);
}
