//! The end, in each of its ways.

use super::*;
use untether::spawn::{BoxTask, Spawn, SpawnError, SpawnErrorKind};
use untether::testing::HookWaker;

/// One that sleeps runs, and three wait.
async fn busy(sim: &Sim) -> (Numbers, Vec<Ticket<u32, &'static str>>) {
    let pool = pool(sim, 1, 3);
    let mut tickets = vec![pool.submit(3).await.unwrap()];
    while pool.stats().waiting > 0 {
        yield_now().await;
    }
    for n in [1, 2, 5] {
        tickets.push(pool.submit(n).await.unwrap());
    }
    (pool, tickets)
}

async fn ends(tickets: Vec<Ticket<u32, &'static str>>) -> Vec<Option<u32>> {
    let mut ends = Vec::new();
    for ticket in tickets {
        assert!(ticket.is_finished());
        ends.push(ticket.await.ok());
    }
    ends
}

#[test]
fn a_graceful_stop_has_all_done_that_was_accepted() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        let Stopped { unstarted, tally, .. } = pool.stop().await;
        assert_eq!((unstarted, tally.done), (vec![], 4));
        assert_eq!(ends(tickets).await, [Some(6), Some(2), Some(4), Some(10)]);
        assert_eq!(pool.stats().workers, 0);
    });
}

#[test]
fn a_stop_after_what_runs_gives_back_what_was_not_begun() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        let Stopped { unstarted, tally, .. } = pool.stop_after_running().await;
        assert_eq!((unstarted, tally.done), (vec![1, 2, 5], 1));
        assert_eq!(ends(tickets).await, [Some(6), None, None, None]);
    });
}

#[test]
fn a_stop_at_once_drops_what_runs() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        let before = sim.now();
        let Stopped { unstarted, tally, .. } = pool.stop_now().await;
        assert_eq!(sim.now(), before);
        assert_eq!((unstarted, tally.done, tally.cancelled), (vec![1, 2, 5], 0, 1));
        assert_eq!(ends(tickets).await, [None; 4]);
    });
}

#[test]
fn a_stop_within_its_time_is_graceful_and_then_at_once() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 1, 10);
        let tickets: Vec<_> = [3, 6, 9, 1].map(|n| pool.try_submit(n).unwrap()).into();
        let before = sim.now();
        let limit = SECOND * 3 / 2;
        let Stopped { unstarted, tally, .. } = pool.stop_within(limit, &sim).await;
        assert_eq!(sim.now().saturating_duration_since(before), limit);
        assert_eq!((unstarted, tally.done, tally.cancelled), (vec![9, 1], 1, 1));
        assert_eq!(ends(tickets).await, [Some(6), None, None, None]);

        let (pool, tickets) = busy(&sim).await;
        let Stopped { unstarted, tally, .. } = pool.stop_within(limit, &sim).await;
        assert_eq!((unstarted, tally.done), (vec![], 4));
        assert!(ends(tickets).await.iter().all(Option::is_some));
    });
}

#[test]
fn stop_twice() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        let (first, second) = (pool.stop_after_running(), pool.stop());
        let (first, second) = futures_util::join!(first, second);
        let mut unstarted = [first.unstarted, second.unstarted];
        unstarted.sort_unstable();
        assert_eq!(unstarted, [vec![], vec![1, 2, 5]], "each is given once");
        assert!(pool.stop_now().await.unstarted.is_empty());
        assert!(pool.stop_within(SECOND, &sim).await.unstarted.is_empty());
        drop(tickets);
    });
}

#[test]
fn a_stop_that_is_graceful_can_be_cut_short_by_another() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 10);
        let tickets = [13, 13, 1].map(|n| pool.try_submit(n).unwrap());
        let graceful = sim.spawn_task({
            let stop = pool.stop();
            drop(stop);
            yield_now()
        });
        graceful.unwrap().await.unwrap();
        let stopped = pool.stop_now().await;
        assert_eq!((stopped.unstarted.len() + stopped.tally.cancelled as usize), 3);
        for ticket in tickets {
            assert!(matches!(ticket.await, Outcome::Cancelled(None)));
        }
    });
}

