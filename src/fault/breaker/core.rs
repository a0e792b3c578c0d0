//! The breaker and its verbs.

use super::builder::Builder;
use super::error::Rejected;
use super::holder::Holder;
use super::isolation::Isolation;
use super::kernel::Kernel;
use super::openings::Slot;
use super::permit::Permit;
use super::run::Run;
use super::stats::Stats;
use super::told::Told;
use super::transition::State;
use super::transitions::Transitions;
use super::verdict::{EveryError, Judge, Verdict};
use crate::retry::schedule::{Backoff, Constant, Schedule};
use crate::sys::atomic::AtomicU64;
use crate::sys::lock::Lock;
use crate::time::{Clock, Entropy, SystemEntropy};
use core::fmt;

/// Keeps calls away from a service that fails, and lets a few through from time to time to learn whether it is up again.
///
/// A shared object: in a `static`, an `Arc`, or a struct of yours. Its time is that of the clock it is given. What opens it, for how long,
/// and what closes it again is said by a [`Builder`]; [`new`](Self::new) has its defaults.
///
/// Every call is let through in a generation, and what it says when it ends is heard in that generation alone: a late result never
/// opens, closes or counts in another state than the one it was let through in.
///
/// # Clocks that step back
/// It stays open from then on for as long as it should have, and no longer; a window of time that lies ahead begins anew.
/// # Examples
/// ```
/// untether::rt::threads::block_on(async |rt| {
///     use untether::fault::CircuitBreaker;
///     use untether::fault::breaker::{Reason, RunError};
///
///     let breaker = CircuitBreaker::builder().consecutive(2).build(rt);
///     let fetch = async || Err::<(), _>("connection refused");
///     for _ in 0..2 {
///         assert_eq!(breaker.run(fetch).await.unwrap_err().failed(), Some("connection refused"));
///     }
///     let Err(RunError::Rejected(rejected)) = breaker.run(fetch).await else { panic!("it is open") };
///     assert_eq!(rejected.reason(), Reason::Open);
///     let _not_called = rejected.into_inner();
/// });
/// ```
#[doc(alias = "circuit breaker")]
#[doc(alias = "recloser")]
#[doc(alias = "failsafe")]
pub struct CircuitBreaker<C, S = Backoff<Constant>, E = SystemEntropy> {
    /// What a look is enough for. Written under the lock.
    pub(super) word: AtomicU64,
    /// Which slot of a window of time is filled. Written under the lock.
    pub(super) slot: AtomicU64,
    pub(super) plan: Builder<S, E>,
    pub(super) clock: C,
    pub(super) shared: Shared<S>,
}

pub(super) type Shared<S> = Lock<Inner<S>>;

pub(super) struct Inner<S> {
    pub(super) kernel: Kernel,
    pub(super) slot: Slot<S>,
    pub(super) told: Told,
}

impl CircuitBreaker<()> {
    /// For what opens it, for how long, and what closes it.
    pub const fn builder() -> Builder {
        Builder::new()
    }
}

impl<C> CircuitBreaker<C> {
    /// With the defaults of a [`Builder`]: it opens after 5 failures in a row, for 30 s or half of that less or more, and a call that goes well
    /// then closes it.
    #[must_use]
    pub const fn new(clock: C) -> Self {
        Builder::new().build(clock)
    }
}

impl<C, S, E> CircuitBreaker<C, S, E> {
    /// By rules that were completed.
    pub(super) const fn of(plan: Builder<S, E>, clock: C) -> Self {
        let kernel = Kernel::new(&plan.rules);
        Self {
            word: AtomicU64::new(kernel.word()),
            slot: AtomicU64::new(0),
            shared: Lock::new(Inner { kernel, slot: Slot::new(), told: Told::new() }),
            plan,
            clock,
        }
    }

    /// Its state. Open stays open until a call comes when it is time to probe.
    #[must_use]
    pub fn state(&self) -> State {
        self.shared.with(|inner| inner.kernel.state())
    }

    /// The clock it was given.
    pub const fn clock(&self) -> &C {
        &self.clock
    }
}

impl<C: Clock, S: Schedule + Clone, E: Entropy> CircuitBreaker<C, S, E> {
    /// Calls `operation` if it is let through, and counts how its future ends: an `Err` is a failure.
    ///
    /// # Cancel safety
    /// Dropping the future drops the operation's, and says nothing of the service: the place of a probe is free for another.
    /// # Errors
    /// [`RunError`](super::RunError): the operation's own error, or a refusal that gives the operation back, which was not called.
    /// # Panics
    /// If the operation does. That counts for nothing.
    #[inline]
    pub const fn run<F, Fut, V, X>(&self, operation: F) -> Run<&Self, F, Fut>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, X>>,
    {
        Run::new(self, operation, EveryError)
    }

    /// As [`run`](Self::run), with a verdict on what the operation's future gives: where not every error says that the service is not well.
    ///
    /// # Cancel safety
    /// As of [`run`](Self::run).
    /// # Errors
    /// As of [`run`](Self::run).
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use untether::fault::CircuitBreaker;
    /// use untether::fault::breaker::Verdict;
    ///
    /// let breaker = CircuitBreaker::builder().consecutive(1).build(rt);
    /// let find = async || Err::<(), _>(404);
    /// let judge = |found: &Result<(), u16>| match found {
    ///     Err(500..) => Verdict::Failure,
    ///     _ => Verdict::Success,
    /// };
    /// assert_eq!(breaker.run_judged(find, judge).await.unwrap_err().failed(), Some(404));
    /// assert!(breaker.try_acquire().is_ok());
    /// # });
    /// ```
    #[inline]
    pub const fn run_judged<F, Fut, V, X, J>(&self, operation: F, judge: J) -> Run<&Self, F, Fut, J>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, X>>,
        J: FnOnce(&Result<V, X>) -> Verdict,
    {
        Run::new(self, operation, judge)
    }

