//! `pause` and `resume`.

use super::*;

#[test]
fn no_run_begins_while_it_is_paused_and_the_beat_is_what_it_was() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", SECOND, log.takes(Duration::ZERO, &sim)).unwrap();
        until(&sim, 1_500).await;
        job.pause();
        assert_eq!((job.status().state, job.status().next_due), (State::Paused, None));
        until(&sim, 4_300).await;
        job.resume();
        until(&sim, 6_500).await;
        assert_eq!(log.begun(), [1_000, 5_000, 6_000]);
        assert_eq!(job.status().skipped, 0, "nobody expected them");
    });
}

#[test]
fn a_run_that_is_going_on_goes_on_through_a_pause_and_one_that_is_asked_for_is_made() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", SECOND, log.takes(300 * MS, &sim)).unwrap();
        until(&sim, 1_100).await;
        job.pause();
        assert_eq!(job.status().state, State::Running);
        until(&sim, 2_500).await;
        assert_eq!(log.at("ended"), [1_300]);
        assert_eq!(job.run_now().await, Ok(()));
        assert_eq!(log.begun(), [1_000, 2_500]);
        assert_eq!(job.status().state, State::Paused);
    });
}

#[test]
fn a_pause_that_is_taken_back_before_it_was_seen_is_none() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", SECOND, log.takes(Duration::ZERO, &sim)).unwrap();
        job.pause();
        job.resume();
        until(&sim, 2_500).await;
        assert_eq!(log.begun(), [1_000, 2_000]);
    });
}

#[test]
fn a_pause_between_runs_goes_on_after_each() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", SECOND, log.takes(100 * MS, &sim)).after_each().start().unwrap();
        until(&sim, 1_500).await;
        job.pause();
        until(&sim, 7_650).await;
        job.resume();
        until(&sim, 9_000).await;
        assert_eq!(log.begun(), [1_000, 8_100]);
    });
}

#[test]
fn after_a_pause_the_run_of_a_beat_that_passed_is_not_made_up_for_whatever_its_jitter() {
    Check::random(300).no_leaks().assert(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", SECOND, log.takes(Duration::ZERO, &sim)).jitter(900 * MS);
        let job = job.start().unwrap();
        job.pause();
        until(&sim, 10_500).await;
        job.resume();
        // A beat of its own may lie anywhere, but hardly in this very nanosecond.
        sim.sleep(Duration::from_nanos(1)).await;
        assert!(log.begun().is_empty(), "{:?}", log.begun());
    });
}
