//! Blocking closures as tasks.

use super::*;

#[test]
fn a_closure_aborted_before_it_began_never_runs() {
    every_order(async |sim| {
        let ran = Arc::new(AtomicBool::new(false));
        let set = ran.clone();
        let task = sim.spawn_blocking_task(move || set.store(true, Ordering::Release)).unwrap();
        task.abort();
        assert!(cancelled(task.await));
        assert!(!is_set(&ran));
    });
}

#[test]
fn a_closure_aborted_at_any_moment_gives_its_result_if_and_only_if_it_ran() {
    every_order(async |sim| {
        let ran = Arc::new(AtomicBool::new(false));
        let set = ran.clone();
        let task = sim.spawn_blocking_task(move || set.store(true, Ordering::Release)).unwrap();
        yield_now().await;
        assert_eq!(task.cancel().await.is_ok(), is_set(&ran));
    });
}

#[test]
fn a_closure_aborted_while_it_runs_gives_its_result() {
    let shelf = Shelf::default();
    let own = Arc::new(Mutex::new(None::<Task<u8>>));
    let mine = own.clone();
    let task = shelf.spawn_blocking_task(move || {
        let task = lock(&mine).take().unwrap();
        task.abort();
        *lock(&mine) = Some(task);
        6
    });
    *lock(&own) = Some(task.unwrap());
    shelf.take().run();
    let task = lock(&own).take().unwrap();
    assert_eq!(Probe::new(task).assert_ready().unwrap(), 6);
}

#[test]
fn a_panic_of_a_closure_is_an_error_and_spares_the_thread() {
    let shelf = Shelf::default();
    let line = line!() + 1;
    let task = Task::builder().name("crunch").spawn_blocking(&shelf, || panic!("numbers"));
    let mut task = Probe::new(task.unwrap());
    task.assert_pending();
    shelf.take().run();
    assert_eq!(task.wakes(), 1);
    let error = task.assert_ready().map(|()| unreachable!()).unwrap_err();
    assert_eq!((error.panic_message(), error.label().name()), (Some("numbers"), Some("crunch")));
    assert_eq!(error.label().site().line(), line);
}

#[test]
fn a_closure_dropped_unrun_is_cancelled_and_gone() {
    let shelf = Shelf::default();
    let (flag, dropped) = Flag::new();
    let mut task = Probe::new(shelf.spawn_blocking_task(move || drop(flag)).unwrap());
    task.assert_pending();
    drop(shelf.take());
    assert!(is_set(&dropped));
    assert_eq!(task.wakes(), 1);
    assert!(cancelled(task.assert_ready()));
}

#[test]
fn a_panic_in_the_drop_of_a_closure_that_never_ran_is_an_error() {
    for abort_first in [false, true] {
        let shelf = Shelf::default();
        let bomb = Bomb("unrun");
        let mut task = Probe::new(shelf.spawn_blocking_task(move || drop(bomb)).unwrap());
        if abort_first {
            task.get_mut().abort();
            shelf.take().run();
        } else {
            drop(shelf.take());
        }
        assert_eq!(task.assert_ready().unwrap_err().panic_message(), Some("unrun"));
    }
}

#[test]
fn a_dropped_handle_keeps_a_closure_from_beginning() {
    every_order(async |sim| {
        let ran = Arc::new(AtomicBool::new(false));
        let set = ran.clone();
        drop(sim.spawn_blocking_task(move || set.store(true, Ordering::Release)));
        idle(&sim).await;
        assert!(!is_set(&ran));
    });
}

#[test]
fn a_detached_closure_runs() {
    every_order(async |sim| {
        let ran = Arc::new(AtomicBool::new(false));
        let set = ran.clone();
        sim.spawn_blocking_task(move || set.store(true, Ordering::Release)).unwrap().detach();
        idle(&sim).await;
        assert!(is_set(&ran));
    });
}
