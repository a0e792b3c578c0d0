//! The end of a queue at every moment: what was taken in comes out or is handed over, what was not comes back, and nobody waits on.

use super::*;
use std::sync::Mutex;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, FailureKind, Sim};

type List = Arc<Mutex<Vec<u32>>>;

fn note(list: &List, items: impl IntoIterator<Item = u32>) {
    list.lock().unwrap().extend(items);
}

fn sorted(list: &List) -> Vec<u32> {
    let mut items = list.lock().unwrap().clone();
    items.sort_unstable();
    items
}

/// Two who send, one with reserved room; two who receive; and the end at any moment.
async fn ends(sim: Sim, end: fn(&Queue<u32>) -> Vec<u32>) {
    let queue = Arc::new(if sim.choose(2) == 0 { Queue::bounded(1) } else { Queue::rendezvous() });
    let [taken, received, back] = [(); 3].map(|()| List::default());
    let (to, takes, returns) = (queue.clone(), taken.clone(), back.clone());
    let sends = sim.spawn_task(async move {
        for item in 0..3 {
            match to.send(item).await {
                Ok(()) => note(&takes, [item]),
                Err(error) => note(&returns, [error.into_inner()]),
            }
        }
    });
    let (to, takes, returns) = (queue.clone(), taken.clone(), back.clone());
    let reserves = sim.spawn_task(async move {
        for item in 3..5 {
            let Ok(mut permit) = to.reserve().await else { return note(&returns, item..5) };
            yield_now().await;
            match permit.send(item) {
                Ok(()) => note(&takes, [item]),
                Err(error) => note(&returns, [error.into_inner()]),
            }
        }
    });
    let receives = ["fickle", "steady"].map(|name| {
        let (from, received) = (queue.clone(), received.clone());
        let task = async move {
            while let Some(item) = from.recv().await {
                note(&received, [item]);
                yield_now().await;
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    let (ending, left) = (queue.clone(), received.clone());
    let ends = sim.spawn_task(async move {
        yield_now().await;
        note(&left, end(&ending));
    });
    ends.unwrap().await.unwrap();
    sends.unwrap().await.unwrap();
    reserves.unwrap().await.unwrap();
    for task in receives {
        let _ = task.await;
    }
    assert!(queue.is_closed() && queue.is_empty());
    assert_eq!(sorted(&taken), sorted(&received), "what was taken in came out");
    note(&taken, sorted(&back));
    assert!(sorted(&taken).into_iter().eq(0..5), "and the rest came back");
    let stats = queue.stats();
    assert_eq!((stats.reserved, stats.granted, stats.senders_waiting, stats.receivers_waiting), (0, 0, 0, 0));
}

fn close(queue: &Queue<u32>) -> Vec<u32> {
    queue.close();
    Vec::new()
}

fn close_now(queue: &Queue<u32>) -> Vec<u32> {
    queue.close_now().collect()
}

#[test]
fn nobody_waits_on_and_no_item_is_lost_at_the_end() {
    for end in [close, close_now] {
        Check::random(1_500).cancel("fickle").no_leaks().assert(|sim| ends(sim, end));
        Check::random(500).spurious_polls().no_leaks().assert(|sim| ends(sim, end));
    }
}

/// The last receiver goes at any moment: items are dropped, and whoever sends learns of it.
async fn loses_its_receivers(sim: Sim) {
    let held = Arc::new(());
    let (sender, receiver) = Queue::bounded(1).split();
    let fickle = Task::builder().name("fickle");
    let receives = async move {
        for _ in 0..2 {
            drop(receiver.recv().await);
        }
    };
    let receives = fickle.spawn(&sim, receives).unwrap();
    let (sends, item) = (sender.clone(), held.clone());
    let sends = async move { while sends.send(item.clone()).await.is_ok() {} };
    let sends = sim.spawn_task(sends).unwrap();
    sender.closed().await;
    sends.await.unwrap();
    let _ = receives.await;
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn whoever_sends_learns_that_the_last_receiver_is_gone() {
    Check::random(2_000).cancel("fickle").no_leaks().assert(loses_its_receivers);
    let passed = Check::exhaustive(1_000_000).cancel("fickle").no_leaks().run(loses_its_receivers).unwrap();
    assert!(passed.complete, "{passed:?}");
}

/// Consumers work on what they received; joined is who has waited for the queue to be empty.
async fn is_joined(sim: Sim, consumers: usize) {
    let queue = Arc::new(Queue::bounded(2));
    let (to, joins) = (queue.clone(), queue.clone());
    let produces = sim.spawn_task(async move { to.send_many(0..4).await.unwrap() }).unwrap();
    for name in ["fickle", "steady"].into_iter().rev().take(consumers) {
        let from = queue.clone();
        let task = async move { while from.recv().await.is_some() {} };
        Task::builder().name(name).spawn(&sim, task).unwrap().detach();
    }
    let join = async move {
        produces.await.unwrap();
        joins.empty().await;
    };
    Task::builder().name("join").spawn(&sim, join).unwrap().await.unwrap();
    assert!(queue.is_empty());
    queue.close();
}

#[test]
fn join_returns_after_all_was_received() {
    Check::random(2_000).cancel("fickle").no_leaks().assert(|sim| is_joined(sim, 2));
}

#[test]
fn join_with_no_consumer_is_reported_by_sim_as_a_deadlock_by_name() {
    let failure = Check::random(10).run(|sim| is_joined(sim, 0)).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert!(failure.tasks.iter().any(|task| task.to_string().starts_with("\"join\"")), "{failure}");
}

#[test]
fn join_returns_after_close() {
    Check::random(500).no_leaks().assert(async |sim| {
        let queue = Arc::new(full(1));
        let joins = queue.clone();
        let join = sim.spawn_task(async move { joins.empty().await }).unwrap();
        yield_now().await;
        queue.close();
        assert!(!join.is_finished(), "what is there is still to be received");
        assert_eq!(queue.close_now().len(), 1);
        join.await.unwrap();
    });
}

/// Somebody looks at the next item, and judges all, while they come and go.
async fn is_looked_into(sim: Sim) {
    let (sender, receiver) = Queue::bounded(2).split();
    let received = List::default();
    sim.spawn_task(async move { assert_eq!(sender.send_many(0..5).await, Ok(5)) }).unwrap().detach();
    let (looker, noted) = (receiver.clone(), received.clone());
    let looks = async move {
        for takes in [false, true, false] {
            let peek = looker.queue().peek();
            yield_now().await;
            assert_eq!(looker.queue().retain(|_| true), 0);
            match peek {
                Some(peek) if takes => note(&noted, [peek.take()]),
                peek => drop(peek),
            }
            yield_now().await;
        }
    };
    let looks = Task::builder().name("fickle").spawn(&sim, looks).unwrap();
    let takes = [receiver.clone(), receiver].map(|receiver| {
        let received = received.clone();
        let task = async move {
            while let Some(item) = receiver.recv().await {
                note(&received, [item]);
            }
        };
        sim.spawn_task(task).unwrap()
    });
    for task in takes {
        task.await.unwrap();
    }
    let _ = looks.await;
    assert!(sorted(&received).into_iter().eq(0..5), "{received:?}");
}

#[test]
fn nothing_is_lost_to_one_who_looks() {
    Check::random(3_000).cancel("fickle").no_leaks().assert(is_looked_into);
    Check::random(1_000).spurious_polls().no_leaks().assert(is_looked_into);
}
