//! Waiting for the tasks of a group.

use super::ended::{Ended, GroupError};
use super::owner::TaskGroup;
use super::results::Rest;
use crate::task::Outcome;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for the next task to end. Made by [`TaskGroup::join_next`].
///
/// # Cancel safety
/// Dropping it loses nothing.
#[must_use = "futures do nothing unless polled"]
pub struct JoinNext<'a, S, T, E> {
    group: &'a mut TaskGroup<S, T, E>,
}

impl<'a, S, T, E> JoinNext<'a, S, T, E> {
    pub(super) const fn new(group: &'a mut TaskGroup<S, T, E>) -> Self {
        Self { group }
    }
}

impl<S, T, E> Future for JoinNext<'_, S, T, E> {
    type Output = Option<Ended<T, E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.group.poll_join_next(cx)
    }
}

impl<S, T, E> fmt::Debug for JoinNext<'_, S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinNext").field("group", self.group).finish()
    }
}

/// Waits for all tasks of a group. Made by [`TaskGroup::join_all`].
///
/// # Cancel safety
/// It is the group: dropping it aborts the tasks.
/// # Panics
/// When polled after it was ready.
#[must_use = "dropping it aborts the tasks"]
pub struct JoinAll<S, T, E> {
    /// Taken at the end.
    group: Option<TaskGroup<S, T, E>>,
}

impl<S, T, E> JoinAll<S, T, E> {
    pub(super) const fn new(group: TaskGroup<S, T, E>) -> Self {
        Self { group: Some(group) }
    }
}

impl<S, T, E> Future for JoinAll<S, T, E> {
    type Output = Result<Vec<T>, GroupError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let group = self.group.as_ref().expect("polled again after it was ready");
        loop {
            // Asked first: who is started before the close is counted by then.
            let was_closed = group.is_closed();
            if !group.is_empty() {
                group.core().results.await_end(cx.waker());
                if !group.is_empty() {
                    return Poll::Pending;
                }
            }
            if was_closed {
                break;
            }
            // Somebody may start one more in this moment: then it is waited for.
            group.close();
        }
        let rest = group.core().results.take_rest();
        self.group = None;
        Poll::Ready(sum_up(rest))
    }
}

/// Values in the order in which their tasks were started; failures in the order in which they came, and those of clean-ups after them.
fn sum_up<T, E>(rest: Rest<T, E>) -> Result<Vec<T>, GroupError<E>> {
    let Rest { unread, values: unnamed, mut silent, forgotten } = rest;
    let mut values = Vec::with_capacity(unread.len());
    let (mut failures, mut late) = (Vec::new(), Vec::new());
    for left in unread {
        match left.outcome {
            Outcome::Ok(value) => values.push((left.seat.index, value)),
            Outcome::Cancelled(None) => silent += 1,
            Outcome::Cancelled(Some(_)) => late.extend(left.into_ended().into_result().err()),
            Outcome::Err(_) | Outcome::Panicked(_) => failures.extend(left.into_ended().into_result().err()),
        }
    }
    failures.append(&mut late);
    if !failures.is_empty() || silent > 0 || forgotten > 0 {
        let succeeded = values.len() + unnamed.len();
        return Err(GroupError { failures, cancelled: silent, forgotten, succeeded });
    }
    values.sort_unstable_by_key(|(index, _)| *index);
    Ok(unnamed.into_iter().chain(values.into_iter().map(|(_, value)| value)).collect())
}

/// Nothing in it is pinned.
impl<S, T, E> Unpin for JoinAll<S, T, E> {}

impl<S, T, E> fmt::Debug for JoinAll<S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinAll").field("group", &self.group).finish_non_exhaustive()
    }
}
