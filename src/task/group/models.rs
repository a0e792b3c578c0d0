//! A task on its executor, and whoever starts it, joins, aborts or cancels its group, on two threads.

use super::owner::TaskGroup;
use crate::spawn::{BoxTask, Label, Report, Spawn, SpawnError, Tracked};
use crate::sync::CancelToken;
use crate::sync::cancel::Cause;
use crate::sys::lock::Lock;
use crate::sys::models::{Held, JoinHandle, block_on, held, join, model, thread};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::{pending, ready};

type Group = TaskGroup<(), u32, u32>;

fn group(parent: &CancelToken) -> Group {
    used(TaskGroup::builder(()).unlimited().parent(parent).collecting())
}

/// Used once before it is shared.
fn used<S>(group: TaskGroup<S, u32, u32>) -> TaskGroup<S, u32, u32> {
    let stats = group.stats();
    assert!(stats.running == 0 && !group.is_closed() && !group.token().is_cancelled());
    assert!(!group.core().roster.is_aborted());
    group
}

/// Starts an executor for `future`; it ends with its task.
fn start<F>(group: &Group, future: F) -> JoinHandle<()>
where
    F: Future<Output = Result<u32, u32>> + 'static,
{
    let entry = group.core().roster.inside.enter();
    entry.expect("it is open").into_count();
    let (member, started) = group.member(Label::here(), false);
    drop(started);
    thread::spawn(move || block_on(Tracked::new(future, member)))
}

async fn never_with(_held: Held) -> Result<u32, u32> {
    pending().await
}

#[test]
fn a_result_that_comes_at_any_time_reaches_who_joins_next_before_the_end_does() {
    model(|| {
        let mut group = group(&CancelToken::new());
        let executor = start(&group, async { Ok(7) });
        let ended = block_on(group.join_next()).expect("it was started");
        assert_eq!(ended.outcome.ok(), Some(7));
        assert!(block_on(group.join_next()).is_none());
        join([executor]);
    });
}

#[test]
fn who_joins_all_at_any_time_has_every_value() {
    model(|| {
        let group = group(&CancelToken::new());
        let executors = [start(&group, async { Ok(1) }), start(&group, async { Ok(2) })];
        assert_eq!(block_on(group.join_all()).expect("none fails"), [1, 2]);
        join(executors);
    });
}

#[test]
fn an_abort_of_all_at_any_time_drops_a_future_that_waits() {
    model(|| {
        let (witness, held) = held();
        let group = group(&CancelToken::new());
        let executor = start(&group, never_with(held));
        group.abort_all();
        assert_eq!(block_on(group.join_all()).expect_err("it was aborted").cancelled(), 1);
        assert!(witness.saw_it_go());
        join([executor]);
    });
}

#[test]
fn a_parent_that_is_cancelled_at_any_time_drops_a_future_that_waits() {
    model(|| {
        let (witness, held) = held();
        let parent = CancelToken::new();
        let group = group(&parent);
        let executor = start(&group, never_with(held));
        parent.cancel_with(Cause::Shutdown);
        assert_eq!(block_on(group.join_all()).expect_err("it was cancelled").cancelled(), 1);
        assert!(witness.saw_it_go());
        join([executor]);
    });
}

#[test]
fn a_failure_at_any_time_drops_a_sibling_that_waits() {
    model(|| {
        let (witness, held) = held();
        let group = group(&CancelToken::new());
        let executors = [start(&group, never_with(held)), start(&group, async { Err(1) })];
        let error = block_on(group.join_all()).expect_err("one fails");
        assert_eq!((error.failures().len(), error.cancelled()), (1, 1));
        assert!(witness.saw_it_go());
        join(executors);
    });
}

#[test]
fn one_that_is_aborted_alone_at_any_time_is_dropped_and_its_seat_is_free() {
    model(|| {
        let (witness, held) = held();
        let mut group = group(&CancelToken::new());
        group.core().roster.inside.enter().expect("it is open").into_count();
        let (member, started) = group.member(Label::here(), false);
        assert!(!member.abort_requested(), "used once before it is shared");
        let executor = thread::spawn(move || block_on(Tracked::new(never_with(held), member)));
        started.abort();
        assert!(block_on(group.join_next()).is_some_and(|ended| !ended.outcome.is_ok()));
        assert!(witness.saw_it_go());
        join([executor]);
    });
}

/// Keeps what it is given until somebody runs it.
#[derive(Clone)]
struct Keeps(Arc<Lock<Vec<BoxTask>>>);

impl Keeps {
    fn new() -> Self {
        let keeps = Self(Arc::new(Lock::new(Vec::new())));
        assert_eq!(keeps.0.with(|tasks| tasks.len()), 0, "used once before it is shared");
        keeps
    }

    fn run(&self) {
        let tasks = self.0.with(core::mem::take);
        tasks.into_iter().for_each(block_on);
    }
}

impl Spawn for Keeps {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0.with(|tasks| tasks.push(task));
        Ok(())
    }
}

#[test]
fn a_task_that_was_started_before_the_close_is_joined() {
    model(|| {
        let keeps = Keeps::new();
        let group = used(TaskGroup::builder(keeps.clone()).unlimited().collecting());
        let handle = group.handle();
        let starts = thread::spawn(move || {
            let is_started = handle.try_spawn(ready(Ok(1))).is_ok();
            handle.close();
            keeps.run();
            is_started
        });
        let values = block_on(group.join_all()).expect("nobody failed");
        let [is_started] = join([starts]);
        assert_eq!(values.len(), usize::from(is_started));
    });
}

#[test]
fn one_who_is_refused_keeps_nobody_waiting() {
    model(|| {
        let (keeps, parent) = (Keeps::new(), CancelToken::new());
        let group = used(TaskGroup::builder(keeps).parent(&parent).unlimited().collecting());
        let handle = group.handle();
        parent.cancel();
        let comes = thread::spawn(move || handle.try_spawn(ready(Ok(1))).is_ok());
        assert!(block_on(group.join_all()).expect("nobody failed").is_empty());
        assert_eq!(join([comes]), [false]);
    });
}
