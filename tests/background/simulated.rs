//! Under thousands of schedules, with whoever uses the jobs dropped at each of its polls.

use super::*;
use std::sync::atomic::AtomicI64;
use untether::retry::schedule::exponential;
use untether::spawn::{Task, yield_now};

/// A run that is going on as long as this is there.
struct Running(Arc<AtomicI64>);

impl Running {
    fn new(count: &Arc<AtomicI64>, most: i64) -> Self {
        assert!(count.fetch_add(1, Ordering::AcqRel) < most, "too many at a time");
        Self(count.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

const OVERLAPS: [(Overlap, i64); 3] = [
    (Overlap::Skip, 1),
    (Overlap::Wait, 1),
    (Overlap::Concurrent(std::num::NonZeroUsize::new(2).unwrap()), 2),
];

/// Starts a job that is slow, fails and hangs by chance. It keeps count of its runs.
fn start(
    name: &'static str,
    sim: &Sim,
    background: &Background<Sim, Sim>,
    count: &Arc<AtomicI64>,
) -> JobHandle {
    let (overlap, most) = OVERLAPS[sim.choose(3) as usize];
    let (of_job, count) = (sim.clone(), count.clone());
    let job = move || {
        let (sim, running) = (of_job.clone(), Running::new(&count, most));
        async move {
            let _running = running;
            match sim.choose(5) {
                0 => Ok(()),
                1 => Err("at once"),
                2 => {
                    yield_now().await;
                    Ok(())
                }
                3 => {
                    sim.sleep(1_500 * MS).await;
                    Err("late")
                }
                _ => {
                    sim.sleep(sim.choose(4) * SECOND).await;
                    Ok(())
                }
            }
        }
    };
    let then = OnFailure::back_off(exponential(500 * MS));
    let then = [OnFailure::Continue, then, OnFailure::Stop][sim.choose(3) as usize];
    let job = background.job(name, SECOND, job).overlap(overlap).on_error(then);
    let job = if sim.choose(2) == 0 { job.after_each() } else { job.now() };
    job.timeout(2_500 * MS).jitter(300 * MS).start().unwrap()
}

/// What somebody does with a job, by chance.
async fn meddle(sim: Sim, job: JobHandle) {
    for _ in 0..4 {
        sim.sleep(sim.choose(3) * 700 * MS).await;
        match sim.choose(6) {
            0 => job.pause(),
            1 => job.resume(),
            2 => {
                let ran = job.run_now().await;
                let sound = !matches!(ran, Err(RunError::Panicked(_)));
                assert!(sound, "{ran:?}");
            }
            3 => drop(job.run_now()),
            4 => yield_now().await,
            _ => {
                let status = job.status();
                assert!(status.failures <= status.runs && status.running <= 2, "{status:?}");
            }
        }
    }
    if sim.choose(3) == 0 {
        job.stop().await;
        assert_eq!(job.status().state, State::Stopped);
    }
}

async fn a_day(sim: Sim) {
    let background = Arc::new(background(&sim));
    let counts = [(); 2].map(|()| Arc::new(AtomicI64::new(0)));
    let jobs = [start("one", &sim, &background, &counts[0]), start("two", &sim, &background, &counts[1])];
    let tasks = ["fickle", "steady"].map(|name| {
        let job = jobs[sim.choose(2) as usize].clone();
        Task::builder().name(name).spawn(&sim, meddle(sim.clone(), job)).unwrap()
    });
    sim.sleep(sim.choose(5) * SECOND).await;
    let (of_last, grace) = (background.clone(), [Duration::ZERO, SECOND, HOUR][sim.choose(3) as usize]);
    let last = async move {
        let report = of_last.shutdown_within(grace).await;
        assert!(report.finished.len() + report.aborted.len() <= 2);
    };
    let last = Task::builder().name("last").spawn(&sim, last).unwrap();
    if last.await.is_err() {
        // It was dropped on its way: what was asked for holds, and who asks again waits for the same.
        let report = background.shutdown().await;
        assert!(report.finished.len() + report.aborted.len() <= 2);
    }
    for job in &jobs {
        job.stop().await;
        let status = job.status();
        assert_eq!((status.state, status.running), (State::Stopped, 0));
        assert_eq!(job.run_now().await, Err(RunError::Stopped));
    }
    for count in counts {
        assert_eq!(count.load(Ordering::Acquire), 0, "a run is left");
    }
    for task in tasks {
        drop(task.await);
    }
    assert!(background.names().is_empty());
}

#[test]
fn jobs_end_whole_in_thousands_of_schedules() {
    Check::random(1_500).no_leaks().assert(a_day);
    Check::random(500).no_leaks().timer_jitter(SECOND).assert(a_day);
    Check::pct(500, 3).no_leaks().assert(a_day);
}

#[test]
fn jobs_end_whole_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "last"] {
        Check::random(1_000).no_leaks().cancel(name).assert(a_day);
    }
    Check::random(500).no_leaks().cancel("last").spurious_polls().assert(a_day);
}

/// A job whose task the executor drops at any poll: its name is free, and nobody waits for ever.
async fn dropped_by_its_executor(sim: Sim) {
    let (background, count) = (background(&sim), Arc::new(AtomicI64::new(0)));
    let job = start("one", &sim, &background, &count);
    let (asked, also) = (job.run_now(), job.run_now());
    sim.sleep(sim.choose(4) * SECOND).await;
    drop((asked.await, also.await));
    drop(job.run_now().await);
    drop(background.shutdown_within(SECOND).await);
    job.stop().await;
    assert!(background.names().is_empty());
    assert_eq!((job.status().state, count.load(Ordering::Acquire)), (State::Stopped, 0));
}

#[test]
fn a_job_that_is_dropped_at_any_poll_keeps_no_name_and_nobody_waiting() {
    Check::random(2_000).no_leaks().cancel("one").assert(dropped_by_its_executor);
    Check::random(500).no_leaks().cancel("one").spurious_polls().assert(dropped_by_its_executor);
}

/// As `a_day`, in one future.
async fn driven_day(sim: Sim) {
    let (background, driver) = Background::driver(sim.clone());
    let driver = Task::builder().name("driver").spawn(&sim, driver).unwrap();
    let log = Log::default();
    let job = background.entropy(sim.clone());
    let jobs = ["one", "two", "three"].map(|name| {
        let takes = [Duration::ZERO, 300 * MS, 2 * SECOND][sim.choose(3) as usize];
        job.start(name, SECOND, log.takes(takes, &sim)).ok()
    });
    let asked = jobs.iter().flatten().map(JobHandle::run_now).collect::<Vec<_>>();
    sim.sleep(sim.choose(4) * SECOND).await;
    for run in asked {
        let ran = run.await;
        assert!(
            matches!(ran, Ok(()) | Err(RunError::Aborted | RunError::Stopped | RunError::Busy)),
            "{ran:?}"
        );
    }
    drop(job.shutdown_within(SECOND).await);
    drop(driver.await);
    assert!(job.names().is_empty());
}

#[test]
fn a_driver_that_is_dropped_at_any_poll_keeps_no_name_and_nobody_waiting() {
    Check::random(500).no_leaks().assert(driven_day);
    Check::random(1_000).no_leaks().cancel("driver").assert(driven_day);
}