#[test]
fn submit_after_stop_hands_the_item_back() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        let mut waits = Probe::new(pool.submit(77));
        waits.assert_pending();
        let stop = pool.stop();
        let Err(SubmitError::Closed(8)) = pool.try_submit(8) else { panic!("it was stopped") };
        assert_eq!(pool.submit(9).await.unwrap_err().into_inner(), 9);
        assert_eq!(waits.assert_ready().unwrap_err().into_inner(), 77);
        assert_eq!(stop.await.tally.done, 4);
        assert!(matches!(pool.map([1, 2]).collect().await.all(), Err((0, Failure::Cancelled(None)))));
        drop(tickets);
    });
}

#[test]
fn wait_idle_after_stop_returns() {
    in_any_order(async |sim| {
        for stops in [0, 1, 2] {
            let (pool, tickets) = busy(&sim).await;
            let stopped = match stops {
                0 => pool.stop(),
                1 => pool.stop_after_running(),
                _ => pool.stop_now(),
            };
            pool.wait_idle().await;
            let unstarted = stopped.await.unstarted;
            assert_eq!(unstarted.len(), if stops == 0 { 0 } else { 3 });
            pool.wait_idle().await;
            drop(tickets);
        }
    });
}

#[test]
fn a_stop_ends_a_pause() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 10);
        pool.pause();
        let ticket = pool.submit(1).await.unwrap();
        sim.idle().await;
        assert!(!ticket.is_finished());
        assert_eq!(pool.stop().await.tally.done, 1);
        pool.pause();
        assert!(!pool.stats().paused);
        assert_eq!(value(ticket.await), 2);
    });
}

#[test]
fn a_pool_that_is_dropped_drops_what_runs_and_what_waits() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        drop(pool);
        for ticket in tickets {
            assert!(matches!(ticket.await, Outcome::Cancelled(None)));
        }
    });
}

#[test]
fn a_stop_that_is_dropped_leaves_its_inputs_for_the_next() {
    in_any_order(async |sim| {
        let (pool, tickets) = busy(&sim).await;
        drop(pool.stop_after_running());
        assert!(tickets[1..].iter().all(Ticket::is_finished), "they know at once");
        assert_eq!(pool.stop().await.unstarted, [1, 2, 5]);
        drop(tickets);
    });
}

/// Keeps the one task that it was given.
#[derive(Clone, Default)]
struct Keeps(Arc<Mutex<(bool, Vec<BoxTask>)>>);

impl Spawn for Keeps {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        let mut kept = self.0.lock().unwrap();
        if !std::mem::replace(&mut kept.0, true) {
            kept.1.push(task);
            return Ok(());
        }
        Err(SpawnError::new(SpawnErrorKind::Shutdown, task))
    }
}

/// A ticket is told while the inputs of a pool without workers are being taken back, and whoever it wakes asks for them at once.
#[test]
fn a_pool_has_not_stopped_before_all_was_taken_back() {
    let keeps = Keeps::default();
    let pool = WorkerPool::builder(&keeps).workers(1).build(async |n: u32| Ok::<_, ()>(n)).unwrap();
    let pool = Arc::new(pool);
    let mut tickets = [1, 2, 3].map(|n| Probe::new(pool.try_submit(n).unwrap()));
    let early = Arc::new(AtomicUsize::new(0));
    let (asks, seen) = (pool.clone(), early.clone());
    let waker = HookWaker::new().on_wake(move || {
        let stopped = Probe::new(asks.stop()).poll();
        let idle = Probe::new(asks.wait_idle()).poll();
        seen.fetch_add(usize::from(stopped.is_ready()) + usize::from(idle.is_ready()), Ordering::AcqRel);
    });
    assert!(tickets[0].poll_with(&waker.waker()).is_pending());
    let workers = std::mem::take(&mut keeps.0.lock().unwrap().1);
    drop(workers);
    assert_eq!(early.load(Ordering::Acquire), 0, "somebody was told too early");
    let mut stop = Probe::new(pool.stop());
    assert_eq!(stop.assert_ready().unstarted, [1, 2, 3]);
}
