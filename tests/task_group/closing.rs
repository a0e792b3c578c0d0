//! Ends of a group.

use super::*;
use untether::sync::CancelToken;
use untether::sync::cancel::Cause;
use untether::task::group::{SpawnError, TrySpawnError};
use untether::testing::Probe;

#[test]
fn a_close_refuses_and_hands_the_task_back_also_to_who_waits_for_a_slot() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = TaskGroup::builder(sim).limit(1).collecting::<u32>();
        group.spawn(async { Ok(1) }).await.unwrap();
        let mut waits = Probe::new(group.spawn(alive.stuck()));
        assert!(waits.poll().is_pending());
        group.close();
        let Err(SpawnError::Closed(task)) = waits.assert_ready() else { panic!("it is refused") };
        assert_eq!(alive.count(), 1);
        drop(task);
        assert_eq!(alive.count(), 0);
        assert!(matches!(group.try_spawn(ready(Ok(2))), Err(TrySpawnError::Closed(_))));
        let refused = group.spawn(ready(Ok(2))).await.unwrap_err();
        assert_eq!(refused.to_string(), "starting a task in a group that is closed");
        group.close();
        drop(waits);
        assert_eq!(group.join_all().await.unwrap(), [1], "what ran was left alone");
    });
}

#[test]
fn wait_idle_ends_when_nobody_runs_whether_results_are_read_or_not() {
    in_order(|sim| async move {
        let group = Group::collecting(sim);
        group.wait_idle().await;
        for n in 0..5 {
            group
                .spawn(async move {
                    yield_now().await;
                    Ok(n)
                })
                .await
                .unwrap();
        }
        group.wait_idle().await;
        assert_eq!((group.len(), group.stats().unread, group.stats().succeeded), (0, 5, 5));
    });
}

#[test]
fn dropping_a_group_aborts_its_tasks_also_those_that_have_the_token() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        group.spawn(alive.stuck()).await.unwrap();
        group.spawn_with(|_deaf| alive.stuck()).await.unwrap();
        let token = group.token().clone();
        drop(group);
        assert!(token.is_cancelled());
        while alive.count() > 0 {
            yield_now().await;
        }
    });
}

#[test]
fn dropping_join_all_aborts_the_tasks() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        group.spawn(alive.stuck()).await.unwrap();
        let mut joins = Probe::new(group.join_all());
        assert!(joins.poll().is_pending());
        drop(joins);
        while alive.count() > 0 {
            yield_now().await;
        }
    });
}

#[test]
fn who_has_the_token_is_asked_and_waited_for() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        let living = alive.one();
        group
            .spawn_with(|token| async move {
                let _living = living;
                token.cancelled().await;
                for _ in 0..20 {
                    yield_now().await; // It cleans up, and nobody cuts that short.
                }
                Ok(9)
            })
            .await
            .unwrap();
        yield_now().await;
        group.cancel(Cause::Requested);
        group.cancel(Cause::Shutdown);
        assert_eq!(group.join_all().await.unwrap(), [9]);
    });
}

#[test]
fn who_has_the_token_and_does_not_listen_is_aborted_by_abort_all() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        group.spawn_with(|_deaf| alive.stuck()).await.unwrap();
        group.cancel(Cause::Requested);
        for _ in 0..10 {
            yield_now().await;
        }
        assert_eq!(alive.count(), 1);
        group.abort_all();
        let error = group.join_all().await.unwrap_err();
        assert_eq!((error.cancelled(), alive.count()), (1, 0));
    });
}

#[test]
fn a_parent_that_is_cancelled_cancels_the_group_and_nothing_is_started_any_more() {
    in_order(|sim| async move {
        let (parent, alive) = (CancelToken::new(), Alive::default());
        let group = TaskGroup::builder(sim.clone()).parent(&parent).limit(2).collecting::<u32>();
        group.spawn(alive.stuck()).await.unwrap();
        group.spawn(alive.stuck()).await.unwrap();
        let mut waits = Probe::new(group.spawn(alive.stuck()));
        assert!(waits.poll().is_pending());
        parent.cancel();
        assert!(matches!(
            group.try_spawn(alive.stuck()),
            Err(TrySpawnError::Closed(_) | TrySpawnError::Full(_))
        ));
        group.wait_idle().await;
        assert!(matches!(waits.assert_ready(), Err(SpawnError::Closed(_))));
        assert!(matches!(group.try_spawn(alive.stuck()), Err(TrySpawnError::Closed(_))));
        drop(waits);
        assert_eq!(group.join_all().await.unwrap_err().cancelled(), 2);

        let group = TaskGroup::<_, (), &str>::builder(sim).parent(&parent).collecting::<u32>();
        assert!(
            matches!(group.spawn(alive.stuck()).await, Err(SpawnError::Closed(_))),
            "it was born cancelled"
        );
    });
}

#[test]
fn a_group_that_is_cancelled_leaves_its_parent_alone() {
    in_order(|sim| async move {
        let parent = CancelToken::new();
        let group = TaskGroup::<_, (), &str>::builder(sim).parent(&parent).build();
        group.cancel(Cause::Requested);
        drop(group);
        assert!(!parent.is_cancelled());
    });
}

#[test]
fn an_executor_that_goes_away_cancels_and_nobody_waits_for_ever() {
    let mut local = Local::new();
    let group = TaskGroup::<_, u32, &str>::collecting(local.spawner());
    group.try_spawn(pending()).unwrap();
    assert!(settle(&mut local).is_pending());
    let mut joins = Probe::new(group.join_all());
    assert!(joins.poll().is_pending());
    drop(local);
    assert_eq!(joins.assert_ready().unwrap_err().cancelled(), 1);
}

#[test]
fn a_parent_that_is_cancelled_closes_the_group_also_to_those_who_wait_for_a_slot() {
    in_order(|sim| async move {
        let (parent, alive) = (CancelToken::new(), Alive::default());
        let group = TaskGroup::builder(sim.clone()).parent(&parent).limit(1).collecting::<u32>();
        group.spawn_with(|_deaf| alive.stuck()).await.unwrap();
        let mut waits = Probe::new(group.spawn(alive.stuck()));
        assert!(waits.poll().is_pending());
        parent.cancel();
        assert!(group.is_closed());
        assert!(matches!(waits.assert_ready(), Err(SpawnError::Closed(_))), "though the slot is not free");
        drop(waits);

        let born = TaskGroup::<_, (), &str>::builder(sim).parent(&parent).build();
        assert!(born.is_closed());
    });
}
