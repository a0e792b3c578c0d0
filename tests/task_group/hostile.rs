//! Wakers, values and errors that do what they like.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use untether::spawn::{BoxTask, Spawn, SpawnError};
use untether::sync::cancel::Cause;
use untether::testing::{HookWaker, Probe};

/// Panics when it is dropped, unless it was disarmed.
struct Mine(bool);

impl Drop for Mine {
    fn drop(&mut self) {
        if self.0 && !std::thread::panicking() {
            panic!("dropped");
        }
    }
}

#[test]
fn a_joiner_whose_waker_comes_back_into_the_group_finds_it_unlocked() {
    let mut local = Local::new();
    let mut group = TaskGroup::<_, u32, &str>::collecting(local.spawner());
    let handle = Arc::new(Mutex::new(Some(group.handle())));
    let inside = handle.clone();
    let waker = HookWaker::new()
        .on_wake(move || {
            let handle = inside.lock().unwrap();
            let Some(handle) = handle.as_ref() else { return };
            let _ = handle.stats();
            handle.abort_all();
            assert!(handle.try_spawn(ready(Ok(2))).is_err());
        })
        .waker();
    group.try_spawn(async { Ok(1) }).unwrap();
    group.try_spawn(pending()).unwrap();
    let mut joins = Probe::new(group.join_next());
    assert!(joins.poll_with(&waker).is_pending());
    assert!(settle(&mut local).is_ready(), "the waker has aborted the other one");
    assert!(matches!(joins.poll(), Poll::Ready(Some(_))));
    handle.lock().unwrap().take();
}

#[test]
fn a_joiners_waker_that_panics_costs_no_result_no_slot_and_no_count() {
    let mut local = Local::new();
    let mut group = TaskGroup::builder(local.spawner()).limit(1).collecting::<u32>();
    group.try_spawn(ready(Ok::<_, &str>(1))).unwrap();
    {
        let mut joins = Probe::new(group.join_next());
        assert!(joins.poll_with(&HookWaker::new().on_wake(|| panic!("on purpose")).waker()).is_pending());
        let _ = catch_unwind(AssertUnwindSafe(|| settle(&mut local)));
    }
    assert_eq!((group.len(), group.stats().unread), (0, 1));
    group.try_spawn(ready(Ok(2))).expect("the slot is free");
    let _ = catch_unwind(AssertUnwindSafe(|| settle(&mut local)));
    assert_eq!((group.len(), group.stats().unread), (0, 2));
}

#[test]
fn a_value_that_panics_when_it_is_dropped_unread_does_so_to_nobody() {
    let mut local = Local::new();
    let group = TaskGroup::<_, Mine, &str>::collecting(local.spawner());
    let alive = Alive::default();
    group.try_spawn(async { Ok(Mine(true)) }).unwrap();
    let living = alive.one();
    group
        .try_spawn(async move {
            let _living = living;
            pending().await
        })
        .unwrap();
    assert!(settle(&mut local).is_pending());
    drop(group);
    assert!(settle(&mut local).is_ready());
    assert_eq!(alive.count(), 0);
}

#[test]
fn a_future_that_panics_as_it_is_dropped_has_panicked() {
    let mut local = Local::new();
    let group = TaskGroup::builder(local.spawner()).continue_on_failure().collecting::<u32>();
    let mine = Mine(true);
    let task = group
        .try_spawn(async move {
            let _mine = mine;
            pending::<Result<u32, &str>>().await
        })
        .unwrap();
    assert!(settle(&mut local).is_pending());
    task.abort();
    let _ = catch_unwind(AssertUnwindSafe(|| settle(&mut local)));
    let error = Probe::new(group.join_all()).assert_ready().unwrap_err();
    assert_eq!(said(&error), ["panicked: dropped"]);
}

#[test]
fn a_callback_of_the_token_that_panics_keeps_no_task_alive_and_no_result_away() {
    let mut local = Local::new();
    let group = TaskGroup::<_, u32, &str>::collecting(local.spawner());
    let alive = Alive::default();
    group.token().on_cancel(|_| panic!("on purpose")).detach();
    group.try_spawn(alive.stuck()).unwrap();
    group.try_spawn(ready(Err("bad"))).unwrap();
    while catch_unwind(AssertUnwindSafe(|| settle(&mut local))).is_err() {}
    let error = Probe::new(group.join_all()).assert_ready().unwrap_err();
    assert_eq!((said(&error), error.cancelled(), alive.count()), (vec!["bad".to_string()], 1, 0));
}

