//! What is proved on the board. A check is a line in [`ALL`] and a function.

use alloc::{format, string::String, sync::Arc};
use core::{
    future::pending,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use untether::{
    fault::{
        CircuitBreaker,
        breaker::{State, Window},
    },
    limit::{Quota, RateLimiter},
    queue::{DelayQueue, Queue},
    retry::{budget::TokenQuota, retry, schedule::exponential},
    rt::local::Local,
    spawn::Spawn,
    sync::{CancelToken, Event, Semaphore, oneshot},
    time::{Clock, Instant, Interval, Seed, Timer, timeout},
};

use crate::{
    block_on::block_on,
    systick::{TICK, timer},
};

/// What was seen, and whether it is right.
type Verdict = Result<String, String>;

/// Every check, in the order they run.
pub const ALL: [(&str, fn() -> Verdict); 11] = [
    ("a timeout ends a future that never does", timeout_fires),
    ("an interval does not drift", interval_keeps_pace),
    ("three tasks sleep at the same time", tasks_overlap),
    ("six tasks take turns on two permits", tasks_take_turns),
    ("a deadline ends a family of tokens", tokens_end),
    ("an event starts tasks that hand over one value each", values_are_handed_over),
    ("a queue of two goes through a static", items_are_queued),
    ("a delay queue gives what is due to two tasks in turn", delays_end),
    ("a retry waits longer each time, out of a budget", retries_wait),
    ("a limiter lets two through at once and then one each 10 ms", limits_hold),
    ("a breaker opens, refuses, probes when it is time, and closes", breaker_closes),
];

/// 10, 20 and 40 ms, each a half more or less; the fourth retry is not paid for.
fn retries_wait() -> Verdict {
    static QUOTA: TokenQuota = TokenQuota::new(15).cost(5);
    let start = timer().now();
    let schedule = exponential(Duration::from_millis(10)).attempts(9);
    let fails = |_| core::future::ready(Err::<(), _>("busy"));
    let retrying = retry(fails, schedule).entropy(Seed::new(7)).budget(&QUOTA).on(timer());
    let error = block_on(retrying).expect_err("it always fails");
    let elapsed = since(start);
    let in_time = elapsed >= Duration::from_millis(35) && elapsed <= Duration::from_millis(110);
    verdict(error.attempts() == 4 && in_time, format!("{error}, after {elapsed:?}"))
}

fn timeout_fires() -> Verdict {
    const LIMIT: Duration = Duration::from_millis(50);
    let start = timer().now();
    let outcome = block_on(timeout(LIMIT, pending::<()>(), timer()));
    let elapsed = since(start);
    verdict(
        outcome.is_err() && on_time(elapsed, LIMIT),
        format!("{elapsed:?} of {LIMIT:?}, timed out: {}", outcome.is_err()),
    )
}

/// The work done in each round would add up if a tick were counted from the end of the round before.
fn interval_keeps_pace() -> Verdict {
    const ROUNDS: u32 = 20;
    const PERIOD: Duration = Duration::from_millis(10);
    const WORK: Duration = Duration::from_millis(3);
    let (elapsed, missed) = block_on(async {
        let mut interval = Interval::new(PERIOD, timer());
        let mut missed = interval.tick().await.missed;
        let start = timer().now();
        for _ in 0..ROUNDS {
            timer().sleep(WORK).await;
            missed += interval.tick().await.missed;
        }
        (since(start), missed)
    });
    verdict(
        missed == 0 && on_time(elapsed, PERIOD * ROUNDS),
        format!("{ROUNDS} ticks of {PERIOD:?} took {elapsed:?}, {missed} missed"),
    )
}

fn tasks_overlap() -> Verdict {
    const NAPS: [u32; 3] = [30, 10, 20];
    const ALL_AWAKE: Duration = Duration::from_millis(35);
    let slept = Arc::new(AtomicU32::new(0));
    let mut local = Local::new();
    for nap in NAPS {
        let slept = Arc::clone(&slept);
        let task = async move {
            timer().sleep(Duration::from_millis(nap.into())).await;
            slept.fetch_add(nap, Ordering::Relaxed);
        };
        if local.spawner().spawn(task).is_err() {
            return Err(String::from("the executor refused a task"));
        }
    }
    let start = timer().now();
    block_on(local.run_until(timer().sleep(ALL_AWAKE)));
    let (slept, elapsed) = (slept.load(Ordering::Relaxed), since(start));
    verdict(
        slept == NAPS.iter().sum() && on_time(elapsed, ALL_AWAKE),
        format!("naps of {slept} ms in {elapsed:?}"),
    )
}

fn since(start: Instant) -> Duration {
    timer().now().saturating_duration_since(start)
}

/// Never early; late by no more than the tick that was already running and the one that wakes.
fn on_time(elapsed: Duration, due: Duration) -> bool {
    (due..=due + 2 * TICK).contains(&elapsed)
}

/// A static semaphore, in the order in which they came, and never more than two at once.
fn tasks_take_turns() -> Verdict {
    static PERMITS: Semaphore = Semaphore::new(2);
    static HELD: AtomicU32 = AtomicU32::new(0);
    const NAP: Duration = Duration::from_millis(10);
    let start = timer().now();
    let most = Arc::new(AtomicU32::new(0));
    let mut local = Local::new();
    for _ in 0..6 {
        let most = most.clone();
        let task = async move {
            let _permit = PERMITS.acquire().await.expect("it is open");
            most.fetch_max(HELD.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            timer().sleep(NAP).await;
            HELD.fetch_sub(1, Ordering::Relaxed);
        };
        local.spawner().spawn(task).expect("it is there");
    }
    block_on(local.run());
    let (elapsed, most) = (since(start), most.load(Ordering::Relaxed));
    verdict(
        most == 2 && PERMITS.available() == 2 && on_time(elapsed, 3 * NAP),
        format!("three rounds of {NAP:?} took {elapsed:?}, {most} at once"),
    )
}

/// Three tasks wait for their children of one token, whose deadline the fourth drives.
fn tokens_end() -> Verdict {
    const LIMIT: Duration = Duration::from_millis(30);
    let start = timer().now();
    let (token, ended) = (CancelToken::new(), Arc::new(AtomicU32::new(0)));
    let mut local = Local::new();
    for _ in 0..3 {
        let (child, ended) = (token.child(), ended.clone());
        let task = async move {
            child.cancelled().await;
            ended.fetch_add(1, Ordering::Relaxed);
        };
        local.spawner().spawn(task).expect("it is there");
    }
    let deadline = token.cancel_at(start.saturating_add(LIMIT), timer());
    local.spawner().spawn(async { drop(deadline.await) }).expect("it is there");
    block_on(local.run());
    let (elapsed, ended) = (since(start), ended.load(Ordering::Relaxed));
    let cause = token.cause().map_or_else(String::new, |cause| format!("{cause}"));
    verdict(ended == 3 && on_time(elapsed, LIMIT), format!("{ended} ended after {elapsed:?}, {cause}"))
}

/// One event in a static, and a channel for one value per task.
fn values_are_handed_over() -> Verdict {
    static START: Event = Event::new();
    let mut local = Local::new();
    let receivers: alloc::vec::Vec<_> = (1..=4_u32)
        .map(|n| {
            let (sender, receiver) = oneshot();
            let task = async move {
                START.wait().await;
                timer().sleep(Duration::from_millis(n.into())).await;
                let _gone = sender.send(n);
            };
            local.spawner().spawn(task).expect("it is there");
            receiver
        })
        .collect();
    let sum = block_on(local.run_until(async {
        START.set();
        let mut sum = 0;
        for receiver in receivers {
            sum += receiver.await.unwrap_or_default();
        }
        sum
    }));
    verdict(sum == 10, format!("the values sum up to {sum}"))
}

/// Two producers wait for room in a static queue, and two consumers until it is closed.
fn items_are_queued() -> Verdict {
    static QUEUE: Queue<u32> = Queue::bounded(2);
    static PRODUCERS: AtomicU32 = AtomicU32::new(2);
    let sum = Arc::new(AtomicU32::new(0));
    let mut local = Local::new();
    for first in [0, 50] {
        let producer = async move {
            for n in first..first + 50 {
                QUEUE.send(n).await.expect("it is open");
            }
            if PRODUCERS.fetch_sub(1, Ordering::AcqRel) == 1 {
                QUEUE.close();
            }
        };
        local.spawner().spawn(producer).expect("it is there");
        let sum = sum.clone();
        let consumer = async move {
            while let Some(n) = QUEUE.recv().await {
                sum.fetch_add(n, Ordering::Relaxed);
            }
        };
        local.spawner().spawn(consumer).expect("it is there");
    }
    block_on(local.run());
    let sum = sum.load(Ordering::Relaxed);
    verdict(sum == 4_950 && QUEUE.is_empty(), format!("the items sum up to {sum}"))
}

/// Items go in out of order, one is taken back and one put forward; two tasks take what is due, and end when it is closed and empty.
fn delays_end() -> Verdict {
    const TAKERS: u32 = 2;
    let (start, queue) = (timer().now(), Arc::new(DelayQueue::new(timer())));
    let (received, late) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let mut local = Local::new();
    for _ in 0..TAKERS {
        let (queue, received, late) = (queue.clone(), received.clone(), late.clone());
        let task = async move {
            while let Some(due) = queue.recv().await {
                // Base ten tells the order.
                let before = received.load(Ordering::Relaxed);
                received.store(before * 10 + due.item, Ordering::Relaxed);
                late.fetch_add(u32::from(!on_time(since(due.deadline), Duration::ZERO)), Ordering::Relaxed);
            }
        };
        local.spawner().spawn(task).expect("it is there");
    }
    let after = |n: u64| Duration::from_millis(10 * n);
    let keys = [4, 9, 2, 5].map(|n| queue.insert(n, after(n.into())).expect("it is open"));
    let moved = queue.remove(&keys[1]) == Some(9) && queue.reset(&keys[3], after(1));
    queue.close();
    block_on(local.run());
    let (elapsed, received, late) =
        (since(start), received.load(Ordering::Relaxed), late.load(Ordering::Relaxed));
    verdict(
        moved && received == 524 && late == 0 && on_time(elapsed, after(4)),
        format!("received {received} within {elapsed:?}, {late} late"),
    )
}

/// Two at once, then three tasks that wait in line, then a pace that divides no second.
fn limits_hold() -> Verdict {
    const EACH: Duration = Duration::from_millis(10);
    let (start, limiter) =
        (timer().now(), Arc::new(RateLimiter::new(Quota::per_second(100).burst(2), timer())));
    let at_once = limiter.try_acquire(2).is_ok();
    let wait = limiter.try_acquire(1).err().and_then(|denied| denied.retry_after()).unwrap_or_default();
    let mut local = Local::new();
    for _ in 0..3 {
        let limiter = limiter.clone();
        let task = async move { limiter.acquire(1).await.expect("the burst has one") };
        local.spawner().spawn(task).expect("it is there");
    }
    block_on(local.run());
    let elapsed = since(start);
    limiter.set_quota(Quota::per_second(7));
    let changed = limiter.quota() == Quota::per_second(7) && limiter.reserve(7, 2 * EACH).is_ok();
    verdict(
        at_once && wait > Duration::ZERO && wait <= EACH && changed && on_time(elapsed, 3 * EACH),
        format!("three more took {elapsed:?}, the first was told {wait:?}, changed: {changed}"),
    )
}

/// Six of eight calls fail; it stays open for 10 ms, a half more or less.
fn breaker_closes() -> Verdict {
    let schedule = exponential(Duration::from_millis(10));
    let plan = CircuitBreaker::builder().open_for(schedule).entropy(Seed::new(7));
    let rated = plan.failure_rate(0.75).window(Window::time(Duration::from_secs(1))).min_calls(8);
    let breaker = rated.build(timer());
    for call in 0..8 {
        let call = breaker.run(|| core::future::ready(if call < 2 { Ok(()) } else { Err("down") }));
        drop(block_on(call));
    }
    let (opened, start) = (breaker.state() == State::Open, timer().now());
    let refused = breaker.try_acquire().err().and_then(|rejected| rejected.retry_after()).unwrap_or_default();
    block_on(timer().sleep(refused));
    let closed = breaker.try_acquire().ok().and_then(|probe| probe.success()).map(|told| told.to);
    let elapsed = since(start);
    let in_time = elapsed >= Duration::from_millis(5) && elapsed <= Duration::from_millis(25);
    verdict(
        opened && closed == Some(State::Closed) && in_time,
        format!("refused for {refused:?}, then {closed:?} after {elapsed:?}"),
    )
}

fn verdict(right: bool, seen: String) -> Verdict {
    if right { Ok(seen) } else { Err(seen) }
}
