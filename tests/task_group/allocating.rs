//! What allocates: one seat for each task.

use super::*;
use untether::spawn::SpawnLocal;
use untether_support::allocations;

/// Spawns and runs so many, and joins them. Gives how many allocations that took.
fn cost(tasks: u64, mut round: impl FnMut(&mut Local)) -> u64 {
    let mut local = Local::new();
    (0..3).for_each(|_| round(&mut local));
    let before = allocations();
    (0..tasks).for_each(|_| round(&mut local));
    allocations() - before
}

#[test]
fn a_task_costs_one_allocation_beside_the_executors_own() {
    let bare = cost(1_000, |local| {
        local.local_spawner().spawn_local(yield_now()).unwrap();
        assert!(settle(local).is_ready());
    });
    let spawner = std::cell::OnceCell::new();
    let group = std::cell::OnceCell::new();
    let grouped = cost(1_000, |local| {
        let spawner = spawner.get_or_init(|| local.local_spawner());
        let group = group.get_or_init(|| TaskGroup::<_, (), ()>::new(spawner.clone()));
        let task = async {
            yield_now().await;
            Ok(())
        };
        group.task().try_spawn_local(task).unwrap();
        assert!(settle(local).is_ready());
    });
    assert_eq!(grouped, bare + 1_000);
}

#[test]
fn results_that_are_read_leave_no_trace() {
    let mut local = Local::new();
    let mut group = TaskGroup::<_, u64, ()>::collecting(local.spawner());
    let mut round = || {
        for n in 0..10 {
            group.try_spawn(ready(Ok(n))).unwrap();
        }
        assert!(settle(&mut local).is_ready());
        let mut read = 0;
        while let Some(ended) = untether::testing::Probe::new(group.join_next()).assert_ready() {
            read += u64::from(ended.outcome.is_ok());
        }
        read
    };
    (0..5).for_each(|_| assert_eq!(round(), 10));
    let before = allocations();
    assert_eq!(round(), 10);
    let first = allocations() - before;
    (0..100).for_each(|_| assert_eq!(round(), 10));
    let before = allocations();
    assert_eq!(round(), 10);
    assert_eq!(allocations() - before, first, "the hundredth round costs what the sixth did");
}
