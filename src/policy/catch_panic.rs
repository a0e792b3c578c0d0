//! A panic is an error.

use super::error::{Cause, Error};
use super::op::Op;
use super::stack::Policy;
use crate::retry::{Attempt, caught};
use crate::spawn::Panicked;
use crate::sys::opaque::opaque;
use crate::sys::unwind::{self, Panic};
use alloc::boxed::Box;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Takes a panic of what is inside of it for an error, [`Cause::Panicked`]. Inside of a retry it is tried again, outside of it not.
///
/// Without the feature `std` no panic can be caught.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::policy::{CatchPanic, stack};
///
/// let calls = stack((CatchPanic,)).on(&rt);
/// let error = calls.run(async || -> Result<(), &str> { panic!("out of ink") }).await.unwrap_err();
/// assert_eq!(error.to_string(), "panicked: out of ink");
/// # });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct CatchPanic;

impl<O: Op<Err = Error<X>>, X, E> Policy<O, E> for CatchPanic {
    type Ok = O::Ok;
    type Err = Error<X>;
    type Future = Catching<O::Future>;

    #[inline]
    fn run(&self, operation: O, _: &E, attempt: Attempt) -> Self::Future {
        // A panic of the call itself is kept for the poll.
        match unwind::catch(|| operation.call(attempt)) {
            Ok(future) => Catching { future: Some(future), panicked: None },
            Err(panic) => Catching { future: None, panicked: Some(Box::new(Panicked::new(panic))) },
        }
    }
}

pin_project_lite::pin_project! {
    /// What runs where [panics are caught](CatchPanic).
    ///
    /// # Cancel safety
    /// Dropping it drops what runs; a panic of that goes through.
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Catching<F> {
        #[pin]
        future: Option<F>,
        panicked: Option<Box<Panicked>>,
    }
}

impl<F: Future<Output = Result<V, Error<X>>>, V, X> Future for Catching<F> {
    type Output = Result<V, Error<X>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.future.is_none() {
            let panicked = this.panicked.take().expect("polled again after it was ready");
            return Poll::Ready(Err(Error::of(Cause::Panicked(panicked))));
        }
        let panicked = |panic: Panic| Error::of(Cause::Panicked(Box::new(Panicked::new(panic))));
        caught(this.future, cx).unwrap_or_else(|panic| Poll::Ready(Err(panicked(panic))))
    }
}

opaque!(Catching<F>);
