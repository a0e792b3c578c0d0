//! The handle of a task: the same on every executor.

use super::shared::{Outcome, Shared};
use super::{JoinError, Label, TaskBuilder};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// A running task: await it for its result, drop it to abort it.
///
/// | verb | what happens to the task |
/// |---|---|
/// | `.await` | nothing; gives its result, or a [`JoinError`] |
/// | [`abort`](Self::abort) | it is woken, and its future dropped in place of its next poll |
/// | [`cancel`](Self::cancel)`.await` | the same, and the wait ends when the future is gone |
/// | drop | as `abort`: a task whose handle is lost does not run on unseen |
/// | [`detach`](Self::detach) (without a result), [`detach_with`](Self::detach_with) | it runs on |
///
/// A panic of the task is caught where panics unwind, and comes out of the await. When the executor goes away first, the task is
/// cancelled; nobody waits for ever. An executor that is alive but not driven is not gone.
///
/// A closure on a blocking thread can be aborted only before it begins; after that an abort lets it finish and gives its result
/// to whoever still awaits it.
///
/// # Cancel safety
/// Polling it loses nothing; dropping it aborts the task.
/// # Panics
/// If it is polled again after it gave its outcome.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::spawn::SpawnExt;
///
/// let task = rt.spawn_task(async { 6 * 7 }).expect("the executor is running");
/// assert_eq!(task.await.unwrap(), 42);
///
/// let stuck = rt.spawn_task(core::future::pending::<()>()).expect("the executor is running");
/// assert!(stuck.cancel().await.unwrap_err().is_cancelled());
/// # });
/// ```
#[doc(alias = "create_task")]
#[doc(alias = "asyncio.Task")]
#[doc(alias = "JoinHandle")]
#[must_use = "a task is aborted when its handle is dropped; use `detach` to let it run on"]
pub struct Task<T> {
    shared: Arc<Shared<T>>,
    bond: Bond,
}

/// What dropping the handle does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bond {
    Aborts,
    Leaves,
    /// The outcome was handed out: there is nothing left to do.
    Over,
}

impl Task<()> {
    /// A task with a name or an observer.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::spawn::Task;
    ///
    /// let task = Task::builder().name("answer").spawn(&rt, async { panic!("no idea") });
    /// let error: untether::spawn::JoinError = task.expect("running").await.unwrap_err();
    /// assert!(error.to_string().starts_with("task \"answer\" ("));
    /// assert_eq!(error.panic_message(), Some("no idea"));
    /// # });
    /// ```
    #[track_caller]
    pub const fn builder() -> TaskBuilder {
        TaskBuilder::here()
    }

    /// Lets the task run on by itself. Only for tasks without a result: one with a result is let go by
    /// [`detach_with`](Task::detach_with), which says what becomes of it.
    ///
    /// A panic of it reaches the observer of its [`builder`](Self::builder), by name and line.
    #[doc(alias = "fire and forget")]
    pub fn detach(mut self) {
        self.leave_alone();
    }
}

impl<T> Task<T> {
    pub(super) const fn new(shared: Arc<Shared<T>>) -> Self {
        Self { shared, bond: Bond::Aborts }
    }

    /// From now on dropping the handle aborts nothing. What was handed out stays so.
    fn leave_alone(&mut self) {
        if self.bond == Bond::Aborts {
            self.bond = Bond::Leaves;
        }
    }

    /// Asks the task to stop: it is woken, and its future dropped in place of its next poll. Its outcome is then a cancelled
    /// [`JoinError`], unless it had finished.
    pub fn abort(&self) {
        self.shared.abort();
    }

    /// Aborts the task and waits until its future is gone.
    ///
    /// # Cancel safety
    /// Dropping it does not take the abort back.
    /// # Errors
    /// The cancelled [`JoinError`], or that of a panic; `Ok` if it finished all the same: before it noticed, or as a blocking closure
    /// that had begun.
    #[doc(alias = "task.cancel")]
    #[doc(alias = "CancelledError")]
    pub fn cancel(mut self) -> Cancel<T> {
        self.abort();
        self.leave_alone();
        Cancel { task: self }
    }

    /// Lets the task run on by itself and hands its outcome to `finally`, on the task, when it ends; at once if it has ended.
    /// An outcome that was awaited before is not handed out twice: then `finally` is dropped.
    ///
    /// # Panics
    /// If the task has ended and `finally` panics. On the task, a panic of `finally` is the task's own.
    pub fn detach_with(mut self, finally: impl FnOnce(Result<T, JoinError>) + Send + 'static) {
        self.leave_alone();
        self.shared.detach_with(Box::new(finally));
    }

    /// A way to abort it from elsewhere, also while it is awaited.
    #[must_use]
    pub fn abort_handle(&self) -> AbortHandle
    where
        T: Send + 'static,
    {
        AbortHandle(self.shared.clone())
    }

    /// Whether it has ended: its future is gone.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.shared.is_finished()
    }

    /// Who it is.
    #[must_use]
    pub fn label(&self) -> &Label {
        &self.shared.label
    }
}

impl<T> Future for Task<T> {
    type Output = Outcome<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome<T>> {
        let outcome = self.shared.poll_join(cx.waker());
        if outcome.is_ready() {
            self.bond = Bond::Over;
        }
        outcome
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if self.bond == Bond::Over {
            return;
        }
        // First what must happen: whoever awaited may have left a waker that panics when it is dropped.
        if self.bond == Bond::Aborts {
            self.shared.abort();
        }
        self.shared.leave();
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("label", self.label())
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

/// Aborts a [`Task`] from elsewhere. Made by [`Task::abort_handle`]; it keeps nothing alive but the task's record.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::spawn::SpawnExt;
///
/// let task = rt.spawn_task(core::future::pending::<()>()).expect("the executor is running");
/// let handle = task.abort_handle();
/// rt.spawn_task(async move { handle.abort() }).expect("the executor is running").detach();
/// assert!(task.await.unwrap_err().is_cancelled());
/// # });
/// ```
#[derive(Clone)]
pub struct AbortHandle(Arc<dyn Abort + Send + Sync>);

trait Abort {
    fn abort(&self);
    fn is_finished(&self) -> bool;
    fn label(&self) -> &Label;
}

impl<T> Abort for Shared<T> {
    fn abort(&self) {
        self.abort();
    }

    fn is_finished(&self) -> bool {
        self.is_finished()
    }

    fn label(&self) -> &Label {
        &self.label
    }
}

impl AbortHandle {
    /// As [`Task::abort`].
    pub fn abort(&self) {
        self.0.abort();
    }

    /// As [`Task::is_finished`].
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// Who the task is.
    #[must_use]
    pub fn label(&self) -> &Label {
        self.0.label()
    }
}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle")
            .field("label", self.label())
            .field("is_finished", &self.is_finished())
            .finish()
    }
}

/// The future of [`Task::cancel`].
///
/// # Cancel safety
/// Dropping it does not take the abort back.
/// # Panics
/// If it is polled again after it gave the outcome.
#[must_use = "futures do nothing unless polled; the abort has been asked for already"]
pub struct Cancel<T> {
    task: Task<T>,
}

impl<T> Future for Cancel<T> {
    type Output = Outcome<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome<T>> {
        Pin::new(&mut self.task).poll(cx)
    }
}

impl<T> fmt::Debug for Cancel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cancel").field(&self.task).finish()
    }
}
