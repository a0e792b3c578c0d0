//! The simulator: virtual time, schedules, reports, replay.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;
use untether::spawn::{BoxTask, Label, Spawn, SpawnErrorKind, SpawnExt, SpawnLocal, Task, yield_now};
use untether::testing::HookWaker;
use untether::testing::sim::{Check, FailureKind, Sim, Tape, check};
use untether::time::{Clock, Driver, Entropy, Instant, Interval, TimeoutExt, Timer, WakeKey};

const SECOND: Duration = Duration::from_secs(1);

/// Notes the order in which three tasks take their first step.
async fn note_order(sim: Sim, seen: &Mutex<BTreeSet<Vec<u32>>>) {
    let order = Arc::new(Mutex::new(Vec::new()));
    let tasks = [0, 1, 2].map(|id| {
        let order = order.clone();
        sim.spawn_task(async move { order.lock().unwrap().push(id) }).unwrap()
    });
    for task in tasks {
        task.await.unwrap();
    }
    seen.lock().unwrap().insert(order.lock().unwrap().clone());
}

#[test]
fn an_exhaustive_check_meets_every_order_of_three_tasks() {
    let seen = Mutex::default();
    let passed = Check::exhaustive(10_000).run(async |sim| note_order(sim, &seen).await).unwrap();
    assert!(passed.complete);
    assert_eq!(seen.into_inner().unwrap().len(), 6);
}

#[test]
fn random_schedules_meet_every_order_of_three_tasks() {
    let seen = Mutex::default();
    Check::random(100).run(async |sim| note_order(sim, &seen).await).unwrap();
    assert_eq!(seen.into_inner().unwrap().len(), 6);
}

#[test]
fn a_limit_ends_an_exhaustive_check_and_is_told() {
    let passed = Check::exhaustive(3).run(async |sim| note_order(sim, &Mutex::default()).await).unwrap();
    assert_eq!((passed.schedules, passed.complete), (3, false));
}

#[test]
fn the_same_seed_gives_the_same_schedules() {
    let run = |seed| {
        let seen = Mutex::new(Vec::new());
        let check = Check::random(20).seed(seed);
        check.run(async |sim| seen.lock().unwrap().push((sim.choose(1_000), sim.next_u64()))).unwrap();
        seen.into_inner().unwrap()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

#[test]
fn time_stands_still_while_a_task_is_ready_and_then_jumps_to_the_next_deadline() {
    check(async |sim| {
        let start = sim.now();
        for _ in 0..10 {
            yield_now().await;
        }
        assert_eq!(sim.now(), start);
        let (short, long) = (sim.sleep(SECOND), sim.sleep(3_600 * SECOND));
        short.await;
        assert_eq!(sim.now(), start.saturating_add(SECOND));
        long.await;
        assert_eq!(sim.now(), start.saturating_add(3_600 * SECOND));
    });
}

#[test]
fn tasks_woken_at_the_same_moment_run_in_every_order() {
    let firsts = Mutex::new(BTreeSet::new());
    Check::exhaustive(10_000)
        .run(async |sim| {
            let first = Arc::new(Mutex::new(None));
            let at = sim.now().saturating_add(SECOND);
            let tasks = [0, 1].map(|id| {
                let (sim, first) = (sim.clone(), first.clone());
                let task = async move {
                    sim.sleep_until(at).await;
                    first.lock().unwrap().get_or_insert(id);
                };
                (id, task)
            });
            let tasks = tasks.map(|(_, task)| sim.spawn_task(task).unwrap());
            for task in tasks {
                task.await.unwrap();
            }
            firsts.lock().unwrap().insert(*first.lock().unwrap());
        })
        .unwrap();
    assert_eq!(firsts.into_inner().unwrap().len(), 2);
}

#[test]
fn a_deadlock_is_reported_with_names_and_the_lines_that_spawned_the_tasks() {
    let line = line!() + 4;
    let failure = Check::random(10)
        .run(async |sim| {
            let late = sim.spawn(async {});
            let stuck = Task::builder().name("stuck").spawn(&sim, pending::<()>());
            late.unwrap();
            stuck.unwrap().await.unwrap();
        })
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Deadlock);
    let text = failure.to_string();
    assert!(text.starts_with("deadlock: no task is ready and no timer is registered\n"), "{text}");
    assert!(text.contains(&format!("\"stuck\" ({}:{line}:", file!())), "{text}");
    assert!(text.contains("\"main\" ("), "{text}");
    assert!(text.contains("pending timers: []"), "{text}");
    assert_eq!(failure.tasks.len(), 2, "the one that ended is not listed: {text}");
}

#[test]
fn a_livelock_is_reported_with_pending_timers() {
    let failure = Check::random(1)
        .max_polls(500)
        .run(async |sim| {
            let sleeper = sim.clone();
            let sleeps = async move { sleeper.sleep(60 * SECOND).await };
            Task::builder().name("sleeper").spawn(&sim, sleeps).unwrap().detach();
            loop {
                yield_now().await;
            }
        })
        .unwrap_err();
    let FailureKind::Livelock { polls, since_time_moved, .. } = failure.kind else { panic!("{failure}") };
    assert_eq!((polls, since_time_moved), (500, 500));
    assert_eq!(failure.timers, [failure.now.saturating_add(60 * SECOND)]);
    let sleeper = failure.tasks.iter().find(|task| task.label.name() == Some("sleeper")).unwrap();
    assert_eq!(sleeper.sleeps_until, Some(failure.timers[0]));
}

#[test]
fn a_test_whose_time_never_ends_is_given_up_as_well() {
    let failure = Check::random(1)
        .max_polls(1_000)
        .run(async |sim| {
            let mut beat = Interval::new(SECOND, &sim);
            loop {
                beat.tick().await;
            }
        })
        .unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Livelock { since_time_moved: 0 | 1, .. }), "{failure}");
}

