//! Runtimes behind references, shared pointers, erasure and parts.

use super::*;

#[test]
fn an_any_runtime_runs_tasks_closures_and_sleeps() {
    every_order(async |sim| {
        let rt = AnyRuntime::new(sim.clone());
        let task = rt.spawn_task(ready(1)).unwrap();
        let work = rt.spawn_blocking_task(|| 2).unwrap();
        let start = rt.now();
        rt.sleep(Duration::from_secs(5)).await;
        assert_eq!(sim.now().saturating_duration_since(start), Duration::from_secs(5));
        assert_eq!(task.await.unwrap() + work.await.unwrap(), 3);
    });
}

#[test]
fn without_blocking_refuses_closures_as_unsupported_and_hands_them_back() {
    every_order(async |sim| {
        let rt = AnyRuntime::without_blocking(sim);
        assert_eq!(rt.spawn_task(ready(1)).unwrap().await.unwrap(), 1);
        let error = rt.spawn_blocking_task(|| 2).unwrap_err();
        assert_eq!(error.kind(), SpawnErrorKind::Unsupported);
        let refused = error.into_inner();
        refused.task.run();
        assert_eq!(refused.handle.await.unwrap(), 2);
        let raw = rt.spawn_blocking(|| ()).unwrap_err();
        assert_eq!(raw.kind(), SpawnErrorKind::Unsupported);
    });
}

#[test]
fn an_any_runtime_of_an_any_runtime_is_one() {
    every_order(async |sim| {
        let rt = AnyRuntime::new(AnyRuntime::new(sim));
        let named = Task::builder().name("deep").spawn(&rt, ready(1)).unwrap();
        assert_eq!(named.label().name(), Some("deep"));
        assert_eq!(named.await.unwrap(), 1);
    });
}

#[test]
fn parts_join_a_timer_and_a_spawner_into_a_runtime() {
    fn runtime<R: Runtime>(rt: &R) -> Task<u8> {
        let timer = rt.clone();
        let task = async move {
            timer.sleep(Duration::from_secs(1)).await;
            1
        };
        rt.spawn_task(task).unwrap()
    }
    fn local_runtime<R: LocalRuntime>(rt: &R) -> Task<Rc<u8>> {
        let timer = rt.clone();
        let task = async move {
            timer.sleep(Duration::from_secs(1)).await;
            Rc::new(2)
        };
        rt.spawn_local_task(task).unwrap()
    }
    let clock = ManualClock::new();
    let mut local = Local::new();
    let rt = Parts { timer: clock.clone(), spawn: local.spawner() };
    let here = Parts { timer: clock.clone(), spawn: local.local_spawner() };
    let (mut one, mut two) = (Probe::new(runtime(&rt)), Probe::new(local_runtime(&here)));
    let mut run = Probe::new(local.run());
    run.assert_pending();
    assert_eq!(clock.sleepers(), 2);
    clock.advance(Duration::from_secs(1));
    run.assert_ready();
    assert_eq!((one.assert_ready().unwrap(), *two.assert_ready().unwrap()), (1, 2));
    let shelf = Shelf::default();
    let blocking = Parts { timer: clock, spawn: shelf.clone() };
    let mut work = Probe::new(blocking.spawn_blocking_task(|| 3).unwrap());
    shelf.take().run();
    assert_eq!(work.assert_ready().unwrap(), 3);
}

/// Counts which of its doors a task came through.
#[derive(Clone, Default)]
struct Doors(Arc<[AtomicUsize; 3]>);

impl Doors {
    fn taken(&self) -> [usize; 3] {
        [0, 1, 2].map(|door| self.0[door].swap(0, Ordering::Relaxed))
    }
}

impl Spawn for Doors {
    fn spawn_boxed(&self, _: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0[0].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
    fn spawn<F>(&self, _: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.0[1].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl SpawnLocal for Doors {
    fn spawn_local_boxed(&self, _: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        self.0[0].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
    fn spawn_local<F>(&self, _: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        F: Future<Output = ()> + 'static,
    {
        self.0[1].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl SpawnBlocking for Doors {
    fn spawn_blocking_boxed(&self, _: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        self.0[2].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn through<S: Spawn + SpawnLocal + SpawnBlocking>(spawner: S) {
    let _ = spawner.spawn_task(ready(()));
    let _ = spawner.spawn_local_task(ready(()));
    let _ = spawner.spawn_blocking_task(|| ());
}

#[test]
fn holders_pass_tasks_on_unboxed() {
    let doors = Doors::default();
    through(doors.clone());
    assert_eq!(doors.taken(), [0, 2, 1]);
    through(&doors);
    through(Rc::new(doors.clone()));
    through(Arc::new(doors.clone()));
    through(Rc::new(Arc::new(&doors)));
    through(Parts { timer: (), spawn: &doors });
    assert_eq!(doors.taken(), [0, 10, 5]);
}

#[test]
fn an_erased_spawner_is_a_spawner() {
    let doors = Doors::default();
    let erased: Arc<dyn Spawn + Send + Sync> = Arc::new(doors.clone());
    let _ = erased.spawn_task(ready(()));
    let _ = SpawnExt::spawn_task(&&erased, ready(()));
    assert_eq!(doors.taken(), [2, 0, 0]);
    let blocking: Arc<dyn SpawnBlocking + Send + Sync> = Arc::new(doors.clone());
    let _ = blocking.spawn_blocking_task(|| ());
    let _ = SpawnExt::spawn_blocking_task(&*blocking, || ());
    let _ = SpawnBlocking::spawn_blocking(&&*blocking, || ());
    assert_eq!(doors.taken(), [0, 0, 3]);
}

#[test]
fn holders_ask_the_executor_whether_it_wants_labels() {
    let run = Check::replay(Tape::default()).run(async |sim| {
        assert!(Spawn::wants_labels(&&sim) && Spawn::wants_labels(&Arc::new(sim.clone())));
        assert!(Spawn::wants_labels(&(Arc::new(sim.clone()) as Arc<dyn Spawn + Send + Sync>)));
        assert!(Spawn::wants_labels(&Parts { timer: (), spawn: Rc::new(sim.clone()) }));
        assert!(SpawnLocal::wants_local_labels(&Rc::new(&sim.local())));
        assert!(!Spawn::wants_labels(&&Doors::default()));
    });
    run.unwrap();
}
