//! Executors that go away with tasks alive: cancelled, never a hang.

use super::*;

/// A handle that waits hears of the end of its executor.
#[track_caller]
fn hears_of_the_end(task: Task<()>, end: impl FnOnce()) {
    let mut task = Probe::new(task);
    task.assert_pending();
    end();
    assert_eq!(task.wakes(), 1);
    assert!(cancelled(task.assert_ready()));
}

#[test]
fn an_executor_that_throws_its_tasks_away_cancels_them() {
    let drawer = Drawer::default();
    hears_of_the_end(drawer.spawn_task(pending()).unwrap(), || drawer.clear());
    let task = drawer.spawn_task(pending()).unwrap();
    drawer.poll();
    hears_of_the_end(task, || drawer.clear());
}

#[test]
fn the_drop_of_a_local_cancels_its_tasks() {
    let local = Local::new();
    let unseen = local.spawner().spawn_task(pending()).unwrap();
    hears_of_the_end(unseen, || drop(local));

    let mut local = Local::new();
    let polled = local.local_spawner().spawn_local_task(pending()).unwrap();
    Probe::new(local.run()).assert_pending();
    hears_of_the_end(polled, || drop(local));
}

#[test]
fn the_return_of_block_on_cancels_the_tasks_that_are_left() {
    let (unseen, polled) = block_on(async |rt| {
        let polled = rt.spawn_task(pending::<()>()).unwrap();
        yield_now().await;
        (rt.spawn_task(pending::<()>()).unwrap(), polled)
    });
    assert!(cancelled(Probe::new(unseen).assert_ready()));
    assert!(cancelled(Probe::new(polled).assert_ready()));
}

#[test]
fn the_end_of_a_simulation_cancels_the_tasks_that_are_left() {
    let kept = RefCell::new(Vec::new());
    let one = Check::replay(Tape::default()).run(async |sim| {
        kept.borrow_mut().push(sim.spawn_task(pending::<()>()).unwrap());
        idle(&sim).await;
        kept.borrow_mut().push(sim.spawn_task(pending::<()>()).unwrap());
    });
    one.unwrap();
    for task in kept.take() {
        assert!(cancelled(Probe::new(task).assert_ready()));
    }
}

#[test]
fn an_executor_that_is_not_driven_is_not_gone() {
    let drawer = Drawer::default();
    let mut task = Probe::new(drawer.spawn_task(ready(1)).unwrap());
    task.get_mut().abort();
    task.assert_pending();
    assert!(!task.get_mut().is_finished());
    drawer.poll();
    assert!(cancelled(task.assert_ready()));
}
