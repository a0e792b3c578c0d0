//! Under every schedule of the simulator, with fresh wakers, and dropped at each poll.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether::queue::Queue;
use untether::spawn::{SpawnExt, Task};
use untether::testing::sim::{Check, Sim};

/// So many run, by what they do themselves.
struct Inside(Arc<AtomicUsize>);

impl Inside {
    fn enter(running: &Arc<AtomicUsize>, limit: usize) -> Self {
        assert!(running.fetch_add(1, Ordering::AcqRel) < limit, "too many run");
        Self(running.clone())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Ends at once, gives way, sleeps, is told by another task, fails, or panics.
async fn piece(sim: Sim, n: usize, inside: Inside) -> Result<usize, usize> {
    let _inside = inside;
    match sim.choose(7) {
        0 => {}
        1 => yield_now().await,
        2 => sim.sleep(SECOND).await,
        3 => sim.sleep(2 * SECOND).await,
        4 => {
            let other = sim.clone();
            sim.spawn_task(async move { other.sleep(SECOND).await }).unwrap().await.unwrap();
        }
        5 => return Err(n),
        _ => std::panic::resume_unwind(Box::new("on purpose")),
    }
    Ok(n)
}

fn assert_right(n: usize, outcome: &Outcome<usize, usize>) {
    match outcome {
        Outcome::Ok(said) | Outcome::Err(said) => assert_eq!(*said, n),
        Outcome::Panicked(panicked) => assert_eq!(panicked.message(), "on purpose"),
        Outcome::Cancelled(_) => panic!("nobody cancels"),
    }
}

/// All verbs over what a queue gives, with a producer that is slow now and then.
async fn works(sim: Sim, running: Arc<AtomicUsize>) {
    const ITEMS: usize = 6;
    let limit = 1 + sim.choose(3) as usize;
    let queue = Arc::new(Queue::bounded(2));
    let (feeds, feeder) = (queue.clone(), sim.clone());
    let feeding = sim.spawn_task(async move {
        for n in 0..ITEMS {
            if feeder.choose(3) == 0 {
                feeder.sleep(SECOND).await;
            }
            feeds.send(n).await.unwrap();
        }
        feeds.close();
    });
    let work = |n| piece(sim.clone(), n, Inside::enter(&running, limit));
    let all = map_stream(queue.stream(), work).limit(limit);
    match sim.choose(4) {
        0 => {
            let outcomes = all.collect().await;
            assert_eq!(outcomes.len(), ITEMS);
            outcomes.iter().enumerate().for_each(|(n, outcome)| assert_right(n, outcome));
        }
        1 => {
            let (mut all, mut given) = (std::pin::pin!(all.ordered()), 0);
            while let Some(outcome) = futures_util::StreamExt::next(&mut all).await {
                assert_right(given, &outcome);
                given += 1;
                if sim.choose(4) == 0 {
                    sim.sleep(SECOND).await;
                }
            }
            assert_eq!(given, ITEMS);
        }
        2 => {
            let (mut all, mut given) = (std::pin::pin!(all.as_completed()), Vec::new());
            while let Some((n, outcome)) = futures_util::StreamExt::next(&mut all).await {
                assert_right(n, &outcome);
                given.push(n);
                if sim.choose(4) == 0 {
                    yield_now().await;
                }
            }
            given.sort_unstable();
            assert!(given.into_iter().eq(0..ITEMS));
        }
        _ => assert_eq!(all.tally().await.total(), ITEMS),
    }
    assert_eq!(running.load(Ordering::Acquire), 0);
    feeding.unwrap().await.unwrap();
}

/// Two of them, one of which may be dropped at any of its polls.
async fn a_busy_day(sim: Sim) {
    let running = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    let tasks = ["fickle", "steady"].into_iter().zip(&running).map(|(name, running)| {
        Task::builder().name(name).spawn(&sim, works(sim.clone(), running.clone())).unwrap()
    });
    for task in tasks.collect::<Vec<_>>() {
        drop(task.await);
    }
    assert!(running.iter().all(|running| running.load(Ordering::Acquire) == 0));
}

#[test]
fn each_item_has_its_outcome_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().assert(a_busy_day);
    Check::random(1_000).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(500, 3).no_leaks().assert(a_busy_day);
}

#[test]
fn nothing_is_lost_with_a_map_that_is_dropped_at_any_poll() {
    Check::random(1_000).no_leaks().cancel("fickle").assert(a_busy_day);
    Check::random(500).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_day);
}

#[test]
fn the_first_error_comes_out_alone_in_every_schedule() {
    Check::random(1_000).no_leaks().assert(async |sim: Sim| {
        let running = Arc::new(AtomicUsize::new(0));
        let limit = 1 + sim.choose(3) as usize;
        let work = |n: usize| {
            let (inside, sim) = (Inside::enter(&running, limit), sim.clone());
            async move {
                let _inside = inside;
                sim.sleep(sim.choose(3) * SECOND).await;
                if sim.choose(5) == 0 { Err(n) } else { Ok(n) }
            }
        };
        let mut trying = std::pin::pin!(map(0..6, work).limit(limit).try_collect());
        match trying.as_mut().await {
            Ok(values) => assert!(values.into_iter().eq(0..6)),
            Err(n) => assert!(n < 6),
        }
        assert_eq!(running.load(Ordering::Acquire), 0, "before the future is dropped");
    });
}