#[test]
fn a_wake_that_never_comes_is_told_from_a_deadlock() {
    let failure = Check::random(1)
        .run(async |sim| {
            // Ready at its second poll, and nobody is told to make one.
            let mut polls = 0;
            let forgetful = poll_fn(move |_| {
                polls += 1;
                if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
            });
            Task::builder().name("forgetful").spawn(&sim, forgetful).unwrap().await.unwrap();
        })
        .unwrap_err();
    assert!(
        matches!(&failure.kind, FailureKind::LostWakeup { task, .. } if task.contains("forgetful")),
        "{failure}"
    );
}

/// A flag that wakes nobody when it is set.
#[derive(Default)]
struct Deaf(AtomicU32);

impl Deaf {
    async fn wait(&self) {
        poll_fn(|_| match self.0.load(Ordering::Relaxed) {
            0 => Poll::Pending,
            _ => Poll::Ready(()),
        })
        .await;
    }
}

#[test]
fn a_lost_wake_up_is_found_behind_a_time_out_and_beside_a_beat() {
    let body = async |sim: Sim| {
        let (flag, timer) = (Arc::new(Deaf::default()), sim.clone());
        let beat = sim.clone();
        let beats = async move {
            let mut beat = Interval::new(SECOND, &beat);
            loop {
                beat.tick().await;
            }
        };
        Task::builder().name("beat").spawn(&sim, beats).unwrap().detach();
        let waits = flag.clone();
        let waiter = Task::builder()
            .name("waiter")
            .spawn(&sim, async move { waits.wait().timeout(3_600 * SECOND, &timer).await.is_ok() });
        yield_now().await;
        flag.0.store(1, Ordering::Relaxed);
        waiter.unwrap().await.unwrap();
    };
    for check in [Check::random(20), Check::exhaustive(1_000)] {
        let failure = check.max_polls(100_000).run(body).unwrap_err();
        let FailureKind::LostWakeup { task, .. } = &failure.kind else { panic!("{failure}") };
        assert!(task.contains("waiter"), "{failure}");
        assert!(failure.timers.len() == 2, "as they were before it was looked for: {failure}");
        let again = Check::replay(failure.tape.clone()).run(body).unwrap_err();
        assert_eq!(again.kind, failure.kind);
    }
}

#[test]
fn a_test_that_loses_no_wake_up_passes_although_it_is_looked_for() {
    let passed = Check::random(10).run(async |sim| {
        for _ in 0..20 {
            sim.sleep(SECOND).timeout(2 * SECOND, &sim).await.unwrap();
        }
    });
    // Looked for at the first eight of the twenty moments at which time moved, and once not at all.
    assert_eq!(passed.unwrap().schedules, 10 * 9);
}

