//! The end of all jobs.

use super::*;
use std::future::pending;

#[test]
fn a_shutdown_ends_waits_at_once_and_lets_runs_end_within_the_grace() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        background.start("waits", HOUR, || async {}).unwrap();
        background.job("ends", HOUR, log.takes(3 * SECOND, &sim)).now().start().unwrap();
        background.job("hangs", HOUR, pending::<()>).now().start().unwrap();
        until(&sim, 1_000).await;
        let report = background.shutdown_within(5 * SECOND).await;
        assert_eq!(report.finished, ["ends", "waits"]);
        assert_eq!(report.aborted, ["hangs"]);
        assert_eq!(report.to_string(), "3 jobs finished, 1 aborted: hangs".replace('3', "2"));
        assert_eq!(now(&sim), 6_000);
        assert_eq!((log.at("ended"), background.names()), (vec![3_000], vec![]));
    });
}

#[test]
fn a_shutdown_of_jobs_that_wait_takes_no_time() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        for n in 0..5 {
            background.start(n.to_string(), HOUR, || async {}).unwrap();
        }
        until(&sim, 1_000).await;
        let report = background.shutdown().await;
        assert_eq!((report.finished.len(), report.aborted.len()), (5, 0));
        assert_eq!(now(&sim), 1_000);
        assert_eq!(background.shutdown().await.finished.len(), 0, "nobody was left");
    });
}

#[test]
fn a_shutdown_ends_when_the_last_run_does_and_not_later() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        for (name, takes) in [("a", 3), ("b", 1), ("c", 2)] {
            background.job(name, HOUR, log.takes(takes * SECOND, &sim)).now().start().unwrap();
        }
        until(&sim, 500).await;
        let report = background.shutdown().await;
        assert_eq!((report.finished.len(), report.aborted.len()), (3, 0));
        assert_eq!(now(&sim), 3_000);
    });
}

#[test]
fn a_shutdown_with_no_grace_aborts_at_once() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("job", HOUR, log.takes(SECOND, &sim)).now().start().unwrap();
        until(&sim, 500).await;
        let report = background.shutdown_within(Duration::ZERO).await;
        assert_eq!((report.aborted.len(), log.at("ended").len()), (1, 0));
        assert_eq!(now(&sim), 500);
        assert_eq!(job.status().state, State::Stopped);
    });
}

#[test]
fn two_who_shut_down_wait_for_the_same_and_the_shorter_grace_holds() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        background.job("hangs", HOUR, pending::<()>).now().start().unwrap();
        until(&sim, 500).await;
        let (long, short) = (background.shutdown(), background.shutdown_within(SECOND));
        let (long, short) = futures_util::future::join(long, short).await;
        assert_eq!((&long.aborted, &short.aborted), (&vec!["hangs".into()], &vec!["hangs".into()]));
        assert_eq!(now(&sim), 1_500);
    });
}

#[test]
fn a_shutdown_that_is_dropped_leaves_runs_to_end_by_themselves() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        background.job("job", HOUR, log.takes(SECOND, &sim)).now().start().unwrap();
        until(&sim, 500).await;
        drop(background.shutdown_within(Duration::ZERO));
        until(&sim, 2_000).await;
        assert_eq!((log.at("ended"), background.names().len()), (vec![1_000], 0));
    });
}

#[test]
fn dropping_the_owner_aborts_all_jobs() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let waits = background.start("waits", HOUR, || async {}).unwrap();
        let runs = background.job("runs", HOUR, log.takes(SECOND, &sim)).now().start().unwrap();
        until(&sim, 500).await;
        drop(background);
        waits.stop().await;
        runs.stop().await;
        assert_eq!((log.begun(), log.at("ended")), (vec![0], vec![]));
        assert_eq!(now(&sim), 500);
    });
}

#[test]
fn handles_keep_no_job_alive() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        let job: JobHandle = background.start("job", HOUR, || async {}).unwrap();
        drop(job.clone());
        drop(background);
        assert_eq!(job.run_now().await, Err(RunError::Stopped));
    });
}

#[test]
fn the_grace_is_thirty_seconds_where_nothing_is_said() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        background.job("hangs", HOUR, pending::<()>).now().start().unwrap();
        until(&sim, 1_000).await;
        let report = background.shutdown().await;
        assert_eq!((report.aborted.len(), now(&sim)), (1, 31_000));
    });
}
