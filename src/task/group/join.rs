//! Waiting for the tasks of a group.

use super::ended::{Ended, Failed, GroupError};
use super::group::TaskGroup;
use crate::task::Failure;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

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
    values: Vec<(u64, T)>,
    failures: Vec<Failed<E>>,
    late: Vec<Failed<E>>,
    cancelled: usize,
}

impl<S, T, E> JoinAll<S, T, E> {
    pub(super) const fn new(group: TaskGroup<S, T, E>) -> Self {
        Self { group: Some(group), values: Vec::new(), failures: Vec::new(), late: Vec::new(), cancelled: 0 }
    }

    fn note(&mut self, ended: Ended<T, E>) {
        let index = ended.id.index();
        match ended.into_result() {
            Ok(value) => self.values.push((index, value)),
            Err(Failed { failure: Failure::Cancelled(None), .. }) => self.cancelled += 1,
            Err(failed @ Failed { failure: Failure::Cancelled(Some(_)), .. }) => self.late.push(failed),
            Err(failed) => self.failures.push(failed),
        }
    }

    fn sum_up(&mut self, group: &TaskGroup<S, T, E>) -> Result<Vec<T>, GroupError<E>> {
        let rest = group.core().take_rest();
        let mut values = core::mem::take(&mut self.values);
        values.sort_unstable_by_key(|(index, _)| *index);
        let values: Vec<T> =
            rest.values.into_iter().chain(values.into_iter().map(|(_, value)| value)).collect();
        let mut failures = core::mem::take(&mut self.failures);
        failures.append(&mut self.late);
        let (cancelled, forgotten) = (self.cancelled + rest.cancelled, rest.forgotten);
        if failures.is_empty() && cancelled == 0 && forgotten == 0 {
            return Ok(values);
        }
        Err(GroupError { failures, cancelled, forgotten, succeeded: values.len() })
    }
}

impl<S, T, E> Future for JoinAll<S, T, E> {
    type Output = Result<Vec<T>, GroupError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let group = self.group.as_mut().expect("polled again after it was ready");
            match ready!(group.poll_join_next(cx)) {
                Some(ended) => self.note(ended),
                // Somebody may start one more in this moment: then it is waited for.
                None if !group.is_closed() => group.close(),
                None => break,
            }
        }
        let group = self.group.take().expect("it was there in the lines above");
        Poll::Ready(self.sum_up(&group))
    }
}

/// Nothing in it is pinned.
impl<S, T, E> Unpin for JoinAll<S, T, E> {}

impl<S, T, E> fmt::Debug for JoinAll<S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinAll").field("group", &self.group).finish_non_exhaustive()
    }
}
