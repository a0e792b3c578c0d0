//! What children can be given as.

use super::judges::Judge;
use super::many::Many;

/// Children for [`gather`](fn@super::gather) and its siblings: a tuple of two to twelve futures, or anything that can be iterated over.
///
/// `J` says what is wanted of them, and `Kind` is found by the compiler: [`Together`] for tuples and [`Listed`] for all others. Two kinds,
/// because a tuple might learn to be iterated over one day.
///
/// Sealed: a collection of your own is one already when it is `IntoIterator`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a tuple of 2 to 12 futures nor an iterator of futures",
    note = "all but `race` want futures that end with a `Result` (to `gather` an `Outcome` is as good), and all but `gather` want them to end with errors of one type"
)]
pub trait Children<J, Kind>: seal::Sealed<Kind> {
    /// What runs them.
    type Running: Future;

    /// Makes ready to run them.
    fn begin(self) -> Self::Running;
}

/// Children of one type: whatever can be iterated over.
#[derive(Debug)]
pub enum Listed {}

/// Children of any types: a tuple.
#[derive(Debug)]
pub enum Together {}

impl<I, J> Children<J, Listed> for I
where
    I: IntoIterator<Item: Future>,
    J: Judge<<I::Item as Future>::Output>,
{
    type Running = Many<I::Item, J>;

    fn begin(self) -> Self::Running {
        Many::new(self)
    }
}

pub(super) mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed<Kind> {}

    impl<I: IntoIterator> Sealed<super::Listed> for I {}
}