#[test]
fn a_check_that_would_check_nothing_is_refused() {
    let nobody = Check::random(3).cancel("no such task").run(async |_| ()).unwrap_err();
    assert_eq!(
        nobody.to_string().lines().next(),
        Some("nobody to cancel: no task was named \"no such task\"")
    );
    for single in [Check::replay(Tape::default()), Check::bytes(&[1, 2])] {
        single.cancel("not in this one").run(async |_| ()).unwrap();
    }
    for build in [|| Check::random(0), || Check::exhaustive(0), || Check::exhaustive(1).seed(3)] {
        assert!(std::panic::catch_unwind(build).is_err());
    }
}

#[test]
fn a_tape_of_another_test_does_not_fit() {
    let failure =
        Check::replay("7".parse().unwrap()).run(async |sim| assert!(sim.choose(3) < 3)).unwrap_err();
    let FailureKind::TapeMisfit { place, choice, of, asked, .. } = failure.kind else { panic!("{failure}") };
    assert_eq!((place, choice, of), (0, 7, 3));
    assert_eq!(asked, "which of 3 alternatives the test takes");
}

#[test]
fn a_failing_schedule_is_replayed_by_its_tape_and_by_its_seed() {
    let body = async |sim: Sim| {
        let order = Arc::new(AtomicU32::new(0));
        let tasks = [1, 2, 3].map(|id| {
            let order = order.clone();
            sim.spawn_task(async move {
                order.fetch_add(order.load(Ordering::Relaxed) * 9 + id, Ordering::Relaxed)
            })
            .unwrap()
        });
        for task in tasks {
            task.await.unwrap();
        }
        assert_ne!(order.load(Ordering::Relaxed), 312, "the one order that fails");
    };
    let failure = Check::random(1_000).run(body).unwrap_err();
    let tape: Tape = failure.tape.to_string().parse().unwrap();
    let again = Check::replay(tape).run(body).unwrap_err();
    assert_eq!((&again.kind, &again.tape), (&failure.kind, &failure.tape));
    let seed = failure.seed.unwrap();
    assert_eq!(Check::random(1).seed(seed).run(body).unwrap_err().tape, failure.tape);
}

#[test]
fn a_cancelled_task_is_dropped_before_and_after_each_of_its_polls() {
    let polls_and_drops = Mutex::new(BTreeSet::new());
    let passed = Check::random(1)
        .cancel("victim")
        .run(async |sim| {
            let polls = Arc::new(AtomicU32::new(0));
            let counting = polls.clone();
            let victim = Task::builder().name("victim").spawn(&sim, async move {
                for _ in 0..3 {
                    counting.fetch_add(1, Ordering::Relaxed);
                    yield_now().await;
                }
            });
            let cancelled = victim.unwrap().await.is_err();
            polls_and_drops.lock().unwrap().insert((polls.load(Ordering::Relaxed), cancelled));
        })
        .unwrap();
    // Dropped before its polls 1 to 4 and after its polls 1 to 3, and once not at all.
    assert_eq!(passed.schedules, 8);
    let expected = BTreeSet::from([(0, true), (1, true), (2, true), (3, true), (3, false)]);
    assert_eq!(polls_and_drops.into_inner().unwrap(), expected);
}

#[test]
fn a_blocking_closure_is_one_step_of_the_schedule() {
    let orders = Mutex::new(BTreeSet::new());
    Check::exhaustive(10_000)
        .run(async |sim| {
            let order = Arc::new(Mutex::new(String::new()));
            let (blocks, runs) = (order.clone(), order.clone());
            let blocking = sim.spawn_blocking_task(move || blocks.lock().unwrap().push('b')).unwrap();
            let task = sim.spawn_task(async move { runs.lock().unwrap().push('t') }).unwrap();
            blocking.await.unwrap();
            task.await.unwrap();
            orders.lock().unwrap().insert(order.lock().unwrap().clone());
        })
        .unwrap();
    assert_eq!(orders.into_inner().unwrap(), BTreeSet::from(["bt".to_string(), "tb".to_string()]));
}

#[test]
fn tasks_that_are_not_send_are_simulated_through_the_local_handle() {
    check(async |sim| {
        let shared = Rc::new(5);
        let theirs = shared.clone();
        let task = sim.local().spawn_local_task(async move { *theirs + 1 }).unwrap();
        assert_eq!(task.await.unwrap() + *shared, 11);
    });
}

