//! Under thousands of schedules, with tasks that are dropped at each of their polls: each input that was accepted has one outcome, or comes back.

use super::*;
use std::collections::BTreeMap;
use untether::queue::WorkQueue;
use untether::spawn::Task;
use untether::time::TimeoutExt;

/// What became of each input, by who has seen it.
#[derive(Default, Clone)]
struct Accounts(Arc<Mutex<BTreeMap<u32, Vec<&'static str>>>>);

impl Accounts {
    fn note(&self, n: u32, what: &'static str) {
        self.0.lock().unwrap().entry(n).or_default().push(what);
    }

    fn of(&self, n: u32) -> Vec<&'static str> {
        self.0.lock().unwrap().get(&n).cloned().unwrap_or_default()
    }
}

/// An input that is counted as long as it is anywhere.
struct Counted(u32, Arc<AtomicUsize>);

impl Counted {
    fn new(n: u32, count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(n, count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::AcqRel);
    }
}

type Pool = WorkerPool<Tickets<Counted, u32, &'static str>>;

async fn submits(sim: Sim, pool: Arc<Pool>, accounts: Accounts, count: Arc<AtomicUsize>, first: u32) {
    for n in first..first + 4 {
        match pool.submit(Counted::new(n, &count)).timeout(2 * SECOND, &sim).await {
            Err(_) => accounts.note(n, "gave up"),
            Ok(Err(refused)) => accounts.note(refused.into_inner().0, "refused"),
            Ok(Ok(ticket)) => {
                if sim.choose(5) == 0 {
                    ticket.abort();
                }
                accounts.note(n, "accepted");
                if sim.choose(4) == 0 {
                    continue;
                }
                accounts.note(
                    n,
                    match ticket.await {
                        Outcome::Ok(twice) => {
                            assert_eq!(twice, 2 * n);
                            "ok"
                        }
                        Outcome::Err(_) => "err",
                        Outcome::Panicked(_) => "panicked",
                        Outcome::Cancelled(_) => "cancelled",
                    },
                );
            }
        }
    }
}

/// Two who submit, one who pauses and resizes, an end of one of four kinds; then nothing is left, and the accounts add up.
async fn a_busy_day(sim: Sim) {
    let (accounts, count) = (Accounts::default(), Arc::new(AtomicUsize::new(0)));
    let (own, seen) = (sim.clone(), accounts.clone());
    let pool = WorkerPool::builder(&sim).workers(2).capacity(2).build(move |n: Counted| {
        let (own, seen) = (own.clone(), seen.clone());
        async move {
            seen.note(n.0, "begun");
            match own.choose(6) {
                0 => own.sleep(SECOND).await,
                1 => yield_now().await,
                2 => return Err("failed"),
                3 => panic!("on purpose"),
                _ => {}
            }
            seen.note(n.0, "ended");
            Ok(2 * n.0)
        }
    });
    let pool = Arc::new(pool.unwrap());
    let tasks = [("fickle", 0), ("steady", 10)].map(|(name, first)| {
        let task = submits(sim.clone(), pool.clone(), accounts.clone(), count.clone(), first);
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    pool.pause();
    yield_now().await;
    pool.resume();
    pool.resize(sim.choose(3) as usize + 1).unwrap();
    sim.sleep(sim.choose(3) * SECOND).await;
    let Stopped { unstarted, tally, .. } = match sim.choose(4) {
        0 => pool.stop().await,
        1 => pool.stop_after_running().await,
        2 => pool.stop_now().await,
        _ => pool.stop_within(SECOND / 2, &sim).await,
    };
    pool.wait_idle().await;
    for task in tasks {
        drop(task.await);
    }
    let come_back: Vec<u32> = unstarted.iter().map(|counted| counted.0).collect();
    let mut begun = 0;
    for n in (0..4).chain(10..14) {
        let account = accounts.of(n);
        let times = |what: &str| account.iter().filter(|seen| **seen == what).count();
        assert!(account.len() <= 4 && times("begun") <= 1, "{n}: {account:?}");
        begun += times("begun") as u64;
        if come_back.contains(&n) {
            assert_eq!(times("begun"), 0, "{n}: {account:?}");
        }
        if times("ok") == 1 {
            assert_eq!(times("ended"), 1, "{n}: {account:?}");
        }
        if times("refused") + times("gave up") == 1 {
            assert!(!come_back.contains(&n), "{n}: {account:?}");
        }
    }
    let ended = tally.done + tally.failed + tally.panicked;
    assert!(ended <= begun && begun <= ended + tally.cancelled, "{tally:?} of {begun}");
    let stats = pool.stats();
    assert_eq!((stats.workers, stats.busy, stats.waiting), (0, 0, 0));
    drop((unstarted, pool));
    assert_eq!(count.load(Ordering::Acquire), 0, "nothing is left anywhere");
}

#[test]
fn each_input_has_one_outcome_or_comes_back_in_thousands_of_schedules() {
    Check::random(1_000).no_leaks().assert(a_busy_day);
    Check::random(500).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(500, 3).no_leaks().assert(a_busy_day);
}

#[test]
fn each_input_has_one_outcome_or_comes_back_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "worker 1", "worker 2"] {
        Check::random(600).no_leaks().cancel(name).assert(a_busy_day);
    }
    Check::random(500).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_day);
}

