//! Under every schedule, with tasks that are dropped at each of their polls.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};

#[derive(Default)]
struct Notes {
    /// Of which something is in flight.
    busy: BTreeSet<u32>,
    /// What was received last, by key and sender.
    last: BTreeMap<(u32, u32), u32>,
    sent: usize,
    received: usize,
    dropped: usize,
}

type Shared = Arc<Mutex<Notes>>;

/// A value that notes what becomes of it.
struct Noted {
    notes: Shared,
    sender: u32,
    number: u32,
    received: bool,
}

impl Noted {
    fn new(notes: &Shared, sender: u32, number: u32) -> Self {
        notes.lock().unwrap().sent += 1;
        Self { notes: notes.clone(), sender, number, received: false }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut notes = self.notes.lock().unwrap();
        if self.received {
            notes.received += 1;
        } else {
            notes.dropped += 1;
        }
    }
}

/// Somebody works on a key.
struct Busy(Shared, u32);

impl Busy {
    fn new(notes: &Shared, key: u32) -> Self {
        assert!(notes.lock().unwrap().busy.insert(key), "two of key {key} are in flight");
        Self(notes.clone(), key)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        assert!(self.0.lock().unwrap().busy.remove(&self.1));
    }
}

async fn receive(queue: Arc<KeyedQueue<u32, Noted>>, notes: Shared) {
    while let Some(mut value) = queue.recv().await {
        value.received = true;
        let key = *value.key();
        let _busy = Busy::new(&notes, key);
        let last = notes.lock().unwrap().last.insert((key, value.sender), value.number);
        assert!(last.is_none_or(|last| last < value.number), "key {key}: {last:?} before {}", value.number);
        yield_now().await;
    }
}

/// Each puts in so many, on two keys in turn.
async fn send(queue: Arc<KeyedQueue<u32, Noted>>, notes: Shared, sender: u32, count: u32) {
    for number in 0..count {
        queue.send(number % 2, Noted::new(&notes, sender, number)).await.ok().unwrap();
    }
}

/// So many values of two keys, sent by two, received by so many; one of them is dropped somewhere.
async fn all_come_out_once(sim: Sim, victim: &'static str, count: u32, receivers: u32) {
    let (queue, notes) = (Arc::new(KeyedQueue::bounded(1)), Shared::default());
    let senders = [(0, "sender"), (1, "other")].map(|(sender, name)| {
        let sending = send(queue.clone(), notes.clone(), sender, count);
        Task::builder().name(name).spawn(&sim, sending).unwrap()
    });
    let receivers: Vec<_> = (0..receivers)
        .map(|n| {
            let name = if n == 0 { "receiver" } else { "another" };
            Task::builder().name(name).spawn(&sim, receive(queue.clone(), notes.clone())).unwrap()
        })
        .collect();
    for sender in senders {
        assert!(sender.await.is_ok() || victim == "sender");
    }
    queue.close();
    for (n, receiver) in receivers.into_iter().enumerate() {
        assert!(receiver.await.is_ok() || (n == 0 && victim == "receiver"));
    }
    queue.idle().await;
    let notes = notes.lock().unwrap();
    assert_eq!(notes.sent, notes.received + notes.dropped, "each has come to one end");
    // Dropped without having been received is at most the one that its sender was not rid of yet.
    assert!(notes.dropped <= usize::from(victim == "sender"), "{} are lost", notes.dropped);
    assert!(notes.busy.is_empty());
    assert_left_by_all(&queue);
}

#[test]
fn all_come_out_once_in_order_and_one_at_a_time_under_every_schedule() {
    let body = |sim| all_come_out_once(sim, "nobody", 1, 2);
    let passed = Check::exhaustive(3_000_000).no_leaks().run(body).unwrap();
    assert!(passed.complete && passed.schedules > 1_000, "{passed:?}");
}

#[test]
fn all_come_out_once_over_thousands_of_seeds_with_the_sweep() {
    for victim in ["sender", "receiver"] {
        Check::random(2_000)
            .no_leaks()
            .cancel(victim)
            .spurious_polls()
            .assert(|sim| all_come_out_once(sim, victim, 4, 3));
    }
}

#[test]
fn all_come_out_once_where_some_get_far_ahead() {
    for victim in ["sender", "receiver"] {
        Check::pct(500, 3).no_leaks().cancel(victim).assert(|sim| all_come_out_once(sim, victim, 4, 3));
    }
}

