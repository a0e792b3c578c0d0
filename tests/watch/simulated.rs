//! Under every schedule, with watchers and senders that are cancelled at each of their polls.

use super::*;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// Whatever is skipped: values never go back, and the last one is seen.
async fn see_the_last(sim: Sim, senders: usize) {
    let (sender, receiver) = watch((0, 0));
    let watching = |name, mut receiver: Receiver<(usize, usize)>| {
        let watches = async move {
            let mut last = 0;
            while let Ok(value) = receiver.changed().await {
                assert!(value.0 > last, "it went back, or came twice");
                last = value.0;
            }
            last
        };
        Task::builder().name(name).spawn(&sim, watches).unwrap()
    };
    let watchers = [watching("fickle", receiver.clone()), watching("steady", receiver)];
    for which in 0..senders {
        let sender = sender.clone();
        let sends = async move {
            for _ in 0..2 {
                sender.send_modify(|value| *value = (value.0 + 1, which));
                yield_now().await;
            }
        };
        Task::builder().name("sends").spawn(&sim, sends).unwrap().detach();
    }
    let probe = sender.subscribe();
    drop(sender);
    let [fickle, steady] = watchers;
    assert_eq!(steady.await.unwrap(), probe.get().0);
    if let Ok(last) = fickle.await {
        assert_eq!(last, probe.get().0);
    }
}

#[test]
fn every_watcher_sees_the_last_value_whoever_is_cancelled() {
    for name in ["fickle", "sends"] {
        Check::random(10_000).cancel(name).no_leaks().assert(|sim| see_the_last(sim, 2));
    }
    Check::random(1_000).cancel("fickle").spurious_polls().no_leaks().assert(|sim| see_the_last(sim, 2));
    let passed =
        Check::exhaustive(1_000_000).cancel("fickle").no_leaks().run(|sim| see_the_last(sim, 1)).unwrap();
    assert!(passed.complete, "cut off after {} schedules", passed.schedules);
}

#[test]
fn whoever_waits_for_a_value_gets_it_or_learns_that_it_will_not_come() {
    Check::random(10_000).cancel("fickle").no_leaks().assert(async |sim| {
        let (sender, mut receiver) = watch(0);
        let mut fickle = receiver.clone();
        let waits = async move { fickle.wait_for(|value| *value == 2).await.is_ok() };
        let fickle = Task::builder().name("fickle").spawn(&sim, waits).unwrap();
        let found =
            sim.spawn_task(async move { receiver.wait_for(|value| *value >= 2).await.is_ok() }).unwrap();
        let sends = async move {
            for value in 1..=3 {
                if sender.send(value).is_err() {
                    break;
                }
                yield_now().await;
            }
        };
        sim.spawn_task(sends).unwrap().await.unwrap();
        assert!(found.await.unwrap());
        let _ = fickle.await;
    });
}

#[test]
fn a_sender_learns_that_the_last_watcher_is_gone() {
    Check::random(10_000).cancel("fickle").no_leaks().assert(async |sim| {
        let (sender, mut receiver) = watch(0);
        let watches = async move { while receiver.changed().await.is_ok() {} };
        let watches = Task::builder().name("fickle").spawn(&sim, watches).unwrap();
        sender.send_replace(1);
        drop(watches);
        sender.closed().await;
        assert_eq!(sender.receiver_count(), 0);
    });
}
