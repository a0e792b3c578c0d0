//! What a report says, and what it does not mistake for a failure.

use super::*;
use untether::testing::sim::WokenBy;

/// Pending at its first poll without leaving a waker; at its second it does something.
fn forgetful(mut then: impl FnMut() -> Poll<()>) -> impl Future<Output = ()> {
    let mut polled = false;
    poll_fn(move |_| if std::mem::replace(&mut polled, true) { then() } else { Poll::Pending })
}

/// Keeps the waker of its last poll where somebody else finds it.
async fn waits_in(place: Arc<Mutex<Option<Waker>>>) {
    poll_fn(|cx| {
        *place.lock().unwrap() = Some(cx.waker().clone());
        Poll::<()>::Pending
    })
    .await;
}

#[test]
fn at_a_stall_a_task_that_would_have_woken_another_lost_a_wake_as_well() {
    let failure = Check::random(1).run(async |sim: Sim| {
        let other = Arc::default();
        sim.spawn(waits_in(Arc::clone(&other))).unwrap();
        for _ in 0..3 {
            yield_now().await;
        }
        let wakes = forgetful(move || {
            other.lock().unwrap().take().into_iter().for_each(Waker::wake);
            Poll::Pending
        });
        Task::builder().name("forgetful").spawn(&sim, wakes).unwrap().await.unwrap();
    });
    assert!(matches!(failure.unwrap_err().kind, FailureKind::LostWakeup { .. }));
}

#[test]
fn at_a_stall_a_task_that_would_have_slept_lost_a_wake_as_well() {
    let failure = Check::random(1).run(async |sim: Sim| {
        let (timer, mut key) = (sim.clone(), WakeKey::new());
        let sleeps = forgetful(move || {
            timer.schedule_wake(timer.now().saturating_add(SECOND), &mut key, Waker::noop());
            Poll::Pending
        });
        Task::builder().name("forgetful").spawn(&sim, sleeps).unwrap().await.unwrap();
    });
    let failure = failure.unwrap_err();
    assert!(matches!(&failure.kind, FailureKind::LostWakeup { task, .. } if task.contains("forgetful")));
    assert_eq!(failure.timers, [], "as they were before it was looked for");
}

#[test]
fn a_correct_task_whose_polls_wake_another_is_no_lost_wake_up() {
    let passed = Check::random(20).run(async |sim: Sim| {
        let watcher = Arc::default();
        sim.spawn(waits_in(Arc::clone(&watcher))).unwrap();
        let mut sleep = Box::pin(sim.sleep(SECOND));
        let counted = poll_fn(move |cx| {
            watcher.lock().unwrap().take().into_iter().for_each(Waker::wake);
            sleep.as_mut().poll(cx)
        });
        sim.spawn_task(counted).unwrap().await.unwrap();
    });
    passed.unwrap();
}

#[test]
fn a_wake_that_is_due_at_once_is_no_lost_wake_up_and_moves_no_time() {
    let passed = Check::random(5).run(async |sim: Sim| {
        let (start, mut key, mut first) = (sim.now(), WakeKey::new(), true);
        poll_fn(|cx| {
            if std::mem::replace(&mut first, false) {
                sim.schedule_wake(start.saturating_sub(SECOND), &mut key, cx.waker());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        assert_eq!(sim.now(), start);
    });
    passed.unwrap();
}

#[test]
fn it_says_who_woke_whom_and_nobody_where_it_was_a_timer() {
    let failure = Check::random(1).run(async |sim: Sim| {
        let place: Arc<Mutex<Option<Waker>>> = Arc::default();
        Task::builder().name("by task").spawn(&sim, waits_in(place.clone())).unwrap().detach();
        let timer = sim.clone();
        let by_timer = async move {
            timer.sleep(2 * SECOND).await;
            pending::<()>().await;
        };
        Task::builder().name("by timer").spawn(&sim, by_timer).unwrap().detach();
        sim.sleep(SECOND).await;
        let wakes = async move { place.lock().unwrap().take().into_iter().for_each(Waker::wake) };
        Task::builder().name("wakes").spawn(&sim, wakes).unwrap().await.unwrap();
        pending::<()>().await;
    });
    let failure = failure.unwrap_err();
    let task = |name: &str| failure.tasks.iter().find(|task| task.label.name() == Some(name)).unwrap();
    let by = task("by task");
    let WokenBy::Task(waker) = &by.woken.by else { panic!("{failure}") };
    let start = failure.now.saturating_sub(2 * SECOND);
    assert_eq!(
        (waker.name(), by.woken.at, by.woken.before_poll),
        (Some("wakes"), start.saturating_add(SECOND), 2)
    );
    assert_eq!((by.polls, by.since, by.ready), (2, by.woken.at, false));
    let by = task("by timer");
    assert!(matches!(by.woken.by, WokenBy::Timer), "{failure}");
    assert_eq!((by.woken.at, by.woken.before_poll, by.since), (failure.now, 2, failure.now));
    assert_eq!(task("by timer").sleeps_until, None, "it has slept: {failure}");
}

#[test]
fn a_sleep_that_was_dropped_is_not_told_of() {
    let failure = Check::random(1).run(async |sim: Sim| {
        sim.sleep(3_600 * SECOND).timeout(SECOND, &sim).await.unwrap_err();
        pending::<()>().await;
    });
    assert_eq!(failure.unwrap_err().tasks[0].sleeps_until, None);
}

#[test]
fn a_tape_ends_with_a_choice_that_is_not_the_first() {
    let body = async |sim: Sim| panic!("{:?}", [sim.choose(3), sim.choose(3), sim.choose(3)]);
    let failure = Check::replay("200".parse().unwrap()).run(body).unwrap_err();
    assert_eq!(failure.tape.to_string(), "2");
}

#[test]
fn a_report_stays_short_enough_for_a_reader_and_a_shell() {
    let failure = Check::random(1).max_polls(50_000).unshrunk().run(async |sim: Sim| {
        let _spins = sim.spawn_task(async {
            loop {
                yield_now().await;
            }
        });
        loop {
            yield_now().await;
        }
    });
    let failure = failure.unwrap_err();
    assert!(failure.tape.choices().len() > 10_000);
    let text = failure.to_string();
    assert!(text.len() < 4_096 && text.contains("too long for a line") && text.contains("UNTETHER_SEED=0"));
}

#[test]
fn an_exhaustive_check_with_spurious_polls_comes_to_an_end_and_meets_every_order() {
    let seen = Mutex::default();
    let passed = Check::exhaustive(10_000).spurious_polls().run(async |sim| note_order(sim, &seen).await);
    assert!(passed.unwrap().complete);
    assert_eq!(seen.into_inner().unwrap().len(), 6);
}

#[test]
fn with_stable_wakers_every_poll_has_the_same() {
    let passed = Check::random(1).stable_wakers().run(async |_: Sim| {
        let mut first = None::<Waker>;
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            let Some(first) = &first else {
                first = Some(cx.waker().clone());
                return Poll::Pending;
            };
            assert!(first.will_wake(cx.waker()));
            Poll::Ready(())
        })
        .await;
    });
    passed.unwrap();
}

#[test]
fn entropy_has_no_common_divisor() {
    let passed = Check::random(50).run(async |sim: Sim| {
        let drawn: Vec<u64> = (0..100).map(|_| sim.next_u64()).collect();
        for divisor in [3, 641, 65_537] {
            assert!(drawn.iter().any(|number| number % divisor != 0), "all of {divisor}");
        }
    });
    passed.unwrap();
}
