//! Under thousands of schedules, with tasks that are dropped at each of their polls, and workers of every temper.

use super::*;
use std::cell::Cell;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::{Clock, Timer};

const PLAN: DrainPlan = DrainPlan::new()
    .limit(Duration::from_secs(10))
    .cancelling(Duration::from_secs(4))
    .aborting(Duration::from_secs(2));

/// What one does when it is told, and how long it takes for it.
async fn works(sim: Sim, it: Participant, gone: Gone) {
    let (stopping, token) = (it.stopping().clone(), it.token().clone());
    let timer = sim.clone();
    let temper = sim.choose(6);
    let work = async move {
        let _gone = gone;
        match temper {
            0 => yield_now().await,
            1 => {
                stopping.cancelled().await;
                timer.sleep(SECOND).await;
            }
            2 => {
                token.cancelled().await;
                timer.sleep(SECOND).await;
            }
            3 => pending().await,
            4 => return Err("by itself"),
            _ => {
                token.cancelled().await;
                std::panic::resume_unwind(Box::new("on purpose, and told to nobody"));
            }
        }
        Ok(())
    };
    it.on_failure(OnFailure::Continue).run(work).await;
}

/// Counts those whose futures are not gone.
struct Gone(Arc<AtomicUsize>);

impl Gone {
    fn new(here: &Arc<AtomicUsize>) -> Self {
        here.fetch_add(1, Ordering::Relaxed);
        Self(here.clone())
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Each who was there when it was asked for is in one list; none whose future is still there is in another than `left`.
async fn a_day_with_an_end(sim: Sim) {
    let (shutdown, here) = (Shutdown::new(), Arc::new(AtomicUsize::new(0)));
    let tasks = ["fickle", "steady", "third", "fourth"].map(|name| {
        let work = works(sim.clone(), participant(&shutdown, name), Gone::new(&here));
        Task::builder().name(name).spawn(&sim, work).unwrap()
    });
    let raw = participant(&shutdown, "raw");
    for _ in 0..sim.choose(5) {
        yield_now().await;
    }
    let (ends, timer) = (sim.choose(3), sim.clone());
    let raw = sim.spawn_task(async move {
        let it = raw;
        match ends {
            0 => drop(it),
            1 => it.token().cancelled().map_drop().await,
            _ => timer.sleep(60 * SECOND).await,
        }
    });
    let took_part = shutdown.participants().len();
    shutdown.request(Cause::Requested);
    let begun = sim.now();
    let hurried = sim.choose(4) == 0;
    let (later, timer) = (shutdown.clone(), sim.clone());
    let hurries = sim.spawn_task(async move {
        timer.sleep(if hurried { 3 * SECOND } else { 100 * SECOND }).await;
        later.abort();
    });
    let report = shutdown.drain(sim.clone()).plan(PLAN).await;
    let elapsed = sim.now().saturating_duration_since(begun);
    assert!(elapsed <= if hurried { 5 * SECOND } else { 10 * SECOND }, "{elapsed:?}");
    let early = report.failed.iter().filter(|failed| failed.phase == Phase::Running).count();
    assert_eq!(counts(&report).iter().sum::<usize>(), took_part + early, "{report}");
    assert!(report.left.iter().all(|name| name == "raw"), "{report}");
    assert_eq!(here.load(Ordering::Relaxed), 0, "what runs under it is gone");
    assert!(
        report.aborted.is_empty() || elapsed >= if hurried { 3 * SECOND } else { 8 * SECOND },
        "{report}"
    );
    drop((raw, hurries));
    for task in tasks {
        drop(task.await);
    }
    assert!(shutdown.participants().is_empty() || !report.left.is_empty());
}

trait MapDrop: Future + Sized {
    fn map_drop(self) -> impl Future<Output = ()> {
        async { drop(self.await) }
    }
}

impl<F: Future> MapDrop for F {}

#[test]
fn each_who_took_part_is_in_one_list_in_thousands_of_schedules() {
    Check::random(1_500).no_leaks().assert(a_day_with_an_end);
    Check::pct(700, 3).no_leaks().assert(a_day_with_an_end);
    Check::random(500).no_leaks().spurious_polls().assert(a_day_with_an_end);
}

#[test]
fn each_who_took_part_is_in_one_list_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "steady"] {
        Check::random(1_000).no_leaks().cancel(name).assert(a_day_with_an_end);
    }
}

#[test]
fn a_drain_that_is_cancelled_at_any_poll_leaves_all_to_the_next() {
    Check::random(2_000).no_leaks().cancel("drains").assert(async |sim: Sim| {
        let shutdown = Shutdown::new();
        let (stopping, token) = (shutdown.stopping().clone(), shutdown.token().clone());
        shutdown.task("quick", &sim, async move { stopping.cancelled().map_drop().await }).unwrap();
        shutdown.task("slow", &sim, async move { token.cancelled().map_drop().await }).unwrap();
        shutdown.task("stuck", &sim, pending::<()>()).unwrap();
        let drains = shutdown.drain(sim.clone()).plan(PLAN);
        let first = Task::builder().name("drains").spawn(&sim, drains).unwrap().await;
        let second = shutdown.drain(sim.clone()).plan(PLAN).await;
        let reports = [first.ok(), Some(second)];
        let all = reports
            .iter()
            .flatten()
            .map(counts)
            .fold([0; 5], |sum, counts| std::array::from_fn(|list| sum[list] + counts[list]));
        assert_eq!(all, [1, 1, 1, 0, 0]);
    });
}

#[test]
fn two_and_a_second_request_under_every_schedule_and_every_cancellation() {
    let aborted = Cell::new(0_u32);
    let passed = Check::exhaustive(1_000_000).no_leaks().cancel("fickle").run(async |sim: Sim| {
        let shutdown = Shutdown::new();
        let stopping = shutdown.stopping().clone();
        let fickle =
            participant(&shutdown, "fickle").run(async move { stopping.cancelled().map_drop().await });
        let fickle = Task::builder().name("fickle").spawn(&sim, fickle).unwrap();
        shutdown.task("stuck", &sim, pending::<()>()).unwrap();
        let hurries = shutdown.clone();
        let hurries = sim.spawn_task(async move {
            hurries.escalate(Cause::Requested);
            hurries.escalate(Cause::Requested);
        });
        let report = shutdown.run(sim.clone()).await;
        let [completed, cancelled, aborts, left, failed] = counts(&report);
        assert!(aborts >= 1 && left == 0 && failed == 0 && completed + cancelled + aborts <= 2, "{report}");
        aborted.set(aborted.get() + 1);
        hurries.unwrap().await.unwrap();
        drop(fickle.await);
    });
    let passed = passed.unwrap();
    assert!(passed.complete && passed.schedules > 20, "{passed:?}");
}

#[test]
fn time_that_jumps_over_a_phase_leaves_nobody_unlisted() {
    Check::random(1_000).no_leaks().timer_jitter(3 * SECOND).assert(async |sim: Sim| {
        let shutdown = Shutdown::new();
        for name in ["one", "two"] {
            shutdown.task(name, &sim, pending::<()>()).unwrap();
        }
        let report = shutdown.drain(sim.clone()).plan(PLAN).await;
        let [.., aborted, left, _] = counts(&report);
        assert_eq!(aborted + left, 2, "{report}");
        // What was left is dropped all the same.
        sim.sleep(30 * SECOND).await;
        assert!(shutdown.participants().is_empty());
    });
}
