//! Under every schedule, with fresh wakers, and with tasks that are dropped at each of their polls.

use super::*;
use std::sync::Mutex;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::TimeoutExt;

type Simulated = DelayQueue<u32, Sim>;

/// What came out, in which order, and when.
type Notes = Arc<Mutex<Vec<u32>>>;

fn parts(sim: &Sim) -> (Arc<Simulated>, Notes) {
    (Arc::new(DelayQueue::new(sim.clone())), Notes::default())
}

fn note(sim: &Sim, notes: &Notes, expired: &Expired<u32>) {
    assert!(sim.now() >= expired.deadline, "early");
    notes.lock().unwrap().push(expired.item);
}

/// Receives until the queue is closed and empty.
async fn consume(sim: Sim, queue: Arc<Simulated>, notes: Notes) {
    while let Some(expired) = queue.recv().await {
        note(&sim, &notes, &expired);
        yield_now().await;
    }
}

/// Every item came out once, but for those that were taken back.
fn assert_all(notes: &Notes, mut expected: Vec<u32>) {
    let mut received = notes.lock().unwrap().clone();
    received.sort_unstable();
    expected.sort_unstable();
    assert_eq!(received, expected);
}

/// Two consumers, one of which may be cancelled, and three items, one of which is moved to the front.
async fn two_consumers(sim: Sim) {
    let (queue, notes) = parts(&sim);
    let consumers = ["victim", "steady"].map(|name| {
        let consumer = consume(sim.clone(), queue.clone(), notes.clone());
        Task::builder().name(name).spawn(&sim, consumer).unwrap()
    });
    let last = queue.insert(1, 9 * SECOND).unwrap();
    queue.insert(2, SECOND).unwrap();
    yield_now().await;
    queue.insert(3, SECOND).unwrap();
    assert!(queue.reset(&last, Duration::ZERO));
    yield_now().await;
    queue.close();
    let [victim, steady] = consumers;
    let cancelled = victim.await.is_err();
    steady.await.unwrap();
    assert_all(&notes, vec![1, 2, 3]);
    if !cancelled {
        assert_eq!(notes.lock().unwrap()[0], 1, "it was due first");
    }
    assert_eq!((queue.len(), queue.waiting()), (0, 0));
}

#[test]
fn two_consumers_get_everything_under_every_schedule() {
    let passed = Check::exhaustive(1_000_000).no_leaks().run(two_consumers).unwrap();
    assert!(passed.complete && passed.schedules > 100, "{passed:?}");
}

#[test]
fn two_consumers_get_everything_whenever_one_is_cancelled() {
    Check::random(2_000).no_leaks().cancel("victim").assert(two_consumers);
    Check::random(500).no_leaks().cancel("victim").spurious_polls().assert(two_consumers);
    Check::pct(500, 3).no_leaks().assert(two_consumers);
}

/// Producers with delays of all kinds, one that moves and takes back, and consumers of every kind.
async fn market(sim: Sim) {
    let (queue, notes) = parts(&sim);
    let mut consumers = Vec::new();
    for name in ["victim", "recv", "stream", "many"] {
        let (sim_of, queue, notes) = (sim.clone(), queue.clone(), notes.clone());
        let consumer = async move {
            match name {
                "stream" => {
                    let mut stream = DelayQueue::stream_owned(queue);
                    while let Some(expired) = futures_util::StreamExt::next(&mut stream).await {
                        note(&sim_of, &notes, &expired);
                    }
                }
                "many" => {
                    let mut taken = Vec::new();
                    while queue.recv_many(&mut taken, 2).await > 0 {
                        taken.drain(..).for_each(|expired| note(&sim_of, &notes, &expired));
                        yield_now().await;
                    }
                }
                _ => consume(sim_of, queue, notes).await,
            }
        };
        consumers.push(Task::builder().name(name).spawn(&sim, consumer).unwrap());
    }
    let mut expected = Vec::new();
    let mut keys = Vec::new();
    for item in 0..8 {
        let delay = sim.choose(4) * SECOND;
        keys.push(queue.insert(item, delay).unwrap());
        expected.push(item);
        match sim.choose(5) {
            0 => sim.sleep(SECOND).await,
            1 => yield_now().await,
            2 => _ = queue.reset(&keys[sim.choose(item + 1) as usize], sim.choose(3) * SECOND),
            3 => {
                if let Some(removed) = queue.remove(&keys[sim.choose(item + 1) as usize]) {
                    expected.retain(|item| *item != removed);
                }
            }
            _ => {}
        }
    }
    queue.close();
    for (place, consumer) in consumers.into_iter().enumerate() {
        assert!(consumer.await.is_ok() || place == 0);
    }
    assert_all(&notes, expected);
    assert_eq!((queue.len(), queue.waiting()), (0, 0));
}

