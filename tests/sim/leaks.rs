//! What outlives the test: tasks, and sleeps that nobody waits for.

use super::*;
use untether::time::DriverSleep;

#[test]
fn a_task_that_is_alive_after_the_test_is_a_leak_where_that_is_asked_for() {
    let line = line!() + 2;
    let body = async |sim: Sim| {
        Task::builder().name("forgotten").spawn(&sim, pending::<()>()).unwrap().detach();
        let sleeps = sim.clone();
        sim.spawn(async move { sleeps.sleep(SECOND).await }).unwrap();
    };
    Check::random(5).run(body).unwrap();
    let failure = Check::random(5).no_leaks().run(body).unwrap_err();
    let FailureKind::TaskLeak { tasks, .. } = &failure.kind else { panic!("{failure}") };
    let expected = [format!("\"forgotten\" ({}:{line}:", file!()), format!("({}:{}:", file!(), line + 2)];
    assert_eq!(tasks.len(), 2, "{failure}");
    assert!(tasks.iter().zip(&expected).all(|(task, begin)| task.starts_with(begin)), "{failure}");
    assert!(failure.to_string().starts_with("task leak: alive after the end of the test: \"forgotten\""));
    let sleeper = &failure.tasks[1];
    assert_eq!(
        sleeper.sleeps_until,
        Some(failure.now.saturating_add(SECOND)),
        "time did not move: {failure}"
    );
}

#[test]
fn what_only_has_to_run_once_more_to_end_is_no_leak() {
    let passed = Check::exhaustive(10_000).no_leaks().run(async |sim| {
        // Aborted and not polled since.
        drop(sim.spawn_task(pending::<()>()).unwrap());
        let (first, timer) = (sim.clone(), sim.clone());
        let starts = async move {
            // Spawned while the test is over already.
            yield_now().await;
            first.spawn(async move { timer.idle().await }).unwrap();
        };
        sim.spawn(starts).unwrap();
        sim.spawn_blocking_task(|| ()).unwrap().detach();
    });
    assert!(passed.unwrap().complete);
}

#[test]
fn a_task_that_spins_for_ever_is_a_leak_and_a_panic_after_the_end_is_a_panic() {
    let spins = Check::random(1).no_leaks().max_polls(1_000).run(async |sim| {
        sim.spawn(async {
            loop {
                yield_now().await;
            }
        })
        .unwrap();
    });
    assert!(matches!(spins.unwrap_err().kind, FailureKind::TaskLeak { .. }));
    let panics = Check::random(1).no_leaks().run(async |sim| {
        sim.spawn_task(async {
            yield_now().await;
            panic!("late");
        })
        .unwrap()
        .detach();
    });
    assert!(panics.unwrap_err().to_string().starts_with("panic in task"));
}

#[test]
fn the_order_in_which_leaks_are_looked_for_is_on_the_tape() {
    // Alive at the end only if the second runs before the first.
    let body = async |sim: Sim| {
        let flag = Arc::new(AtomicU32::new(0));
        let (sets, reads) = (flag.clone(), flag);
        sim.spawn(async move { sets.store(1, Ordering::Relaxed) }).unwrap();
        sim.spawn(async move {
            if reads.load(Ordering::Relaxed) == 0 {
                pending::<()>().await;
            }
        })
        .unwrap();
    };
    let failure = Check::random(100).no_leaks().run(body).unwrap_err();
    assert_eq!(failure.tape.to_string(), "1");
    let again = Check::replay(failure.tape.clone()).no_leaks().run(body).unwrap_err();
    assert_eq!(again.kind, failure.kind);
    assert!(Check::replay(Tape::default()).no_leaks().run(body).is_ok());
}

#[test]
fn a_sleep_that_is_forgotten_is_a_leak() {
    let failure = Check::random(1).run(async |sim| {
        let mut sleep = Box::pin(sim.sleep(60 * SECOND));
        assert!(poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_pending())).await);
        std::mem::forget(sleep);
    });
    let failure = failure.unwrap_err();
    let until = failure.now.saturating_add(60 * SECOND);
    let FailureKind::TimerLeak { deadline, .. } = failure.kind else { panic!("{failure}") };
    assert_eq!((deadline, failure.timers.as_slice()), (until, [until].as_slice()));
    assert!(
        failure.to_string().starts_with("timer leak: a sleep until 86460s is registered after"),
        "{failure}"
    );
}

#[test]
fn a_key_that_is_dropped_without_a_cancel_is_a_leak_and_one_that_has_fired_is_none() {
    let body = async |sim: Sim| {
        let mut key = WakeKey::new();
        sim.schedule_wake(sim.now().saturating_add(SECOND), &mut key, Waker::noop());
        if sim.choose(2) == 1 {
            sim.sleep(2 * SECOND).await;
        }
    };
    let early = Check::replay(Tape::default()).run(body).unwrap_err();
    assert!(matches!(early.kind, FailureKind::TimerLeak { .. }), "{early}");
    assert!(Check::replay("1".parse().unwrap()).run(body).is_ok());
}

#[test]
fn sleeps_that_are_dropped_with_their_tasks_are_no_leak() {
    Check::random(20)
        .run(async |sim| {
            let sleeps = sim.clone();
            sim.spawn(async move { sleeps.sleep(60 * SECOND).await }).unwrap();
            let kept: DriverSleep<Sim> = sim.sleep(SECOND);
            yield_now().await;
            assert!(kept.timeout(Duration::ZERO, &sim).await.is_err());
        })
        .unwrap();
}
