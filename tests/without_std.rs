//! What needs no std, run without it: `ci/features.sh` builds the crate with `testing` alone for this file.
#![cfg(feature = "testing")]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::fault::{Boundary, Fallback, Hedge};
use untether::limit::{KeyedLimiter, Quota, RateLimiter};
use untether::queue::{DelayQueue, KeyedQueue, WorkQueue};
use untether::retry::schedule::constant;
use untether::retry::{Attempt, Retry};
use untether::rt::local::Local;
use untether::spawn::{Parts, Spawn, SpawnErrorKind, SpawnExt, yield_now};
use untether::sync::Mutex;
use untether::task::Background;
use untether::testing::sim::{Check, FailureKind, Sim};
use untether::testing::{ManualClock, Probe};
use untether::time::{AnyTimer, Clock, Deadline, Entropy, Interval, Seed, TimeoutExt, Timer};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_simulator_walks_every_schedule_and_reports_a_deadlock() {
    let passed = Check::exhaustive(10_000)
        .run(async |sim| {
            let tasks = [1, 2, 3].map(|n| {
                let timer = sim.clone();
                sim.spawn_task(
                    async move { timer.sleep(n * SECOND).timeout(2 * SECOND, &timer).await.is_ok() },
                )
                .unwrap()
            });
            let mut in_time = 0;
            for task in tasks {
                in_time += usize::from(task.await.unwrap());
            }
            assert_eq!(in_time, 2);
        })
        .unwrap();
    assert!(passed.complete);
    let failure = Check::random(1).run(async |_| std::future::pending().await).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Deadlock);
}

#[test]
fn a_failing_schedule_is_made_smaller_and_time_is_held() {
    let body = async |sim: Sim| {
        let held = sim.hold_time();
        let task = sim.spawn_task(yield_now()).unwrap();
        sim.idle().await;
        assert!(task.is_finished());
        drop(held);
        sim.sleep(SECOND).await;
        if sim.choose(100) + sim.choose(100) > 120 {
            std::future::pending::<()>().await;
        }
    };
    for check in [Check::random(100), Check::pct(100, 2), Check::bytes(&[99; 16])] {
        let failure = check.timer_jitter(SECOND).no_leaks().deterministic().run(body).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Deadlock);
        assert_eq!(failure.tape.choices().iter().sum::<u32>(), 121, "{failure}");
        assert!(failure.shrunk.is_some());
    }
}

