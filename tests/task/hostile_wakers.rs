//! Wakers that use the task, its handle or its executor from within their clone, wake and drop. Locks panic on re-entry in debug
//! builds, so a hook that is called under one shows.

use super::*;

type Slot<T> = Arc<Mutex<Option<Task<T>>>>;

#[test]
fn an_executor_that_ends_while_the_joins_waker_is_cloned_is_not_missed() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
    let ends = drawer.clone();
    let waker = Hooks::new().on_clone(move || ends.clear()).waker();
    let Poll::Ready(outcome) = task.poll_with(&waker) else { panic!("the end was missed") };
    assert!(cancelled(outcome));
}

#[test]
fn an_executor_that_ends_while_an_old_join_waker_is_dropped_wakes_the_new_one() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
    let armed = Arc::new(AtomicBool::new(false));
    let (ends, when) = (drawer.clone(), armed.clone());
    let old = Hooks::new()
        .on_drop(move || {
            if is_set(&when) {
                ends.clear();
            }
        })
        .waker();
    assert!(task.poll_with(&old).is_pending());
    armed.store(true, Ordering::Release);
    assert!(task.poll().is_pending(), "the old waker is dropped after the question was answered");
    assert_eq!(task.wakes(), 1);
    assert!(cancelled(task.assert_ready()));
}

#[test]
fn a_joins_waker_may_poll_the_handle_from_its_wake() {
    let drawer = Drawer::default();
    let slot: Slot<u8> = Arc::default();
    let got = Arc::new(Mutex::new(None));
    let (handle, result) = (slot.clone(), got.clone());
    let hook = move || {
        let mut task = lock(&handle).take().unwrap();
        let polled = Pin::new(&mut task).poll(&mut Context::from_waker(Waker::noop()));
        *lock(&result) = Some(polled.map(Result::unwrap));
    };
    let waker = Hooks::new().on_wake(hook).waker();
    let mut task = drawer.spawn_task(ready(3)).unwrap();
    assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
    *lock(&slot) = Some(task);
    drawer.poll();
    assert_eq!(*lock(&got), Some(Poll::Ready(3)));
}

#[test]
fn a_joins_waker_may_drop_the_handle_from_its_wake_and_from_its_drop() {
    for from_drop in [false, true] {
        let drawer = Drawer::default();
        let slot: Slot<u8> = Arc::default();
        let handle = slot.clone();
        let hook = move || {
            let task = lock(&handle).take();
            drop(task);
        };
        let hooks = Hooks::new();
        let waker = if from_drop { hooks.on_drop(hook) } else { hooks.on_wake(hook) }.waker();
        let mut task = drawer.spawn_task(ready(3)).unwrap();
        assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
        *lock(&slot) = Some(task);
        assert_eq!(drawer.poll(), 0);
        drop(waker);
        assert!(lock(&slot).is_none());
    }
}

#[test]
fn a_joins_waker_may_abort_another_task_from_every_hook() {
    let drawer = Drawer::default();
    let other = Arc::new(drawer.spawn_task(pending::<()>()).unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let hook = || {
        let (other, calls) = (other.clone(), calls.clone());
        move || {
            calls.fetch_add(1, Ordering::Relaxed);
            other.abort();
            let _ = (other.is_finished(), other.label().to_string());
        }
    };
    let waker = Hooks::new().on_clone(hook()).on_wake(hook()).on_drop(hook()).waker();
    let mut task = Probe::new(drawer.spawn_task(ready(3)).unwrap());
    assert!(task.poll_with(&waker).is_pending());
    drawer.poll();
    drop(waker);
    assert_eq!(task.assert_ready().unwrap(), 3);
    assert!(calls.load(Ordering::Relaxed) >= 4);
    drawer.poll();
    assert!(other.is_finished());
}

#[test]
fn an_abort_from_any_hook_of_the_executors_waker_is_not_lost() {
    for hook in ["clone", "drop"] {
        let drawer = Drawer::default();
        let slot: Slot<()> = Arc::default();
        let handle = slot.clone();
        let abort = move || {
            if let Some(task) = &*lock(&handle) {
                task.abort();
            }
        };
        let woken = Arc::new(AtomicUsize::new(0));
        let count = woken.clone();
        let hooks = Hooks::new().on_wake(move || _ = count.fetch_add(1, Ordering::Relaxed));
        let waker = match hook {
            "clone" => hooks.on_clone(abort),
            _ => hooks.on_drop(abort),
        };
        let waker = waker.waker();
        let task = drawer.spawn_task(pending::<()>()).unwrap();
        *lock(&slot) = Some(task);
        drawer.poll_with(&waker);
        // The one with a hook on drop is dropped when another replaces it.
        let fresh = CountingWaker::new();
        drawer.poll_with(&fresh.waker());
        let ended = lock(&slot).as_ref().is_some_and(Task::is_finished);
        assert!(ended || woken.load(Ordering::Relaxed) + fresh.wakes() > 0, "on {hook}");
        drawer.poll();
        assert!(lock(&slot).as_ref().is_some_and(Task::is_finished), "on {hook}");
    }
}

#[test]
fn an_abort_may_run_the_task_to_its_end_from_within_the_wake() {
    let drawer = Drawer::default();
    let task = drawer.spawn_task(pending::<()>()).unwrap();
    let runs = drawer.clone();
    let waker = Hooks::new().on_wake(move || _ = runs.poll()).waker();
    assert_eq!(drawer.poll_with(&waker), 1);
    task.abort();
    assert!(task.is_finished());
    assert!(cancelled(Probe::new(task).assert_ready()));
}

#[test]
fn a_dropped_handle_may_end_its_executor_from_within_the_wake() {
    let drawer = Drawer::default();
    let (flag, dropped) = Flag::new();
    let task = drawer.spawn_task(async move {
        let _flag = flag;
        pending::<()>().await;
    });
    let ends = drawer.clone();
    let waker = Hooks::new().on_wake(move || ends.clear()).waker();
    assert_eq!(drawer.poll_with(&waker), 1);
    drop(task);
    assert!(is_set(&dropped));
}

#[test]
fn a_future_may_drop_its_own_handle_while_it_is_polled_and_while_it_is_dropped() {
    let drawer = Drawer::default();
    let slot: Slot<()> = Arc::default();
    let own = slot.clone();
    let task = drawer.spawn_task(async move {
        let task = lock(&own).take();
        drop(task);
        pending::<()>().await;
    });
    *lock(&slot) = Some(task.unwrap());
    assert_eq!(drawer.poll(), 0, "it saw its own abort at the end of the poll");

    let own = slot.clone();
    let guard = OnDrop(move || {
        let task = lock(&own).take();
        drop(task);
    });
    let task = drawer.spawn_task(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    let task = task.unwrap();
    task.abort();
    *lock(&slot) = Some(task);
    assert_eq!(drawer.poll(), 0);
    assert!(lock(&slot).is_none());
}

#[test]
fn a_result_may_own_the_handle_of_another_task_that_owns_a_third() {
    let drawer = Drawer::default();
    let inner = drawer.spawn_task(pending::<()>()).unwrap();
    let middle = drawer.spawn_task(ready(inner)).unwrap();
    let outer = drawer.spawn_task(ready(middle)).unwrap();
    drawer.poll();
    // The outcome that nobody took is dropped with the handle, and with it the next handle, and so on.
    drop(outer);
    assert_eq!(drawer.poll(), 0);
}
