//! Awaiting a task: its outcome, once, and whoever awaits it is woken.

use super::*;

#[test]
fn a_result_comes_out_in_every_order_of_the_tasks() {
    let passed = every_order(async |sim| {
        let tasks = [1, 2, 3].map(|n| {
            sim.spawn_task(async move {
                yield_now().await;
                n
            })
            .unwrap()
        });
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        assert_eq!(sum, 6);
    });
    assert!(passed.schedules > 100, "{passed:?}");
}

#[test]
fn only_the_waker_of_the_last_poll_is_woken() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(ready(5)).unwrap());
    let (old, new) = (CountingWaker::new(), CountingWaker::new());
    assert!(task.poll_with(&old.waker()).is_pending());
    assert!(task.poll_with(&new.waker()).is_pending());
    assert_eq!(drawer.poll(), 0);
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
    assert_eq!(task.assert_ready().unwrap(), 5);
}

#[test]
fn spurious_polls_of_either_side_change_nothing() {
    Check::random(300).spurious_polls().assert(async |sim| {
        let timer = sim.clone();
        let task = sim.spawn_task(async move {
            timer.sleep(Duration::from_millis(5)).await;
            9
        });
        assert_eq!(task.unwrap().await.unwrap(), 9);
    });
}

#[test]
fn a_handle_that_is_dropped_lets_go_of_its_waker_at_once() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
    let (flag, dropped) = Flag::new();
    let waker = Hooks::new().on_wake(move || assert!(!is_set(&flag.0))).waker();
    assert!(task.poll_with(&waker).is_pending());
    drop(waker);
    assert!(!is_set(&dropped));
    drop(task);
    assert!(is_set(&dropped), "the task is still there, its handle's waker is not");
}

#[test]
fn a_task_that_ended_lets_go_of_its_executors_waker() {
    let drawer = Drawer::default();
    let handle = drawer.spawn_task(yield_now()).unwrap();
    let (flag, dropped) = Flag::new();
    let waker = Hooks::new().on_wake(move || assert!(!is_set(&flag.0))).waker();
    assert_eq!(drawer.poll_with(&waker), 1);
    assert_eq!(drawer.poll_with(&waker), 0);
    drop(waker);
    assert!(is_set(&dropped), "only the handle is left");
    drop(handle);
}

#[test]
#[should_panic(expected = "task polled again after it gave its outcome")]
fn polling_after_the_outcome_panics() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(ready(())).unwrap());
    drawer.poll();
    task.assert_ready().unwrap();
    let _ = task.poll();
}

#[test]
fn a_waker_is_not_dropped_under_the_lock_when_polling_after_the_outcome_panics() {
    let drawer = Drawer::default();
    let other = Arc::new(drawer.spawn_task(ready(())).unwrap());
    let mut task = Probe::new(drawer.spawn_task(ready(())).unwrap());
    drawer.poll();
    task.assert_ready().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let answered = Arc::new(AtomicUsize::new(0));
    let hook = {
        let (asked, answered) = (asked.clone(), answered.clone());
        // Caught, because a panic in a drop during a panic would be the end of the test binary.
        move || {
            asked.fetch_add(1, Ordering::Relaxed);
            if catch_unwind(AssertUnwindSafe(|| other.is_finished())).is_ok() {
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let waker = Hooks::new().on_drop(hook).waker();
    let panic = catch_unwind(AssertUnwindSafe(|| task.poll_with(&waker))).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"task polled again after it gave its outcome"));
    drop(waker);
    assert!(asked.load(Ordering::Relaxed) > 0);
    assert_eq!(answered.load(Ordering::Relaxed), asked.load(Ordering::Relaxed));
}
