//! Limits: let through, denied, by one thread and by two, alone and for each key. All of them on std's clock, where it is not said otherwise.

use super::{each, leaked};
use crate::row::{Bar, Row};
use governor::clock::MonotonicClock;
use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use untether::limit::{KeyedLimiter, Quota, RateLimiter};
use untether::rt::threads::Threads;
use untether::time::{Clock, Instant};

const MANY: u32 = 1_000_000_000;
const KEYS: u64 = 1_000;

const GOVERNOR: Bar = Bar::Some { called: "governor", names: &["governor"] };

fn theirs_per_second(n: u32) -> governor::Quota {
    governor::Quota::per_second(NonZeroU32::new(n).expect("not zero"))
}

/// As often as that, by two threads at once.
fn by_two(operation: impl Fn(u64) + Send + Sync + 'static) -> impl FnMut(u64) + 'static {
    move |times| {
        thread::scope(|scope| {
            for half in [times / 2, times - times / 2] {
                let operation = &operation;
                scope.spawn(move || (0..half).for_each(operation));
            }
        });
    }
}

/// Costs nothing.
struct Stopped;

impl Clock for Stopped {
    #[inline]
    fn now(&self) -> Instant {
        Instant::from_nanos(1 << 50)
    }
}

fn alone() -> Row {
    let (word, ours, awkward) = (
        leaked(AtomicU64::new(0)),
        leaked(RateLimiter::new(Quota::per_second(MANY).burst(u32::MAX), Stopped)),
        leaked(RateLimiter::new(Quota::per_second(999_999_937).burst(u32::MAX), Stopped)),
    );
    Row::new("limit: allowed, without a clock", "cell")
        .floor(
            "load + compare_exchange",
            each(move || {
                let seen = black_box(word).load(Ordering::Acquire);
                word.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Acquire)
            }),
        )
        .ours("RateLimiter", each(move || assert!(black_box(ours).try_acquire(1).is_ok())))
        .owes_of(crate::row::Kind::Floor, 1.3)
        .floor("RateLimiter, 999,999,937 per second", each(move || black_box(awkward).try_acquire(1).is_ok()))
}

fn allowed(clock: &'static Threads) -> [Row; 2] {
    let theirs = || leaked(governor::RateLimiter::direct_with_clock(theirs_per_second(MANY), MonotonicClock));
    let ours = || leaked(RateLimiter::new(Quota::per_second(MANY), clock));
    let leaky = || {
        let mut builder = leaky_bucket::RateLimiter::builder();
        builder.max(usize::MAX / 4).initial(usize::MAX / 4).interval(Duration::from_millis(1)).refill(1_000);
        leaked(builder.build())
    };
    let ((a, b), (c, d), (e, f)) = ((theirs(), theirs()), (ours(), ours()), (leaky(), leaky()));
    [
        Row::new("limit: allowed, one thread", "cell")
            .peer("governor", each(move || assert!(black_box(a).check().is_ok())))
            .shown("leaky-bucket, on tokio's clock", each(move || assert!(black_box(e).try_acquire(1))))
            .ours("RateLimiter", each(move || assert!(black_box(c).try_acquire(1).is_ok())))
            .owes_bar(GOVERNOR, 1.1),
        Row::new("limit: allowed, two threads", "cell")
            .threads(2)
            .peer("governor", by_two(move |_| assert!(black_box(b).check().is_ok())))
            .shown("leaky-bucket, on tokio's clock", by_two(move |_| assert!(black_box(f).try_acquire(1))))
            .ours("RateLimiter", by_two(move |_| assert!(black_box(d).try_acquire(1).is_ok())))
            .owes_bar(GOVERNOR, 1.1),
    ]
}

fn denied(clock: &'static Threads) -> Row {
    let hourly = governor::Quota::per_hour(NonZeroU32::MIN);
    let theirs = leaked(governor::RateLimiter::direct_with_clock(hourly, MonotonicClock));
    let ours = leaked(RateLimiter::new(Quota::per_hour(1), clock));
    assert!(theirs.check().is_ok() && ours.try_acquire(1).is_ok());
    Row::new("limit: denied, one thread", "cell")
        .peer("governor", each(move || assert!(black_box(theirs).check().is_err())))
        .ours("RateLimiter", each(move || assert!(black_box(ours).try_acquire(1).is_err())))
}

fn keyed(clock: &'static Threads) -> [Row; 2] {
    let theirs = || {
        let limiter = governor::RateLimiter::dashmap_with_clock(theirs_per_second(MANY), MonotonicClock);
        leaked(limiter)
    };
    let ours = || leaked(KeyedLimiter::<u64, _>::new(Quota::per_second(MANY), clock));
    let ((a, b), (c, d)) = ((theirs(), theirs()), (ours(), ours()));
    let mut turn = [0_u64; 2];
    let mut key = move |of: usize| {
        turn[of] = turn[of].wrapping_add(0x9E37_79B9_7F4A_7C15);
        (turn[of] >> 32) % KEYS
    };
    let mut other = key;
    let mixed = |n: u64| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % KEYS;
    [
        Row::new("limit: a thousand keys, one thread", "cell")
            .peer("governor", each(move || assert!(a.check_key(&key(0)).is_ok())))
            .ours("KeyedLimiter", each(move || assert!(c.try_acquire(&other(1), 1).is_ok())))
            .owes_bar(GOVERNOR, 0.8),
        Row::new("limit: a thousand keys, two threads", "cell")
            .threads(2)
            .peer("governor", by_two(move |n| assert!(b.check_key(&mixed(n)).is_ok())))
            .ours("KeyedLimiter", by_two(move |n| assert!(d.try_acquire(&mixed(n), 1).is_ok())))
            .owes_bar(GOVERNOR, 0.8),
    ]
}

pub fn rows() -> Vec<Row> {
    let clock: &'static Threads = leaked(Threads::new().expect("a thread"));
    let mut rows = vec![alone()];
    rows.extend(allowed(clock));
    rows.push(denied(clock));
    rows.extend(keyed(clock));
    rows
}
