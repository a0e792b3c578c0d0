//! `run_now`.

use super::*;
use std::num::NonZeroUsize;
use untether::spawn::SpawnExt;

#[test]
fn who_asks_for_a_run_is_told_how_it_ended() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = log.fails_while(|run| run == 2, 100 * MS, &sim);
        let job = background.start("job", HOUR, job).unwrap();
        assert_eq!(job.run_now().await, Ok(()));
        assert_eq!(job.run_now().await, Err(RunError::Failed("broken".into())));
        assert_eq!(log.begun(), [0, 100]);
        let Status { state, running, runs, failures, failures_in_a_row, last, next_due, .. } = job.status();
        assert_eq!((state, running, runs, failures, failures_in_a_row), (State::Waiting, 0, 2, 1, 1));
        assert_eq!(ms(next_due.unwrap()), 3_600_000);
        let last = last.unwrap();
        assert_eq!((last.took, ms(last.ended)), (100 * MS, 200));
        assert_eq!(job.status().to_string(), "job: waiting, 2 runs, 1 failed, 0 skipped; last: broken");
    });
}

#[test]
fn who_asks_during_a_run_is_told_that_it_is_busy() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", HOUR, log.takes(SECOND, &sim)).unwrap();
        let first = job.run_now();
        until(&sim, 500).await;
        assert_eq!(job.status().state, State::Running);
        assert_eq!(job.run_now().await, Err(RunError::Busy));
        assert_eq!(first.await, Ok(()));
        assert_eq!(log.begun(), [0]);
    });
}

#[test]
fn all_who_ask_during_a_run_that_lets_them_wait_get_the_one_after_it() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", HOUR, log.takes(SECOND, &sim)).overlap(Overlap::Wait);
        let job = job.start().unwrap();
        let first = job.run_now();
        until(&sim, 500).await;
        let (second, third) = (job.run_now(), job.run_now());
        assert_eq!((first.await, second.await, third.await), (Ok(()), Ok(()), Ok(())));
        assert_eq!(log.begun(), [0, 1_000]);
        assert_eq!(now(&sim), 2_000);
    });
}

#[test]
fn runs_that_were_asked_for_go_on_beside_others_as_many_as_were_said() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let two = Overlap::Concurrent(NonZeroUsize::new(2).unwrap());
        let job = background.job("job", HOUR, log.takes(SECOND, &sim)).overlap(two).start().unwrap();
        let asked = [job.run_now(), job.run_now(), job.run_now()];
        let mut ends = Vec::new();
        for run in asked {
            ends.push(run.await);
        }
        assert_eq!(ends, [Ok(()), Ok(()), Err(RunError::Busy)]);
        assert_eq!(log.begun(), [0, 0]);
    });
}

#[test]
fn a_run_that_was_asked_for_is_made_though_nobody_waits_for_it() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", HOUR, log.takes(SECOND, &sim)).unwrap();
        drop(job.run_now());
        until(&sim, 1_500).await;
        assert_eq!((log.at("ended"), job.status().runs), (vec![1_000], 1));
    });
}

#[test]
fn a_job_may_ask_for_itself() {
    simulated(async |sim: Sim| {
        let background = Arc::new(background(&sim));
        let (of_job, told) = (Arc::downgrade(&background), Arc::new(Mutex::new(Vec::new())));
        let answers = told.clone();
        let job = move || {
            let (background, told) = (of_job.upgrade().unwrap(), answers.clone());
            async move {
                let own = background.get("job").unwrap().run_now().await;
                told.lock().unwrap().push(own);
                background.get("job").unwrap().pause();
            }
        };
        let job = background.start("job", SECOND, job).unwrap();
        until(&sim, 5_500).await;
        assert_eq!(*told.lock().unwrap(), [Err(RunError::Busy)]);
        assert_eq!(job.status().state, State::Paused);
    });
}

#[test]
fn a_thread_can_wait_for_a_run() {
    untether::rt::threads::block_on(async |rt| {
        let background = Background::new(rt.clone());
        let job = background.start("job", HOUR, || async { Err::<(), _>("broken") }).unwrap();
        let waits = rt.spawn_blocking_task(move || job.run_now().wait()).unwrap();
        assert_eq!(waits.await.unwrap(), Err(RunError::Failed("broken".into())));
    });
}