#[test]
fn tasks_run_inside_one_future_on_a_clock_of_ones_own() {
    let clock = ManualClock::new();
    let mut local = Local::new();
    let rt = Parts { timer: clock.clone(), spawn: local.local_spawner() };
    let (ticks, spawner) = (Rc::new(Cell::new(0)), local.spawner());
    let counted = ticks.clone();
    let main = async move {
        let beat = rt.timer.clone();
        let counting = rt.spawn_local_task(async move {
            let mut beat = Interval::new(SECOND, &beat);
            for _ in 0..3 {
                beat.tick().await;
                counted.set(counted.get() + 1);
            }
        });
        spawner.spawn(async { yield_now().await }).unwrap();
        counting.unwrap().await.unwrap();
    };
    {
        let mut running = Probe::new(local.run_until(main));
        while running.poll().is_pending() {
            // Woken by itself as long as it has something to do; else the time moves on.
            if running.poll().is_ready() || clock.advance_to_next().is_none() {
                break;
            }
        }
    }
    assert_eq!(ticks.get(), 3);
    let spawner = local.spawner();
    drop(local);
    assert_eq!(spawner.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
}

#[test]
fn keys_are_hashed_and_one_of_each_is_in_flight() {
    let passed = Check::exhaustive(100_000).run(async |sim| {
        static QUEUE: KeyedQueue<&str, u32> = KeyedQueue::unbounded();
        let tasks = [1, 2].map(|_| {
            sim.spawn_task(async {
                let value = QUEUE.recv().await.unwrap();
                yield_now().await;
                *value
            })
            .unwrap()
        });
        [1, 2].into_iter().for_each(|value| QUEUE.try_send("key", value).unwrap());
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        assert_eq!((sum, QUEUE.keys()), (3, 0));
    });
    assert!(passed.unwrap().complete);
}

#[test]
fn limits_erased_timers_locks_and_entropy_are_there() {
    let clock = ManualClock::new();
    let timer = AnyTimer::new(clock.clone());
    let mutex = Mutex::new(1);
    let deadline = Deadline::after(SECOND, &timer).named("lock");
    let mut held = Probe::new(mutex.lock());
    let guard = held.assert_ready();
    let mut waits = Probe::new(deadline.run(mutex.lock(), &timer));
    waits.assert_pending();
    clock.advance(SECOND);
    assert_eq!(waits.assert_ready().map(|guard| *guard).unwrap_err().to_string(), "lock: timed out after 1s");
    drop(guard);
    assert_eq!(Seed::new(3).next_u64(), Seed::new(3).next_u64());
    assert!(clock.now() > clock.now().saturating_sub(SECOND));
}

#[test]
fn a_delay_queue_gives_what_is_due() {
    let clock = ManualClock::new();
    let queue = DelayQueue::new(clock.clone());
    let mut waits = Probe::new(queue.recv());
    waits.assert_pending();
    let first = queue.insert(1, SECOND).unwrap();
    queue.insert(2, 2 * SECOND).unwrap();
    waits.assert_pending();
    assert_eq!(queue.remove(&first), Some(1));
    clock.advance(2 * SECOND);
    assert_eq!(waits.assert_ready().map(|expired| expired.item), Some(2));
}

#[test]
fn a_job_that_failed_comes_again() {
    let clock = ManualClock::new();
    let queue = WorkQueue::builder(clock.clone()).backoff([SECOND]).key(|job| *job).build();
    let mut waits = Probe::new(queue.lease());
    waits.assert_pending();
    Probe::new(queue.push(1)).assert_ready().unwrap();
    drop(waits.assert_ready());
    waits.assert_pending();
    clock.advance(SECOND);
    assert_eq!(waits.assert_ready().map(|job| (job.attempt(), job.take())), Some((2, 1)));
    Probe::new(queue.join()).assert_ready();
}

#[test]
fn limits_let_through_wait_and_forget() {
    let clock = ManualClock::new();
    let (limiter, keyed) = (
        RateLimiter::new(Quota::per_second(1), clock.clone()),
        KeyedLimiter::<String, _>::builder(Quota::per_second(1), clock.clone()).max_keys(2).build(),
    );
    assert!(limiter.try_acquire(1).is_ok() && limiter.try_acquire(1).is_err());
    let mut waits = Probe::new(limiter.acquire(1));
    waits.assert_pending();
    clock.advance(SECOND);
    waits.assert_ready().unwrap();
    limiter.set_quota(Quota::per_hour(7));
    assert_eq!(limiter.quota(), Quota::per_hour(7));
    assert!(["a", "b", "c"].iter().all(|key| keyed.try_acquire(*key, 1).is_ok()));
    assert_eq!((keyed.len(), keyed.stats().forgotten), (2, 1));
}

#[test]
fn what_is_slow_is_hedged_and_what_fails_is_answered_otherwise() {
    let (clock, seed) = (ManualClock::new(), Seed::new(1));
    let second = |attempt: Attempt| async move {
        if attempt.is_first() { std::future::pending().await } else { Ok::<_, ()>(attempt.number()) }
    };
    let mut hedging = Probe::new(Hedge::after(SECOND).run(second, &clock));
    hedging.assert_pending();
    clock.advance(SECOND);
    assert_eq!(hedging.assert_ready(), Ok(2));

    let retry = Retry::new(constant(SECOND).attempts(2)).entropy(&seed);
    let boundary = Boundary::new("call").retry(retry).fallback(Fallback::value(9));
    let mut running = Probe::new(boundary.run(async |_: Attempt| Err::<u32, _>("busy"), &clock));
    running.assert_pending();
    clock.advance(2 * SECOND);
    assert_eq!(running.assert_ready().unwrap(), 9);
}

#[test]
fn jobs_run_in_one_future_until_they_are_stopped() {
    let clock = ManualClock::new();
    let (background, driver) = Background::driver(clock.clone());
    let background = background.entropy(Seed::new(1));
    let count = Arc::new(AtomicUsize::new(0));
    let job = count.clone();
    let job = background.job("count", SECOND, move || {
        job.fetch_add(1, Ordering::Relaxed);
        core::future::ready(Err::<(), _>("broken"))
    });
    let job = job.jitter(SECOND / 2).start().unwrap();
    let mut driver = Probe::new(driver);
    driver.assert_pending();
    while job.status().runs < 5 {
        clock.advance_to_next();
        driver.assert_pending();
    }
    assert_eq!((count.load(Ordering::Relaxed), job.status().failures), (5, 5));
    let mut shutdown = Probe::new(background.shutdown());
    shutdown.assert_pending();
    driver.assert_ready();
    assert_eq!(shutdown.assert_ready().finished, ["count"]);
}
