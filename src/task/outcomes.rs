//! How many pieces of work ended: as many outcomes as there were pieces.

use super::{Failure, Outcome};
use crate::spawn::JoinError;
use alloc::vec::{self, Vec};
use core::convert::Infallible;
use core::ops::Index;
use core::slice;

/// An [`Outcome`] for each piece of work, in the order in which they were given.
///
/// | I want | verb |
/// |---|---|
/// | to look at each | iterate; `outcomes[3]` is the fourth's |
/// | all values, or the first failure | [`all`](Self::all) |
/// | what went well, and how many did not | [`oks`](Self::oks) |
/// | both, each with its index | [`split`](Self::split) |
/// | of [`Task`](crate::spawn::Task) handles: what the tasks said, and not that they could be joined | [`flatten`](Self::flatten), [`joined`](Self::joined) |
///
/// # Examples
/// ```
/// use untether::task::{Oks, Outcomes};
///
/// let outcomes: Outcomes<u32, &str> = [Ok(1), Err("down"), Ok(3)].into_iter().collect();
/// let Oks { values, left_out } = outcomes.oks();
/// assert_eq!((values, left_out), (vec![1, 3], 1));
/// ```
#[derive(Debug)]
#[must_use = "failures would be lost"]
pub struct Outcomes<T, E>(Vec<Outcome<T, E>>);

/// What went well of [`Outcomes`], and how many did not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Oks<T> {
    /// The values, in the order in which the work was given.
    pub values: Vec<T>,
    /// How many pieces of work have no value here.
    pub left_out: usize,
}

/// What went well of [`Outcomes`] and what did not, each with its index.
#[derive(Debug)]
pub struct Split<T, E> {
    /// The values.
    pub values: Vec<(usize, T)>,
    /// The failures.
    pub failures: Vec<(usize, Failure<E>)>,
}

impl<T, E> Outcomes<T, E> {
    /// How many there are: as many as there were pieces of work.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there was no work.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in the order in which the work was given.
    pub fn iter(&self) -> slice::Iter<'_, Outcome<T, E>> {
        self.0.iter()
    }

    /// All values, if everything went well.
    ///
    /// # Errors
    /// The first failure in the order in which the work was given, with its index.
    pub fn all(self) -> Result<Vec<T>, (usize, Failure<E>)> {
        let results = self.0.into_iter().enumerate();
        results.map(|(index, outcome)| outcome.into_result().map_err(|failure| (index, failure))).collect()
    }

    /// What went well, and how many did not.
    pub fn oks(self) -> Oks<T> {
        let pieces = self.len();
        let values: Vec<T> = self.0.into_iter().filter_map(Outcome::ok).collect();
        Oks { left_out: pieces - values.len(), values }
    }

    /// What went well and what did not, each with its index.
    #[must_use]
    pub fn split(self) -> Split<T, E> {
        let mut split = Split { values: Vec::new(), failures: Vec::new() };
        for (index, outcome) in self.0.into_iter().enumerate() {
            match outcome.into_result() {
                Ok(value) => split.values.push((index, value)),
                Err(failure) => split.failures.push((index, failure)),
            }
        }
        split
    }
}

impl<T, E> Outcomes<Result<T, E>, JoinError> {
    /// Of tasks that end with a result: that result, and not that they could be joined.
    pub fn flatten(self) -> Outcomes<T, E> {
        let said = |outcome: Outcome<Result<T, E>, JoinError>| match outcome.into_result() {
            Ok(result) => result.into(),
            Err(failure) => Outcome::from(unjoined(failure)),
        };
        self.0.into_iter().map(said).collect()
    }
}

impl<T> Outcomes<T, JoinError> {
    /// Of tasks that cannot fail by themselves: cancelled is cancelled, and a panic a panic.
    pub fn joined(self) -> Outcomes<T, Infallible> {
        let said = |outcome: Outcome<T, JoinError>| match outcome.into_result() {
            Ok(value) => Outcome::Ok(value),
            Err(failure) => Outcome::from(unjoined(failure)),
        };
        self.0.into_iter().map(said).collect()
    }
}

/// What came of a task whose handle gave this.
fn unjoined<E>(failure: Failure<JoinError>) -> Failure<E> {
    match failure {
        Failure::Error(error) => error.into(),
        Failure::Cancelled(_) => Failure::Cancelled(None),
        Failure::Panicked(panicked) => Failure::Panicked(panicked),
    }
}

impl<T, E> Index<usize> for Outcomes<T, E> {
    type Output = Outcome<T, E>;

    fn index(&self, index: usize) -> &Outcome<T, E> {
        &self.0[index]
    }
}

impl<T, E> FromIterator<Outcome<T, E>> for Outcomes<T, E> {
    fn from_iter<I: IntoIterator<Item = Outcome<T, E>>>(outcomes: I) -> Self {
        Self(outcomes.into_iter().collect())
    }
}

impl<T, E> FromIterator<Result<T, E>> for Outcomes<T, E> {
    fn from_iter<I: IntoIterator<Item = Result<T, E>>>(results: I) -> Self {
        Self(results.into_iter().map(Outcome::from).collect())
    }
}

impl<T, E> From<Vec<Outcome<T, E>>> for Outcomes<T, E> {
    fn from(outcomes: Vec<Outcome<T, E>>) -> Self {
        Self(outcomes)
    }
}

impl<T, E> IntoIterator for Outcomes<T, E> {
    type Item = Outcome<T, E>;
    type IntoIter = vec::IntoIter<Outcome<T, E>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, E> IntoIterator for &'a Outcomes<T, E> {
    type Item = &'a Outcome<T, E>;
    type IntoIter = slice::Iter<'a, Outcome<T, E>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
