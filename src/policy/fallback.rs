//! Something else instead of an error, as a policy: the rules of [`Fallback`].

use super::env::Env;
use super::error::Error;
use super::op::Op;
use super::stack::Policy;
use crate::fault::Fallback;
use crate::fault::fallback::{Cover, Falling, Instead, Observed, Outcome, Run, WithOutcome};
use crate::observe::Observer;
use crate::retry::Attempt;
use core::fmt;

type Rules<H, C, W> = Fallback<H, Observed<C, W>>;

type Answer<O> = Result<<O as Op>::Ok, <O as Op>::Err>;

impl<O, X, H, C, T, W, N> Policy<O, Env<T, W, N>> for Fallback<H, C>
where
    O: Op<Err = Error<X>>,
    X: fmt::Display,
    H: Instead<Answer<O>, Err = Error<X>> + Clone,
    C: Cover<Error<X>> + Clone,
    W: Observer + Clone,
{
    type Ok = O::Ok;
    type Err = Error<X>;
    type Future = Run<O::Future, Rules<H, C, W>, Falling<H::Future, Error<X>>>;

    #[inline]
    fn run(&self, operation: O, env: &Env<T, W, N>, attempt: Attempt) -> Self::Future {
        self.clone().observed(env.observer.clone()).run(operation.call(attempt))
    }
}

/// A [`Fallback`] that shows itself: what comes out is an [`Outcome`], which says whether it was used, and why.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::fault::Fallback;
/// use untether::policy::{Seen, stack};
///
/// let calls = stack((Seen(Fallback::value("somebody")),)).on(&rt);
/// let name = calls.run(async || Err("the database is down")).await.unwrap();
/// assert_eq!(*name.value(), "somebody");
/// assert_eq!(name.because().unwrap().to_string(), "the database is down");
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Seen<F>(pub F);

impl<O, X, H, C, T, W, N> Policy<O, Env<T, W, N>> for Seen<Fallback<H, C>>
where
    O: Op<Err = Error<X>>,
    X: fmt::Display,
    H: Instead<Answer<O>, Err = Error<X>> + Clone,
    C: Cover<Error<X>> + Clone,
    W: Observer + Clone,
{
    type Ok = Outcome<O::Ok, Error<X>>;
    type Err = Error<X>;
    type Future = WithOutcome<O::Future, Rules<H, C, W>, Falling<H::Future, Error<X>>>;

    #[inline]
    fn run(&self, operation: O, env: &Env<T, W, N>, attempt: Attempt) -> Self::Future {
        Policy::run(&self.0, operation, env, attempt).outcome()
    }
}
