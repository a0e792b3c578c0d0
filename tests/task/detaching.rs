//! Tasks that are let go: they run on, and their last word goes where it was sent.

use super::*;

#[test]
fn a_detached_task_runs_on() {
    every_order(async |sim| {
        let done = Arc::new(AtomicBool::new(false));
        let set = done.clone();
        let task = sim.spawn_task(async move {
            yield_now().await;
            set.store(true, Ordering::Release);
        });
        task.unwrap().detach();
        idle(&sim).await;
        assert!(is_set(&done));
    });
}

#[test]
fn detaching_does_not_take_an_abort_back() {
    every_order(async |sim| {
        let (flag, dropped) = Flag::new();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            pending::<()>().await;
        });
        let task = task.unwrap();
        yield_now().await;
        task.abort();
        task.detach();
        idle(&sim).await;
        assert!(is_set(&dropped));
    });
}

#[test]
fn detach_with_is_given_the_outcome_once_wherever_the_task_stands() {
    every_order(async |sim| {
        let calls = Arc::new(AtomicUsize::new(0));
        let count = calls.clone();
        let (flag, dropped) = Flag::new();
        let task = sim.spawn_task(async move {
            let _flag = flag;
            yield_now().await;
            4
        });
        let task = task.unwrap();
        for _ in 0..sim.choose(3) {
            yield_now().await;
        }
        task.detach_with(move |outcome| {
            assert!(is_set(&dropped));
            assert_eq!(outcome.unwrap(), 4);
            count.fetch_add(1, Ordering::Relaxed);
        });
        idle(&sim).await;
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn detach_with_after_the_end_is_called_at_once_and_on_the_spot() {
    let drawer = Drawer::default();
    let task = drawer.spawn_task(ready(4)).unwrap();
    drawer.poll();
    let called = Arc::new(AtomicBool::new(false));
    let seen = called.clone();
    task.detach_with(move |outcome| seen.store(outcome.unwrap() == 4, Ordering::Release));
    assert!(is_set(&called));
}

#[test]
fn detach_with_hears_of_a_panic_an_abort_and_an_executor_that_is_gone() {
    let drawer = Drawer::default();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = || {
        let heard = heard.clone();
        move |outcome: Result<(), JoinError>| lock(&heard).push(outcome.unwrap_err().is_cancelled())
    };
    drawer.spawn_task(async { panic!("on purpose") }).unwrap().detach_with(hear());
    drawer.poll();
    assert_eq!(*lock(&heard), [false]);
    let task = drawer.spawn_task(pending()).unwrap();
    task.abort();
    task.detach_with(hear());
    drawer.poll();
    assert_eq!(*lock(&heard), [false, true]);
    drawer.spawn_task(pending()).unwrap().detach_with(hear());
    drawer.clear();
    assert_eq!(*lock(&heard), [false, true, true]);
}

#[test]
fn a_panic_of_the_last_word_is_told_and_spares_the_executor() {
    let (drawer, lines) = (Drawer::default(), Lines::default());
    let task = Task::builder().name("last").observer(lines.clone()).spawn(&drawer, ready(()));
    task.unwrap().detach_with(|_| panic!("in finally"));
    assert_eq!(drawer.poll(), 0);
    let all = lines.all();
    assert!(
        matches!(&all[..], [line] if line.starts_with("task_panicked last message=in finally")),
        "{all:?}"
    );
}

#[test]
fn a_last_word_that_comes_too_late_is_dropped_outside_the_lock() {
    let drawer = Drawer::default();
    let mut task = drawer.spawn_task(ready(())).unwrap();
    let other = drawer.spawn_task(pending::<()>()).unwrap();
    drawer.poll();
    let outcome = pin!(&mut task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(outcome.is_ready());
    // Its drop asks for the lock of another task, which is legal for foreign code and caught if a lock is held.
    let free = Arc::new(AtomicBool::new(false));
    let asked = free.clone();
    let guard = OnDrop(move || {
        let answer = catch_unwind(AssertUnwindSafe(|| other.is_finished()));
        asked.store(answer.is_ok(), Ordering::Release);
    });
    task.detach_with(move |_| {
        let _guard = guard;
        panic!("the outcome was handed out before");
    });
    assert!(is_set(&free), "the closure was dropped under the lock");
}
