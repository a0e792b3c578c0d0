//! What a `Task` promises, asked of it under every order of events and by executors, wakers and observers that mean it ill.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "the executors of these tests keep their tasks in std's mutex")]

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::{Cell, RefCell};
use core::error::Error;
use core::future::{pending, poll_fn, ready};
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::{Mutex, MutexGuard};
use untether::observe::{Event, Observer, Value};
use untether::rt::local::Local;
use untether::rt::threads::block_on;
use untether::spawn::{
    AnyRuntime, BoxBlocking, BoxTask, JoinError, Label, LocalBoxTask, LocalRuntime, Parts, Runtime, Spawn,
    SpawnBlocking, SpawnError, SpawnErrorKind, SpawnExt, SpawnLocal, Task, yield_every, yield_now,
};
use untether::testing::sim::{Check, FailureKind, Passed, Sim, Tape};
use untether::testing::{CountingWaker, ManualClock, Probe};
use untether::time::{Clock, Timer};
use untether_support::Hooks;

/// Runs `body` under every schedule there is.
#[track_caller]
fn every_order<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) -> Passed {
    let passed = Check::exhaustive(100_000).run(body).unwrap();
    assert!(passed.complete, "the search was cut off after {} schedules", passed.schedules);
    passed
}

/// Virtual time moves only when no task is ready, so this ends when every other task has come as far as it can.
async fn idle(sim: &Sim) {
    sim.sleep(Duration::from_secs(1)).await;
}

/// Tells when it is dropped.
struct Flag(Arc<AtomicBool>);

impl Flag {
    fn new() -> (Self, Arc<AtomicBool>) {
        let dropped = Arc::new(AtomicBool::new(false));
        (Self(dropped.clone()), dropped)
    }
}

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Acquire)
}

/// Panics when it is dropped.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds it")
}

/// An executor that is a drawer: tasks lie in it until the test polls them or throws them away.
#[derive(Clone, Default)]
struct Drawer(Arc<Mutex<Vec<BoxTask>>>);

impl Spawn for Drawer {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        lock(&self.0).push(task);
        Ok(())
    }
}

impl Drawer {
    /// Polls each task once, and says how many are left.
    fn poll_with(&self, waker: &Waker) -> usize {
        let tasks = core::mem::take(&mut *lock(&self.0));
        for mut task in tasks {
            if Pin::new(&mut task).poll(&mut Context::from_waker(waker)).is_pending() {
                lock(&self.0).push(task);
            }
        }
        lock(&self.0).len()
    }

    fn poll(&self) -> usize {
        self.poll_with(Waker::noop())
    }

    fn clear(&self) {
        let tasks = core::mem::take(&mut *lock(&self.0));
        drop(tasks);
    }
}

/// An executor of closures that lie until the test runs them.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<BoxBlocking>>>);

impl SpawnBlocking for Shelf {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        lock(&self.0).push(work);
        Ok(())
    }
}

impl Shelf {
    fn take(&self) -> BoxBlocking {
        lock(&self.0).remove(0)
    }
}

/// An executor that takes nothing.
struct Closed(SpawnErrorKind);

impl Spawn for Closed {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        Err(SpawnError::new(self.0, task))
    }
}

impl SpawnLocal for Closed {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        Err(SpawnError::new(self.0, task))
    }
}

impl SpawnBlocking for Closed {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        Err(SpawnError::new(self.0, work))
    }
}

/// Takes down every event as one line.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Observer for Lines {
    fn on(&self, event: &Event<'_>) {
        lock(&self.0).push(event.to_string());
    }
}

impl Lines {
    fn all(&self) -> Vec<String> {
        lock(&self.0).clone()
    }
}

fn cancelled<T>(outcome: Result<T, JoinError>) -> bool {
    outcome.is_err_and(|error| error.is_cancelled())
}

mod awaiting {
    use super::*;

    #[test]
    fn a_result_comes_out_in_every_order_of_the_tasks() {
        let passed = every_order(async |sim| {
            let tasks = [1, 2, 3].map(|n| {
                sim.spawn_task(async move {
                    yield_now().await;
                    n
                })
                .unwrap()
            });
            let mut sum = 0;
            for task in tasks {
                sum += task.await.unwrap();
            }
            assert_eq!(sum, 6);
        });
        assert!(passed.schedules > 100, "{passed:?}");
    }