/// One worker, two inputs, somebody who waits for both, and an end.
async fn two_inputs(sim: Sim, ends: u32) {
    let pool = WorkerPool::builder(&sim).workers(1).capacity(1).build(async |n: u32| {
        yield_now().await;
        Ok::<_, ()>(n)
    });
    let pool = Arc::new(pool.unwrap());
    let waits = pool.clone();
    let task = Task::builder().name("fickle").spawn(&sim, async move {
        let one = waits.submit(1).await;
        let two = waits.submit(2).await;
        waits.wait_idle().await;
        (one.is_ok_and(|ticket| ticket.is_finished()), two.is_ok_and(|ticket| ticket.is_finished()))
    });
    let task = task.unwrap();
    match ends {
        0 => assert!(task.await.is_ok_and(|ended| ended == (true, true))),
        1 => {
            let stopped = pool.stop_after_running().await;
            assert!(stopped.unstarted.len() as u64 + stopped.tally.done <= 2);
            drop(task.await);
        }
        _ => drop(task.await),
    }
    assert_eq!(pool.stop().await.tally.cancelled, 0);
}

#[test]
fn two_inputs_and_one_worker_under_every_schedule_and_every_cancellation() {
    Check::exhaustive(20_000).no_leaks().assert(|sim| two_inputs(sim, 0));
    Check::exhaustive(20_000).no_leaks().assert(|sim| two_inputs(sim, 1));
    Check::exhaustive(20_000).no_leaks().cancel("fickle").assert(|sim| two_inputs(sim, 2));
}

/// Jobs on a queue that is given out again.
async fn jobs(sim: Sim) {
    let queue = WorkQueue::builder(sim.clone()).attempts(3).backoff([SECOND]).build();
    let (queue, own) = (Arc::new(queue), sim.clone());
    let pool = WorkerPool::builder(&sim).workers(2).work_queue(queue.clone()).build(move |n: u32| {
        let own = own.clone();
        async move {
            match own.choose(4) {
                0 => own.sleep(SECOND).await,
                1 => return Err("failed"),
                2 => panic!("on purpose"),
                _ => {}
            }
            Ok(n)
        }
    });
    let pool = pool.unwrap();
    for n in 0..5 {
        queue.push(n).await.unwrap();
    }
    let back = match sim.choose(3) {
        0 => pool.stop().await.unstarted,
        1 => pool.stop_after_running().await.unstarted,
        _ => pool.stop_within(SECOND, &sim).await.unstarted,
    };
    let stats = queue.stats();
    assert_eq!(back.len() as u64 + stats.done + stats.dead, 5, "{stats:?}");
    assert_eq!(pool.stats().workers, 0);
}

#[test]
fn each_job_is_done_or_laid_aside_or_comes_back() {
    Check::random(1_500).no_leaks().assert(jobs);
    Check::random(1_500).no_leaks().cancel("worker 2").assert(jobs);
}
