//! Running until a future or all tasks have ended, and going on later.

use super::*;

#[test]
fn run_until_returns_while_tasks_remain_and_a_later_call_goes_on_with_them() {
    let mut local = Local::new();
    let sleeper = Sleeper::default();
    let task = local.local_spawner().spawn_local_task(sleeper.task()).unwrap();
    let mut main = Probe::new(local.run_until(yield_now()));
    main.assert_pending();
    main.assert_ready();
    drop(main);
    assert_eq!(sleeper.polls(), 1);
    // Woken while nobody runs.
    sleeper.done.set(true);
    sleeper.wake();
    assert!(!task.is_finished());
    Probe::new(local.run_until(task)).poll_to_end().unwrap();
    assert!(settle(&mut local));
}

trait PollToEnd<T> {
    fn poll_to_end(&mut self) -> T;
}

impl<F: Future> PollToEnd<F::Output> for Probe<F> {
    fn poll_to_end(&mut self) -> F::Output {
        loop {
            let before = self.wakes();
            if let Poll::Ready(output) = self.poll() {
                return output;
            }
            assert!(self.wakes() > before, "nobody would poll it again");
        }
    }
}

#[test]
fn a_run_that_is_dropped_loses_no_task() {
    let mut local = Local::new();
    let count = Rc::new(Cell::new(0));
    for _ in 0..10 {
        let count = count.clone();
        let task = async move {
            for _ in 0..3 {
                yield_now().await;
            }
            count.set(count.get() + 1);
        };
        local.local_spawner().spawn_local(task).unwrap();
    }
    Probe::new(local.run()).assert_pending();
    Probe::new(local.run_until(pending::<()>())).assert_pending();
    Probe::new(local.run()).assert_pending();
    assert!(settle(&mut local));
    assert_eq!(count.get(), 10);
}

#[test]
fn run_ends_when_no_task_is_left_and_at_once_without_any() {
    let mut local = Local::new();
    Probe::new(local.run()).assert_ready();
    let sleeper = Sleeper::default();
    local.local_spawner().spawn_local(sleeper.task()).unwrap();
    let mut run = Probe::new(local.run());
    run.assert_pending();
    sleeper.done.set(true);
    sleeper.wake();
    run.assert_ready();
}

#[test]
fn run_waits_for_tasks_that_tasks_spawn() {
    fn tree(spawner: LocalSpawner, depth: u32, leaves: Rc<Cell<usize>>) {
        let again = spawner.clone();
        let task = async move {
            yield_now().await;
            if depth == 0 {
                leaves.set(leaves.get() + 1);
                return;
            }
            for _ in 0..2 {
                tree(again.clone(), depth - 1, leaves.clone());
            }
        };
        spawner.spawn_local(task).unwrap();
    }
    let mut local = Local::new();
    let leaves = Rc::new(Cell::new(0));
    tree(local.local_spawner(), 10, leaves.clone());
    assert!(settle(&mut local));
    assert_eq!(leaves.get(), 1 << 10);
}

#[test]
fn tasks_spawned_before_the_first_run_are_run() {
    let mut local = Local::default();
    let (there, here) =
        (local.spawner().spawn_task(ready(1)), local.local_spawner().spawn_local_task(ready(2)));
    assert!(settle(&mut local));
    let sum = Probe::new(there.unwrap()).assert_ready().unwrap();
    assert_eq!(sum + Probe::new(here.unwrap()).assert_ready().unwrap(), 3);
}

#[test]
fn dropping_run_until_drops_its_future_and_keeps_the_tasks() {
    let mut local = Local::new();
    let sleeper = Sleeper::default();
    local.local_spawner().spawn_local(sleeper.task()).unwrap();
    let dropped = Cell::new(false);
    let guard = OnDrop(|| dropped.set(true));
    let main = async move {
        let _guard = guard;
        pending::<()>().await;
    };
    let mut run = Probe::new(local.run_until(main));
    run.assert_pending();
    drop(run);
    assert!(dropped.get());
    sleeper.wake();
    assert!(!settle(&mut local));
    assert_eq!(sleeper.polls(), 2);
}

#[test]
fn a_panic_of_the_future_goes_on_and_leaves_the_owner_usable() {
    let mut local = Local::new();
    let task = local.spawner().spawn_task(yield_now()).unwrap();
    let mut run = Probe::new(local.run_until(async { panic!("the future") }));
    let panic = catch_unwind(AssertUnwindSafe(|| Probe::poll(&mut run).map(|()| unreachable!())));
    let payload = panic.map(|_: Poll<()>| ()).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"the future"));
    drop(run);
    assert!(settle(&mut local));
    assert!(task.is_finished());
}

#[test]
fn a_raw_task_that_panics_does_not_take_its_siblings_along() {
    let mut local = Local::new();
    let count = Rc::new(Cell::new(0));
    for index in 0..5 {
        let count = count.clone();
        let task = async move {
            yield_now().await;
            assert_ne!(index, 2, "on purpose");
            count.set(count.get() + 1);
        };
        local.local_spawner().spawn_local(task).unwrap();
    }
    assert!(settle(&mut local), "also the one that panicked has ended");
    assert_eq!(count.get(), 4);
}

#[test]
fn a_raw_task_that_panics_in_its_drop_does_not_take_its_siblings_along() {
    let mut local = Local::new();
    let spawner = local.local_spawner();
    let bomb = OnDrop(|| panic!("in drop"));
    let task = poll_fn(move |_| {
        let _kept = &bomb;
        Poll::Ready(())
    });
    spawner.spawn_local(task).unwrap();
    let sibling = spawner.spawn_local_task(yield_now()).unwrap();
    assert!(settle(&mut local));
    assert!(sibling.is_finished());
}

#[test]
fn an_owner_runs_inside_a_task_of_another_owner() {
    let mut outer = Local::new();
    let task = async {
        let mut inner = Local::new();
        let spawner = inner.local_spawner();
        let main = async move {
            let task = spawner.spawn_local_task(async {
                yield_now().await;
                Rc::new(5)
            });
            task.unwrap().await.unwrap()
        };
        *inner.run_until(main).await
    };
    let task = outer.local_spawner().spawn_local_task(task).unwrap();
    assert!(settle(&mut outer));
    assert_eq!(Probe::new(task).assert_ready().unwrap(), 5);
}