    #[test]
    fn only_the_waker_of_the_last_poll_is_woken() {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(ready(5)).unwrap());
        let (old, new) = (CountingWaker::new(), CountingWaker::new());
        assert!(task.poll_with(&old.waker()).is_pending());
        assert!(task.poll_with(&new.waker()).is_pending());
        assert_eq!(drawer.poll(), 0);
        assert_eq!((old.wakes(), new.wakes()), (0, 1));
        assert_eq!(task.assert_ready().unwrap(), 5);
    }

    #[test]
    fn spurious_polls_of_either_side_change_nothing() {
        Check::random(300).spurious_polls().assert(async |sim| {
            let timer = sim.clone();
            let task = sim.spawn_task(async move {
                timer.sleep(Duration::from_millis(5)).await;
                9
            });
            assert_eq!(task.unwrap().await.unwrap(), 9);
        });
    }

    #[test]
    fn a_handle_that_is_dropped_lets_go_of_its_waker_at_once() {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
        let (flag, dropped) = Flag::new();
        let waker = Hooks::new().on_wake(move || assert!(!is_set(&flag.0))).waker();
        assert!(task.poll_with(&waker).is_pending());
        drop(waker);
        assert!(!is_set(&dropped));
        drop(task);
        assert!(is_set(&dropped), "the task is still there, its handle's waker is not");
    }

    #[test]
    fn a_task_that_ended_lets_go_of_its_executors_waker() {
        let drawer = Drawer::default();
        let handle = drawer.spawn_task(yield_now()).unwrap();
        let (flag, dropped) = Flag::new();
        let waker = Hooks::new().on_wake(move || assert!(!is_set(&flag.0))).waker();
        assert_eq!(drawer.poll_with(&waker), 1);
        assert_eq!(drawer.poll_with(&waker), 0);
        drop(waker);
        assert!(is_set(&dropped), "only the handle is left");
        drop(handle);
    }

    #[test]
    #[should_panic(expected = "task polled again after it gave its outcome")]
    fn polling_after_the_outcome_panics() {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(ready(())).unwrap());
        drawer.poll();
        task.assert_ready().unwrap();
        let _ = task.poll();
    }

    #[test]
    fn a_waker_is_not_dropped_under_the_lock_when_polling_after_the_outcome_panics() {
        let drawer = Drawer::default();
        let other = Arc::new(drawer.spawn_task(ready(())).unwrap());
        let mut task = Probe::new(drawer.spawn_task(ready(())).unwrap());
        drawer.poll();
        task.assert_ready().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let answered = Arc::new(AtomicUsize::new(0));
        let hook = {
            let (asked, answered) = (asked.clone(), answered.clone());
            // Caught, because a panic in a drop during a panic would be the end of the test binary.
            move || {
                asked.fetch_add(1, Ordering::Relaxed);
                if catch_unwind(AssertUnwindSafe(|| other.is_finished())).is_ok() {
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        let waker = Hooks::new().on_drop(hook).waker();
        let panic = catch_unwind(AssertUnwindSafe(|| task.poll_with(&waker))).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"task polled again after it gave its outcome"));
        drop(waker);
        assert!(asked.load(Ordering::Relaxed) > 0);
        assert_eq!(answered.load(Ordering::Relaxed), asked.load(Ordering::Relaxed));
    }
}

mod aborting {
    use super::*;

    #[test]
    fn an_abort_before_the_first_poll_drops_the_future_unpolled() {
        every_order(async |sim| {
            let (flag, dropped) = Flag::new();
            let polled = Arc::new(AtomicBool::new(false));
            let seen = polled.clone();
            let task = sim.spawn_task(async move {
                let _flag = flag;
                seen.store(true, Ordering::Release);
            });
            let task = task.unwrap();
            task.abort();
            assert!(cancelled(task.await));
            assert!(is_set(&dropped) && !is_set(&polled));
        });
    }

    #[test]
    fn an_abort_while_pending_wakes_the_task_and_drops_its_future() {
        every_order(async |sim| {
            let (flag, dropped) = Flag::new();
            let task = sim.spawn_task(async move {
                let _flag = flag;
                pending::<()>().await;
            });
            let task = task.unwrap();
            idle(&sim).await;
            assert!(!is_set(&dropped) && !task.is_finished());
            task.abort();
            assert!(!is_set(&dropped), "it is dropped by its own executor, at its next poll");
            let error = task.await.unwrap_err();
            assert!(error.is_cancelled() && !error.is_panic() && error.panic_message().is_none());
            assert!(is_set(&dropped));
        });
    }

