//! Who takes part, and how it may end.

use super::*;
use std::convert::Infallible;
use untether::spawn::SpawnExt;
use untether::task::{Failure, Outcome};

#[test]
fn whoever_has_gone_before_it_is_asked_for_is_not_in_the_report() {
    let shutdown = Shutdown::new();
    drop(participant(&shutdown, "gone"));
    Probe::new(participant(&shutdown, "ended").run(ready(()))).assert_ready();
    assert!(shutdown.participants().is_empty());
    assert_eq!(counts(&Probe::new(shutdown.drain(ManualClock::new())).assert_ready()), [0; 5]);
}

#[test]
fn those_who_take_part_are_known_by_name_in_the_order_in_which_they_came() {
    let shutdown = Shutdown::new();
    let [one, two] = ["one", "two"].map(|name| participant(&shutdown, name));
    let three = shutdown.participant(format!("three of {}", 3)).unwrap();
    assert_eq!(
        (one.name(), shutdown.participants()),
        ("one", vec!["one".into(), "two".into(), "three of 3".into()])
    );
    drop(two);
    assert_eq!(shutdown.participants(), ["one", "three of 3"]);
    drop(three);
}

#[test]
fn each_way_to_end_well_is_one() {
    fn ends<E: untether::task::shutdown::Ending>(output: E) -> DrainReport {
        let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
        let mut run = Probe::new(participant(&shutdown, "it").run(ready(output)));
        let mut drain = draining(&shutdown, &clock);
        run.assert_ready();
        drain.assert_ready()
    }
    assert_eq!(counts(&ends(())), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&ends(Ok::<(), &str>(()))), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&ends(Outcome::<(), String>::Ok(()))), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&ends(Ok::<Result<(), &str>, String>(Ok(())))), [1, 0, 0, 0, 0]);

    let failed = ends(Err::<Infallible, _>("no")).failed;
    assert!(matches!(&failed[0].failure, Failure::Error(error) if error.to_string() == "no"));
    let failed = ends(Ok::<Result<(), &str>, String>(Err("inner"))).failed;
    assert_eq!(failed[0].to_string(), "it: inner");
    let failed = ends(Outcome::<(), String>::Cancelled(None)).failed;
    assert!(matches!(failed[0].failure, Failure::Cancelled(None)));
}

#[test]
fn a_future_that_is_dropped_by_others_has_not_completed() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let run = participant(&shutdown, "dropped").run(pending::<()>());
    let mut drain = draining(&shutdown, &clock);
    drop(run);
    assert_eq!(drain.assert_ready().cancelled, ["dropped"]);
}

#[test]
fn a_task_that_comes_too_late_is_given_back_and_was_not_begun() {
    untether::rt::threads::block_on(async |rt| {
        let shutdown = Shutdown::new();
        assert!(shutdown.request(Cause::Requested));
        let refused = shutdown.task("late", &rt, ready(())).unwrap_err();
        assert_eq!(refused.to_string(), "coming in after it was closed");
        let TaskError::Closed(future) = refused else { panic!("it was asked for") };
        future.await;
    });
}

#[test]
fn a_task_that_no_executor_takes_is_given_back_and_takes_part_until_it_is_dropped() {
    let shutdown = Shutdown::new();
    let gone = untether::rt::local::Local::new().spawner();
    let refused = shutdown.task("nowhere", &gone, pending::<()>()).unwrap_err();
    let TaskError::Spawn(error) = refused else { panic!("its executor is gone") };
    assert_eq!(shutdown.participants(), ["nowhere"]);
    drop(error);
    assert!(shutdown.participants().is_empty());
}

#[test]
fn a_task_is_named_where_its_executor_wants_names() {
    use untether::testing::sim::{Check, Sim};
    let failure = Check::random(1).run(async |sim: Sim| {
        Shutdown::new().task("forgetful", &sim, pending::<()>()).unwrap();
        sim.spawn_task(pending::<()>()).unwrap().await.unwrap();
    });
    assert!(failure.unwrap_err().to_string().contains("forgetful"));
}

#[test]
fn one_that_has_ended_stays_so() {
    let shutdown = Shutdown::new();
    let mut run = Probe::new(participant(&shutdown, "it").run(ready(())));
    run.assert_ready();
    run.assert_ready();
    assert!(shutdown.participants().is_empty());
    let run: Run<std::future::Ready<()>> = participant(&shutdown, "other").run(ready(()));
    assert_eq!(run.participant().map(|it| it.name().to_string()), Some("other".to_string()));
}

#[test]
fn who_cancels_the_first_token_asks_for_it() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let mut run = Probe::new(shutdown.run(clock));
    run.assert_pending();
    shutdown.stopping().cancel();
    assert!(shutdown.participant("late").is_err() && shutdown.phase() == Phase::Draining);
    assert_eq!((run.wakes(), counts(&run.assert_ready())), (1, [0; 5]));
}

#[test]
fn a_task_is_known_by_the_line_that_started_it() {
    #[derive(Clone, Default)]
    struct Sites(Arc<Mutex<Vec<&'static str>>>);
    impl untether::spawn::Spawn for Sites {
        fn spawn_boxed(
            &self,
            task: untether::spawn::BoxTask,
        ) -> Result<(), untether::spawn::SpawnError<untether::spawn::BoxTask>> {
            self.0.lock().unwrap().push(task.label().site().file());
            Ok(())
        }
        fn wants_labels(&self) -> bool {
            true
        }
    }
    let (shutdown, sites) = (Shutdown::new(), Sites::default());
    shutdown.task("one", &sites, ready(())).unwrap();
    participant(&shutdown, "two").spawn(&sites, ready(())).unwrap();
    assert_eq!(*sites.0.lock().unwrap(), [file!(); 2]);
}
