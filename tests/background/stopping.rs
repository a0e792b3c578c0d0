//! The end of one job.

use super::*;

#[test]
fn stop_ends_a_wait_at_once_and_lets_a_run_end() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let waits = background.start("waits", HOUR, || async {}).unwrap();
        let runs = background.job("runs", HOUR, log.takes(SECOND, &sim)).now().start().unwrap();
        until(&sim, 500).await;
        waits.stop().await;
        assert_eq!(now(&sim), 500);
        let stop = runs.stop();
        assert_eq!(runs.status().state, State::Stopping);
        stop.await;
        assert_eq!((runs.status().state, log.at("ended")), (State::Stopped, vec![1_000]));
        assert!(background.names().is_empty());
    });
}

#[test]
fn abort_drops_a_run() {
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, log) = (background(&sim).observed(told.clone()), Log::default());
        let job = background.job("job", HOUR, log.takes(SECOND, &sim)).start().unwrap();
        let run = job.run_now();
        until(&sim, 500).await;
        job.abort();
        assert_eq!(run.await, Err(RunError::Aborted));
        job.stop().await;
        assert_eq!((log.begun(), log.at("ended")), (vec![0], vec![]));
        assert_eq!(told.lines(), ["job_aborted job"]);
        assert_eq!(now(&sim), 500);
    });
}

#[test]
fn a_run_that_is_asked_for_after_a_stop_is_refused_and_so_is_one_that_waited() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", HOUR, log.takes(SECOND, &sim)).overlap(Overlap::Wait);
        let job = job.start().unwrap();
        let first = job.run_now();
        until(&sim, 500).await;
        let waited = job.run_now();
        until(&sim, 600).await;
        let stop = job.stop();
        assert_eq!(job.run_now().await, Err(RunError::Stopped));
        stop.await;
        assert_eq!((first.await, waited.await), (Ok(()), Err(RunError::Stopped)));
        assert_eq!(job.run_now().await, Err(RunError::Stopped));
        assert_eq!(log.begun(), [0]);
    });
}

#[test]
fn stopping_twice_and_after_the_end_is_as_good_as_once() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        let job = background.start("job", SECOND, || async {}).unwrap();
        let (first, second) = (job.stop(), job.clone().stop());
        first.await;
        second.await;
        job.stop().await;
        job.abort();
        job.pause();
        job.resume();
        assert_eq!(job.status().state, State::Stopped);
    });
}

#[test]
fn a_stop_is_not_taken_back_by_dropping_its_future() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        let job = background.start("job", SECOND, || async {}).unwrap();
        drop(job.stop());
        until(&sim, 100).await;
        assert_eq!(job.status().state, State::Stopped);
    });
}

#[test]
fn the_job_is_gone_when_its_name_is_free() {
    simulated(async |sim: Sim| {
        let (background, alive) = (background(&sim), Arc::new(()));
        let held = alive.clone();
        let job = move || {
            let held = held.clone();
            async move {
                std::future::pending::<()>().await;
                drop(held);
            }
        };
        let job = background.job("job", SECOND, job).now().start().unwrap();
        until(&sim, 100).await;
        job.abort();
        job.stop().await;
        assert_eq!(Arc::strong_count(&alive), 1);
        assert!(background.get("job").is_none());
    });
}

#[test]
fn a_handle_of_a_job_that_is_over_does_not_mean_the_next_of_its_name() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        let old = background.start("job", SECOND, || async {}).unwrap();
        old.stop().await;
        let new = background.start("job", SECOND, || async {}).unwrap();
        old.abort();
        assert_eq!(old.run_now().await, Err(RunError::Stopped));
        assert_eq!(new.run_now().await, Ok(()));
    });
}