    #[test]
    fn an_abort_after_the_end_changes_nothing() {
        every_order(async |sim| {
            let task = sim.spawn_task(ready(7)).unwrap();
            idle(&sim).await;
            assert!(task.is_finished());
            task.abort();
            task.abort();
            assert_eq!(task.cancel().await.unwrap(), 7);
        });
    }

    #[test]
    fn an_abort_at_any_moment_ends_in_a_value_or_cancelled_and_the_future_is_gone() {
        let (finished, stopped) = (Cell::new(0), Cell::new(0));
        every_order(async |sim| {
            let (flag, dropped) = Flag::new();
            let done = Arc::new(AtomicBool::new(false));
            let set = done.clone();
            let task = sim.spawn_task(async move {
                let _flag = flag;
                yield_now().await;
                yield_now().await;
                set.store(true, Ordering::Release);
                3
            });
            let task = task.unwrap();
            for _ in 0..3 {
                yield_now().await;
            }
            task.abort();
            match task.await {
                Ok(value) => {
                    assert_eq!(value, 3);
                    assert!(is_set(&done));
                    finished.set(finished.get() + 1);
                }
                Err(error) => {
                    assert!(error.is_cancelled() && !is_set(&done));
                    stopped.set(stopped.get() + 1);
                }
            }
            assert!(is_set(&dropped));
        });
        assert!(finished.get() > 0 && stopped.get() > 0, "{finished:?} {stopped:?}");
    }

    #[test]
    fn a_task_that_aborts_itself_is_cancelled_and_its_wake_is_not_lost() {
        every_order(async |sim| {
            let own = Arc::new(Mutex::new(None::<Task<u8>>));
            let mine = own.clone();
            let task = sim.spawn_task(async move {
                yield_now().await;
                if let Some(task) = &*lock(&mine) {
                    task.abort();
                }
                pending().await
            });
            *lock(&own) = Some(task.unwrap());
            idle(&sim).await;
            let task = lock(&own).take().unwrap();
            assert!(task.is_finished());
            assert!(cancelled(task.await));
        });
    }

    #[test]
    fn cancel_resolves_only_after_the_future_is_gone() {
        every_order(async |sim| {
            let (flag, dropped) = Flag::new();
            let task = sim.spawn_task(async move {
                let _flag = flag;
                loop {
                    yield_now().await;
                    pending::<()>().await;
                }
            });
            let task = task.unwrap();
            yield_now().await;
            let mut outcome = pin!(task.cancel());
            let outcome = poll_fn(|cx| {
                let polled = outcome.as_mut().poll(cx);
                assert_eq!(polled.is_ready(), is_set(&dropped));
                polled
            });
            assert!(cancelled::<()>(outcome.await));
        });
    }

    #[test]
    fn dropping_a_cancel_keeps_the_abort() {
        for polls in [0, 1] {
            every_order(async |sim| {
                let (flag, dropped) = Flag::new();
                let task = sim.spawn_task(async move {
                    let _flag = flag;
                    pending::<()>().await;
                });
                let task = task.unwrap();
                yield_now().await;
                let mut cancel = Box::pin(task.cancel());
                for _ in 0..polls {
                    poll_fn(|cx| Poll::Ready(cancel.as_mut().poll(cx).is_ready())).await;
                }
                drop(cancel);
                idle(&sim).await;
                assert!(is_set(&dropped));
            });
        }
    }

    #[test]
    fn dropping_the_handle_aborts_the_task() {
        every_order(async |sim| {
            let (flag, dropped) = Flag::new();
            let task = sim.spawn_task(async move {
                let _flag = flag;
                pending::<()>().await;
            });
            yield_now().await;
            drop(task);
            idle(&sim).await;
            assert!(is_set(&dropped));
        });
    }

    #[test]
    fn dropping_a_handle_that_was_polled_aborts_the_task() {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
        let executor = CountingWaker::new();
        assert_eq!(drawer.poll_with(&executor.waker()), 1);
        task.assert_pending();
        drop(task);
        assert_eq!(executor.wakes(), 1);
        assert_eq!(drawer.poll(), 0);
    }

