//! Runs that give an error or take too long, and what the job makes of it.

use super::*;
use untether::retry::schedule::{Backoff, Jitter, exponential};

#[test]
fn a_failure_is_followed_by_the_next_beat() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = log.fails_while(|run| run < 3, 100 * MS, &sim);
        let job = background.start("job", SECOND, job).unwrap();
        until(&sim, 2_500).await;
        assert_eq!((job.status().failures, job.status().failures_in_a_row), (2, 2));
        until(&sim, 3_500).await;
        assert_eq!(log.begun(), [1_000, 2_000, 3_000]);
        assert_eq!((job.status().runs, job.status().failures, job.status().failures_in_a_row), (3, 2, 0));
    });
}

#[test]
fn a_run_that_takes_too_long_is_dropped_and_is_a_failure() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("slow", SECOND, log.takes(5 * SECOND, &sim)).timeout(300 * MS);
        let job = job.start().unwrap();
        until(&sim, 1_200).await;
        let in_time = job.run_now();
        assert_eq!(in_time.await, Err(RunError::Busy));
        until(&sim, 1_400).await;
        assert_eq!(job.run_now().await, Err(RunError::TimedOut(300 * MS)));
        until(&sim, 2_500).await;
        assert_eq!((log.begun(), log.at("ended")), (vec![1_000, 1_400, 2_000], vec![]));
        assert_eq!((job.status().failures, job.status().skipped), (3, 0));
    });
}

#[test]
fn one_that_backs_off_runs_after_the_delays_of_its_schedule_and_then_with_the_beat() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let slower = exponential(SECOND).jitter(Jitter::NONE).unlimited();
        let job = log.fails_while(|run| run < 5, 100 * MS, &sim);
        let job = background.job("job", SECOND, job).on_error(OnFailure::back_off(slower)).start().unwrap();
        until(&sim, 5_000).await;
        assert_eq!(job.status().state, State::BackingOff);
        assert_eq!(ms(job.status().next_due.unwrap()), 8_300);
        until(&sim, 18_500).await;
        assert_eq!(log.begun(), [1_000, 2_100, 4_200, 8_300, 16_400, 17_000, 18_000]);
        assert_eq!((job.status().skipped, job.status().state), (0, State::Waiting));
    });
}

#[test]
fn a_schedule_that_ends_gives_way_to_the_beat_and_begins_anew() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let soon = OnFailure::back_off(Backoff::standard().jitter(Jitter::NONE));
        let job = log.fails_while(|_| true, Duration::ZERO, &sim);
        background.job("daily", 60 * SECOND, job).on_error(soon).start().unwrap();
        until(&sim, 130_000).await;
        assert_eq!(log.begun(), [60_000, 61_000, 63_000, 120_000, 121_000, 123_000]);
    });
}

#[test]
fn one_that_backs_off_goes_on_as_it_would_with_each_of_the_cadences() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let soon = OnFailure::back_off(exponential(100 * MS).jitter(Jitter::NONE).unlimited());
        let job = log.fails_while(|run| run == 2 || run == 3, 50 * MS, &sim);
        background.job("job", SECOND, job).after_each().on_error(soon).start().unwrap();
        until(&sim, 5_000).await;
        assert_eq!(log.begun(), [1_000, 2_050, 2_200, 2_450, 3_500, 4_550]);
    });
}

#[test]
fn a_run_that_was_asked_for_and_goes_well_ends_the_backing_off() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let hours = OnFailure::back_off(exponential(HOUR).jitter(Jitter::NONE).unlimited());
        let job = log.fails_while(|run| run == 1, Duration::ZERO, &sim);
        let job = background.job("job", SECOND, job).on_error(hours).start().unwrap();
        until(&sim, 3_500).await;
        assert_eq!((log.begun(), job.status().state), (vec![1_000], State::BackingOff));
        job.run_now().await.unwrap();
        until(&sim, 5_500).await;
        assert_eq!(log.begun(), [1_000, 3_500, 4_000, 5_000]);
    });
}

