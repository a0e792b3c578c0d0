//! The group itself, which is who may join its tasks, and whose end is theirs.

use super::builder::Builder;
use super::core::Core;
use super::ended::Ended;
use super::handle::Handle;
use super::join::{JoinAll, JoinNext};
use super::results::Left;
use crate::sync::cancel::{Cause, Registration};
use crate::sys::unseen;
use crate::sys::unwind;
use crate::task::{InFlight, Outcome, in_flight};
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::Stream;

/// Tasks that belong together: none outlives the group, and the failure of one ends the others.
///
/// All that a [`Handle`] can do, the group can: start tasks, close, cancel. What it alone can do is join them. As a [`Stream`] it gives what its
/// tasks leave, as [`join_next`](Self::join_next) does.
///
/// Dropping it closes it, cancels its token and has every task dropped in place of its next poll.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::task::TaskGroup;
///
/// let group = TaskGroup::collecting(rt.clone());
/// for n in 1..=3 {
///     group.spawn(async move { Ok::<_, String>(n * n) }).await.expect("it is open");
/// }
/// assert_eq!(group.join_all().await.unwrap(), [1, 4, 9]);
/// # });
/// ```
#[doc(alias = "TaskManager")]
#[doc(alias = "JoinSet")]
#[doc(alias = "nursery")]
#[must_use = "dropping it aborts its tasks"]
pub struct TaskGroup<S, T, E> {
    handle: Handle<S, T, E>,
    _registration: Registration,
}

impl<S, E> TaskGroup<S, (), E> {
    /// A group of tasks that give nothing: they end well, or fail. Nothing piles up however many there are: see [`Builder::build`].
    pub fn new(spawner: S) -> Self {
        Self::builder(spawner).build()
    }

    /// A group with a limit, a parent, a policy.
    pub const fn builder(spawner: S) -> Builder<S, E> {
        Builder::new(spawner)
    }
}

impl<S, T, E> TaskGroup<S, T, E> {
    /// A group that keeps what its tasks give until it is read.
    pub fn collecting(spawner: S) -> Self {
        Builder::new(spawner).collecting()
    }

    pub(super) const fn of(handle: Handle<S, T, E>, registration: Registration) -> Self {
        Self { handle, _registration: registration }
    }

    pub(super) fn core(&self) -> &Core<T, E> {
        &self.handle.core
    }

    /// Waits for the next task to end, and gives what it left; nothing when no task runs and all was read.
    ///
    /// A group that does not collect tells of those alone that have something to say: those that failed.
    ///
    /// # Cancel safety
    /// Dropping it loses nothing.
    pub const fn join_next(&mut self) -> JoinNext<'_, S, T, E> {
        JoinNext::new(self)
    }

    /// As [`join_next`](Self::join_next), without a future.
    pub fn poll_join_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Ended<T, E>>> {
        let core = self.core();
        if let Some(left) = core.results.poll_next(cx.waker()) {
            return Poll::Ready(Some(left.into_ended()));
        }
        if !core.roster.inside.is_empty() {
            return Poll::Pending;
        }
        // The last one has left its result before it was counted out.
        Poll::Ready(core.results.next().map(Left::into_ended))
    }

    /// Waits until no task runs, and gives the values of all whose results were not read before, in the order in which they were started.
    ///
    /// Tasks may go on starting siblings; the group is closed when none runs. What happens when one fails is what was [said](Builder): by default the
    /// others are cancelled at once, and this waits for all of them.
    ///
    /// # Cancel safety
    /// It is the group: dropping it aborts the tasks.
    /// # Errors
    /// [`GroupError`](super::GroupError), with every error and panic, if a task did not end well.
    #[doc(alias = "gather_results")]
    pub const fn join_all(self) -> JoinAll<S, T, E> {
        JoinAll::new(self)
    }

    /// Waits until no task runs. Results stay where they are.
    ///
    /// # Cancel safety
    /// Dropping it loses nothing.
    #[doc(alias = "wait_completion")]
    pub fn wait_idle(&self) -> in_flight::WaitIdle<&InFlight> {
        self.core().roster.inside.wait_idle()
    }

    /// Tells of what nobody will read. Of panics it was told when they came.
    fn lament(&self) {
        let core = self.core();
        unwind::keep_going(|| drop(core.results.take_joiner()));
        for left in core.results.take_rest().unread {
            match &left.outcome {
                Outcome::Err(_) => core.tell("unread_failure", &left.seat.label, None),
                Outcome::Panicked(panicked) => unseen::note(&left.seat.label, panicked.message()),
                Outcome::Ok(_) | Outcome::Cancelled(_) => {}
            }
            unwind::keep_going(|| drop(left));
        }
    }
}

impl<S, T, E> Drop for TaskGroup<S, T, E> {
    fn drop(&mut self) {
        // Each of them whatever the other does: wakers, callbacks and values are not ours.
        let cancelled = unwind::catch(|| self.cancel(Cause::Requested));
        let aborted = unwind::catch(|| self.abort_all());
        self.lament();
        self.core().dismiss_supervisor();
        unwind::resume_first([cancelled, aborted]);
    }
}

impl<S, T, E> Deref for TaskGroup<S, T, E> {
    type Target = Handle<S, T, E>;

    fn deref(&self) -> &Handle<S, T, E> {
        &self.handle
    }
}

impl<S, T, E> Unpin for TaskGroup<S, T, E> {}

/// What the tasks leave. It ends when no task runs; if one is started after that, it goes on.
impl<S, T, E> Stream for TaskGroup<S, T, E> {
    type Item = Ended<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Ended<T, E>>> {
        self.poll_join_next(cx)
    }
}

impl<S, T, E> fmt::Debug for TaskGroup<S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
