//! The parts that are gates: by reference, by an `Arc` where what they run is spawned, by an `Rc` where that stays on its thread.

use super::error::{Cause, Error};
use super::gate::{Counts, Gate, Refusal, gates};
use super::verdict::Verdict;
use crate::fault::CircuitBreaker;
use crate::fault::breaker::{self, Transition};
use crate::limit::{AdaptiveLimit, Bulkhead, RateLimiter, adaptive, bulkhead, rate};
use crate::retry::schedule::Schedule;
use crate::sys::opaque::opaque;
use crate::time::{Clock, Entropy, MaybeTimer, Timer};
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::future::{Ready, ready};
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// The wait for a gate.
    #[must_use = "futures do nothing unless polled"]
    pub struct Admission<F> {
        #[pin]
        acquire: F,
    }
}

impl<F: Future<Output = Result<P, R>>, P, R: Into<Refusal>> Future for Admission<F> {
    type Output = Result<P, Refusal>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().acquire.poll(cx).map_err(Into::into)
    }
}

opaque!(Admission<F>);

impl From<bulkhead::AcquireError> for Refusal {
    fn from(full: bulkhead::AcquireError) -> Self {
        Self::Full(full)
    }
}

impl From<adaptive::AcquireError> for Refusal {
    fn from(_: adaptive::AcquireError) -> Self {
        Self::Full(bulkhead::AcquireError::Closed)
    }
}

impl From<rate::AcquireError> for Refusal {
    fn from(error: rate::AcquireError) -> Self {
        Self::Limited(rate::TryAcquireError::TooLarge { burst: error.burst() })
    }
}

/// A breaker counts every error of what it lets through, but for what was refused inside of it and so was not called.
macro_rules! breakers {
    ($([$($lifetime:lifetime)?] $holder:ty;)*) => {$(
        impl<$($lifetime,)? C: Clock, S: Schedule + Clone, M: Entropy, V, X> Gate<Result<V, Error<X>>> for $holder {
            const NAME: &'static str = "breaker";
            type Pass = breaker::Permit<Self>;
            type Admission = Ready<Result<Self::Pass, Refusal>>;

            #[inline]
            fn try_admit(&self) -> Option<Self::Pass> {
                CircuitBreaker::acquire_at_once(self.clone())
            }

            fn admit(self) -> Self::Admission {
                ready(CircuitBreaker::try_acquire_owned(self).map_err(Refusal::Open))
            }

            #[inline]
            fn admitted(admission: Result<&Self::Pass, &Refusal>) -> Option<Transition> {
                match admission {
                    Ok(pass) => pass.transition(),
                    Err(Refusal::Open(rejected)) => rejected.transition(),
                    Err(_) => None,
                }
            }

            #[inline]
            fn settle(pass: Self::Pass, result: &Result<V, Error<X>>) -> Option<Transition> {
                pass.record(match result {
                    Ok(_) => Verdict::Success,
                    Err(error) if error.is_refused() => Verdict::Ignore,
                    Err(_) => Verdict::Failure,
                })
            }
        }

        impl<$($lifetime,)? C: Clock, S: Schedule + Clone, M: Entropy, V, X> Counts<Result<V, Error<X>>> for $holder {
            #[inline]
            fn count(pass: Self::Pass, verdict: Verdict) -> Option<Transition> {
                pass.record(verdict)
            }
        }

        gates!([$($lifetime,)? C: Clock, S: Schedule + Clone, M: Entropy,] $holder;);
    )*};
}

