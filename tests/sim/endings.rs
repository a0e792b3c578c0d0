//! How a run ends: what is left is dropped, each by itself, and nothing that panics on the way takes the report along.

use super::*;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a drop that panics");
    }
}

#[test]
fn tasks_that_panic_when_they_are_dropped_at_the_end_are_reported_however_many() {
    for bombs in 1..4 {
        let failure = Check::random(1).run(async |sim: Sim| {
            for _ in 0..bombs {
                let bomb = Bomb;
                sim.spawn(async move {
                    pending::<()>().await;
                    drop(bomb);
                })
                .unwrap();
            }
            yield_now().await;
        });
        assert!(failure.unwrap_err().to_string().starts_with("panic: a drop that panics"));
    }
}

#[test]
fn tasks_that_never_began_and_panic_when_they_are_dropped_are_reported() {
    let failure = Check::random(1).run(async |sim: Sim| {
        for _ in 0..2 {
            let bomb = Bomb;
            sim.spawn(async move { drop(bomb) }).unwrap();
        }
    });
    assert!(failure.unwrap_err().to_string().starts_with("panic: a drop that panics"));
}

#[test]
fn a_panic_in_the_drop_of_the_test_itself_still_closes_its_runtime() {
    let kept = Mutex::new(None);
    let failure = Check::random(1).run(async |sim: Sim| {
        *kept.lock().unwrap() = Some(sim.clone());
        let _bomb = Bomb;
        pending::<()>().await;
    });
    assert_eq!(failure.unwrap_err().kind, FailureKind::Deadlock);
    let sim = kept.into_inner().unwrap().unwrap();
    assert_eq!(sim.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
}

#[test]
fn what_never_began_is_dropped_at_the_end() {
    let (shared, local) = (Arc::new(()), Rc::new(()));
    let passed = Check::random(1).run(async |sim: Sim| {
        let (held, theirs) = (shared.clone(), sim.clone());
        sim.spawn(async move { drop((held, theirs)) }).unwrap();
        let (held, theirs) = (local.clone(), sim.local());
        sim.local().spawn_local(async move { drop((held, theirs)) }).unwrap();
    });
    passed.unwrap();
    assert_eq!((Arc::strong_count(&shared), Rc::strong_count(&local)), (1, 1));
}

#[test]
fn a_panic_in_the_drop_of_a_cancelled_task_is_told_of_that_task() {
    let failure = Check::random(1).cancel("victim").run(async |sim: Sim| {
        let bomb = Bomb;
        let task = async move {
            let _bomb = bomb;
            pending::<()>().await;
        };
        // Not a `Task`, which would catch the panic.
        sim.spawn_boxed(BoxTask::labelled(Label::here().named("victim"), task)).unwrap();
        sim.sleep(SECOND).await;
    });
    let FailureKind::Panic { task, .. } = failure.unwrap_err().kind else { panic!("it failed otherwise") };
    assert!(task.unwrap().contains("victim"));
}

#[test]
fn a_panic_that_only_a_dropped_task_could_have_seen_fails_the_run() {
    let run = Check::random(1).run(async |sim: Sim| {
        let task = sim.spawn_task(async { panic!("unseen") }).unwrap();
        sim.spawn(async move {
            pending::<()>().await;
            drop(task);
        })
        .unwrap();
        sim.sleep(SECOND).await;
    });
    assert!(run.is_err());
}

#[test]
fn of_two_panics_that_nobody_sees_the_first_is_told() {
    let failure = Check::random(1).run(async |sim: Sim| {
        let tasks = ["one", "two"].map(|text| sim.spawn_task(async move { panic!("{text}") }).unwrap());
        sim.sleep(SECOND).await;
        let [one, two] = tasks;
        drop(one);
        drop(two);
    });
    assert!(failure.unwrap_err().to_string().contains("one"));
}

#[test]
fn a_local_handle_refuses_after_its_run_and_on_another_one_and_is_found_behind_a_nested_one() {
    let kept = std::cell::RefCell::new(None);
    Check::random(1).run(async |sim: Sim| *kept.borrow_mut() = Some((sim.local(), sim))).unwrap();
    let (local, old) = kept.into_inner().unwrap();
    assert!(local.spawn_local(async {}).is_err());
    let elsewhere = Check::random(1).run(async |_: Sim| drop(old.local()));
    assert!(elsewhere.unwrap_err().to_string().contains("its own run"));
    Check::random(1)
        .run(async |outer: Sim| {
            Check::random(1).run(async |_: Sim| outer.local().spawn_local(async {}).unwrap()).unwrap();
        })
        .unwrap();
}

#[test]
fn a_waker_that_comes_back_whenever_it_is_woken_ends_in_a_livelock() {
    fn schedule(sim: &Sim, later: Duration) {
        let again = sim.clone();
        let waker = HookWaker::new().on_wake(move || schedule(&again, later)).waker();
        sim.schedule_wake(sim.now().saturating_add(later), &mut WakeKey::new(), &waker);
    }
    for later in [Duration::ZERO, SECOND] {
        let failure = Check::replay(Tape::default()).max_polls(1_000).run(async |sim: Sim| {
            schedule(&sim, later);
            pending::<()>().await;
        });
        assert!(matches!(failure.unwrap_err().kind, FailureKind::Livelock { polls: 1, .. }), "{later:?}");
    }
}
