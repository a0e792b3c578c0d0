//! Names and the lines that started the tasks, through every executor and erasure.

use super::*;

fn line_of(label: &Label) -> u32 {
    assert_eq!(label.site().file(), file!());
    label.site().line()
}

#[test]
fn the_site_of_a_task_is_the_line_that_started_it() {
    let (drawer, shelf, local) = (Drawer::default(), Shelf::default(), Local::new());
    let spawner = local.local_spawner();
    let here = line!();
    let tasks = [
        drawer.spawn_task(ready(())).unwrap(),
        spawner.spawn_local_task(ready(())).unwrap(),
        shelf.spawn_blocking_task(|| ()).unwrap(),
        Task::builder().spawn(&drawer, ready(())).unwrap(),
        Task::builder().spawn_local(&spawner, ready(())).unwrap(),
        Task::builder().spawn_blocking(&shelf, || ()).unwrap(),
        (&&drawer).spawn_task(ready(())).unwrap(),
        AnyRuntime::without_blocking(parts(&drawer)).spawn_task(ready(())).unwrap(),
    ];
    for (task, line) in tasks.iter().zip(here + 2..) {
        assert_eq!(line_of(task.label()), line);
        assert_eq!(task.label().name(), None);
    }
}

fn parts(drawer: &Drawer) -> Parts<ManualClock, Drawer> {
    Parts { timer: ManualClock::new(), spawn: drawer.clone() }
}

/// Keeps the labels of what it is given.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<Label>>>);

impl Spawn for Names {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        lock(&self.0).push(task.label().clone());
        Ok(())
    }
    fn wants_labels(&self) -> bool {
        true
    }
}

#[test]
fn the_site_of_a_bare_spawn_is_its_line_through_every_wrapper() {
    let names = Names::default();
    let clock = ManualClock::new();
    let here = line!();
    names.spawn(ready(())).unwrap();
    (&&names).spawn(ready(())).unwrap();
    Rc::new(names.clone()).spawn(ready(())).unwrap();
    Arc::new(names.clone()).spawn(ready(())).unwrap();
    (Arc::new(names.clone()) as Arc<dyn Spawn + Send + Sync>).spawn(ready(())).unwrap();
    Parts { timer: (), spawn: &names }.spawn(ready(())).unwrap();
    AnyRuntime::without_blocking(Parts { timer: clock, spawn: names.clone() }).spawn(ready(())).unwrap();
    let lines: Vec<u32> = lock(&names.0).iter().map(line_of).collect();
    assert_eq!(lines, (here + 1..=here + 7).collect::<Vec<u32>>());
}

#[test]
fn a_name_is_in_the_error_the_handle_and_the_executors_hands() {
    let names = Names::default();
    let line = line!() + 1;
    let task = Task::builder().name(String::from("worker")).spawn(&names, pending::<()>()).unwrap();
    assert_eq!((task.label().name(), line_of(task.label())), (Some("worker"), line));
    assert_eq!(lock(&names.0)[0].name(), Some("worker"));
    let error = Probe::new(task).assert_ready().unwrap_err();
    assert_eq!(error.label().name(), Some("worker"));
    let site = error.label().site();
    assert_eq!(error.to_string(), format!("task \"worker\" ({site}) was cancelled"));
    assert_eq!(format!("{error:?}"), format!("JoinError({error})"));
}

#[test]
fn an_error_without_a_name_begins_with_the_line() {
    let drawer = Drawer::default();
    let line = line!() + 1;
    let mut task = Probe::new(drawer.spawn_task(async { panic!("why") }).unwrap());
    drawer.poll();
    let error = task.assert_ready().map(|()| unreachable!()).unwrap_err();
    assert!(error.to_string().starts_with(&format!("task ({}:{line}:", file!())), "{error}");
    assert!(error.to_string().ends_with(") panicked: why"), "{error}");
}

#[test]
fn names_survive_an_any_runtime_into_the_report_of_a_failed_simulation() {
    let failure = Check::exhaustive(1).run(async |sim| {
        let rt = AnyRuntime::new(sim);
        let stuck = Task::builder().name("stuck").spawn(&rt, pending::<()>()).unwrap();
        let raw = rt.spawn(pending());
        raw.unwrap();
        let _ = stuck.await;
    });
    let failure = failure.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Deadlock);
    let labels: Vec<_> = failure.tasks.iter().map(|task| task.label.name()).collect();
    assert_eq!(labels, [Some("main"), Some("stuck"), None]);
    assert!(failure.tasks.iter().all(|task| task.label.site().file() == file!()), "{failure}");
}
