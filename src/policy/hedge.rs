//! A hedge, as a policy: the rules of [`Hedge`].

use super::env::Env;
use super::error::Error;
use super::op::{Op, Repeated};
use super::stack::Policy;
use crate::fault::Hedge;
use crate::fault::hedge::{Choose, Delay, Hedging, Observed};
use crate::observe::Observer;
use crate::retry::Attempt;
use crate::retry::budget::Budget;
use crate::time::Timer;

impl<O, X, D, B, C, T, W, N> Policy<O, Env<T, W, N>> for Hedge<D, B, C>
where
    O: Op<Err = Error<X>>,
    D: Delay + Clone,
    B: Budget + Clone,
    C: Choose<O::Ok, Error<X>> + Clone,
    T: Timer + Clone,
    W: Observer + Clone,
{
    type Ok = O::Ok;
    type Err = Error<X>;
    type Future = Hedging<Repeated<O>, Hedge<D, B, Observed<C, W>>, T>;

    #[inline]
    fn run(&self, operation: O, env: &Env<T, W, N>, _: Attempt) -> Self::Future {
        let rules = self.clone().observed(env.observer.clone());
        Hedging::new(rules, Repeated::new(operation), env.timer.clone())
    }
}
