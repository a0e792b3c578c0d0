//! How a task of a group ended, and how a group did.

use super::super::{Failure, Outcome};
use crate::spawn::Label;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

/// Which task of a group: how many were started before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TaskId(pub(super) u64);

impl TaskId {
    /// How many were started before it.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.0
    }
}

/// A task of a group that has ended: who it was, and what came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended<T, E> {
    /// Which one.
    pub id: TaskId,
    /// Its name, if it has one, and the line that started it.
    pub label: Label,
    /// What came of it.
    pub outcome: Outcome<T, E>,
}

/// A task of a group that did not end well.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed<E> {
    /// Which one.
    pub id: TaskId,
    /// Its name, if it has one, and the line that started it.
    pub label: Label,
    /// Why.
    pub failure: Failure<E>,
}

impl<T, E> Ended<T, E> {
    /// Its value.
    ///
    /// # Errors
    /// Who failed, and why.
    pub fn into_result(self) -> Result<T, Failed<E>> {
        let Self { id, label, outcome } = self;
        outcome.into_result().map_err(|failure| Failed { id, label, failure })
    }
}

/// `task "fetch" (src/main.rs:12:5): connection refused`
impl<E: fmt::Display> fmt::Display for Failed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}: {}", self.label, self.failure)
    }
}

impl<E: Error + 'static> Error for Failed<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.failure {
            Failure::Error(error) => Some(error),
            other => other.source(),
        }
    }
}

/// Not every task of a group ended well: what each that has something to say says.
#[doc(alias = "ExceptionGroup")]
#[doc(alias = "except*")]
#[derive(Debug)]
pub struct GroupError<E> {
    pub(super) failures: Vec<Failed<E>>,
    pub(super) cancelled: usize,
    pub(super) forgotten: usize,
    pub(super) succeeded: usize,
}

impl<E> GroupError<E> {
    /// Every error and every panic: of those that failed in the order in which they did, then of those whose clean-up failed after they were
    /// cancelled. The first is why the siblings were cancelled.
    #[must_use]
    pub fn failures(&self) -> &[Failed<E>] {
        &self.failures
    }

    /// The same, to keep.
    #[must_use]
    pub fn into_failures(self) -> Vec<Failed<E>> {
        self.failures
    }

    /// The first of the [`failures`](Self::failures); nothing if all others were merely cancelled.
    #[must_use]
    pub fn first(&self) -> Option<&Failed<E>> {
        self.failures.first()
    }

    /// How many were cancelled and had nothing to say.
    #[must_use]
    pub const fn cancelled(&self) -> usize {
        self.cancelled
    }

    /// How many failures are not among [`failures`](Self::failures): of a group that does not collect, the first 1,000 are kept.
    #[must_use]
    pub const fn forgotten(&self) -> usize {
        self.forgotten
    }

    /// How many ended well, of those whose results were not read before.
    #[must_use]
    pub const fn succeeded(&self) -> usize {
        self.succeeded
    }
}

/// `2 of 5 tasks did not end well; the first: task "fetch" (src/main.rs:12:5): connection refused`
impl<E: fmt::Display> fmt::Display for GroupError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amiss = self.failures.len() + self.forgotten + self.cancelled;
        write!(f, "{amiss} of {} tasks did not end well; ", amiss + self.succeeded)?;
        match self.first() {
            Some(first) => write!(f, "the first: {first}"),
            None => f.write_str("all of these were cancelled"),
        }
    }
}

impl<E: Error + 'static> Error for GroupError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.first().map(|first| first as _)
    }
}