/// Upserts of two keys into a queue of one, by three, one of which is dropped somewhere: what was said to be in comes out.
async fn what_is_merged_adds_up(sim: Sim) {
    let (queue, said) = (Arc::new(Numbers::bounded(1)), Arc::new(Mutex::new(0)));
    let tasks = [0, 1, 2].map(|n| {
        let (queue, said) = (queue.clone(), said.clone());
        let name = if n == 0 { "victim" } else { "other" };
        let task = async move {
            for key in [n % 2, 0, 1] {
                queue.upsert(key, 1, |old, new| *old += new).await.unwrap();
                *said.lock().unwrap() += 1;
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    let receiver = {
        let queue = queue.clone();
        sim.spawn_task(async move {
            let mut sum = 0;
            while let Some(value) = queue.recv().await {
                sum += *value;
                yield_now().await;
            }
            sum
        })
    };
    for (n, task) in tasks.into_iter().enumerate() {
        assert!(task.await.is_ok() || n == 0);
    }
    queue.close();
    let (sum, said) = (receiver.unwrap().await.unwrap(), *said.lock().unwrap());
    // The one that was dropped may have been let in and not have learnt it.
    assert!(sum == said || sum == said + 1, "{said} were said to be in, {sum} came out");
    assert_left_by_all(&queue);
}

#[test]
fn what_is_merged_adds_up_over_thousands_of_seeds_with_the_sweep() {
    Check::random(2_000).no_leaks().cancel("victim").spurious_polls().assert(what_is_merged_adds_up);
}

#[test]
fn a_receiver_that_ends_however_it_ends_frees_its_key_for_one_who_waits() {
    let passed = Check::exhaustive(1_000_000).no_leaks().cancel("victim").run(async |sim: Sim| {
        let queue = Arc::new(Numbers::unbounded());
        let [victim, other] = ["victim", "other"].map(|name| {
            let queue = queue.clone();
            let task = async move {
                let value = queue.recv().await;
                yield_now().await;
                drop(value);
            };
            Task::builder().name(name).spawn(&sim, task).unwrap()
        });
        [10, 11].into_iter().for_each(|value| queue.try_send(1, value).unwrap());
        let was_cancelled = victim.await.is_err();
        other.await.unwrap();
        queue.close();
        // Of two values the one that was dropped may have received one.
        assert!(queue.len() <= usize::from(was_cancelled));
        drop(served(&queue));
        assert_left_by_all(&queue);
    });
    assert!(passed.unwrap().complete);
}

#[test]
fn what_is_left_when_all_is_ended_and_what_was_received_are_all_there_was() {
    Check::random(2_000).no_leaks().cancel("receiver").assert(async |sim| {
        let (queue, notes) = (Arc::new(KeyedQueue::bounded(2)), Shared::default());
        let sending = send(queue.clone(), notes.clone(), 0, 4);
        let sender = sim.spawn_task(async move {
            // It is sent away, or not.
            use futures_util::FutureExt;
            let _ = AssertUnwindSafe(sending).catch_unwind().await.is_ok();
        });
        let receiving = receive(queue.clone(), notes.clone());
        let receiver = Task::builder().name("receiver").spawn(&sim, receiving).unwrap();
        for _ in 0..3 {
            yield_now().await;
        }
        let left = queue.close_now().count();
        sender.unwrap().await.unwrap();
        let _ = receiver.await;
        let notes = notes.lock().unwrap();
        assert_eq!(notes.sent, notes.received + notes.dropped);
        assert!(notes.dropped == left || notes.dropped == left + 1, "and the one that was sent away");
        assert_left_by_all(&queue);
    });
}

#[test]
fn a_consumer_that_panics_does_not_hold_join() {
    Check::random(1_000).cancel("fickle").no_leaks().assert(async |sim| {
        let queue = Arc::new(Numbers::bounded(2));
        let consumers = ["breaks", "fickle", "steady"].map(|name| {
            let from = queue.clone();
            let consume = async move {
                while let Some(value) = from.recv().await {
                    yield_now().await;
                    assert!(name != "breaks" || *value != 2, "on purpose");
                }
            };
            Task::builder().name(name).spawn(&sim, consume).unwrap()
        });
        for value in 0..5 {
            queue.send(value % 2, value).await.unwrap();
        }
        queue.idle().await;
        assert_eq!((queue.len(), queue.stats().in_flight), (0, 0));
        queue.close();
        for consumer in consumers {
            let _ = consumer.await;
        }
    });
}