    /// As [`run`](Self::run) or [`run_judged`](Self::run_judged), with a hold on the breaker of its own: an `Arc`, an `Rc`, or a [`Holder`] of
    /// yours. The judge is [`EveryError`], or a closure.
    ///
    /// # Cancel safety
    /// As of [`run`](Self::run).
    /// # Errors
    /// As of [`run`](Self::run).
    ///
    /// # Examples
    /// ```
    /// use std::sync::Arc;
    /// use untether::fault::CircuitBreaker;
    /// use untether::fault::breaker::EveryError;
    /// use untether::spawn::SpawnExt;
    ///
    /// untether::rt::threads::block_on(async |rt| {
    ///     let breaker = Arc::new(CircuitBreaker::new(rt.clone()));
    ///     let call = CircuitBreaker::run_owned(breaker.clone(), async || Ok::<_, ()>(7), EveryError);
    ///     assert_eq!(rt.spawn_task(call).unwrap().await.unwrap().unwrap(), 7);
    /// });
    /// ```
    #[inline]
    pub const fn run_owned<H, F, Fut, V, X, J>(holder: H, operation: F, judge: J) -> Run<H, F, Fut, J>
    where
        H: Holder<Clock = C, Schedule = S, Entropy = E>,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, X>>,
        J: Judge<V, X>,
    {
        Run::new(holder, operation, judge)
    }

    /// Asks whether a call may be made. Whoever makes it says by the [`Permit`] how it went.
    ///
    /// # Errors
    /// [`Rejected`] if it may not.
    #[inline]
    pub fn try_acquire(&self) -> Result<Permit<&Self>, Rejected> {
        Self::try_acquire_owned(self)
    }

    /// As [`try_acquire`](Self::try_acquire), for a permit that owns its hold on the breaker: an `Arc`, an `Rc`, or a [`Holder`] of yours.
    ///
    /// # Errors
    /// As of [`try_acquire`](Self::try_acquire).
    #[inline]
    pub fn try_acquire_owned<H>(holder: H) -> Result<Permit<H>, Rejected>
    where
        H: Holder<Clock = C, Schedule = S, Entropy = E>,
    {
        let (ticket, began) = holder.admit()?;
        Ok(Permit::new(holder, ticket, began))
    }

    /// A permit, where a look is enough for it: for those who ask in full when it is not.
    #[inline]
    pub(crate) fn acquire_at_once<H>(holder: H) -> Option<Permit<H>>
    where
        H: Holder<Clock = C, Schedule = S, Entropy = E>,
    {
        let (ticket, began) = holder.admit_by_look()?;
        Some(Permit::new(holder, ticket, began))
    }

    /// Refuses everybody, until something else is said: [`reset`](Self::reset), or [`force_closed`](Self::force_closed).
    pub fn force_open(&self) {
        self.change_now(Kernel::force_open);
    }

    /// Lets everybody through and counts nothing, until something else is said: [`reset`](Self::reset), or [`force_open`](Self::force_open).
    pub fn force_closed(&self) {
        self.change_now(Kernel::force_closed);
    }

    /// Closes it, as new: whatever was counted or forced is over, and calls that are under way are not heard. It stays isolated if it is.
    pub fn reset(&self) {
        self.change_now(Kernel::reset);
    }

    /// Refuses everybody as long as there is an [`Isolation`]; there may be several. Then it is again as it was, but that calls under way are not
    /// heard.
    pub fn isolate(&self) -> Isolation<&Self> {
        Isolation::new(self)
    }

    /// As [`isolate`](Self::isolate), with a hold on the breaker of its own.
    pub fn isolate_owned<H>(holder: H) -> Isolation<H>
    where
        H: Holder<Clock = C, Schedule = S, Entropy = E>,
    {
        Isolation::new(holder)
    }

    /// The changes of state from now on.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use futures_util::StreamExt;
    /// use untether::fault::CircuitBreaker;
    ///
    /// let breaker = CircuitBreaker::builder().consecutive(1).build(rt);
    /// let mut transitions = breaker.transitions();
    /// breaker.try_acquire().unwrap().failure();
    /// let opened = transitions.next().await.unwrap();
    /// assert_eq!(opened.to_string(), "closed -> open: failures in a row");
    /// # });
    /// ```
    pub fn transitions(&self) -> Transitions<&Self> {
        Transitions::new(self)
    }

    /// As [`transitions`](Self::transitions), with a hold on the breaker of its own.
    pub fn transitions_owned<H>(holder: H) -> Transitions<H>
    where
        H: Holder<Clock = C, Schedule = S, Entropy = E>,
    {
        Transitions::new(holder)
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let moment = self.plan.rules.is_timed().then(|| self.moment());
        self.look(moment)
    }
}

impl<C, S, E> fmt::Debug for CircuitBreaker<C, S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitBreaker").field("state", &self.state()).finish_non_exhaustive()
    }
}
