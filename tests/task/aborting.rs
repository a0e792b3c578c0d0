//! Aborting, cancelling and dropping: at every moment of a task's life.

use super::*;

#[test]
fn an_abort_before_the_first_poll_drops_the_future_unpolled() {
    every_order(async |sim| {
        let (flag, dropped) = Flag::new();
        let polled = Arc::new(AtomicBool::new(false));
        let seen = polled.clone();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            seen.store(true, Ordering::Release);
        });
        let task = task.unwrap();
        task.abort();
        assert!(cancelled(task.await));
        assert!(is_set(&dropped) && !is_set(&polled));
    });
}

#[test]
fn an_abort_while_pending_wakes_the_task_and_drops_its_future() {
    every_order(async |sim| {
        let (flag, dropped) = Flag::new();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            pending::<()>().await;
        });
        let task = task.unwrap();
        idle(&sim).await;
        assert!(!is_set(&dropped) && !task.is_finished());
        task.abort();
        assert!(!is_set(&dropped), "it is dropped by its own executor, at its next poll");
        let error = task.await.unwrap_err();
        assert!(error.is_cancelled() && !error.is_panic() && error.panic_message().is_none());
        assert!(is_set(&dropped));
    });
}

#[test]
fn an_abort_after_the_end_changes_nothing() {
    every_order(async |sim| {
        let task = sim.spawn_task(ready(7)).unwrap();
        idle(&sim).await;
        assert!(task.is_finished());
        task.abort();
        task.abort();
        assert_eq!(task.cancel().await.unwrap(), 7);
    });
}

#[test]
fn an_abort_at_any_moment_ends_in_a_value_or_cancelled_and_the_future_is_gone() {
    let (finished, stopped) = (Cell::new(0), Cell::new(0));
    every_order(async |sim| {
        let (flag, dropped) = Flag::new();
        let done = Arc::new(AtomicBool::new(false));
        let set = done.clone();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            yield_now().await;
            yield_now().await;
            set.store(true, Ordering::Release);
            3
        });
        let task = task.unwrap();
        for _ in 0..3 {
            yield_now().await;
        }
        task.abort();
        match task.await {
            Ok(value) => {
                assert_eq!(value, 3);
                assert!(is_set(&done));
                finished.set(finished.get() + 1);
            }
            Err(error) => {
                assert!(error.is_cancelled() && !is_set(&done));
                stopped.set(stopped.get() + 1);
            }
        }
        assert!(is_set(&dropped));
    });
    assert!(finished.get() > 0 && stopped.get() > 0, "{finished:?} {stopped:?}");
}

#[test]
fn a_task_that_aborts_itself_is_cancelled_and_its_wake_is_not_lost() {
    every_order(async |sim| {
        let own = Arc::new(Mutex::new(None::<Task<u8>>));
        let mine = own.clone();
        let task = sim.spawn_task(async move {
            yield_now().await;
            if let Some(task) = &*lock(&mine) {
                task.abort();
            }
            pending().await
        });
        *lock(&own) = Some(task.unwrap());
        idle(&sim).await;
        let task = lock(&own).take().unwrap();
        assert!(task.is_finished());
        assert!(cancelled(task.await));
    });
}

#[test]
fn cancel_resolves_only_after_the_future_is_gone() {
    every_order(async |sim| {
        let (flag, dropped) = Flag::new();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            loop {
                yield_now().await;
                pending::<()>().await;
            }
        });
        let task = task.unwrap();
        yield_now().await;
        let mut outcome = pin!(task.cancel());
        let outcome = poll_fn(|cx| {
            let polled = outcome.as_mut().poll(cx);
            assert_eq!(polled.is_ready(), is_set(&dropped));
            polled
        });
        assert!(cancelled::<()>(outcome.await));
    });
}

#[test]
fn dropping_a_cancel_keeps_the_abort() {
    for polls in [0, 1] {
        every_order(async |sim| {
            let (flag, dropped) = Flag::new();
            let task = sim.spawn_task(async move {
                let _flag = flag;
                pending::<()>().await;
            });
            let task = task.unwrap();
            yield_now().await;
            let mut cancel = Box::pin(task.cancel());
            for _ in 0..polls {
                poll_fn(|cx| Poll::Ready(cancel.as_mut().poll(cx).is_ready())).await;
            }
            drop(cancel);
            idle(&sim).await;
            assert!(is_set(&dropped));
        });
    }
}

#[test]
fn dropping_the_handle_aborts_the_task() {
    every_order(async |sim| {
        let (flag, dropped) = Flag::new();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            pending::<()>().await;
        });
        yield_now().await;
        drop(task);
        idle(&sim).await;
        assert!(is_set(&dropped));
    });
}

#[test]
fn dropping_a_handle_that_was_polled_aborts_the_task() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
    let executor = CountingWaker::new();
    assert_eq!(drawer.poll_with(&executor.waker()), 1);
    task.assert_pending();
    drop(task);
    assert_eq!(executor.wakes(), 1);
    assert_eq!(drawer.poll(), 0);
}

#[test]
fn a_supervisor_hears_of_its_worker_wherever_the_worker_is_cancelled() {
    let (values, cancels) = (Cell::new(0), Cell::new(0));
    let check = Check::random(60).cancel("worker").run(async |sim| {
        let (flag, dropped) = Flag::new();
        let timer = sim.clone();
        let worker = Task::builder().name("worker").spawn(&sim, async move {
            let _flag = flag;
            yield_now().await;
            timer.sleep(Duration::from_millis(3)).await;
            1
        });
        match worker.unwrap().await {
            Ok(_) => values.set(values.get() + 1),
            Err(error) => {
                assert!(error.is_cancelled());
                cancels.set(cancels.get() + 1);
            }
        }
        assert!(is_set(&dropped));
    });
    check.unwrap();
    assert!(values.get() >= 60 && cancels.get() >= 300, "{values:?} {cancels:?}");
}
