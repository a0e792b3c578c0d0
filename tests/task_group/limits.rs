//! How many at once.

use super::*;
use std::panic::catch_unwind;
use untether::task::group::{SpawnError, TrySpawnError};
use untether::testing::Probe;

#[test]
fn ten_run_at_once_unless_it_is_said() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim.clone());
        for _ in 0..10 {
            group.try_spawn(alive.stuck()).unwrap();
        }
        assert!(matches!(group.try_spawn(alive.stuck()), Err(TrySpawnError::Full(_))));
        assert_eq!((group.len(), group.stats().limit), (10, Some(10)));

        let group = TaskGroup::builder(sim).unlimited().collecting::<u32>();
        for _ in 0..100 {
            group.spawn(alive.stuck()).await.unwrap();
        }
        assert_eq!((group.len(), group.stats().limit), (100, None));
    });
}

#[test]
fn a_limit_of_nothing_is_refused_where_it_is_written() {
    assert!(catch_unwind(|| TaskGroup::<_, (), ()>::builder(()).limit(0)).is_err());
}

#[test]
fn spawn_waits_for_a_slot_and_who_is_dropped_there_loses_nothing_but_its_own() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = TaskGroup::builder(sim).limit(1).collecting::<u32>();
        let first = group.spawn(alive.stuck()).await.unwrap();
        let mut second = Probe::new(group.spawn(alive.stuck()));
        let mut third = Probe::new(group.spawn(ready(Ok(3))));
        assert!(second.poll().is_pending() && third.poll().is_pending());
        assert_eq!((group.len(), group.stats().waiting, alive.count()), (1, 2, 2));
        drop(second);
        assert_eq!((group.stats().waiting, alive.count()), (1, 1), "its task is dropped with it");
        assert!(third.poll().is_pending());
        assert!(matches!(group.try_spawn(ready(Ok(4))), Err(TrySpawnError::Full(_))), "nobody overtakes");
        first.abort();
        while alive.count() > 0 {
            yield_now().await;
        }
        assert!(third.poll().is_ready());
        drop(third);
        let error = group.join_all().await.unwrap_err();
        assert_eq!((error.cancelled(), error.succeeded()), (1, 1));
    });
}

#[test]
fn a_task_that_no_executor_takes_comes_back_and_reports_from_elsewhere() {
    let (closed, mut local) = (Local::new().spawner(), Local::new());
    let spawner = local.spawner();
    let mut group = TaskGroup::builder(closed).limit(2).continue_on_failure().collecting::<u32>();
    let refused = group.try_spawn(ready(Ok::<_, &str>(7))).unwrap_err();
    assert_eq!(refused.to_string(), "spawning on an executor that was shut down");
    let TrySpawnError::Refused(refused) = refused else { panic!("it is the executor that refuses") };
    untether::spawn::Spawn::spawn_boxed(&spawner, refused.into_inner()).unwrap();
    assert!(settle(&mut local).is_ready());

    let SpawnError::Refused(refused) =
        Probe::new(group.task().name("lost").spawn(ready(Ok(8)))).assert_ready().unwrap_err()
    else {
        panic!("it is the executor that refuses")
    };
    assert_eq!(group.len(), 1);
    drop(refused);
    assert_eq!(group.len(), 0, "and it has given its slot back");
    let mut words = Vec::new();
    while let Some(ended) = Probe::new(group.join_next()).assert_ready() {
        words.push(word(&ended));
    }
    assert_eq!(words, ["7", "cancelled"]);
}
