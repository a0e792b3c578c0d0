//! Names, and who is refused.

use super::*;
use untether::rt::local::Local;
use untether::spawn::{Parts, SpawnErrorKind};
use untether::testing::ManualClock;
use untether::time::Seed;

#[test]
fn the_first_run_is_after_one_period() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.start("job", SECOND, log.takes(Duration::ZERO, &sim)).unwrap();
        assert_eq!(ms(job.status().next_due.unwrap()), 1_000);
        until(&sim, 2_500).await;
        assert_eq!(log.begun(), [1_000, 2_000]);
    });
}

#[test]
fn the_first_run_is_at_once_where_now_is_said_and_later_where_that_is_said() {
    simulated(async |sim: Sim| {
        let (background, now, later) = (background(&sim), Log::default(), Log::default());
        background.job("now", SECOND, now.takes(Duration::ZERO, &sim)).now().start().unwrap();
        let first = background.job("later", SECOND, later.takes(Duration::ZERO, &sim));
        first.first_after(300 * MS).start().unwrap();
        until(&sim, 2_500).await;
        assert_eq!(now.begun(), [0, 1_000, 2_000]);
        assert_eq!(later.begun(), [300, 1_300, 2_300]);
    });
}

#[test]
fn a_second_job_of_a_living_name_is_refused_and_handed_back() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let first = background.start("job", SECOND, || async {}).unwrap();
        let refused = background.start("job", SECOND, log.takes(Duration::ZERO, &sim)).unwrap_err();
        assert_eq!((refused.kind(), refused.name()), (StartErrorKind::NameTaken, "job"));
        assert_eq!(refused.to_string(), "job \"job\" was not started: the name is taken");
        let job = refused.into_inner();
        first.stop().await;
        background.start("job", SECOND, job).unwrap();
        until(&sim, 1_500).await;
        assert_eq!(log.begun(), [1_000]);
    });
}

#[test]
fn names_and_statuses_come_in_their_order() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        for name in ["metrics", "cleanup", "report"] {
            background.start(name, SECOND, || async {}).unwrap();
        }
        background.start(format!("number {}", 7), SECOND, || async {}).unwrap();
        assert_eq!(background.names(), ["cleanup", "metrics", "number 7", "report"]);
        let names: Vec<_> = background.statuses().into_iter().map(|status| status.name).collect();
        assert_eq!(names, background.names());
        assert_eq!(background.get("report").unwrap().name(), "report");
        assert!(background.get("nobody").is_none());
    });
}

#[test]
fn a_period_of_zero_is_refused() {
    simulated(async |sim: Sim| {
        let refused = background(&sim).start("spin", Duration::ZERO, || async {}).unwrap_err();
        assert_eq!(refused.kind(), StartErrorKind::ZeroPeriod);
        drop(refused.into_inner()());
    });
}

#[test]
fn nothing_is_started_after_a_shutdown() {
    simulated(async |sim: Sim| {
        let background = background(&sim);
        drop(background.shutdown());
        let refused = background.start("late", SECOND, || async {}).unwrap_err();
        assert_eq!(refused.kind(), StartErrorKind::Closed);
        drop(refused.into_inner()());
    });
}

#[test]
fn an_executor_that_refuses_hands_the_job_back_and_leaves_the_name_free() {
    let (clock, gone) = (ManualClock::new(), Local::new().spawner());
    let background = Background::new(Parts { timer: clock, spawn: gone }).entropy(Seed::new(1));
    let alive = Arc::new(());
    let held = alive.clone();
    let job = move || {
        let held = held.clone();
        async move { drop(held) }
    };
    let refused = background.start("job", SECOND, job).unwrap_err();
    assert_eq!(refused.kind(), StartErrorKind::Refused(SpawnErrorKind::Shutdown));
    assert!(background.names().is_empty());
    let job = refused.into_inner();
    assert_eq!(Arc::strong_count(&alive), 2);
    assert!(background.start("job", SECOND, job).is_err());
    assert_eq!(Arc::strong_count(&alive), 1, "who drops the error drops the job");
}

#[test]
fn what_is_far_away_never_comes_and_does_no_harm() {
    simulated(async |sim: Sim| {
        let (background, log) = (background(&sim), Log::default());
        let job = background.job("never", Duration::MAX, log.takes(Duration::ZERO, &sim));
        let never = job.jitter(Duration::MAX).start().unwrap();
        let job = background.job("once", Duration::MAX, log.takes(Duration::ZERO, &sim));
        let once = job.now().overlap(Overlap::Wait).missed(Missed::Burst).start().unwrap();
        until(&sim, 1_000_000).await;
        assert_eq!(log.begun(), [0]);
        assert_eq!((never.status().next_due, once.status().next_due), (None, None));
        never.run_now().await.unwrap();
        assert_eq!(never.status().next_due, None);
    });
}
