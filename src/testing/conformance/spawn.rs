//! What a runtime's tasks promise: see [`spawn`](mod@crate::spawn).

use super::tasks::{self, Starts};
use crate::spawn::{AnyRuntime, Runtime, SpawnExt, Task};
use alloc::sync::Arc;
use core::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone)]
struct Any<R>(R);

impl<R: Runtime> Starts for Any<R> {
    type Timer = R;

    fn timer(&self) -> &R {
        &self.0
    }

    fn start<F: Future<Output: Send> + Send + 'static>(&self, future: F) -> Task<F::Output> {
        self.0.spawn_task(future).expect("the runtime is running")
    }

    fn start_without_handle(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(future).expect("the runtime is running");
    }

    fn start_from_within(&self, count: Arc<AtomicUsize>, depth: usize) {
        let inner = self.clone();
        self.start_without_handle(async move {
            if depth > 0 {
                inner.start_from_within(count.clone(), depth - 1);
                inner.start_from_within(count.clone(), depth - 1);
            }
            count.fetch_add(1, Ordering::AcqRel);
        });
    }
}

macro_rules! cases {
    ($($(#[$doc:meta])* $case:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $case<R: Runtime>(rt: R) {
            tasks::$case(Any(rt)).await;
        }
    )*};
}

cases! {
    /// At once, and later.
    a_task_gives_its_result;
    /// Two hundred that are spawned and forgotten all run: none is tied to a handle that was dropped.
    a_task_without_a_handle_runs;
    /// Drop is abort, on every executor.
    dropping_the_handle_drops_the_future;
    /// Two hundred of them all run.
    a_detached_task_runs_on;
    /// An abort that nobody polls for would wait as long as the task.
    abort_wakes_a_task_that_waits;
    /// It need not run to be told.
    abort_before_the_first_poll_drops_the_future;
    /// And gives the result of one that was done already.
    cancel_ends_when_the_future_is_gone;
    /// The executor goes on.
    a_panic_comes_back_to_who_awaits;
    /// The executor goes on, and so do its threads.
    a_panic_of_a_detached_task_harms_nobody;
    /// From within its own polls.
    a_task_may_start_tasks;
    /// Threads wake tasks.
    a_wake_from_another_thread_arrives;
    /// A task that is always ready and yields starves nobody.
    a_task_that_yields_lets_others_run;
    /// And each gives its own result.
    a_thousand_tasks_all_end;
}

/// Behind [`AnyRuntime`] a task is the same task.
pub async fn an_erased_runtime_starts_tasks<R: Runtime>(rt: R) {
    let rt = AnyRuntime::without_blocking(rt);
    a_task_gives_its_result(rt.clone()).await;
    abort_wakes_a_task_that_waits(rt.clone()).await;
    a_task_may_start_tasks(rt).await;
}