#[test]
fn a_market_loses_nothing_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().assert(market);
    Check::random(500).no_leaks().timer_jitter(SECOND).spurious_polls().assert(market);
}

/// Consumers that give up and come back.
async fn impatient(sim: Sim, cancelled: &'static str) {
    let (queue, notes) = parts(&sim);
    let names = ["first", "second", "third"];
    let consumers = names.map(|name| {
        let (sim_of, queue, notes) = (sim.clone(), queue.clone(), notes.clone());
        let consumer = async move {
            loop {
                match queue.recv().timeout(SECOND, &sim_of).await {
                    Ok(Some(expired)) => note(&sim_of, &notes, &expired),
                    Ok(None) => break,
                    Err(_) => yield_now().await,
                }
            }
        };
        Task::builder().name(name).spawn(&sim, consumer).unwrap()
    });
    for item in 0..5 {
        queue.insert(item, sim.choose(3) * SECOND).unwrap();
        if sim.choose(2) == 0 {
            sim.sleep(SECOND).await;
        }
    }
    queue.close();
    for (consumer, name) in consumers.into_iter().zip(names) {
        assert!(consumer.await.is_ok() || name == cancelled);
    }
    assert_all(&notes, (0..5).collect());
}

#[test]
fn nothing_is_lost_whoever_gives_up_or_is_cancelled() {
    for name in ["first", "second"] {
        Check::random(300).no_leaks().cancel(name).assert(|sim| impatient(sim, name));
    }
    Check::random(300).no_leaks().cancel("victim").assert(market);
}

#[test]
fn items_come_out_in_order_to_one_consumer_under_every_schedule() {
    let passed = Check::exhaustive(1_000_000).no_leaks().run(async |sim: Sim| {
        let (queue, notes) = parts(&sim);
        let consumer = sim.spawn_task(consume(sim.clone(), queue.clone(), notes.clone())).unwrap();
        let (putting, timer) = (queue.clone(), sim.clone());
        let producer = sim.spawn_task(async move {
            putting.insert(3, 3 * SECOND).unwrap();
            yield_now().await;
            putting.insert(1, SECOND).unwrap();
            putting.insert(2, SECOND).unwrap();
            timer.sleep(SECOND).await;
            putting.close();
        });
        producer.unwrap().await.unwrap();
        consumer.await.unwrap();
        assert_eq!(*notes.lock().unwrap(), [1, 2, 3]);
        assert_eq!(sim.now().saturating_duration_since(Instant::from_nanos(0)).subsec_nanos(), 0, "in time");
    });
    assert!(passed.unwrap().complete);
}

#[test]
fn a_close_ends_everybody_who_waits_under_every_schedule() {
    let passed = Check::exhaustive(1_000_000).no_leaks().run(async |sim: Sim| {
        let (queue, notes) = parts(&sim);
        let consumers =
            [(); 3].map(|()| sim.spawn_task(consume(sim.clone(), queue.clone(), notes.clone())).unwrap());
        queue.insert(1, SECOND).unwrap();
        yield_now().await;
        let left = if sim.choose(2) == 0 { queue.close_now().count() } else { 0 };
        queue.close();
        for consumer in consumers {
            consumer.await.unwrap();
        }
        assert_eq!(notes.lock().unwrap().len() + left, 1);
    });
    assert!(passed.unwrap().complete);
}
