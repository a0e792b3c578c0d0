//! Under thousands of schedules, with tasks that are dropped at each of their polls.

use super::*;
use std::cell::Cell;
use untether::limit::bulkhead::Stats;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::{TimeoutExt, Timer};

/// What holds at each moment.
fn assert_sound(stats: Stats, most: usize) {
    assert!(stats.running + stats.granted <= most && stats.waiting <= 2, "{stats:?}");
}

/// Counts those who run, by what they do themselves.
#[derive(Default)]
struct Inside(Arc<AtomicUsize>);

impl Inside {
    fn enter(running: &Arc<AtomicUsize>, most: usize) -> Self {
        assert!(running.fetch_add(1, Ordering::AcqRel) < most, "too many run");
        Self(running.clone())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn calls(sim: Sim, bulkhead: Arc<Bulkhead<Sim>>, running: Arc<AtomicUsize>) {
    for _ in 0..3 {
        let (sim, running) = (sim.clone(), running.clone());
        let timer = sim.clone();
        let operation = async move || {
            let inside = Inside::enter(&running, 3);
            match sim.choose(4) {
                0 => {}
                1 => yield_now().await,
                2 => sim.sleep(SECOND).await,
                _ => sim.sleep(3 * SECOND).await,
            }
            drop(inside);
        };
        let outcome = bulkhead.run(operation).timeout(4 * SECOND, &timer).await;
        assert_sound(bulkhead.stats(), 3);
        if let Ok(Err(rejected)) = outcome {
            assert_ne!(rejected.reason(), AcquireError::Closed);
        }
    }
}

/// Four callers, and one who resizes; then all is there.
async fn a_busy_day(sim: Sim) {
    let bulkhead = Bulkhead::builder(2).queue(2).max_wait(2 * SECOND, sim.clone());
    let (bulkhead, running) = (Arc::new(bulkhead.build()), Arc::new(AtomicUsize::new(0)));
    let tasks = ["fickle", "steady", "third", "fourth"].map(|name| {
        let task = calls(sim.clone(), bulkhead.clone(), running.clone());
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for size in [1, 3, 2] {
        sim.sleep(sim.choose(3) * SECOND).await;
        bulkhead.resize(size);
        assert_sound(bulkhead.stats(), 3);
    }
    for task in tasks {
        drop(task.await);
    }
    assert_eq!(running.load(Ordering::Acquire), 0);
    assert_whole(&bulkhead);
}

#[test]
fn a_bulkhead_keeps_its_counts_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "steady"] {
        Check::random(1_500).no_leaks().cancel(name).assert(a_busy_day);
    }
    Check::random(1_000).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_day);
}

#[test]
fn a_bulkhead_keeps_its_counts_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().assert(a_busy_day);
    Check::random(1_000).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(1_000, 3).no_leaks().assert(a_busy_day);
}

/// Three want the one place; one of them may be cancelled. One waits at most, so one may be refused.
async fn three_on_one(sim: Sim, closes: bool) {
    let (bulkhead, running) =
        (Arc::new(Bulkhead::builder(1).queue(1).build()), Arc::new(AtomicUsize::new(0)));
    let tasks = ["fickle", "steady", "third"].map(|name| {
        let running = running.clone();
        let operation = async move || {
            let _inside = Inside::enter(&running, 1);
            yield_now().await;
        };
        let run = Bulkhead::run_owned(bulkhead.clone(), operation);
        let task = async move { run.await.map_err(|rejected| rejected.reason()) };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    if closes {
        yield_now().await;
        bulkhead.close();
    }
    let mut served = 0;
    for task in tasks {
        match task.await {
            Ok(Ok(())) => served += 1,
            Ok(Err(reason)) => assert!(reason == AcquireError::Full || closes, "{reason}"),
            Err(cancelled) => assert!(cancelled.is_cancelled()),
        }
    }
    assert!(served >= 1 || closes);
    assert_whole(&bulkhead);
}

#[test]
fn three_who_want_one_place_under_every_schedule_and_every_cancellation() {
    for closes in [false, true] {
        let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle");
        let passed = passed.run(|sim| three_on_one(sim, closes)).unwrap();
        assert!(passed.complete && passed.schedules > 50, "{passed:?}");
    }
}

#[test]
fn a_place_that_comes_with_the_limit_is_had_or_left_and_never_lost() {
    let (had, left) = (Cell::new(0_u32), Cell::new(0_u32));
    Check::random(2_000).no_leaks().assert(async |sim: Sim| {
        let bulkhead = Arc::new(Bulkhead::builder(1).max_wait(SECOND, sim.clone()).build());
        let first = Bulkhead::try_acquire_owned(bulkhead.clone()).unwrap();
        let timer = sim.clone();
        let gives = sim.spawn_task(async move {
            timer.sleep(SECOND).await;
            drop(first);
        });
        let outcome = bulkhead.run(says(1)).await;
        gives.unwrap().await.unwrap();
        let counts = if outcome.is_ok() { &had } else { &left };
        counts.set(counts.get() + 1);
        assert_whole(&bulkhead);
    });
    assert!(had.get() > 0 && left.get() > 0, "{} and {}", had.get(), left.get());
}

#[test]
fn everybody_is_served_in_the_order_in_which_they_came() {
    Check::random(1_000).no_leaks().assert(async |sim: Sim| {
        let bulkhead = Arc::new(Bulkhead::new(1));
        let order = Arc::new(Mutex::new((Vec::new(), Vec::new())));
        let tasks = [0, 1, 2, 3].map(|id| {
            let (bulkhead, order) = (bulkhead.clone(), order.clone());
            let task = async move {
                order.lock().unwrap().0.push(id);
                let called = order.clone();
                let operation = async move || {
                    called.lock().unwrap().1.push(id);
                    yield_now().await;
                };
                bulkhead.run(operation).await.unwrap();
            };
            sim.spawn_task(task).unwrap()
        });
        for task in tasks {
            task.await.unwrap();
        }
        let order = order.lock().unwrap();
        assert_eq!(order.0, order.1);
    });
}