breakers!(['h] &'h CircuitBreaker<C, S, M>; [] Arc<CircuitBreaker<C, S, M>>; [] Rc<CircuitBreaker<C, S, M>>;);

/// Who waits in the line of a bulkhead runs when it is its turn.
macro_rules! bulkheads {
    ($([$($lifetime:lifetime)?] $holder:ty;)*) => {$(
        impl<$($lifetime,)? Tm: MaybeTimer, R> Gate<R> for $holder {
            const NAME: &'static str = "bulkhead";
            type Pass = bulkhead::Permit<Self>;
            type Admission = Admission<bulkhead::Acquire<Self>>;

            #[inline]
            fn try_admit(&self) -> Option<Self::Pass> {
                Bulkhead::try_acquire_owned(self.clone()).ok()
            }

            fn admit(self) -> Self::Admission {
                Admission { acquire: Bulkhead::acquire_owned(self) }
            }

            #[inline]
            fn settle(_: Self::Pass, _: &R) -> Option<Transition> {
                None
            }
        }

        gates!([$($lifetime,)? Tm: MaybeTimer,] $holder;);
    )*};
}

bulkheads!(['h] &'h Bulkhead<Tm>; [] Arc<Bulkhead<Tm>>; [] Rc<Bulkhead<Tm>>;);

/// Who waits for a cell runs when it has it. See [`Reject`] for one that does not wait.
macro_rules! limiters {
    ($([$($lifetime:lifetime)?] $holder:ty;)*) => {$(
        impl<$($lifetime,)? Tm: Timer, R> Gate<R> for $holder {
            const NAME: &'static str = "rate limiter";
            type Pass = ();
            type Admission = Admission<rate::Acquire<Self, Tm>>;

            #[inline]
            fn try_admit(&self) -> Option<()> {
                self.try_acquire(1).ok()
            }

            fn admit(self) -> Self::Admission {
                Admission { acquire: RateLimiter::acquire_owned(self, 1) }
            }

            #[inline]
            fn settle((): (), _: &R) -> Option<Transition> {
                None
            }
        }

        gates!([$($lifetime,)? Tm: Timer,] $holder;);
    )*};
}

limiters!(['h] &'h RateLimiter<Tm>; [] Arc<RateLimiter<Tm>>; [] Rc<RateLimiter<Tm>>;);

/// An adaptive limit learns from values and from time-outs: an error of the operation's own may say anything. See [`Counting`](super::Counting).
macro_rules! adaptives {
    ($([$($lifetime:lifetime)?] $holder:ty;)*) => {$(
        impl<$($lifetime,)? A: adaptive::Algorithm, C: Clock, V, X> Gate<Result<V, Error<X>>> for $holder {
            const NAME: &'static str = "adaptive limit";
            type Pass = adaptive::Permit<Self>;
            type Admission = Admission<adaptive::Acquire<Self>>;

            #[inline]
            fn try_admit(&self) -> Option<Self::Pass> {
                AdaptiveLimit::try_acquire_owned(self.clone()).ok()
            }

            fn admit(self) -> Self::Admission {
                Admission { acquire: AdaptiveLimit::acquire_owned(self) }
            }

            fn settle(pass: Self::Pass, result: &Result<V, Error<X>>) -> Option<Transition> {
                let verdict = match result.as_ref().map_err(Error::cause) {
                    Ok(_) => Verdict::Success,
                    Err(Cause::TimedOut(_)) => Verdict::Failure,
                    Err(_) => Verdict::Ignore,
                };
                <Self as Counts<Result<V, Error<X>>>>::count(pass, verdict)
            }
        }

        impl<$($lifetime,)? A: adaptive::Algorithm, C: Clock, V, X> Counts<Result<V, Error<X>>> for $holder {
            fn count(pass: Self::Pass, verdict: Verdict) -> Option<Transition> {
                match verdict {
                    Verdict::Success => pass.success(),
                    Verdict::Failure => pass.overload(),
                    Verdict::Ignore => pass.ignore(),
                }
                None
            }
        }

        gates!([$($lifetime,)? A: adaptive::Algorithm, C: Clock,] $holder;);
    )*};
}

adaptives!(['h] &'h AdaptiveLimit<A, C>; [] Arc<AdaptiveLimit<A, C>>; [] Rc<AdaptiveLimit<A, C>>;);
