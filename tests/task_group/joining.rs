//! What the tasks give, and to whom.

use super::*;
use futures_util::StreamExt;
use untether::time::Timer;

#[test]
fn join_all_gives_the_values_in_the_order_in_which_the_tasks_were_started() {
    in_order(|sim| async move {
        let group = Group::collecting(sim.clone());
        for n in [3, 1, 2] {
            let timer = sim.clone();
            let task = async move {
                timer.sleep(std::time::Duration::from_secs(n.into())).await;
                Ok(n)
            };
            group.spawn(task).await.unwrap();
        }
        assert_eq!(group.join_all().await.unwrap(), [3, 1, 2]);
    });
}

#[test]
fn join_next_gives_what_ends_first_and_nothing_when_all_was_read() {
    in_order(|sim| async move {
        let mut group = Group::collecting(sim.clone());
        for n in [3_u32, 1, 2] {
            let timer = sim.clone();
            let task = async move {
                timer.sleep(std::time::Duration::from_secs(n.into())).await;
                Ok(n)
            };
            let started = group.task().name(format!("for {n} s")).spawn(task).await.unwrap();
            assert_eq!(started.id().index(), [3, 1, 2].iter().position(|&other| other == n).unwrap() as u64);
        }
        let mut ends = Vec::new();
        while let Some(ended) = group.join_next().await {
            ends.push((ended.id.index(), ended.label.name().unwrap().to_string(), word(&ended)));
        }
        let line = |index, n: u32| (index, format!("for {n} s"), n.to_string());
        assert_eq!(ends, [line(1, 1), line(2, 2), line(0, 3)]);
        assert!(group.join_next().await.is_none(), "and again");
    });
}

#[test]
fn a_group_that_is_joined_empty_gives_nothing() {
    in_order(|sim| async move {
        assert!(Group::collecting(sim.clone()).join_next().await.is_none());
        assert!(Group::collecting(sim.clone()).join_all().await.unwrap().is_empty());
        Group::collecting(sim).wait_idle().await;
    });
}

#[test]
fn a_dropped_join_next_loses_no_result() {
    in_order(|sim| async move {
        let mut group = Group::collecting(sim);
        let gate = Arc::new(untether::sync::Event::new());
        let opens = gate.clone();
        group
            .spawn(async move {
                gate.wait().await;
                Ok(7)
            })
            .await
            .unwrap();
        {
            let mut asked = untether::testing::Probe::new(group.join_next());
            assert!(asked.poll().is_pending());
        }
        opens.set();
        group.wait_idle().await;
        assert_eq!(group.stats().unread, 1);
        assert_eq!(word(&group.join_next().await.unwrap()), "7");
    });
}

#[test]
fn a_group_is_a_stream_of_what_its_tasks_leave() {
    in_order(|sim| async move {
        let mut group = Group::collecting(sim);
        for n in 0..4 {
            group.spawn(ready(Ok(n))).await.unwrap();
        }
        let mut given: Vec<_> = group.by_ref().map(|ended| word(&ended)).collect().await;
        given.sort();
        assert_eq!(given, ["0", "1", "2", "3"]);
        group.spawn(ready(Ok(4))).await.unwrap();
        assert_eq!(word(&group.next().await.unwrap()), "4", "it goes on when another is started");
    });
}

#[test]
fn siblings_that_tasks_start_are_joined_with_them() {
    in_order(|sim| async move {
        let group = Group::collecting(sim);
        let handle = group.handle();
        let parent = async move {
            let inner = handle.clone();
            let child = async move {
                inner.spawn(ready(Ok(3))).await.unwrap();
                yield_now().await;
                Ok(2)
            };
            handle.spawn(child).await.unwrap();
            Ok(1)
        };
        group.spawn(parent).await.unwrap();
        assert_eq!(group.join_all().await.unwrap(), [1, 2, 3]);
    });
}

#[test]
fn a_handle_starts_nothing_when_its_group_is_gone_and_keeps_none_of_its_tasks() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        let handle = group.handle();
        group.spawn(alive.stuck()).await.unwrap();
        drop(group);
        assert!(matches!(
            handle.spawn(ready(Ok(1))).await,
            Err(untether::task::group::SpawnError::Closed(_))
        ));
        while alive.count() > 0 {
            yield_now().await;
        }
        assert!(handle.is_empty());
    });
}

#[test]
fn a_group_that_gives_nothing_keeps_nothing_of_those_that_went_well() {
    in_order(|sim| async move {
        let mut group = TaskGroup::<_, (), &str>::new(sim);
        for n in 0..100 {
            let result = if n == 57 { Err("odd") } else { Ok(()) };
            group.task().name("one").spawn(ready(result)).await.ok();
            group.wait_idle().await;
        }
        assert_eq!(group.stats().unread, 1);
        let ended = group.join_next().await.unwrap();
        assert_eq!((ended.id.index(), word(&ended).as_str()), (57, "odd"));
        assert!(group.join_next().await.is_none());
    });
}

#[test]
fn of_failures_that_nobody_reads_the_first_thousand_are_kept_and_the_others_counted() {
    in_order(|sim| async move {
        let group = TaskGroup::<_, (), usize>::builder(sim).continue_on_failure().build();
        for n in 0..1_234 {
            group.spawn(ready(Err(n))).await.unwrap();
        }
        group.spawn(ready(Ok(()))).await.unwrap();
        group.wait_idle().await;
        assert_eq!(group.stats().unread, 1_000);
        let error = group.join_all().await.unwrap_err();
        assert_eq!((error.failures().len(), error.forgotten(), error.succeeded()), (1_000, 234, 1));
        assert!(error.to_string().starts_with("1234 of 1235 tasks did not end well; the first: task ("));
    });
}

#[test]
fn join_all_of_a_group_that_gives_nothing_says_how_many_went_well() {
    in_order(|sim| async move {
        let group = TaskGroup::<_, (), &str>::new(sim);
        for _ in 0..25 {
            group.spawn(ready(Ok(()))).await.unwrap();
        }
        assert_eq!(group.join_all().await.unwrap().len(), 25);
    });
}

#[test]
fn join_all_gives_what_was_not_read_before() {
    in_order(|sim| async move {
        let mut group = Group::collecting(sim);
        group.spawn(ready(Ok(1))).await.unwrap();
        assert_eq!(word(&group.join_next().await.unwrap()), "1");
        group.spawn(ready(Ok(2))).await.unwrap();
        assert_eq!(group.join_all().await.unwrap(), [2]);
    });
}
