//! Jobs, factories, drops and observers that panic.

use super::*;

fn quiet() {
    std::panic::set_hook(Box::new(|_| ()));
}

#[test]
fn a_job_that_panics_runs_again_with_the_next_beat() {
    quiet();
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, log) = (background(&sim).observed(told.clone()), Log::default());
        let (mut job, mut run) = (log.takes(Duration::ZERO, &sim), 0);
        let job = move || {
            run += 1;
            let (fails, job) = (run == 1, job());
            async move {
                job.await.unwrap();
                assert!(!fails, "on purpose");
            }
        };
        let job = background.start("job", SECOND, job).unwrap();
        until(&sim, 500).await;
        assert_eq!(job.run_now().await, Err(RunError::Panicked("on purpose".into())));
        until(&sim, 2_500).await;
        assert_eq!(log.begun(), [500, 1_000, 2_000]);
        assert_eq!((job.status().runs, job.status().failures), (3, 1));
        assert_eq!(told.lines(), ["job_panicked job message=on purpose in_a_row=1"]);
    });
}

#[test]
fn what_makes_the_job_may_panic_as_the_job_may() {
    quiet();
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let (mut job, mut run) = (log.takes(Duration::ZERO, &sim), 0);
        let job = move || {
            run += 1;
            assert!(run != 1, "no job today");
            job()
        };
        let job = background.job("job", SECOND, job).overlap(Overlap::Wait).start().unwrap();
        assert_eq!(job.run_now().await, Err(RunError::Panicked("no job today".into())));
        until(&sim, 2_500).await;
        assert_eq!(log.begun(), [1_000, 2_000]);
    });
}

#[test]
fn a_job_that_is_to_stop_after_a_panic_ends() {
    quiet();
    simulated(async |sim: Sim| {
        let told = Told::default();
        let background = background(&sim).observed(told.clone());
        let job = || async { panic!("on purpose") };
        let job = background.job::<_, std::pin::Pin<Box<dyn Future<Output = ()> + Send>>>(
            "job",
            SECOND,
            move || Box::pin(job()),
        );
        let job = job.on_panic(OnFailure::Stop).start().unwrap();
        until(&sim, 1_500).await;
        assert_eq!(job.status().state, State::Stopped);
        assert_eq!(
            told.lines(),
            ["job_panicked job message=on purpose in_a_row=1", "job_stopped job why=panicked"]
        );
    });
}

/// Panics when it is dropped, once.
struct Bomb(Arc<AtomicUsize>);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
            panic!("dropped");
        }
    }
}

#[test]
fn a_run_whose_drop_panics_has_panicked_and_the_job_goes_on() {
    quiet();
    simulated(async |sim: Sim| {
        let (background, drops) = (background(&sim), Arc::new(AtomicUsize::new(0)));
        let of_job = drops.clone();
        let job = move || {
            let bomb = Bomb(of_job.clone());
            async move { drop(bomb) }
        };
        let job = background.start("job", SECOND, job).unwrap();
        assert_eq!(job.run_now().await, Err(RunError::Panicked("dropped".into())));
        assert_eq!(job.run_now().await, Ok(()));
    });
}

#[test]
fn a_run_whose_drop_panics_when_it_is_aborted_keeps_no_name_and_nobody_waiting() {
    quiet();
    simulated(async |sim: Sim| {
        let told = Told::default();
        let background = background(&sim).observed(told.clone());
        let drops = Arc::new(AtomicUsize::new(0));
        let of_job = drops.clone();
        let job = move || {
            let bomb = Bomb(of_job.clone());
            async move {
                std::future::pending::<()>().await;
                drop(bomb);
            }
        };
        let job = background.start("job", SECOND, job).unwrap();
        let run = job.run_now();
        until(&sim, 500).await;
        let report = background.shutdown_within(Duration::ZERO).await;
        assert_eq!((report.aborted, background.names()), (vec!["job".into()], vec![]));
        assert_eq!(run.await, Err(RunError::Aborted));
        assert_eq!(told.lines(), ["job_aborted job", "job_panicked job message=dropped"]);
    });
}

#[test]
fn a_closure_whose_drop_panics_keeps_no_name() {
    quiet();
    simulated(async |sim: Sim| {
        let (background, drops) = (background(&sim), Arc::new(AtomicUsize::new(0)));
        let bomb = Bomb(drops.clone());
        let job = background.start("job", SECOND, move || {
            let _ = &bomb;
            async {}
        });
        let job = job.unwrap();
        job.run_now().await.unwrap();
        job.stop().await;
        assert_eq!((background.names().len(), drops.load(Ordering::Relaxed)), (0, 1));
    });
}

struct Grumbles;

impl Observer for Grumbles {
    fn on(&self, event: &Event<'_>) {
        panic!("not interested in {event}");
    }
}

#[test]
fn an_observer_that_panics_keeps_a_job_from_nothing() {
    quiet();
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim).observed(Grumbles), Log::default());
        let job = log.fails_while(|_| true, 1_500 * MS, &sim);
        let job = background.start("job", SECOND, job).unwrap();
        until(&sim, 4_000).await;
        assert_eq!(log.begun(), [1_000, 3_000]);
        drop(background);
        job.stop().await;
        assert_eq!((job.status().failures, job.status().state), (1, State::Stopped));
    });
}

/// An error that cannot even be shown.
struct Unspeakable;

impl std::fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words")
    }
}

#[test]
fn an_error_that_panics_when_it_is_shown_is_a_panic() {
    quiet();
    simulated(async |sim: Sim| {
        let background = background(&sim);
        let job = background.start("job", SECOND, || async { Err::<(), _>(Unspeakable) }).unwrap();
        assert_eq!(job.run_now().await, Err(RunError::Panicked("no words".into())));
        assert_eq!(job.run_now().await, Err(RunError::Panicked("no words".into())));
    });
}

#[test]
fn jobs_that_never_began_and_panic_as_they_are_dropped_are_told_of_as_others_are() {
    quiet();
    let told = Told::default();
    let (background, driver) = Background::driver(untether::testing::ManualClock::new());
    let background = background.entropy(untether::time::Seed::new(1)).observed(told.clone());
    for name in ["one", "two"] {
        let bomb = Bomb(Arc::default());
        let job = move || {
            let _ = &bomb;
            async {}
        };
        background.start(name, SECOND, job).unwrap();
    }
    drop(driver);
    assert_eq!(background.names().len(), 0);
    let panics = told.lines().into_iter().filter(|line| line.starts_with("job_panicked"));
    assert!(panics.eq(["job_panicked one message=dropped", "job_panicked two message=dropped"]));
}

#[test]
fn a_job_is_gone_before_its_name_is_free_also_if_it_never_began() {
    struct Held(Arc<Mutex<Vec<usize>>>, Box<dyn Fn() -> usize + Send>);
    impl Drop for Held {
        fn drop(&mut self) {
            self.0.lock().unwrap().push((self.1)());
        }
    }
    let (background, driver) = Background::driver(untether::testing::ManualClock::new());
    let background = Arc::new(background.entropy(untether::time::Seed::new(1)));
    let (seen, weak) = (Arc::new(Mutex::new(Vec::new())), Arc::downgrade(&background));
    let held = Held(seen.clone(), Box::new(move || weak.upgrade().unwrap().names().len()));
    let job = move || {
        let _ = &held;
        async {}
    };
    background.start("job", SECOND, job).unwrap();
    drop(driver);
    assert_eq!((*seen.lock().unwrap()).as_slice(), [1]);
}
