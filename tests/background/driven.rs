//! Jobs in one future, where nothing spawns.

use super::*;
use futures_util::future::{Either, join, select};
use std::pin::pin;
use untether::spawn::SpawnErrorKind;

#[test]
fn one_future_runs_all_jobs() {
    simulated(async |sim: Sim| {
        let (background, driver) = Background::driver(sim.clone());
        let (background, log) = (background.entropy(sim.clone()), Log::default());
        let program = async {
            background.start("fast", SECOND, log.takes(Duration::ZERO, &sim)).unwrap();
            let slow = background.start("slow", HOUR, log.takes(5 * SECOND, &sim)).unwrap();
            until(&sim, 2_500).await;
            assert_eq!(log.begun(), [1_000, 2_000]);
            let asked = slow.run_now();
            until(&sim, 3_500).await;
            let report = background.shutdown().await;
            assert_eq!((asked.await, report.finished.len()), (Ok(()), 2));
        };
        let ((), ()) = join(program, driver).await;
        assert_eq!(now(&sim), 7_500);
        assert_eq!(log.at("ended"), [1_000, 2_000, 3_000, 7_500]);
    });
}

#[test]
fn the_driver_is_a_task_like_any_other_and_ends_with_the_owner() {
    simulated(async |sim: Sim| {
        let (background, driver) = Background::driver(sim.clone());
        let background = background.entropy(sim.clone());
        let driver = untether::spawn::SpawnExt::spawn_task(&sim, driver).unwrap();
        let job = background.start("job", SECOND, || async {}).unwrap();
        job.run_now().await.unwrap();
        until(&sim, 5_500).await;
        assert_eq!(job.status().runs, 6);
        drop(background);
        driver.await.unwrap();
        assert_eq!(job.status().state, State::Stopped);
    });
}

#[test]
fn a_driver_without_jobs_ends_with_the_owner_as_well() {
    simulated(async |sim: Sim| {
        let (background, driver) = Background::driver(sim.clone());
        let driver = untether::spawn::SpawnExt::spawn_task(&sim, driver).unwrap();
        until(&sim, 1_000).await;
        assert!(!driver.is_finished());
        drop(background);
        driver.await.unwrap();
    });
}

#[test]
fn dropping_the_driver_aborts_all_jobs_and_refuses_new_ones() {
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, driver) = Background::driver(sim.clone());
        let background = background.entropy(sim.clone()).observed(told.clone());
        let log = Log::default();
        let job = background.job("job", SECOND, log.takes(HOUR, &sim)).now().start().unwrap();
        {
            let (driver, soon) = (pin!(driver), pin!(until(&sim, 500)));
            let Either::Right(((), _)) = select(driver, soon).await else { panic!("it ends") };
        }
        assert_eq!((log.begun(), log.at("ended")), (vec![0], vec![]));
        assert_eq!((job.status().state, background.names()), (State::Stopped, vec![]));
        assert_eq!(told.lines()[0], "job_aborted job");
        let refused = background.start("late", SECOND, || async {}).unwrap_err();
        assert_eq!(refused.kind(), StartErrorKind::Refused(SpawnErrorKind::Shutdown));
        assert_eq!(background.shutdown().await.aborted.len(), 0, "nobody was left");
    });
}

#[test]
fn a_job_may_start_another_on_the_same_driver() {
    simulated(async |sim: Sim| {
        let (background, driver) = Background::driver(sim.clone());
        let (background, log) = (Arc::new(background.entropy(sim.clone())), Log::default());
        let (weak, of_child, simulator) = (Arc::downgrade(&background), log.clone(), sim.clone());
        let parent = move || {
            let background = weak.upgrade();
            let child = of_child.takes(Duration::ZERO, &simulator);
            async move {
                let background = background.ok_or("gone")?;
                background.job("child", HOUR, child).now().start().map(drop).map_err(|_| "twice")
            }
        };
        let parent = background.start("parent", SECOND, parent).unwrap();
        let program = async {
            until(&sim, 2_500).await;
            assert_eq!(parent.status().last.unwrap().result, Err(RunError::Failed("twice".into())));
            drop(background);
        };
        join(program, driver).await;
        assert_eq!(log.begun(), [1_000]);
    });
}
