//! What becomes of tasks when their runtime ends.
//!
//! Each case has two halves: one runs inside and leaves a task behind, the other looks at it when the runtime is gone.

use super::tasks::Watch;
use crate::spawn::{LocalRuntime, Runtime, SpawnExt, Started, Task, yield_now};
use crate::testing::Probe;
use core::future::pending;
use core::task::Poll;

/// A task that was alive when its runtime ended, and the runtime.
#[derive(Debug)]
pub struct Left<R> {
    rt: R,
    task: Task<()>,
    watch: Watch,
}

/// Starts a task that waits for ever, lets it begin, and goes.
pub async fn leave_a_task<R: Runtime>(rt: R) -> Left<R> {
    let (watch, timer) = (Watch::default(), rt.clone());
    let bomb = watch.bomb();
    let task = rt.spawn_task(async move {
        let _bomb = bomb;
        timer.sleep(core::time::Duration::from_secs(60 * 60)).await;
        pending::<()>().await;
    });
    yield_now().await;
    Left { task: task.expect("the runtime is running"), rt, watch }
}

/// As [`leave_a_task`], with one that stays on its thread.
pub async fn leave_a_local_task<R: LocalRuntime>(rt: R) -> Left<R> {
    let (watch, own) = (Watch::default(), rt.clone());
    let bomb = watch.bomb();
    let task = rt.spawn_local_task(async move {
        let _bomb = bomb;
        own.sleep(core::time::Duration::from_secs(60 * 60)).await;
        pending::<()>().await;
    });
    yield_now().await;
    Left { task: task.expect("the runtime is running"), rt, watch }
}

/// The future is gone with the runtime, and who awaits the task is told. It does not hang.
pub fn a_task_alive_at_the_end_is_dropped_and_reported_as_cancelled<R>(left: Left<R>) {
    assert!(left.watch.went_off(), "the runtime is gone and the task's future is not");
    match Probe::new(left.task).poll() {
        Poll::Ready(outcome) => assert!(outcome.expect_err("it cannot end").is_cancelled()),
        Poll::Pending => panic!("the runtime is gone and the task has not ended"),
    }
}

/// A task that comes too late is handed back or dropped, and its handle says so. It does not hang.
pub fn a_task_for_a_runtime_that_ended_is_refused_or_dropped<R: Runtime>(left: Left<R>) {
    let watch = Watch::default();
    let bomb = watch.bomb();
    never_runs(left.rt.spawn_task(async move { drop(bomb) }), &watch);
}

/// As [`a_task_for_a_runtime_that_ended_is_refused_or_dropped`], with one that stays on its thread.
pub fn a_local_task_for_a_runtime_that_ended_is_refused_or_dropped<R: LocalRuntime>(left: Left<R>) {
    let watch = Watch::default();
    let bomb = watch.bomb();
    never_runs(left.rt.spawn_local_task(async move { drop(bomb) }), &watch);
}

fn never_runs<B>(late: Started<(), B>, watch: &Watch) {
    match late {
        Err(refused) => drop(refused),
        Ok(task) => match Probe::new(task).poll() {
            Poll::Ready(outcome) => assert!(outcome.expect_err("it cannot run").is_cancelled()),
            Poll::Pending => panic!("a task for a runtime that is gone waits"),
        },
    }
    assert!(watch.went_off(), "the late task's future is still there");
}
