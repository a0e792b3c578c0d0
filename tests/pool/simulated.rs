//! Under thousands of schedules, with managers that do anything and tasks that are dropped at each of their polls.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};
use untether::resource::pool::{CancelledRecycle, Stats};
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::{TimeoutExt, Timer};

type Simulated = Pool<Maker, Sim>;

/// What holds at each moment.
fn assert_sound(stats: Stats, log: &Log, most: usize) {
    assert_eq!(stats.size, stats.idle + stats.in_use + stats.creating, "{stats:?}");
    assert!(stats.size <= most && stats.idle <= most, "{stats:?}");
    assert!(log.most_alive() <= most, "{} objects at once", log.most_alive());
}

/// A manager whose every act is up to the schedule. It may hang only where limits see to it.
fn chooser(sim: &Sim, acts: &'static [Act]) -> Arc<Log> {
    let sim = sim.clone();
    Log::choosing(move |at| match at {
        At::Create | At::Recycle => acts[sim.choose(acts.len() as u32) as usize],
        At::IsBroken if sim.choose(4) == 0 => Act::Fails,
        _ => Act::Works,
    })
}

const ACTS: [Act; 6] = [Act::Works, Act::Yields, Act::Works, Act::Fails, Act::FailsLater, Act::Hangs];

async fn uses(sim: Sim, pool: Arc<Simulated>, log: Arc<Log>, most: usize) {
    for _ in 0..3 {
        let got = pool.get().timeout(3 * SECOND, &sim).await;
        assert_sound(pool.stats(), &log, most);
        if let Ok(Ok(thing)) = got {
            match sim.choose(3) {
                0 => yield_now().await,
                1 => sim.sleep(SECOND).await,
                _ => {}
            }
            if sim.choose(8) == 0 {
                drop(Object::take(thing));
            }
        }
        assert_sound(pool.stats(), &log, most);
    }
}

/// Three users, one who maintains, one who resizes and looks through; then all is there, or gone.
async fn a_busy_day(sim: Sim) {
    let log = chooser(&sim, &ACTS);
    let then = [CancelledRecycle::Detach, CancelledRecycle::Return][sim.choose(2) as usize];
    let pool = Pool::builder(2, log.maker()).min_idle(1).on_cancelled_recycle(then);
    let pool = if sim.choose(2) == 0 { pool.fifo() } else { pool };
    let pool = pool.timer(sim.clone()).wait_limit(4 * SECOND).create_limit(SECOND).recycle_limit(SECOND);
    let pool = Arc::new(pool.max_lifetime(5 * SECOND).idle_time(2 * SECOND).build());
    let mut tasks = Vec::new();
    for name in ["fickle", "steady", "third"] {
        let task = uses(sim.clone(), pool.clone(), log.clone(), 3);
        tasks.push(Task::builder().name(name).spawn(&sim, task).unwrap());
    }
    let maintains =
        Task::builder().name("maintains").spawn(&sim, pool.maintained(SECOND, sim.clone())).unwrap();
    let (resized, timer) = (pool.clone(), sim.clone());
    tasks.push(
        sim.spawn_task(async move {
            for size in [1, 3, 2] {
                timer.sleep(timer.choose(3) * SECOND).await;
                resized.resize(size);
                resized.retain(|thing, _| thing.id % 3 != 0);
            }
        })
        .unwrap(),
    );
    for task in tasks {
        drop(task.await);
    }
    let stats = pool.stats();
    assert_eq!((stats.in_use, stats.waiting, stats.max_size), (0, 0, 2), "{stats:?}");
    assert_sound(stats, &log, 3);
    pool.close();
    pool.drained().await;
    drop(maintains.await);
    log.set_bound(3);
    assert_whole(&pool, &log);
    assert_eq!(log.alive(), 0);
}

#[test]
fn a_pool_keeps_its_counts_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "steady", "maintains"] {
        Check::random(700).no_leaks().cancel(name).assert(a_busy_day);
    }
    Check::random(400).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_day);
}

#[test]
fn a_pool_keeps_its_counts_in_thousands_of_schedules() {
    Check::random(1_500).no_leaks().assert(a_busy_day);
    Check::random(500).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(500, 3).no_leaks().assert(a_busy_day);
}

/// Two want the one object there may be; one of them may be cancelled, and a third closes.
async fn two_on_one(sim: Sim, closes: bool) {
    let log = Log::new();
    log.set_bound(1);
    log.script(At::Create, &[Act::Yields, Act::Yields]);
    log.script(At::Recycle, &[Act::Yields, Act::Yields]);
    let pool = Arc::new(Pool::new(1, log.maker()));
    let tasks = ["fickle", "steady"].map(|name| {
        let pool = pool.clone();
        let task = async move {
            let got = pool.get().await;
            yield_now().await;
            got.is_ok()
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    if closes {
        yield_now().await;
        pool.close();
    }
    let [fickle, steady] = tasks;
    let _ = fickle.await;
    assert!(steady.await.unwrap() || closes);
    assert_whole(&pool, &log);
}

#[test]
fn two_who_want_one_object_under_every_schedule_and_every_cancellation() {
    for closes in [false, true] {
        let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle");
        let passed = passed.run(|sim| two_on_one(sim, closes)).unwrap();
        assert!(passed.complete && passed.schedules > 50, "{passed:?}");
    }
}

/// Managers that panic as well: the task that asked them ends, and nothing else does.
async fn panics(sim: Sim) {
    const ACTS: [Act; 5] = [Act::Works, Act::Panics, Act::PanicsLater, Act::Yields, Act::Works];
    let chooses = sim.clone();
    let log = Log::choosing(move |at| match at {
        At::Create | At::Recycle => ACTS[chooses.choose(5) as usize],
        // A panic within a panic would be the end.
        _ if std::thread::panicking() => Act::Works,
        _ if chooses.choose(6) == 0 => Act::Panics,
        _ => Act::Works,
    });
    log.set_bound(2);
    let pool = Arc::new(Pool::builder(2, log.maker()).timer(sim.clone()).build());
    let panicked = Arc::new(AtomicBool::new(false));
    let tasks = ["fickle", "steady", "third", "fourth"].map(|name| {
        let (pool, log) = (pool.clone(), log.clone());
        let task = async move {
            for _ in 0..3 {
                let got = pool.get().await;
                yield_now().await;
                assert_sound(pool.stats(), &log, 2);
                drop(got);
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for task in tasks {
        if task.await.is_err() {
            panicked.store(true, Ordering::Release);
        }
    }
    log.works_from_now_on();
    assert_whole(&pool, &log);
}

#[test]
fn a_pool_keeps_its_counts_though_its_manager_panics() {
    Check::random(1_000).unseen_panics_pass().assert(panics);
    Check::random(500).unseen_panics_pass().cancel("fickle").assert(panics);
}

#[test]
fn everybody_is_served_in_the_order_in_which_they_came() {
    Check::random(1_000).no_leaks().assert(async |sim: Sim| {
        let log = chooser(&sim, &[Act::Works, Act::Yields]);
        let pool = Arc::new(Pool::new(1, log.maker()));
        let order = Arc::new(std::sync::Mutex::new((Vec::new(), Vec::new())));
        let tasks = [0, 1, 2, 3].map(|id| {
            let (pool, order) = (pool.clone(), order.clone());
            let task = async move {
                order.lock().unwrap().0.push(id);
                let held = pool.get().await.unwrap();
                order.lock().unwrap().1.push(id);
                yield_now().await;
                drop(held);
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