#[test]
fn while_one_that_backs_off_tries_again_no_other_run_begins() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let soon = OnFailure::back_off(exponential(500 * MS).jitter(Jitter::NONE).unlimited());
        let job = log.fails_while(|run| run == 1, 1_200 * MS, &sim);
        let three = Overlap::Concurrent(std::num::NonZeroUsize::new(3).unwrap());
        let job = background.job("job", 5 * SECOND, job).overlap(three).on_error(soon);
        job.now().start().unwrap();
        until(&sim, 4_000).await;
        assert_eq!(log.begun(), [0, 1_700]);
    });
}

#[test]
fn delays_of_nothing_do_not_keep_others_from_running() {
    simulated(async |sim: Sim| {
        let (background, log, other) = (background(&sim), Log::default(), Log::default());
        let at_once = OnFailure::back_off(exponential(Duration::ZERO).unlimited());
        let job = log.fails_while(|run| run < 1_000, Duration::ZERO, &sim);
        background.job("hasty", SECOND, job).on_error(at_once).start().unwrap();
        background.start("calm", SECOND, other.takes(Duration::ZERO, &sim)).unwrap();
        until(&sim, 2_500).await;
        assert_eq!(log.begun().len(), 1_001);
        assert_eq!(other.begun(), [1_000, 2_000]);
    });
}

#[test]
fn a_job_that_is_to_stop_after_a_failure_ends_and_its_name_is_free() {
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, log) = (background(&sim).observed(told.clone()), Log::default());
        let job = log.fails_while(|run| run == 2, 100 * MS, &sim);
        let job = background.job("job", SECOND, job).on_error(OnFailure::Stop).start().unwrap();
        until(&sim, 5_000).await;
        assert_eq!(log.begun(), [1_000, 2_000]);
        assert_eq!(job.status().state, State::Stopped);
        assert_eq!(job.status().last.unwrap().result, Err(RunError::Failed("broken".into())));
        assert_eq!(told.lines(), ["job_failed job error=broken in_a_row=1", "job_stopped job why=failed"]);
        background.start("job", SECOND, || async {}).unwrap();
    });
}

#[test]
fn a_panic_goes_by_its_own_schedule_also_after_an_error_that_had_another() {
    std::panic::set_hook(Box::new(|_| ()));
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let by = |first| OnFailure::back_off(exponential(first).jitter(Jitter::NONE).unlimited());
        let (mut job, mut run) = (log.fails_while(|run| run == 1, Duration::ZERO, &sim), 0);
        let job = move || {
            run += 1;
            let (run, job) = (run, job());
            async move {
                let result = job.await;
                assert!(run != 2, "on purpose");
                result
            }
        };
        let job = background.job("job", SECOND, job).on_error(by(SECOND)).on_panic(by(30_500 * MS));
        job.start().unwrap();
        until(&sim, 33_500).await;
        assert_eq!(log.begun(), [1_000, 2_000, 32_500, 33_000]);
    });
}

#[test]
fn the_end_of_a_job_is_told_once_whichever_of_its_runs_fail() {
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, log) = (background(&sim).observed(told.clone()), Log::default());
        let job = log.fails_while(|_| true, 1_500 * MS, &sim);
        let two = Overlap::Concurrent(std::num::NonZeroUsize::new(2).unwrap());
        background.job("job", SECOND, job).overlap(two).on_error(OnFailure::Stop).start().unwrap();
        until(&sim, 5_000).await;
        assert_eq!(log.at("ended"), [2_500, 3_500]);
        assert_eq!(told.lines().iter().filter(|line| line.starts_with("job_stopped")).count(), 1);
    });
}

#[test]
fn a_run_that_waits_takes_no_beat_from_one_that_backs_off() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let at_once = OnFailure::back_off(exponential(Duration::ZERO).unlimited());
        let job = log.fails_while(|run| run == 1, 1_500 * MS, &sim);
        let job = background.job("job", 2 * SECOND, job).overlap(Overlap::Wait).on_error(at_once);
        let job = job.start().unwrap();
        until(&sim, 1_000).await;
        let first = job.run_now();
        until(&sim, 1_200).await;
        let second = job.run_now();
        assert_eq!((first.await.is_err(), second.await), (true, Ok(())));
        until(&sim, 4_500).await;
        assert_eq!(log.begun(), [1_000, 2_500, 4_000]);
    });
}