    #[test]
    fn a_supervisor_hears_of_its_worker_wherever_the_worker_is_cancelled() {
        let (values, cancels) = (Cell::new(0), Cell::new(0));
        let check = Check::random(60).cancel("worker").run(async |sim| {
            let (flag, dropped) = Flag::new();
            let timer = sim.clone();
            let worker = Task::builder().name("worker").spawn(&sim, async move {
                let _flag = flag;
                yield_now().await;
                timer.sleep(Duration::from_millis(3)).await;
                1
            });
            match worker.unwrap().await {
                Ok(_) => values.set(values.get() + 1),
                Err(error) => {
                    assert!(error.is_cancelled());
                    cancels.set(cancels.get() + 1);
                }
            }
            assert!(is_set(&dropped));
        });
        check.unwrap();
        assert!(values.get() >= 60 && cancels.get() >= 300, "{values:?} {cancels:?}");
    }
}

mod detaching {
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
}

mod panicking {
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
}

mod labels {
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
}

mod ends {
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
}

mod refusals {
    use super::*;

    #[test]
    fn a_refused_task_can_be_spawned_elsewhere_and_its_handle_gets_the_result() {
        every_order(async |sim| {
            let line = line!() + 1;
            let error = Task::builder().name("wanderer").spawn(&Closed(SpawnErrorKind::Full), async { 8 });
            let error = error.unwrap_err();
            assert_eq!(error.kind(), SpawnErrorKind::Full);
            let refused = error.into_task();
            assert_eq!(refused.handle.label().site().line(), line);
            assert!(refused.to_string().starts_with("task \"wanderer\" ("), "{refused}");
            sim.spawn_boxed(refused.task).unwrap();
            assert_eq!(refused.handle.await.unwrap(), 8);
        });
    }

    #[test]
    fn a_refused_task_can_be_awaited_in_place() {
        every_order(async |_| {
            let refused = Closed(SpawnErrorKind::NoContext).spawn_task(async { 8 }).unwrap_err().into_task();
            refused.task.await;
            assert_eq!(refused.handle.await.unwrap(), 8);
            let refused = Closed(SpawnErrorKind::NoContext).spawn_local_task(async { Rc::new(9) });
            let refused = refused.unwrap_err().into_task();
            refused.task.await;
            assert_eq!(*refused.handle.await.unwrap(), 9);
        });
    }

    #[test]
    fn a_refused_task_that_is_dropped_is_cancelled_and_gone() {
        let (flag, dropped) = Flag::new();
        let refused = Closed(SpawnErrorKind::Shutdown).spawn_task(async move { drop(flag) }).unwrap_err();
        let refused = refused.into_task();
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
            let refused = Closed(SpawnErrorKind::Full).spawn_task(task).unwrap_err().into_task();
            drop(refused.handle);
            sim.spawn_boxed(refused.task).unwrap();
            idle(&sim).await;
            assert!(!is_set(&ran));
        });
    }

    #[test]
    fn a_refused_closure_can_be_run_here_and_its_handle_gets_the_result() {
        let refused = Closed(SpawnErrorKind::NoThread).spawn_blocking_task(|| 5).unwrap_err().into_task();
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
        let refused = error.into_task();
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
}

mod blocking {
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
}

mod observing {
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
}

mod yielding {
    use super::*;

    #[test]
    fn yield_now_lets_every_other_ready_task_run_once() {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        let log = Rc::new(RefCell::new(Vec::new()));
        for name in ["a", "b", "c"] {
            let log = log.clone();
            let task = async move {
                for turn in 0..3 {
                    log.borrow_mut().push((name, turn));
                    yield_now().await;
                }
            };
            spawner.spawn_local(task).unwrap();
        }
        let mut run = Probe::new(local.run());
        while run.poll().is_pending() {}
        let expected: Vec<_> = (0..3).flat_map(|turn| ["a", "b", "c"].map(|name| (name, turn))).collect();
        assert_eq!(*log.borrow(), expected);
    }

    #[test]
    fn yield_now_is_pending_once_wakes_once_and_stays_ready() {
        let mut future = Probe::new(yield_now());
        future.assert_pending();
        assert_eq!(future.wakes(), 1);
        for _ in 0..3 {
            future.assert_ready();
        }
        assert_eq!(future.wakes(), 1);
    }