#[test]
fn a_callback_of_the_token_may_use_the_group() {
    let mut local = Local::new();
    let group = TaskGroup::<_, u32, &str>::collecting(local.spawner());
    let handle = group.handle();
    let uses = group.token().on_cancel(move |_| {
        assert!(handle.try_spawn(ready(Ok(1))).is_err());
        handle.cancel(Cause::Requested);
        handle.abort_all();
        let _ = format!("{handle:?}");
    });
    group.try_spawn(pending()).unwrap();
    group.cancel(Cause::Shutdown);
    assert!(settle(&mut local).is_ready());
    assert_eq!(Probe::new(group.join_all()).assert_ready().unwrap_err().cancelled(), 1);
    drop(uses);
}

#[test]
fn whoever_holds_a_waker_of_the_joiner_may_be_anybody_at_each_poll() {
    let mut local = Local::new();
    let gate = Arc::new(untether::sync::Event::new());
    let opens = gate.clone();
    let mut group = TaskGroup::<_, u32, &str>::collecting(local.spawner());
    group
        .try_spawn(async move {
            gate.wait().await;
            Ok(1)
        })
        .unwrap();
    assert!(settle(&mut local).is_pending());
    let mut joins = Probe::new(group.join_next());
    let (first, second) = (CountingWaker::new(), CountingWaker::new());
    assert!(joins.poll_with(&first.waker()).is_pending());
    assert!(joins.poll_with(&second.waker()).is_pending());
    opens.set();
    assert!(settle(&mut local).is_ready());
    assert_eq!(first.wakes(), 0, "it was replaced");
    assert!(second.wakes() > 0);
    assert!(joins.poll().is_ready());
}

#[test]
fn a_waker_that_panics_among_those_who_wait_for_a_slot_keeps_no_sibling_alive() {
    let mut local = Local::new();
    let group = TaskGroup::builder(local.spawner()).limit(2).collecting::<u32>();
    let alive = Alive::default();
    group.try_spawn(alive.stuck()).unwrap();
    group.try_spawn(ready(Err("bad"))).unwrap();
    let handle = group.handle();
    let mut waits = Probe::new(handle.spawn(ready(Ok(1))));
    assert!(waits.poll_with(&HookWaker::new().on_wake(|| panic!("on purpose")).waker()).is_pending());
    while catch_unwind(AssertUnwindSafe(|| settle(&mut local))).is_err() {}
    assert!(group.token().is_cancelled());
    assert_eq!(alive.count(), 0);
    assert!(matches!(waits.poll(), Poll::Ready(Err(_))));
    let error = Probe::new(group.join_all()).assert_ready().unwrap_err();
    assert_eq!((said(&error), error.cancelled()), (vec!["bad".to_string()], 1));
}

#[test]
fn a_waker_that_panics_among_those_who_wait_for_a_slot_keeps_nobody_from_an_abort() {
    let mut local = Local::new();
    let group = TaskGroup::builder(local.spawner()).limit(1).collecting::<u32>();
    let alive = Alive::default();
    group.try_spawn(alive.stuck()).unwrap();
    let handle = group.handle();
    let mut waits = Probe::new(handle.spawn(ready(Ok(1))));
    assert!(waits.poll_with(&HookWaker::new().on_wake(|| panic!("on purpose")).waker()).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| group.abort_all())).is_err(), "the panic goes on");
    assert!(settle(&mut local).is_ready());
    assert_eq!((alive.count(), group.len()), (0, 0));
}

#[test]
fn a_waker_that_panics_among_those_who_wait_for_the_end_keeps_no_joiner_asleep() {
    let mut local = Local::new();
    let mut group = TaskGroup::builder(local.spawner()).build();
    let joiner = CountingWaker::new();
    group.try_spawn(ready(Ok::<_, &str>(()))).unwrap();
    assert!(group.poll_join_next(&mut Context::from_waker(&joiner.waker())).is_pending());
    let mut idle = Probe::new(group.wait_idle());
    assert!(idle.poll_with(&HookWaker::new().on_wake(|| panic!("on purpose")).waker()).is_pending());
    let _ = catch_unwind(AssertUnwindSafe(|| settle(&mut local)));
    assert_eq!((group.len(), joiner.wakes()), (0, 1));
}

/// An executor that panics when it is asked what it wants.
struct Unwilling;

impl Spawn for Unwilling {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        drop(task);
        Ok(())
    }

    fn wants_labels(&self) -> bool {
        panic!("on purpose")
    }
}

#[test]
fn an_executor_that_panics_as_it_is_asked_costs_no_slot_and_no_count() {
    let group = TaskGroup::<_, (), &str>::builder(Unwilling).limit(1).collecting::<u32>();
    for _ in 0..2 {
        assert!(catch_unwind(AssertUnwindSafe(|| group.try_spawn(ready(Ok(1))).is_ok())).is_err());
        assert_eq!(group.len(), 0, "it was never started");
    }
    assert_eq!(Probe::new(group.join_all()).assert_ready().unwrap_err().cancelled(), 2);
}
