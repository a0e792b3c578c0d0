//! The end of a task, of the owner and of its spawners.

use super::*;

#[test]
fn a_spawn_from_a_tasks_drop_is_refused_and_not_lost() {
    let mut local = Local::new();
    let (here, there) = (local.local_spawner(), local.spawner());
    let refused = Rc::new(RefCell::new(Vec::new()));
    let note = refused.clone();
    let guard = OnDrop(move || {
        let local = here.spawn_local(ready(())).unwrap_err();
        let send = there.spawn(ready(())).unwrap_err();
        note.borrow_mut().extend([local.kind(), send.kind()]);
        // Both are whole: they can be run.
        Probe::new(local.into_inner()).assert_ready();
        Probe::new(send.into_inner()).assert_ready();
    });
    let task = async move {
        let _guard = guard;
        pending::<()>().await;
    };
    local.local_spawner().spawn_local(task).unwrap();
    assert!(!settle(&mut local));
    drop(local);
    assert_eq!(*refused.borrow(), [SpawnErrorKind::Shutdown; 2]);
}

#[test]
fn a_spawn_from_the_drop_of_a_task_that_was_never_polled_is_refused() {
    let local = Local::new();
    let there = local.spawner();
    let (tell, told) = mpsc::channel();
    let guard = OnDrop(move || tell.send(there.spawn(ready(())).map_err(|error| error.kind())).unwrap());
    local.spawner().spawn(async move { drop(guard) }).unwrap();
    drop(local);
    assert_eq!(told.recv().unwrap(), Err(SpawnErrorKind::Shutdown));
}

#[test]
fn spawners_refuse_after_the_end_and_hand_the_task_back() {
    let local = Local::new();
    let (here, there) = (local.local_spawner(), local.spawner());
    drop(local);
    let refused = here.spawn_local_task(async { Rc::new(1) }).unwrap_err();
    assert_eq!(refused.kind(), SpawnErrorKind::Shutdown);
    let refused = refused.into_inner();
    let mut next = Local::new();
    next.local_spawner().spawn_local_boxed(refused.task).unwrap();
    assert!(settle(&mut next));
    assert_eq!(*Probe::new(refused.handle).assert_ready().unwrap(), 1);

    let refused = thread::spawn(move || there.spawn_task(ready(2)).unwrap_err()).join().unwrap().into_inner();
    next.spawner().spawn_boxed(refused.task).unwrap();
    assert!(settle(&mut next));
    assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 2);
}

/// Ten tasks, the fourth of which panics in its drop: how many of the others were dropped with their owner.
fn dropped_beside_a_bomb(poll_first: bool) -> (usize, bool) {
    let mut local = Local::new();
    let dropped = Rc::new(Cell::new(0));
    for index in 0..10 {
        let dropped = dropped.clone();
        let guard = OnDrop(move || {
            assert_ne!(index, 3, "on purpose");
            dropped.set(dropped.get() + 1);
        });
        let task = async move {
            let _guard = guard;
            pending::<()>().await;
        };
        local.local_spawner().spawn_local(task).unwrap();
    }
    if poll_first {
        assert!(!settle(&mut local));
    }
    let end = catch_unwind(AssertUnwindSafe(|| drop(local)));
    (dropped.get(), end.is_ok())
}

#[test]
fn a_task_that_panics_in_its_drop_does_not_keep_the_others_from_being_dropped() {
    assert_eq!(dropped_beside_a_bomb(true), (9, true));
}

#[test]
fn a_task_that_was_never_polled_and_panics_in_its_drop_is_no_exception() {
    assert_eq!(dropped_beside_a_bomb(false), (9, true));
}

#[test]
fn wakes_after_the_end_and_during_it_do_nothing() {
    let mut local = Local::new();
    let all = sleepers(&local.local_spawner(), 10);
    let others = all.clone();
    let guard = OnDrop(move || others.iter().for_each(Sleeper::wake));
    let task = async move {
        let _guard = guard;
        pending::<()>().await;
    };
    local.local_spawner().spawn_local(task).unwrap();
    assert!(!settle(&mut local));
    drop(local);
    all.iter().for_each(Sleeper::wake);
    assert!(all.iter().all(|sleeper| sleeper.polls() == 1));
}

#[test]
fn tasks_of_a_lost_spawner_run_all_the_same() {
    let mut local = Local::new();
    let (here, there) = (local.local_spawner(), local.spawner());
    let tasks = (here.spawn_local_task(yield_now()).unwrap(), there.spawn_task(yield_now()).unwrap());
    drop((here, there));
    assert!(settle(&mut local));
    assert!(tasks.0.is_finished() && tasks.1.is_finished());
}

#[test]
fn a_local_that_is_gone_lets_go_of_the_waker_of_the_executor_around_it() {
    let mut local = Local::new();
    let spawner = local.spawner();
    let gone = Arc::new(AtomicBool::new(false));
    let set = gone.clone();
    let waker = HookWaker::new().on_drop(move || set.store(true, Ordering::Release)).waker();
    let mut main = Probe::new(local.run_until(pending::<()>()));
    assert!(main.poll_with(&waker).is_pending());
    drop((waker, main));
    drop(local);
    assert!(gone.load(Ordering::Acquire), "a spawner keeps the task alive in which its owner ran");
    drop(spawner);
}

#[test]
fn a_hundred_thousand_tasks_are_dropped_without_recursion() {
    let mut local = Local::new();
    let spawner = local.spawner();
    let dropped = Arc::new(AtomicUsize::new(0));
    // Each holds the handle of the one before it, so that every drop aborts the next task.
    let mut last: Option<Task<()>> = None;
    for _ in 0..100_000 {
        let (held, dropped) = (last.take(), dropped.clone());
        let guard = OnDrop(move || _ = dropped.fetch_add(1, Ordering::Relaxed));
        let task = async move {
            let _kept = (held, guard);
            pending::<()>().await;
        };
        last = Some(spawner.spawn_task(task).unwrap());
    }
    assert!(!settle(&mut local));
    assert_eq!(dropped.load(Ordering::Relaxed), 0);
    drop(local);
    assert_eq!(dropped.load(Ordering::Relaxed), 100_000);
}

#[test]
fn an_abort_runs_down_a_chain_of_tasks_without_recursion() {
    let mut local = Local::new();
    let spawner = local.spawner();
    let mut last = spawner.spawn_task(pending::<()>()).unwrap();
    for _ in 0..20_000 {
        let held = last;
        last = spawner.spawn_task(async move { held.await.unwrap() }).unwrap();
    }
    assert!(!settle(&mut local));
    drop(last);
    assert!(settle(&mut local));
}
