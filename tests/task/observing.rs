//! What observers are told.

use super::*;

#[test]
fn a_panic_is_told_once_with_name_site_and_message() {
    #[derive(Clone, Default)]
    struct Fields(Arc<AtomicUsize>, u32);
    impl Observer for Fields {
        fn on(&self, event: &Event<'_>) {
            assert_eq!((event.kind(), event.name()), ("task_panicked", Some("worker")));
            assert!(matches!(event.get("message"), Some(Value::Text("oh"))));
            let Some(Value::Site(site)) = event.get("site") else { panic!("no site: {event}") };
            assert_eq!((site.file(), site.line()), (file!(), self.1));
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (told, line) = (Arc::new(AtomicUsize::new(0)), line!() + 4);
    let (drawer, shelf) = (Drawer::default(), Shelf::default());
    let observer = Fields(told.clone(), line);
    #[rustfmt::skip]
    let builder = Task::builder().name("worker").observer(observer);
    let tasks = [
        builder.clone().spawn(&drawer, async { panic!("oh") }).unwrap(),
        builder.clone().spawn(&drawer, async { panic!("oh") }).unwrap(),
    ];
    let [awaited, detached] = tasks;
    Task::<()>::detach(detached);
    drawer.poll();
    assert!(Probe::<Task<()>>::new(awaited).assert_ready().unwrap_err().is_panic());
    let work: Task<()> = builder.spawn_blocking(&shelf, || panic!("oh")).unwrap();
    shelf.take().run();
    assert!(Probe::new(work).assert_ready().unwrap_err().is_panic());
    assert_eq!(told.load(Ordering::Relaxed), 3);
}

#[test]
fn only_a_detached_task_that_its_executor_dropped_is_told_as_cancelled() {
    let (drawer, shelf, lines) = (Drawer::default(), Shelf::default(), Lines::default());
    let builder = Task::builder().name("orphan").observer(lines.clone());
    let site = builder.clone().spawn(&drawer, pending::<()>()).unwrap().label().site();

    // Not told: its handle was dropped, it was aborted, it was cancelled, somebody awaits it, it ended.
    let aborted = builder.clone().spawn(&drawer, pending()).unwrap();
    aborted.abort();
    aborted.detach();
    drop(builder.clone().spawn(&drawer, pending::<()>()).unwrap().cancel());
    let _awaited = builder.clone().spawn(&drawer, pending::<()>()).unwrap();
    builder.clone().spawn(&drawer, ready(())).unwrap().detach();
    drawer.poll();
    drawer.clear();
    assert_eq!(lines.all(), Vec::<String>::new());

    let expected = format!("detached_task_cancelled orphan site={site}");
    builder.clone().spawn(&drawer, pending()).unwrap().detach();
    drawer.clear();
    builder.clone().spawn(&drawer, pending::<u8>()).unwrap().detach_with(|_| ());
    drawer.poll();
    drawer.clear();
    builder.spawn_blocking(&shelf, || ()).unwrap().detach();
    drop(shelf.take());
    assert_eq!(lines.all(), [expected.clone(), expected.clone(), expected]);
}

#[test]
fn an_observer_may_use_the_very_task_it_hears_of() {
    #[derive(Clone, Default)]
    struct Nosy(Arc<Mutex<Option<Task<()>>>>);
    impl Observer for Nosy {
        fn on(&self, _: &Event<'_>) {
            if let Some(task) = &*lock(&self.0) {
                task.abort();
                assert!(!task.is_finished(), "it is told before it is published");
            }
            let task = lock(&self.0).take();
            drop(task);
        }
    }
    let (drawer, nosy) = (Drawer::default(), Nosy::default());
    let task = Task::builder().observer(nosy.clone()).spawn(&drawer, async { panic!("told") });
    *lock(&nosy.0) = Some(task.unwrap());
    assert_eq!(drawer.poll(), 0);
    assert!(lock(&nosy.0).is_none(), "the observer was told and dropped the handle");
}
