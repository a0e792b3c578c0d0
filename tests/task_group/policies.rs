//! What the failure of one means to the others.

use super::*;
use std::sync::{Mutex, OnceLock};
use untether::observe::{Event, Observer};
use untether::task::group::Handle;

#[test]
fn the_first_failure_cancels_the_siblings_and_waits_for_all() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        for _ in 0..3 {
            group.spawn(alive.stuck()).await.unwrap();
        }
        group.task().name("bad").spawn(ready(Err("disk full"))).await.unwrap();
        let error = group.join_all().await.unwrap_err();
        assert_eq!(alive.count(), 0, "all are gone when it returns");
        assert_eq!((said(&error), error.cancelled()), (vec!["disk full".to_string()], 3));
        let text = error.to_string();
        assert!(text.starts_with("4 of 4 tasks did not end well; the first: task \"bad\" ("), "{text}");
        assert!(text.ends_with("): disk full"), "{text}");
    });
}

#[test]
fn every_error_and_every_panic_is_kept() {
    in_order(|sim| async move {
        let group = Group::collecting(sim);
        let token = group.token().clone();
        let fails_late = move |error: &'static str| {
            let token = token.clone();
            async move {
                token.cancelled().await;
                Err(error)
            }
        };
        group.spawn(ready(Ok(1))).await.unwrap();
        group.wait_idle().await;
        group
            .spawn_with(|token| async move {
                token.cancelled().await;
                Err("could not clean up")
            })
            .await
            .unwrap();
        group
            .spawn_with(|token| async move {
                token.cancelled().await;
                panic!("nor could I")
            })
            .await
            .unwrap();
        group
            .spawn_with(|token| async move {
                token.cancelled().await;
                Ok(2)
            })
            .await
            .unwrap();
        group.spawn(fails_late("never said: it is dropped first")).await.unwrap();
        group.spawn(ready(Err("first"))).await.unwrap();
        let error = group.join_all().await.unwrap_err();
        let said = said(&error);
        assert_eq!(said[0], "first");
        assert_eq!(said[1], "panicked: nor could I");
        assert_eq!(said[2], "cancelled, and its clean-up failed: could not clean up");
        assert_eq!((said.len(), error.succeeded(), error.cancelled()), (3, 2, 1));
    });
}

#[test]
fn a_panic_cancels_the_siblings_as_an_error_does() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        group.spawn(alive.stuck()).await.unwrap();
        group.spawn(async { panic!("on purpose") }).await.unwrap();
        let error = group.join_all().await.unwrap_err();
        assert_eq!((said(&error), error.cancelled()), (vec!["panicked: on purpose".to_string()], 1));
    });
}

#[test]
fn after_a_failure_nothing_is_started() {
    in_order(|sim| async move {
        let mut group = Group::collecting(sim);
        group.spawn(ready(Err("bad"))).await.unwrap();
        assert_eq!(word(&group.join_next().await.unwrap()), "bad");
        group.wait_idle().await;
        assert!(group.is_closed() && group.token().is_cancelled());
        assert!(group.spawn(ready(Ok(1))).await.is_err());
        assert_eq!(group.token().cause().unwrap().to_string(), "cancelled because a sibling failed");
    });
}

#[test]
fn a_task_that_is_cancelled_alone_is_no_failure_to_the_others_and_no_success() {
    in_order(|sim| async move {
        let alive = Alive::default();
        let group = Group::collecting(sim);
        let task = group.spawn(alive.stuck()).await.unwrap();
        group
            .spawn(async {
                for _ in 0..10 {
                    yield_now().await;
                }
                Ok(5)
            })
            .await
            .unwrap();
        task.abort();
        while alive.count() > 0 {
            yield_now().await;
        }
        task.abort(); // It has ended.
        assert!(!group.token().is_cancelled());
        let error = group.join_all().await.unwrap_err();
        assert_eq!((error.failures().len(), error.cancelled(), error.succeeded()), (0, 1, 1));
        assert_eq!(error.to_string(), "1 of 2 tasks did not end well; all of these were cancelled");
    });
}

#[test]
fn where_failures_are_gone_on_from_all_end_and_each_is_told() {
    in_order(|sim| async move {
        let group = TaskGroup::builder(sim).continue_on_failure().collecting::<u32>();
        for n in 0..6 {
            let task = async move {
                yield_now().await;
                if n % 2 == 0 { Ok(n) } else { Err("odd") }
            };
            group.spawn(task).await.unwrap();
        }
        let error = group.join_all().await.unwrap_err();
        assert_eq!((error.failures().len(), error.succeeded(), error.cancelled()), (3, 3, 0));
    });
}

