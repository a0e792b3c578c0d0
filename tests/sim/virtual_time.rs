//! When time moves, when it does not, and how far it may.

use super::*;
use untether::testing::{CountingWaker, Probe};

#[test]
fn time_that_is_held_does_not_move_until_it_is_let_go() {
    check(async |sim| {
        let (start, sleeps) = (sim.now(), sim.clone());
        let sleeper = sim.spawn_task(async move { sleeps.sleep(SECOND).await }).unwrap();
        let held = sim.hold_time();
        for _ in 0..20 {
            yield_now().await;
        }
        assert!(!sleeper.is_finished() && sim.now() == start);
        drop(held);
        sleeper.await.unwrap();
        assert_eq!(sim.now(), start.saturating_add(SECOND));
    });
}

#[test]
fn if_everybody_waits_while_time_is_held_the_report_says_so() {
    let failure = Check::random(5).run(async |sim| {
        let (one, _other) = (sim.hold_time(), sim.hold_time());
        drop(one);
        sim.sleep(SECOND).await;
    });
    let failure = failure.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TimeHeld);
    assert!(
        failure.to_string().starts_with("deadlock: no task is ready, and the time is held\n"),
        "{failure}"
    );
    assert_eq!(failure.timers, [failure.now.saturating_add(SECOND)]);
    let stuck = Check::random(1).run(async |sim| {
        let _held = sim.hold_time();
        pending::<()>().await;
    });
    assert_eq!(stuck.unwrap_err().kind, FailureKind::Deadlock, "that is not for want of time");
    let lost = Check::random(1).run(async |sim| {
        let (flag, _held) = (Arc::new(Deaf::default()), sim.hold_time());
        let waits = flag.clone();
        sim.spawn(async move { waits.wait().await }).unwrap();
        sim.idle().await;
        flag.0.store(1, Ordering::Relaxed);
        sim.sleep(SECOND).await;
    });
    assert!(matches!(lost.unwrap_err().kind, FailureKind::LostWakeup { .. }), "looked for there as well");
}

#[test]
fn two_guards_hold_until_both_are_gone_and_whoever_is_due_is_woken_meanwhile() {
    check(async |sim| {
        let (one, two) = (sim.hold_time(), sim.hold_time());
        let mut key = WakeKey::new();
        let mut first = true;
        // Due at once: for that no time has to move.
        poll_fn(|cx| {
            if std::mem::replace(&mut first, false) {
                sim.schedule_wake(sim.now(), &mut key, cx.waker());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        drop(one);
        let mut sleep = Probe::new(sim.sleep(SECOND));
        sleep.assert_pending();
        sim.idle().await;
        sleep.assert_pending();
        drop(two);
        sim.sleep(SECOND).await;
        sleep.assert_ready();
    });
}

#[test]
fn idle_ends_when_nobody_else_is_ready_and_before_time_moves() {
    let orders = Mutex::new(BTreeSet::new());
    let passed = Check::exhaustive(100_000).run(async |sim| {
        let start = sim.now();
        let (polls, timer) = (Arc::new(AtomicU32::new(0)), sim.clone());
        let tasks = [1, 2].map(|steps| {
            let (polls, timer) = (polls.clone(), timer.clone());
            sim.spawn_task(async move {
                for _ in 0..steps {
                    yield_now().await;
                    polls.fetch_add(1, Ordering::Relaxed);
                }
                timer.sleep(SECOND).await;
            })
            .unwrap()
        });
        sim.idle().await;
        assert_eq!((polls.load(Ordering::Relaxed), sim.now()), (3, start));
        sim.idle().await;
        assert_eq!(sim.now(), start, "and once more, as still nobody is ready");
        for task in tasks {
            task.await.unwrap();
        }
        orders.lock().unwrap().insert(sim.now());
    });
    assert!(passed.unwrap().complete);
    assert_eq!(orders.into_inner().unwrap().len(), 1);
}

#[test]
fn all_who_wait_for_idle_go_on_and_one_that_is_dropped_does_not() {
    check(async |sim| {
        let waits = [(); 3].map(|()| {
            let sim = sim.clone();
            sim.clone().spawn_task(async move { sim.idle().await }).unwrap()
        });
        let wakes = CountingWaker::new();
        let mut dropped = Box::pin(sim.idle());
        assert!(dropped.as_mut().poll(&mut std::task::Context::from_waker(&wakes.waker())).is_pending());
        drop(dropped);
        for waits in waits {
            waits.await.unwrap();
        }
        assert_eq!(wakes.wakes(), 0);
    });
}

#[test]
fn idle_is_not_fooled_by_polls_for_nothing_and_stays_ready() {
    Check::random(100).spurious_polls().assert(async |sim| {
        let done = Arc::new(AtomicU32::new(0));
        let sets = done.clone();
        sim.spawn(async move {
            for _ in 0..5 {
                yield_now().await;
            }
            sets.store(1, Ordering::Relaxed);
        })
        .unwrap();
        let mut idle = Box::pin(sim.idle());
        for _ in 0..3 {
            assert!(poll_fn(|cx| Poll::Ready(idle.as_mut().poll(cx).is_pending())).await);
        }
        idle.as_mut().await;
        assert_eq!(done.load(Ordering::Relaxed), 1);
        idle.await;
    });
}

#[test]
fn a_report_says_who_was_woken_by_the_end_of_idle() {
    let failure = Check::random(1).run(async |sim| {
        sim.idle().await;
        pending::<()>().await;
    });
    let text = failure.unwrap_err().to_string();
    assert!(text.contains("last woken by the end of its idle wait at 86400s before poll 2"), "{text}");
}

#[test]
fn time_moves_no_further_than_its_limit() {
    let beats = async |sim: Sim| {
        let mut beat = Interval::new(SECOND, &sim);
        for _ in 0..100 {
            beat.tick().await;
        }
    };
    let failure = Check::random(1).max_time(30 * SECOND).run(beats).unwrap_err();
    assert_eq!(failure.kind.to_string(), "time limit: no end within 30s of virtual time");
    assert_eq!(failure.now.as_nanos() / 1_000_000_000, 86_400 + 30, "and up to it: {failure}");
    assert!(Check::random(1).max_time(200 * SECOND).run(beats).is_ok());
    assert!(Check::random(1).max_time(Duration::MAX).run(beats).is_ok());
    let still = Check::random(5).max_time(Duration::ZERO).run(async |sim| sim.idle().await);
    assert!(still.is_ok(), "where time does not move");
}
