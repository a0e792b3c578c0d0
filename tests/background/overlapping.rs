//! Beats that come while the job is running.

use super::*;
use std::num::NonZeroUsize;

#[test]
fn a_beat_that_comes_during_a_run_is_skipped_and_counted() {
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, log) = (background(&sim).observed(told.clone()), Log::default());
        let job = background.start("slow", SECOND, log.takes(2_500 * MS, &sim)).unwrap();
        until(&sim, 8_500).await;
        assert_eq!(log.begun(), [1_000, 4_000, 7_000]);
        assert_eq!(job.status().skipped, 4);
        assert_eq!(told.lines(), ["job_skipped slow beats=2 why=running"; 2]);
    });
}

#[test]
fn a_run_that_waits_begins_where_the_last_one_ends() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("slow", SECOND, log.takes(2_500 * MS, &sim)).overlap(Overlap::Wait);
        job.start().unwrap();
        until(&sim, 9_000).await;
        assert_eq!(log.begun(), [1_000, 3_500, 6_000, 8_500]);
        assert_eq!(log.at("ended"), [3_500, 6_000, 8_500]);
    });
}

#[test]
fn runs_go_on_beside_each_other_as_many_as_were_said() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let two = Overlap::Concurrent(NonZeroUsize::new(2).unwrap());
        let job = background.job("slow", SECOND, log.takes(2_500 * MS, &sim)).overlap(two);
        let job = job.start().unwrap();
        until(&sim, 2_200).await;
        assert_eq!(job.status().running, 2);
        until(&sim, 6_200).await;
        assert_eq!(log.begun(), [1_000, 2_000, 4_000, 5_000]);
        assert_eq!(job.status().skipped, 1, "that of second 3; that of second 6 is not reckoned yet");
    });
}

#[test]
fn a_beat_and_whoever_asks_wait_for_the_same_run() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("slow", 2 * SECOND, log.takes(1_500 * MS, &sim)).overlap(Overlap::Wait);
        let job = job.start().unwrap();
        until(&sim, 1_000).await;
        let first = job.run_now();
        until(&sim, 1_200).await;
        let second = job.run_now();
        assert_eq!((first.await, second.await), (Ok(()), Ok(())));
        until(&sim, 5_000).await;
        assert_eq!(
            log.begun(),
            [1_000, 2_500, 4_000],
            "that of second 2 and the second that was asked for are one"
        );
        assert_eq!(job.status().skipped, 0);
    });
}

#[test]
fn only_where_runs_wait_or_go_on_beside_each_other_is_made_up_for_late_beats() {
    let runs = |overlap| {
        let clock = untether::testing::ManualClock::new();
        let (background, driver) = Background::driver(clock.clone());
        let background = background.entropy(untether::time::Seed::new(1));
        let job = background.job("job", SECOND, || async {}).overlap(overlap).missed(Missed::Burst);
        let (job, mut driver) = (job.start().unwrap(), untether::testing::Probe::new(driver));
        driver.assert_pending();
        clock.advance(5_500 * MS);
        driver.assert_pending();
        (job.status().runs, job.status().skipped)
    };
    assert_eq!(runs(Overlap::Wait), (5, 0));
    assert_eq!(runs(Overlap::Skip), (1, 4));
}