/// Where a supervisor finds the group.
type Restarts = Option<Handle<Sim, u32, &'static str>>;

#[test]
fn a_supervisor_is_given_each_failure_and_can_start_anew() {
    in_order(|sim| async move {
        let told = Arc::new(Mutex::new(Vec::new()));
        let (tells, attempts) = (told.clone(), Arc::new(AtomicUsize::new(0)));
        let again: Arc<Mutex<Restarts>> = Arc::default();
        let (starts, counts) = (again.clone(), attempts.clone());
        let attempt = move || {
            let counts = counts.clone();
            async move {
                match counts.fetch_add(1, Ordering::AcqRel) {
                    0 => Err("first"),
                    1 => panic!("second"),
                    n => Ok(n as u32),
                }
            }
        };
        let begins = attempt.clone();
        let group = TaskGroup::builder(sim)
            .supervise(move |failed| {
                tells.lock().unwrap().push(failed.failure.to_string());
                let handle = starts.lock().unwrap().clone().unwrap();
                handle.try_spawn(attempt()).unwrap();
            })
            .collecting();
        *again.lock().unwrap() = Some(group.handle());
        group.spawn(begins()).await.unwrap();
        group.spawn(ready(Ok(100))).await.unwrap();
        assert_eq!(group.join_all().await.unwrap(), [100, 2]);
        assert_eq!(*told.lock().unwrap(), ["first", "panicked: second"]);
        again.lock().unwrap().take();
    });
}

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Observer for Notes {
    fn on(&self, event: &Event<'_>) {
        let name = event.name().unwrap_or("-").to_string();
        self.0.lock().unwrap().push(format!("{} {name}", event.kind()));
    }
}

#[test]
fn the_observer_hears_of_panics_by_name_and_of_failures_that_nobody_read() {
    in_order(|sim| async move {
        let notes = Notes::default();
        let group =
            TaskGroup::builder(sim.clone()).observed(notes.clone()).continue_on_failure().collecting::<u32>();
        group.task().name("bad").spawn(async { panic!("on purpose") }).await.unwrap();
        let mut group = group;
        assert_eq!(word(&group.join_next().await.unwrap()), "panicked: on purpose");
        group.task().name("late").spawn(ready(Err("unread in the end"))).await.unwrap();
        group.wait_idle().await;
        drop(group);
        assert_eq!(*notes.0.lock().unwrap(), ["task_panicked bad", "unread_failure late"]);

        let notes = Notes::default();
        let group =
            TaskGroup::<_, (), &str>::builder(sim).observed(notes.clone()).supervise(|_| panic!("so do I"));
        let group = group.build();
        group.task().name("bad").spawn(ready(Err("failed"))).await.unwrap();
        assert!(group.join_all().await.is_ok());
        assert_eq!(*notes.0.lock().unwrap(), ["task_panicked bad"]);
    });
}

#[test]
fn a_supervisor_finds_the_slot_of_the_one_that_failed() {
    in_order(|sim| async move {
        let again: Arc<Mutex<Restarts>> = Arc::default();
        let finds = again.clone();
        let group = TaskGroup::builder(sim)
            .limit(1)
            .supervise(move |failed| {
                let handle = finds.lock().unwrap();
                let started = handle.as_ref().unwrap().try_spawn(ready(Ok(2))).unwrap();
                assert!(started.id() > failed.id);
            })
            .collecting();
        *again.lock().unwrap() = Some(group.handle());
        group.spawn(ready(Err("first"))).await.unwrap();
        assert_eq!(group.join_all().await.unwrap(), [2]);
        again.lock().unwrap().take();
    });
}

#[test]
fn a_supervisor_that_has_a_handle_goes_with_its_group() {
    in_order(|sim| async move {
        let (again, witness): (Arc<OnceLock<_>>, _) = (Arc::default(), Arc::new(()));
        let (finds, held) = (again.clone(), witness.clone());
        let group = TaskGroup::builder(sim)
            .supervise(move |_| {
                let _held = &held;
                let handle: &Handle<Sim, u32, &'static str> = finds.get().unwrap();
                handle.try_spawn(ready(Ok(2))).unwrap();
            })
            .collecting();
        assert!(again.set(group.handle()).is_ok());
        drop(again);
        group.spawn(ready(Err("first"))).await.unwrap();
        assert_eq!(group.join_all().await.unwrap(), [2]);
        assert_eq!(Arc::strong_count(&witness), 1, "nothing of it is left");
    });
}
