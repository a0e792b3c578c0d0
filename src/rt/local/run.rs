//! The owner of the tasks, and the futures that run them.

use super::shared::TaskWaker;
use super::spawner::{LocalSpawner, Spawner};
use super::tasks::Tasks;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Owns tasks and runs them whenever one of its futures is polled.
///
/// # Fairness
/// One poll gives every task that is ready one turn, then gives way to the executor around it: first those that were woken, in
/// the order of their wakes, then new ones, those of the [`Spawner`] before those of the [`LocalSpawner`]. A task that is always ready holds up neither its siblings nor the executor.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async {
/// use std::rc::Rc;
/// use untether::rt::local::Local;
/// use untether::spawn::SpawnExt;
///
/// let mut local = Local::new();
/// let spawner = local.local_spawner();
/// let sum = local
///     .run_until(async move {
///         let shared = Rc::new(20);
///         let theirs = shared.clone();
///         let task = spawner.spawn_local_task(async move { *theirs + 1 }).expect("it is running");
///         *shared + task.await.expect("it ends")
///     })
///     .await;
/// assert_eq!(sum, 41);
/// # });
/// ```
pub struct Local {
    tasks: Tasks,
}

impl Local {
    /// An owner without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self { tasks: Tasks::new() }
    }

    /// Lets tasks see the waker of the executor around it instead of one each.
    ///
    /// For executors whose timers insist on a waker of their own, such as embassy's. The price: every wake polls every task.
    #[must_use]
    pub fn pass_waker(mut self) -> Self {
        self.tasks.pass_waker = true;
        self
    }

    /// A way in from any thread, for tasks that are `Send`.
    #[must_use]
    pub fn spawner(&self) -> Spawner {
        Spawner(self.tasks.shared.clone())
    }

    /// A way in from this thread, for any task.
    #[must_use]
    pub fn local_spawner(&self) -> LocalSpawner {
        LocalSpawner { shared: self.tasks.shared.clone(), inbox: self.tasks.local_inbox.clone() }
    }

    /// Runs `future` to its end, and the tasks meanwhile. Tasks that are left stay, and go on with the next call.
    ///
    /// # Cancel safety
    /// Dropping it drops `future`; the tasks stay.
    pub fn run_until<F: Future>(&mut self, future: F) -> RunUntil<'_, F> {
        let woken = TaskWaker::new(self.tasks.shared.clone(), None);
        let waker = woken.clone().into();
        RunUntil { local: self, woken, waker, future }
    }

    /// Runs until no task is left.
    ///
    /// # Cancel safety
    /// Dropping it loses nothing: the tasks stay.
    pub fn run(&mut self) -> Run<'_> {
        Run { local: self }
    }

    /// Gives every task that is ready one turn. `Ready` when no task is left.
    pub fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.tasks.shared.owner.register(cx.waker());
        self.tasks.poll_round(cx);
        if self.tasks.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Default for Local {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("is_empty", &self.tasks.is_empty()).finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Local::run_until`].
    #[must_use = "futures do nothing unless polled"]
    pub struct RunUntil<'a, F> {
        local: &'a mut Local,
        woken: Arc<TaskWaker>,
        waker: Waker,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for RunUntil<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let tasks = &mut this.local.tasks;
        // Registered before anything is looked at, so that a wake from now on, also one from within this round, brings another
        // poll.
        tasks.shared.owner.register(cx.waker());
        if this.woken.take() || tasks.pass_waker {
            let waker = if tasks.pass_waker { cx.waker() } else { &*this.waker };
            if let Poll::Ready(output) = this.future.poll(&mut Context::from_waker(waker)) {
                return Poll::Ready(output);
            }
        }
        tasks.poll_round(cx);
        Poll::Pending
    }
}

impl<F> fmt::Debug for RunUntil<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunUntil").field("local", &self.local).finish_non_exhaustive()
    }
}

/// The future of [`Local::run`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Run<'a> {
    local: &'a mut Local,
}

impl Future for Run<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.local.poll_run(cx)
    }
}