    #[test]
    fn yield_every_gives_way_in_every_nth_turn_and_with_0_never() {
        for (every, turns, expected) in [(0, 100, 0), (1, 10, 10), (2, 10, 5), (3, 10, 3), (11, 10, 0)] {
            let mut breath = yield_every(every);
            let mut pauses = 0;
            for turn in 1..=turns {
                let mut turn_taken = Probe::new(breath.turn());
                if turn_taken.poll().is_pending() {
                    pauses += 1;
                    assert_eq!(turn % every, 0, "turn {turn} of every {every}");
                    turn_taken.assert_ready();
                }
            }
            assert_eq!(pauses, expected, "every {every}");
        }
    }

    #[test]
    fn a_turn_that_was_never_polled_still_counts_and_the_counter_does_not_overflow() {
        let mut breath = yield_every(u32::MAX);
        for _ in 0..1_000 {
            Probe::new(breath.turn()).assert_ready();
        }
        let mut breath = yield_every(2);
        drop(breath.turn());
        Probe::new(breath.turn()).assert_pending();
    }
}

mod erased {
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
            let refused = error.into_task();
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
            assert!(SpawnLocal::wants_labels(&Rc::new(&sim.local())));
            assert!(!Spawn::wants_labels(&&Doors::default()));
        });
        run.unwrap();
    }
}

/// Wakers that use the task, its handle or its executor from within their clone, wake and drop. Locks panic on re-entry in debug
/// builds, so a hook that is called under one shows.
mod hostile_wakers {
    use super::*;

    type Slot<T> = Arc<Mutex<Option<Task<T>>>>;

    #[test]
    fn an_executor_that_ends_while_the_joins_waker_is_cloned_is_not_missed() {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
        let ends = drawer.clone();
        let waker = Hooks::new().on_clone(move || ends.clear()).waker();
        let Poll::Ready(outcome) = task.poll_with(&waker) else { panic!("the end was missed") };
        assert!(cancelled(outcome));
    }

    #[test]
    fn an_executor_that_ends_while_an_old_join_waker_is_dropped_wakes_the_new_one() {
        let drawer = Drawer::default();
        let mut task = Probe::new(drawer.spawn_task(pending::<()>()).unwrap());
        let armed = Arc::new(AtomicBool::new(false));
        let (ends, when) = (drawer.clone(), armed.clone());
        let old = Hooks::new()
            .on_drop(move || {
                if is_set(&when) {
                    ends.clear();
                }
            })
            .waker();
        assert!(task.poll_with(&old).is_pending());
        armed.store(true, Ordering::Release);
        assert!(task.poll().is_pending(), "the old waker is dropped after the question was answered");
        assert_eq!(task.wakes(), 1);
        assert!(cancelled(task.assert_ready()));
    }

    #[test]
    fn a_joins_waker_may_poll_the_handle_from_its_wake() {
        let drawer = Drawer::default();
        let slot: Slot<u8> = Arc::default();
        let got = Arc::new(Mutex::new(None));
        let (handle, result) = (slot.clone(), got.clone());
        let hook = move || {
            let mut task = lock(&handle).take().unwrap();
            let polled = Pin::new(&mut task).poll(&mut Context::from_waker(Waker::noop()));
            *lock(&result) = Some(polled.map(Result::unwrap));
        };
        let waker = Hooks::new().on_wake(hook).waker();
        let mut task = drawer.spawn_task(ready(3)).unwrap();
        assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
        *lock(&slot) = Some(task);
        drawer.poll();
        assert_eq!(*lock(&got), Some(Poll::Ready(3)));
    }

    #[test]
    fn a_joins_waker_may_drop_the_handle_from_its_wake_and_from_its_drop() {
        for from_drop in [false, true] {
            let drawer = Drawer::default();
            let slot: Slot<u8> = Arc::default();
            let handle = slot.clone();
            let hook = move || {
                let task = lock(&handle).take();
                drop(task);
            };
            let hooks = Hooks::new();
            let waker = if from_drop { hooks.on_drop(hook) } else { hooks.on_wake(hook) }.waker();
            let mut task = drawer.spawn_task(ready(3)).unwrap();
            assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
            *lock(&slot) = Some(task);
            assert_eq!(drawer.poll(), 0);
            drop(waker);
            assert!(lock(&slot).is_none());
        }
    }

