//! What is made of a child that ended.

use super::AllFailed;
use super::ends::Ended;
use crate::spawn::Panicked;
use crate::task::{Outcome, Outcomes};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::ops::ControlFlow;

/// What is made of a child that ended with an `O`: something to keep until all have ended, or the end of it all.
///
/// Sealed: there are as many as there are verbs.
pub trait Judge<O>: seal::Sealed {
    /// What is kept of a child, if the others run on.
    type Kept;
    /// What ends it all.
    type Stop;
    /// What comes of children that were [`Listed`](super::Listed).
    type Whole;

    /// What is made of a child that ended. A panic that is not kept goes on.
    #[doc(hidden)]
    fn judge(ended: Ended<O>) -> Ended<ControlFlow<Self::Stop, Self::Kept>>;

    /// What is made of all that was kept, or of who ended it all.
    #[doc(hidden)]
    fn whole(ended: Result<Vec<Self::Kept>, (usize, Self::Stop)>) -> Self::Whole;
}

/// Every outcome, whatever it is: of [`gather`](fn@super::gather).
#[derive(Debug)]
pub enum Each {}

/// Every value, or the first error: of [`try_gather`](super::try_gather).
#[derive(Debug)]
pub enum EachOk {}

/// The first output, whatever it is: of [`race`](super::race).
#[derive(Debug)]
pub enum First {}

/// The first value, or every error: of [`first_ok`](super::first_ok).
#[derive(Debug)]
pub enum FirstGood {}

mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed {}

    impl Sealed for super::Each {}
    impl Sealed for super::EachOk {}
    impl Sealed for super::First {}
    impl Sealed for super::FirstGood {}
}

impl<T, E> Judge<Result<T, E>> for Each {
    type Kept = Outcome<T, E>;
    type Stop = Infallible;
    type Whole = Outcomes<T, E>;

    #[inline]
    fn judge(ended: Ended<Result<T, E>>) -> Ended<ControlFlow<Infallible, Outcome<T, E>>> {
        let outcome = match ended {
            Ok(result) => result.into(),
            Err(panic) => Outcome::Panicked(Box::new(Panicked::new(panic))),
        };
        Ok(ControlFlow::Continue(outcome))
    }

    fn whole(ended: Result<Vec<Outcome<T, E>>, (usize, Infallible)>) -> Outcomes<T, E> {
        match ended {
            Ok(outcomes) => outcomes.into(),
            Err((_, never)) => match never {},
        }
    }
}

/// Of children that know by themselves how they ended, as the tickets of a [`WorkerPool`](crate::task::WorkerPool) do.
impl<T, E> Judge<Outcome<T, E>> for Each {
    type Kept = Outcome<T, E>;
    type Stop = Infallible;
    type Whole = Outcomes<T, E>;

    #[inline]
    fn judge(ended: Ended<Outcome<T, E>>) -> Ended<ControlFlow<Infallible, Outcome<T, E>>> {
        let panicked = |panic| Outcome::Panicked(Box::new(Panicked::new(panic)));
        Ok(ControlFlow::Continue(ended.unwrap_or_else(panicked)))
    }

    fn whole(ended: Result<Vec<Outcome<T, E>>, (usize, Infallible)>) -> Outcomes<T, E> {
        <Self as Judge<Result<T, E>>>::whole(ended)
    }
}

impl<T, E> Judge<Result<T, E>> for EachOk {
    type Kept = T;
    type Stop = E;
    type Whole = Result<Vec<T>, E>;

    #[inline]
    fn judge(ended: Ended<Result<T, E>>) -> Ended<ControlFlow<E, T>> {
        Ok(match ended? {
            Ok(value) => ControlFlow::Continue(value),
            Err(error) => ControlFlow::Break(error),
        })
    }

    fn whole(ended: Result<Vec<T>, (usize, E)>) -> Result<Vec<T>, E> {
        ended.map_err(|(_, error)| error)
    }
}

impl<O> Judge<O> for First {
    type Kept = Infallible;
    type Stop = O;
    type Whole = Option<(usize, O)>;

    #[inline]
    fn judge(ended: Ended<O>) -> Ended<ControlFlow<O, Infallible>> {
        Ok(ControlFlow::Break(ended?))
    }

    fn whole(ended: Result<Vec<Infallible>, (usize, O)>) -> Option<(usize, O)> {
        ended.err()
    }
}

impl<T, E> Judge<Result<T, E>> for FirstGood {
    type Kept = E;
    type Stop = T;
    type Whole = Result<T, AllFailed<E>>;

    #[inline]
    fn judge(ended: Ended<Result<T, E>>) -> Ended<ControlFlow<T, E>> {
        Ok(match ended? {
            Ok(value) => ControlFlow::Break(value),
            Err(error) => ControlFlow::Continue(error),
        })
    }

    fn whole(ended: Result<Vec<E>, (usize, T)>) -> Result<T, AllFailed<E>> {
        match ended {
            Ok(errors) => Err(AllFailed::new(errors)),
            Err((_, value)) => Ok(value),
        }
    }
}
