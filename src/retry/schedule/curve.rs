//! A curve that is chosen while the program runs.

use super::{Backoff, Constant, Decorrelated, Exponential, Fibonacci, Linear, Schedule, Step};
use crate::time::Entropy;
use core::time::Duration;

/// Any of the curves, where the type cannot say which: chosen by a file, a flag, a user.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub enum Curve {
    /// Of [`constant`](super::constant).
    Constant(Constant),
    /// Of [`linear`](super::linear).
    Linear(Linear),
    /// Of [`exponential`](super::exponential).
    Exponential(Exponential),
    /// Of [`fibonacci`](super::fibonacci).
    Fibonacci(Fibonacci),
    /// Of [`decorrelated`](super::decorrelated).
    Decorrelated(Decorrelated),
}

impl Schedule for Curve {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        match self {
            Self::Constant(curve) => curve.next_delay(step, entropy),
            Self::Linear(curve) => curve.next_delay(step, entropy),
            Self::Exponential(curve) => curve.next_delay(step, entropy),
            Self::Fibonacci(curve) => curve.next_delay(step, entropy),
            Self::Decorrelated(curve) => curve.next_delay(step, entropy),
        }
    }
}

macro_rules! from {
    ($($curve:ident)*) => {$(
        impl From<$curve> for Curve {
            fn from(curve: $curve) -> Self {
                Self::$curve(curve)
            }
        }
    )*};
}

from!(Constant Linear Exponential Fibonacci Decorrelated);

impl<C: Into<Curve>> Backoff<C> {
    /// The same, with a type that does not say which curve it is.
    pub fn any(self) -> Backoff<Curve> {
        self.around(Into::into)
    }
}
