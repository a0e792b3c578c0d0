//! Under thousands of schedules, with tasks that are dropped at each of their polls.

use super::*;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::sync::Semaphore;
use untether::testing::sim::{Check, Sim};
use untether::time::Timer;

/// Does something for a while, sometimes in line with others, and fails now and then.
async fn works(sim: Sim, places: Arc<Semaphore>, n: u32) -> Told {
    let _place = places.acquire().await.expect("it is open");
    match sim.choose(4) {
        0 => {}
        1 => yield_now().await,
        2 => sim.sleep(SECOND).await,
        _ => sim.sleep(3 * SECOND).await,
    }
    if sim.choose(5) == 0 { Err("down") } else { Ok(n) }
}

/// One verb of six, of children that wait for places of one semaphore.
async fn a_verb(sim: Sim, places: Arc<Semaphore>, count: u32) {
    let child = |n| works(sim.clone(), places.clone(), n);
    let children = || (0..count).map(child);
    match sim.choose(6) {
        0 => {
            let outcomes = gather(children()).await;
            assert_eq!(outcomes.len(), count as usize);
            for (n, outcome) in (0..).zip(outcomes) {
                let is_its_own = matches!(outcome, Outcome::Ok(value) if value == n);
                assert!(is_its_own || matches!(outcome, Outcome::Err("down")));
            }
        }
        1 => {
            if let Ok(values) = try_gather(children()).await {
                assert_eq!(values, (0..count).collect::<Vec<_>>());
            }
        }
        2 => {
            let (winner, told) = race(children()).await.expect("there are some");
            assert!(told.is_err() || told == Ok(winner as u32));
        }
        3 => {
            if let Err(failed) = first_ok(children()).await {
                assert_eq!(failed.errors().len(), count as usize);
            }
        }
        4 => {
            let (one, other) = gather((child(1), child(2))).await;
            assert!([one.ok(), other.ok()].into_iter().flatten().all(|n| n == 1 || n == 2));
        }
        _ => {
            let ended = AtomicUsize::new(0);
            let whole = scope(async |s| {
                for child in children() {
                    let (spawner, ended) = (s.clone(), &ended);
                    drop(s.spawn(async move {
                        _ = spawner.spawn(child).await;
                        ended.fetch_add(1, Ordering::Relaxed);
                    }));
                }
            });
            whole.await;
            assert_eq!(ended.into_inner(), count as usize);
        }
    }
}

/// Two tasks with a verb each; in the end every place is there.
async fn a_busy_day(sim: Sim, count: u32) {
    let places = Arc::new(Semaphore::new(2));
    let tasks = ["fickle", "steady"].map(|name| {
        let task = a_verb(sim.clone(), places.clone(), count);
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for task in tasks {
        drop(task.await);
    }
    assert_eq!(places.available(), 2);
}

#[test]
fn nobody_is_forgotten_and_nothing_lost_whoever_is_cancelled_at_any_poll() {
    Check::random(1_000).no_leaks().cancel("fickle").assert(|sim| a_busy_day(sim, 3));
    Check::random(50).no_leaks().cancel("fickle").assert(|sim| a_busy_day(sim, 18));
    Check::random(300).no_leaks().cancel("fickle").spurious_polls().assert(|sim| a_busy_day(sim, 3));
}

#[test]
fn nobody_is_forgotten_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().assert(|sim| a_busy_day(sim, 4));
    Check::random(300).no_leaks().timer_jitter(SECOND).assert(|sim| a_busy_day(sim, 18));
    Check::pct(300, 3).no_leaks().assert(|sim| a_busy_day(sim, 18));
}

/// Seventeen children are told by another task, in every order that a few steps have.
async fn told_by_another(sim: Sim) {
    let (mut senders, children) = told(17);
    let last = senders.split_off(14);
    senders.into_iter().for_each(|sender| sender.send(Ok(0)).unwrap());
    let teller = sim
        .spawn_task(async move {
            for sender in last {
                yield_now().await;
                _ = sender.send(Ok(1));
            }
        })
        .unwrap();
    let task = Task::builder().name("fickle").spawn(&sim, gather(children)).unwrap();
    if let Ok(outcomes) = task.await {
        assert_eq!(outcomes.oks().values.iter().sum::<u32>(), 3);
    }
    teller.await.unwrap();
}

#[test]
fn children_told_by_another_task_under_every_schedule_and_every_cancellation() {
    Check::exhaustive(2_000).no_leaks().cancel("fickle").assert(told_by_another);
}
