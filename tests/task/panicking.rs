//! Panics of tasks, of their destructors and of those who are told.

use super::*;

#[test]
fn a_panic_is_an_error_with_its_message_and_its_payload() {
    every_order(async |sim| {
        let n = 3;
        let text = sim.spawn_task(async { panic!("plain") }).unwrap();
        let formatted = sim.spawn_task(async move { panic!("number {n}") }).unwrap();
        let error: JoinError = outcome::<()>(text).await.unwrap_err();
        assert_eq!(error.panic_message(), Some("plain"));
        assert_eq!(error.into_panic().unwrap().downcast_ref(), Some(&"plain"));
        let error: JoinError = outcome::<()>(formatted).await.unwrap_err();
        assert!(error.is_panic() && !error.is_cancelled());
        assert_eq!(error.panic_message(), Some("number 3"));
        let payload = error.into_panic().unwrap();
        assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("number 3"));
    });
}

/// Says what a task that only panics would give.
fn outcome<T>(task: Task<T>) -> Task<T> {
    task
}

#[test]
fn a_payload_that_is_no_text_is_kept() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(async { panic_any(42_u8) }).unwrap());
    drawer.poll();
    let error = task.assert_ready().map(|()| unreachable!()).unwrap_err();
    assert!(error.is_panic());
    assert_eq!(error.panic_message(), Some("a value that is no text"));
    assert_eq!(error.into_panic().unwrap().downcast_ref(), Some(&42_u8));
}

#[test]
fn into_panic_of_a_cancelled_task_gives_the_error_back() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
    drawer.clear();
    assert!(task.assert_ready().unwrap_err().into_panic().unwrap_err().is_cancelled());
}

#[test]
fn a_panic_in_the_drop_of_the_future_is_an_error_whether_it_was_aborted_finished_or_abandoned() {
    let drawer = Drawer::default();
    let spawn = |bomb: Bomb| {
        // A future that still owns something when it is ready.
        let future = poll_fn(move |_| {
            let _kept = &bomb;
            Poll::Ready(())
        });
        Probe::new(drawer.spawn_task(future).unwrap())
    };
    let mut finished = spawn(Bomb("after the end"));
    assert_eq!(drawer.poll(), 0);
    assert_eq!(finished.assert_ready().unwrap_err().panic_message(), Some("after the end"));

    let mut aborted = spawn(Bomb("at the abort"));
    aborted.get_mut().abort();
    assert_eq!(drawer.poll(), 0);
    assert_eq!(aborted.assert_ready().unwrap_err().panic_message(), Some("at the abort"));

    let mut abandoned = spawn(Bomb("with the executor"));
    drawer.clear();
    assert_eq!(abandoned.assert_ready().unwrap_err().panic_message(), Some("with the executor"));
}

#[test]
fn of_two_panics_the_first_is_reported() {
    let drawer = Drawer::default();
    let bomb = Bomb("the second, in drop");
    let future = poll_fn(move |_| -> Poll<()> {
        let _kept = &bomb;
        panic!("the first, in poll")
    });
    let mut task = Probe::new(drawer.spawn_task(future).unwrap());
    drawer.poll();
    assert_eq!(task.assert_ready().unwrap_err().panic_message(), Some("the first, in poll"));
}

#[test]
fn a_panicking_observer_does_not_leave_anybody_waiting() {
    #[derive(Clone)]
    struct Hysteric;
    impl Observer for Hysteric {
        fn on(&self, _: &Event<'_>) {
            panic!("an observer");
        }
    }
    let drawer = Drawer::default();
    let task = Task::builder().observer(Hysteric).spawn(&drawer, async { panic!("a task") });
    let mut task = Probe::new(task.unwrap());
    task.assert_pending();
    // Whether the executor sees the observer's panic is not promised; that the handle has an outcome is.
    let _ = catch_unwind(AssertUnwindSafe(|| drawer.poll()));
    drawer.clear();
    assert_eq!(task.wakes(), 1);
    assert!(task.assert_ready().map(|()| unreachable!()).unwrap_err().is_panic());

    let shelf = Shelf::default();
    let work = Task::builder().observer(Hysteric).spawn_blocking(&shelf, || panic!("a closure"));
    let mut work = Probe::new(work.unwrap());
    let _ = catch_unwind(AssertUnwindSafe(|| shelf.take().run()));
    assert!(work.assert_ready().map(|()| unreachable!()).unwrap_err().is_panic());
}
