//! The beat: it does not drift, and what is late is reckoned.

use super::*;

#[test]
fn the_beat_does_not_drift_however_long_runs_take() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        background.start("job", SECOND, log.takes(700 * MS, &sim)).unwrap();
        until(&sim, 5_200).await;
        assert_eq!(log.begun(), [1_000, 2_000, 3_000, 4_000, 5_000]);
    });
}

#[test]
fn a_run_that_takes_just_a_period_skips_no_beat() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", SECOND, log.takes(SECOND, &sim)).unwrap();
        until(&sim, 4_500).await;
        assert_eq!(log.begun(), [1_000, 2_000, 3_000, 4_000]);
        assert_eq!(job.status().skipped, 0);
    });
}

#[test]
fn after_each_the_period_begins_where_a_run_ends() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", SECOND, log.takes(700 * MS, &sim)).after_each().now();
        let job = job.start().unwrap();
        until(&sim, 500).await;
        assert_eq!(job.status().next_due, None, "the end of the run says");
        until(&sim, 4_000).await;
        assert_eq!(log.begun(), [0, 1_700, 3_400]);
        assert_eq!(job.status().skipped, 0);
    });
}

#[test]
fn a_run_that_was_asked_for_moves_the_pause_between_two_runs_and_not_the_beat() {
    simulated(async |sim: Sim| {
        let (background, pause, beat) = (background(&sim), Log::default(), Log::default());
        let job = background.job("pause", SECOND, pause.takes(Duration::ZERO, &sim)).after_each();
        let pauses = job.start().unwrap();
        let beats = background.start("beat", SECOND, beat.takes(Duration::ZERO, &sim)).unwrap();
        until(&sim, 500).await;
        pauses.run_now().await.unwrap();
        beats.run_now().await.unwrap();
        until(&sim, 2_200).await;
        assert_eq!(pause.begun(), [500, 1_500]);
        assert_eq!(beat.begun(), [500, 1_000, 2_000]);
    });
}

#[test]
fn jitter_stays_within_its_bounds_and_moves_no_beat() {
    Check::random(200).no_leaks().assert(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", SECOND, log.takes(Duration::ZERO, &sim)).jitter(400 * MS);
        let job = job.start().unwrap();
        until(&sim, 20_500).await;
        let begun = log.begun();
        assert_eq!(begun.len(), 20);
        for (beat, at) in (1..).zip(begun) {
            assert!((beat * 1_000..=beat * 1_000 + 400).contains(&at), "the {beat}th at {at}");
        }
        assert_eq!(job.status().skipped, 0);
    });
}

#[test]
fn jitter_of_more_than_a_period_skips_beats_and_counts_them() {
    Check::random(200).no_leaks().assert(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", SECOND, log.takes(Duration::ZERO, &sim));
        let job = job.jitter(3 * SECOND).start().unwrap();
        until(&sim, 100_500).await;
        let had = log.begun().len() as u64 + job.status().skipped;
        assert!((97..=100).contains(&had), "{had}");
    });
}

/// Runs of 2.5 s each second, with the second beginning where the first one ends.
fn late(missed: Missed) -> (Vec<u64>, u64) {
    let seen = Arc::new(Mutex::new(None));
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let (held, mut first) = (sim.clone(), true);
        let job = log.takes(Duration::ZERO, &sim);
        let mut job = Box::new(job);
        let slow_once = move || {
            let takes = if std::mem::take(&mut first) { 2_500 * MS } else { Duration::ZERO };
            let (run, sim) = (job(), held.clone());
            async move {
                run.await.unwrap();
                sim.sleep(takes).await;
            }
        };
        let job = background.job("job", SECOND, slow_once).overlap(Overlap::Wait).missed(missed);
        let job = job.start().unwrap();
        until(&sim, 6_200).await;
        *seen.lock().unwrap() = Some((log.begun(), job.status().skipped));
    });
    seen.lock().unwrap().take().unwrap()
}

#[test]
fn what_is_late_is_skipped_made_up_for_or_moves_the_beat_as_was_said() {
    assert_eq!(late(Missed::Skip), (vec![1_000, 3_500, 4_000, 5_000, 6_000], 1));
    assert_eq!(late(Missed::Burst), (vec![1_000, 3_500, 3_500, 4_000, 5_000, 6_000], 0));
    assert_eq!(late(Missed::Delay), (vec![1_000, 3_500, 4_500, 5_500], 1));
}
