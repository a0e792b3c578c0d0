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