    #[test]
    fn a_joins_waker_may_abort_another_task_from_every_hook() {
        let drawer = Drawer::default();
        let other = Arc::new(drawer.spawn_task(pending::<()>()).unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let hook = || {
            let (other, calls) = (other.clone(), calls.clone());
            move || {
                calls.fetch_add(1, Ordering::Relaxed);
                other.abort();
                let _ = (other.is_finished(), other.label().to_string());
            }
        };
        let waker = Hooks::new().on_clone(hook()).on_wake(hook()).on_drop(hook()).waker();
        let mut task = Probe::new(drawer.spawn_task(ready(3)).unwrap());
        assert!(task.poll_with(&waker).is_pending());
        drawer.poll();
        drop(waker);
        assert_eq!(task.assert_ready().unwrap(), 3);
        assert!(calls.load(Ordering::Relaxed) >= 4);
        drawer.poll();
        assert!(other.is_finished());
    }

    #[test]
    fn an_abort_from_any_hook_of_the_executors_waker_is_not_lost() {
        for hook in ["clone", "drop"] {
            let drawer = Drawer::default();
            let slot: Slot<()> = Arc::default();
            let handle = slot.clone();
            let abort = move || {
                if let Some(task) = &*lock(&handle) {
                    task.abort();
                }
            };
            let woken = Arc::new(AtomicUsize::new(0));
            let count = woken.clone();
            let hooks = Hooks::new().on_wake(move || _ = count.fetch_add(1, Ordering::Relaxed));
            let waker = match hook {
                "clone" => hooks.on_clone(abort),
                _ => hooks.on_drop(abort),
            };
            let waker = waker.waker();
            let task = drawer.spawn_task(pending::<()>()).unwrap();
            *lock(&slot) = Some(task);
            drawer.poll_with(&waker);
            // The one with a hook on drop is dropped when another replaces it.
            let fresh = CountingWaker::new();
            drawer.poll_with(&fresh.waker());
            let ended = lock(&slot).as_ref().is_some_and(Task::is_finished);
            assert!(ended || woken.load(Ordering::Relaxed) + fresh.wakes() > 0, "on {hook}");
            drawer.poll();
            assert!(lock(&slot).as_ref().is_some_and(Task::is_finished), "on {hook}");
        }
    }

    #[test]
    fn an_abort_may_run_the_task_to_its_end_from_within_the_wake() {
        let drawer = Drawer::default();
        let task = drawer.spawn_task(pending::<()>()).unwrap();
        let runs = drawer.clone();
        let waker = Hooks::new().on_wake(move || _ = runs.poll()).waker();
        assert_eq!(drawer.poll_with(&waker), 1);
        task.abort();
        assert!(task.is_finished());
        assert!(cancelled(Probe::new(task).assert_ready()));
    }

    #[test]
    fn a_dropped_handle_may_end_its_executor_from_within_the_wake() {
        let drawer = Drawer::default();
        let (flag, dropped) = Flag::new();
        let task = drawer.spawn_task(async move {
            let _flag = flag;
            pending::<()>().await;
        });
        let ends = drawer.clone();
        let waker = Hooks::new().on_wake(move || ends.clear()).waker();
        assert_eq!(drawer.poll_with(&waker), 1);
        drop(task);
        assert!(is_set(&dropped));
    }

    #[test]
    fn a_future_may_drop_its_own_handle_while_it_is_polled_and_while_it_is_dropped() {
        let drawer = Drawer::default();
        let slot: Slot<()> = Arc::default();
        let own = slot.clone();
        let task = drawer.spawn_task(async move {
            let task = lock(&own).take();
            drop(task);
            pending::<()>().await;
        });
        *lock(&slot) = Some(task.unwrap());
        assert_eq!(drawer.poll(), 0, "it saw its own abort at the end of the poll");

        let own = slot.clone();
        let guard = OnDrop(move || {
            let task = lock(&own).take();
            drop(task);
        });
        let task = drawer.spawn_task(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        let task = task.unwrap();
        task.abort();
        *lock(&slot) = Some(task);
        assert_eq!(drawer.poll(), 0);
        assert!(lock(&slot).is_none());
    }

    #[test]
    fn a_result_may_own_the_handle_of_another_task_that_owns_a_third() {
        let drawer = Drawer::default();
        let inner = drawer.spawn_task(pending::<()>()).unwrap();
        let middle = drawer.spawn_task(ready(inner)).unwrap();
        let outer = drawer.spawn_task(ready(middle)).unwrap();
        drawer.poll();
        // The outcome that nobody took is dropped with the handle, and with it the next handle, and so on.
        drop(outer);
        assert_eq!(drawer.poll(), 0);
    }
}