#[test]
fn an_assertion_in_a_task_that_nobody_awaits_fails_the_test() {
    let detached = async |sim: Sim| {
        sim.spawn_task(async { panic!("seen by nobody") }).unwrap().detach();
        yield_now().await;
        sim.sleep(SECOND).await;
    };
    let failure = Check::random(5).run(detached).unwrap_err();
    let FailureKind::Panic { message, task, .. } = &failure.kind else { panic!("{failure}") };
    assert_eq!(message, "seen by nobody");
    assert!(task.as_ref().unwrap().contains(file!()));
    assert!(Check::random(5).unseen_panics_pass().run(detached).is_ok());

    let unread = async |sim: Sim| {
        let task = sim.spawn_task(async { panic!("unread") }).unwrap();
        sim.sleep(SECOND).await;
        drop(task);
    };
    assert!(Check::random(5).run(unread).is_err(), "an outcome that was dropped was not seen");

    let awaited = async |sim: Sim| {
        let task = sim.spawn_task(async { panic!("seen") }).unwrap();
        assert!(task.await.unwrap_err().is_panic());
    };
    assert!(Check::random(5).run(awaited).is_ok(), "one that is awaited is the test's own business");
}

#[test]
fn a_panic_on_the_way_out_fails_the_test() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped at the end");
        }
    }
    let failure = Check::random(1).run(async |sim| {
        let bomb = Bomb;
        sim.spawn(async move {
            pending::<()>().await;
            drop(bomb);
        })
        .unwrap();
        yield_now().await;
    });
    assert!(failure.unwrap_err().to_string().starts_with("panic: dropped at the end"));
}

#[test]
fn after_its_run_a_sim_hands_tasks_back() {
    let kept = Mutex::new(None);
    Check::random(1).run(async |sim| *kept.lock().unwrap() = Some(sim)).unwrap();
    let sim = kept.into_inner().unwrap().unwrap();
    assert_eq!(sim.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
    let refused = sim.spawn_blocking_task(|| 7).unwrap_err().into_inner();
    refused.task.run();
    let mut handle = untether::testing::Probe::new(refused.handle);
    assert_eq!(handle.assert_ready().unwrap(), 7);
}

#[test]
fn a_sleep_is_never_early_and_a_past_deadline_is_ready_at_once() {
    check(async |sim| {
        let start = sim.now();
        sim.sleep_until(start.saturating_sub(SECOND)).await;
        sim.sleep(Duration::ZERO).await;
        assert_eq!(sim.now(), start);
        let never = sim.sleep_until(Instant::FAR_FUTURE).timeout(SECOND, &sim).await;
        assert!(never.is_err());
        assert_eq!(sim.now(), start.saturating_add(SECOND));
    });
}

#[test]
fn entropy_in_an_exhaustive_check_is_both_ends_and_the_middle() {
    let drawn = Mutex::new(BTreeSet::new());
    let passed = Check::exhaustive(10).run(async |sim| assert!(drawn.lock().unwrap().insert(sim.next_u64())));
    assert!(passed.unwrap().complete);
    let drawn = drawn.into_inner().unwrap();
    assert_eq!((drawn.len(), drawn.first(), drawn.last()), (3, Some(&0), Some(&u64::MAX)));
}

#[test]
fn wakers_of_a_run_that_is_over_do_nothing() {
    let waker = Mutex::new(None);
    Check::random(1)
        .run(async |_| {
            let take = poll_fn(|cx| {
                *waker.lock().unwrap() = Some(cx.waker().clone());
                Poll::Ready(())
            });
            take.await;
        })
        .unwrap();
    let waker = waker.into_inner().unwrap().unwrap();
    waker.wake_by_ref();
    drop(waker);
}

#[test]
fn a_waker_that_reenters_the_sim_is_borne() {
    check(async |sim| {
        let inside = sim.clone();
        let waker = HookWaker::new()
            .on_wake(move || {
                inside.now();
                inside.spawn(async {}).unwrap();
            })
            .waker();
        let mut sleep = Box::pin(sim.sleep(SECOND));
        let mut cx = std::task::Context::from_waker(&waker);
        assert!(sleep.as_mut().poll(&mut cx).is_pending());
        sim.sleep(2 * SECOND).await;
        assert!(sleep.as_mut().poll(&mut cx).is_ready());
    });
}

mod determinism;
mod endings;
mod environment;
mod faults;
mod leaks;
mod reports;
mod shrinking;
mod spurious;
mod strategies;
mod virtual_time;
mod with_proptest;
