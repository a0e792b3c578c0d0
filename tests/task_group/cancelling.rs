//! Whatever is dropped, at each of its polls.

use super::*;
use untether::spawn::Task;

/// Two spawners share one slot; one of them may be dropped anywhere.
async fn two_on_one_slot(sim: Sim) {
    let group = Arc::new(TaskGroup::builder(sim.clone()).limit(1).collecting::<u32>());
    let [fickle, steady] = ["fickle", "steady"].map(|name| {
        let group = group.clone();
        let task = async move {
            for n in 0..2 {
                let task = async move {
                    yield_now().await;
                    Ok::<_, &str>(n)
                };
                group.spawn(task).await.unwrap();
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    let _ = fickle.await;
    steady.await.unwrap();
    group.wait_idle().await;
    let stats = group.stats();
    assert_eq!((stats.running, stats.waiting), (0, 0));
    assert!((2..=4).contains(&stats.unread) && stats.unread == stats.succeeded, "{stats:?}");
    group.try_spawn(ready(Ok(9))).expect("the slot is free");
}

#[test]
fn a_dropped_spawn_loses_no_slot_under_every_schedule() {
    let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle").run(two_on_one_slot).unwrap();
    assert!(passed.schedules > 50, "{passed:?}");
    Check::random(2_000).no_leaks().cancel("fickle").spurious_polls().assert(two_on_one_slot);
}

/// The owner of a group is dropped anywhere: all its tasks end, and what they hold is let go.
async fn an_owner(sim: Sim) {
    let alive = Alive::default();
    let counts = alive.clone();
    let on = sim.clone();
    let owner = async move {
        let mut group = Group::collecting(on.clone());
        for n in 0..3 {
            let living = counts.one();
            let task = async move {
                let _living = living;
                for _ in 0..n {
                    yield_now().await;
                }
                Ok(n)
            };
            group.spawn(task).await.unwrap();
            group.spawn(counts.stuck()).await.unwrap();
        }
        group.join_next().await.unwrap();
        yield_now().await;
        group.join_all().await.unwrap_err()
    };
    let owner = Task::builder().name("owner").spawn(&sim, owner).unwrap();
    for _ in 0..12 {
        yield_now().await;
    }
    drop(owner);
    while alive.count() > 0 {
        yield_now().await;
    }
}

#[test]
fn a_group_whose_owner_is_dropped_at_any_poll_takes_its_tasks_with_it() {
    Check::random(2_000).no_leaks().cancel("owner").assert(an_owner);
}

/// The waiter of wait_idle is dropped anywhere; another one hears of the end all the same.
async fn two_wait(sim: Sim) {
    let group = Arc::new(Group::collecting(sim.clone()));
    let [fickle, steady] = ["fickle", "steady"].map(|name| {
        let group = group.clone();
        Task::builder().name(name).spawn(&sim, async move { group.wait_idle().await }).unwrap()
    });
    for n in 0..3 {
        group
            .spawn(async move {
                yield_now().await;
                Ok(n)
            })
            .await
            .unwrap();
    }
    let _ = fickle.await;
    steady.await.unwrap();
}

#[test]
fn a_dropped_wait_idle_takes_no_wakeup_from_another() {
    Check::random(1_000).no_leaks().cancel("fickle").assert(two_wait);
    Check::exhaustive(200_000).no_leaks().cancel("fickle").run(two_wait).unwrap();
}
