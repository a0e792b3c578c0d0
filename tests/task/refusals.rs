//! Tasks that could not be started come back, and still report to their handle.

use super::*;

#[test]
fn a_refused_task_can_be_spawned_elsewhere_and_its_handle_gets_the_result() {
    every_order(async |sim| {
        let line = line!() + 1;
        let error = Task::builder().name("wanderer").spawn(&Closed(SpawnErrorKind::Full), async { 8 });
        let error = error.unwrap_err();
        assert_eq!(error.kind(), SpawnErrorKind::Full);
        let refused = error.into_inner();
        assert_eq!(refused.handle.label().site().line(), line);
        assert!(refused.to_string().starts_with("task \"wanderer\" ("), "{refused}");
        sim.spawn_boxed(refused.task).unwrap();
        assert_eq!(refused.handle.await.unwrap(), 8);
    });
}

#[test]
fn a_refused_task_can_be_awaited_in_place() {
    every_order(async |_| {
        let refused = Closed(SpawnErrorKind::NoContext).spawn_task(async { 8 }).unwrap_err().into_inner();
        refused.task.await;
        assert_eq!(refused.handle.await.unwrap(), 8);
        let refused = Closed(SpawnErrorKind::NoContext).spawn_local_task(async { Rc::new(9) });
        let refused = refused.unwrap_err().into_inner();
        refused.task.await;
        assert_eq!(*refused.handle.await.unwrap(), 9);
    });
}

#[test]
fn a_refused_task_that_is_dropped_is_cancelled_and_gone() {
    let (flag, dropped) = Flag::new();
    let refused = Closed(SpawnErrorKind::Shutdown).spawn_task(async move { drop(flag) }).unwrap_err();
    let refused = refused.into_inner();
    drop(refused.task);
    assert!(is_set(&dropped));
    assert!(cancelled(Probe::new(refused.handle).assert_ready()));
}

#[test]
fn a_refused_task_whose_handle_is_dropped_does_not_run_where_it_is_spawned_next() {
    every_order(async |sim| {
        let ran = Arc::new(AtomicBool::new(false));
        let set = ran.clone();
        let task = async move { set.store(true, Ordering::Release) };
        let refused = Closed(SpawnErrorKind::Full).spawn_task(task).unwrap_err().into_inner();
        drop(refused.handle);
        sim.spawn_boxed(refused.task).unwrap();
        idle(&sim).await;
        assert!(!is_set(&ran));
    });
}

#[test]
fn a_refused_closure_can_be_run_here_and_its_handle_gets_the_result() {
    let refused = Closed(SpawnErrorKind::NoThread).spawn_blocking_task(|| 5).unwrap_err().into_inner();
    refused.task.run();
    assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 5);
}

#[test]
fn a_simulation_that_is_over_refuses_and_hands_back() {
    let kept = RefCell::new(None);
    Check::replay(Tape::default()).run(async |sim| *kept.borrow_mut() = Some(sim)).unwrap();
    let sim = kept.take().unwrap();
    let error = sim.spawn_task(ready(1)).unwrap_err();
    assert_eq!(error.kind(), SpawnErrorKind::Shutdown);
    let refused = error.into_inner();
    let drawer = Drawer::default();
    drawer.spawn_boxed(refused.task).unwrap();
    drawer.poll();
    assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 1);
    let refused = sim.spawn_blocking_task(|| 2).unwrap_err();
    assert_eq!(refused.kind(), SpawnErrorKind::Shutdown);
}

#[test]
fn what_goes_wrong_passes_through_the_question_mark() {
    type Anything = Box<dyn Error + Send + Sync>;
    fn spawn() -> Result<Task<u8>, Anything> {
        Ok(Closed(SpawnErrorKind::Unsupported).spawn_task(ready(1_u8))?)
    }
    fn spawn_raw() -> Result<(), Anything> {
        Ok(Closed(SpawnErrorKind::Shutdown).spawn(ready(()))?)
    }
    fn block() -> Result<Task<u8>, Anything> {
        Ok(Closed(SpawnErrorKind::Full).spawn_blocking_task(|| 1_u8)?)
    }
    fn join() -> Result<(), Anything> {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(async { panic_any(Cell::new(1)) }).unwrap());
        drawer.poll();
        task.assert_ready()?;
        Ok(())
    }
    assert_eq!(spawn().unwrap_err().to_string(), "spawning what this runtime cannot run");
    assert_eq!(spawn_raw().unwrap_err().to_string(), "spawning on an executor that was shut down");
    assert_eq!(block().unwrap_err().to_string(), "spawning on an executor that is full");
    let error = join().unwrap_err();
    assert!(error.downcast_ref::<JoinError>().is_some_and(JoinError::is_panic));
}

#[test]
fn errors_and_handles_are_send_and_sync_although_what_they_carry_is_only_send() {
    fn both<T: Send + Sync>() {}
    both::<JoinError>();
    both::<SpawnError<BoxTask>>();
    both::<SpawnError<BoxBlocking>>();
    both::<Task<Cell<u8>>>();
    both::<AnyRuntime>();
}
