//! Wakers that come back to what woke them.

use super::*;
use untether::testing::{HookWaker, ManualClock, Probe};
use untether::time::Seed;

#[test]
fn wakers_that_come_back_find_no_lock_held() {
    let clock = ManualClock::new();
    let (background, driver) = Background::driver(clock.clone());
    let background = Arc::new(background.entropy(Seed::new(1)));
    let job = background.start("job", SECOND, || async {}).unwrap();
    let wakes = Arc::new(AtomicUsize::new(0));
    let waker = || {
        let (weak, job, wakes) = (Arc::downgrade(&background), job.clone(), wakes.clone());
        let comes_back = move || {
            wakes.fetch_add(1, Ordering::Relaxed);
            if let Some(background) = weak.upgrade() {
                assert!(background.names().len() <= 1 && background.statuses().len() <= 1);
                let _ = background.get("job").map(|job| job.status());
            }
            job.pause();
            job.resume();
            drop(job.run_now());
        };
        HookWaker::new().on_wake(comes_back).waker()
    };
    let mut driver = Probe::new(driver);
    assert!(driver.poll_with(&waker()).is_pending());
    let mut run = Probe::new(job.run_now());
    assert!(run.poll_with(&waker()).is_pending());
    assert!(driver.poll_with(&waker()).is_pending());
    // One of those that the wakers asked for may have been before it.
    assert!(matches!(run.assert_ready(), Ok(()) | Err(RunError::Busy)));
    let (mut stop, mut shutdown) = (Probe::new(job.stop()), Probe::new(background.shutdown()));
    assert!(stop.poll_with(&waker()).is_pending() && shutdown.poll_with(&waker()).is_pending());
    assert!(driver.poll_with(&waker()).is_ready());
    stop.assert_ready();
    assert_eq!(shutdown.assert_ready().finished, ["job"]);
    assert!(wakes.load(Ordering::Relaxed) >= 4);
}

#[test]
fn a_waker_that_panics_keeps_no_job_from_its_end() {
    std::panic::set_hook(Box::new(|_| ()));
    let clock = ManualClock::new();
    let (background, driver) = Background::driver(clock.clone());
    let background = background.entropy(Seed::new(1));
    let jobs = ["one", "two"].map(|name| background.start(name, SECOND, || async {}).unwrap());
    let waker = || HookWaker::new().on_wake(|| panic!("on purpose")).waker();
    let mut driver = Probe::new(driver);
    driver.assert_pending();
    let mut run = Probe::new(jobs[0].run_now());
    let mut stops = jobs.each_ref().map(|job| Probe::new(job.stop()));
    assert!(run.poll_with(&waker()).is_pending());
    assert!(stops.iter_mut().all(|stop| stop.poll_with(&waker()).is_pending()));
    drop(background);
    driver.assert_ready();
    stops.iter_mut().for_each(Probe::assert_ready);
    assert_eq!(run.assert_ready(), Err(RunError::Stopped));
    assert!(jobs.iter().all(|job| job.status().state == State::Stopped));
}

/// A waker that says when the last copy of it is gone.
fn waker_of(gone: &Arc<AtomicUsize>) -> std::task::Waker {
    let gone = gone.clone();
    HookWaker::new().on_drop(move || _ = gone.fetch_add(1, Ordering::Relaxed)).waker()
}

#[test]
fn who_holds_the_handle_of_a_job_that_is_over_keeps_nothing_of_its_task() {
    let clock = ManualClock::new();
    let kept = Keeps::default();
    let background = Background::new(untether::spawn::Parts { timer: clock, spawn: kept.clone() });
    let background = background.entropy(Seed::new(1));
    let job = background.start("job", SECOND, || async {}).unwrap();
    let gone = Arc::new(AtomicUsize::new(0));
    let mut task = Probe::new(kept.0.lock().unwrap().pop().unwrap());
    let waker = waker_of(&gone);
    assert!(task.poll_with(&waker).is_pending());
    drop(job.stop());
    assert!(task.poll_with(&waker).is_ready());
    drop((task, waker));
    assert_eq!((job.status().state, gone.load(Ordering::Relaxed)), (State::Stopped, 1));
}

#[test]
fn an_owner_whose_driver_has_ended_keeps_nothing_of_its_task() {
    for ends in [true, false] {
        let (background, driver) = Background::driver(ManualClock::new());
        let gone = Arc::new(AtomicUsize::new(0));
        let (mut driver, waker) = (Probe::new(driver), waker_of(&gone));
        assert!(driver.poll_with(&waker).is_pending());
        if ends {
            drop(background.shutdown());
            assert!(driver.poll_with(&waker).is_ready());
        }
        drop((driver, waker));
        assert_eq!(gone.load(Ordering::Relaxed), 1);
        drop(background);
    }
}

/// Keeps what is spawned.
#[derive(Clone, Default)]
struct Keeps(Arc<Mutex<Vec<untether::spawn::BoxTask>>>);

impl untether::spawn::Spawn for Keeps {
    fn spawn_boxed(
        &self,
        task: untether::spawn::BoxTask,
    ) -> Result<(), untether::spawn::SpawnError<untether::spawn::BoxTask>> {
        self.0.lock().unwrap().push(task);
        Ok(())
    }
}
