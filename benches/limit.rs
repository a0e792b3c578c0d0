//! What a limit costs: let through, denied, reserved, for each key, and waited for.

use core::hint::black_box;
use core::pin::pin;
use core::sync::atomic::{AtomicU64, Ordering};
use core::task::{Context, Waker};
use core::time::Duration;
use untether::limit::{KeyedLimiter, Quota, RateLimiter};
use untether::rt::threads::Threads;
use untether::testing::ManualClock;
use untether::time::{Clock, Instant};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Costs nothing.
struct Stopped;

impl Clock for Stopped {
    #[inline]
    fn now(&self) -> Instant {
        Instant::from_nanos(1 << 50)
    }
}

fn main() {
    const MANY: Quota = Quota::per_second(1_000_000_000).burst(u32::MAX);
    let word = AtomicU64::new(0);
    let alone = RateLimiter::new(MANY, Stopped);
    let awkward = RateLimiter::new(Quota::per_second(999_999_937).burst(u32::MAX), Stopped);
    let over = RateLimiter::new(Quota::per_hour(1), Stopped);
    over.try_acquire(1).expect("the first");
    Table::new("one cell, without a clock")
        .case("load + compare_exchange", || {
            let seen = black_box(&word).load(Ordering::Acquire);
            word.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Acquire)
        })
        .case("try_acquire", || black_box(&alone).try_acquire(1))
        .case("try_acquire, 999,999,937 per second", || black_box(&awkward).try_acquire(1))
        .case("try_acquire, denied", || black_box(&over).try_acquire(1))
        .case("reserve + spend", || alone.reserve(1, Duration::ZERO).map(|reserved| reserved.spend()))
        .case("reserve + drop", || alone.reserve(1, Duration::ZERO).is_ok())
        .print();

    let threads = Threads::new().expect("a thread");
    let (timed, keyed) = (RateLimiter::new(MANY, &threads), KeyedLimiter::<u64, _>::new(MANY, &threads));
    let mut key = 0_u64;
    Table::new("one cell, by the machine's clock")
        .case("the clock", || threads.now())
        .case("try_acquire", || black_box(&timed).try_acquire(1))
        .case("acquire, nobody waits", || {
            pin!(timed.acquire(1)).poll(&mut Context::from_waker(Waker::noop())).is_ready()
        })
        .case("KeyedLimiter, a thousand keys", || {
            key = (key + 7_919) % 1_000;
            keyed.try_acquire(&key, 1)
        })
        .print();

    let clock = ManualClock::new();
    let (slow, mut cx) =
        (RateLimiter::new(Quota::per_second(1), clock.clone()), Context::from_waker(Waker::noop()));
    slow.try_acquire(1).expect("the first");
    let line = RateLimiter::new(Quota::per_hour(1), ManualClock::new());
    let mut waiting: Vec<_> = (0..1_000).map(|_| Box::pin(line.acquire(1))).collect();
    line.try_acquire(1).expect("the first");
    assert!(waiting.iter_mut().all(|waits| waits.as_mut().poll(&mut cx).is_pending()));
    Table::new("one who waits")
        .case("alone: join, sleep, served", || {
            let mut waits = pin!(slow.acquire(1));
            let waited = waits.as_mut().poll(&mut cx).is_pending();
            clock.advance(Duration::from_secs(1));
            assert!(waited && waits.poll(&mut cx).is_ready());
        })
        .case("behind a thousand: join, leave", || {
            assert!(pin!(line.acquire(1)).poll(&mut Context::from_waker(Waker::noop())).is_pending());
        })
        .print();
}
