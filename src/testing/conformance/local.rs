//! What a runtime's tasks that stay on one thread promise: see [`spawn`](mod@crate::spawn).

use super::tasks::{self, Starts};
use crate::spawn::{LocalRuntime, SpawnExt, Task, yield_now};
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone)]
struct Local<R>(R);

impl<R: LocalRuntime> Starts for Local<R> {
    type Timer = R;

    fn timer(&self) -> &R {
        &self.0
    }

    fn start<F: Future<Output: Send> + Send + 'static>(&self, future: F) -> Task<F::Output> {
        self.0.spawn_local_task(future).expect("the runtime is running")
    }

    fn start_without_handle(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn_local(future).expect("the runtime is running");
    }

    fn start_from_within(&self, count: Arc<AtomicUsize>, depth: usize) {
        let inner = self.clone();
        let task = async move {
            if depth > 0 {
                inner.start_from_within(count.clone(), depth - 1);
                inner.start_from_within(count.clone(), depth - 1);
            }
            count.fetch_add(1, Ordering::AcqRel);
        };
        self.0.spawn_local(task).expect("the runtime is running");
    }
}

macro_rules! cases {
    ($($case:ident),* $(,)?) => {$(
        #[doc = concat!("As [`spawn::", stringify!($case), "`](super::spawn::", stringify!($case), "), on one thread.")]
        pub async fn $case<R: LocalRuntime>(rt: R) {
            tasks::$case(Local(rt)).await;
        }
    )*};
}

cases! {
    a_task_gives_its_result,
    a_task_without_a_handle_runs,
    dropping_the_handle_drops_the_future,
    a_detached_task_runs_on,
    abort_wakes_a_task_that_waits,
    abort_before_the_first_poll_drops_the_future,
    cancel_ends_when_the_future_is_gone,
    a_panic_comes_back_to_who_awaits,
    a_panic_of_a_detached_task_harms_nobody,
    a_task_may_start_tasks,
    a_wake_from_another_thread_arrives,
    a_task_that_yields_lets_others_run,
    a_thousand_tasks_all_end,
}

/// An `Rc` goes into the task, and another out of it.
pub async fn tasks_share_what_is_not_send<R: LocalRuntime>(rt: R) {
    let sum = Rc::new(Cell::new(0));
    let tasks = [1, 2, 3].map(|n| {
        let sum = sum.clone();
        let task = async move {
            for _ in 0..n {
                yield_now().await;
                sum.set(sum.get() + n);
            }
            sum
        };
        rt.spawn_local_task(task).expect("the runtime is running")
    });
    for task in tasks {
        drop(task.await.expect("it ends"));
    }
    assert_eq!((sum.get(), Rc::strong_count(&sum)), (14, 1));
}
