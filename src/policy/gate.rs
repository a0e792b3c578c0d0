//! What lets an operation in or keeps it out: bulkheads, limits, breakers, all in one shell.

use super::env::Env;
use super::error::{Cause, Error};
use super::op::Op;
use crate::fault::breaker::{self, Verdict};
use crate::limit::{bulkhead, rate};
use crate::observe::{Event, Observer, Value};
use crate::retry::Attempt;
use alloc::string::ToString;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

/// Lets an operation in, or not, and may learn from its result of type `R`. What is implemented for it is the table of
/// [the module](super).
pub trait Gate<R>: Clone {
    /// As it is told to the observer.
    const NAME: &'static str;

    /// What is held while the operation runs.
    type Pass;
    /// The wait for it.
    type Admission: Future<Output = Result<Self::Pass, Refusal>>;

    /// Lets it in at once, where nothing stands against it. `None` else: [`admit`](Self::admit) says what.
    fn try_admit(&self) -> Option<Self::Pass>;

    /// Waits to be let in.
    fn admit(self) -> Self::Admission;

    /// What became of a breaker by asking it.
    #[inline]
    #[must_use]
    fn admitted(admission: Result<&Self::Pass, &Refusal>) -> Option<breaker::Transition> {
        let _ = admission;
        None
    }

    /// The operation has ended, and is gone. Gives what became of a breaker by it.
    fn settle(pass: Self::Pass, result: &R) -> Option<breaker::Transition>;
}

/// A [`Gate`] to which somebody else may say what a result counts for: see [`counting`](super::counting).
pub trait Counts<R>: Gate<R> {
    /// Counts one.
    fn count(pass: Self::Pass, verdict: Verdict) -> Option<breaker::Transition>;
}

/// Why a [`Gate`] let nothing in.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// Of a breaker.
    Open(breaker::Rejected),
    /// Of a bulkhead or an adaptive limit.
    Full(bulkhead::AcquireError),
    /// Of a rate limiter.
    Limited(rate::TryAcquireError),
}

impl Refusal {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Open(rejected) => rejected.retry_after(),
            Self::Limited(limited) => limited.retry_after(),
            Self::Full(_) => None,
        }
    }

    /// In a word or two, for an event: what refused it says the rest.
    const fn why(&self) -> &'static str {
        match self {
            Self::Open(rejected) => match rejected.reason() {
                breaker::Reason::Open => "open",
                breaker::Reason::HalfOpen => "half open",
                breaker::Reason::Forced => "forced open",
                breaker::Reason::Isolated => "isolated",
            },
            Self::Full(bulkhead::AcquireError::Full) => "full",
            Self::Full(bulkhead::AcquireError::TimedOut) => "waited too long",
            Self::Full(bulkhead::AcquireError::Closed) => "closed",
            Self::Limited(rate::TryAcquireError::Denied { .. }) => "too many",
            Self::Limited(rate::TryAcquireError::TooLarge { .. }) => "never",
        }
    }

    #[cold]
    fn told<X>(self, by: &'static str, observer: &impl Observer) -> Error<X> {
        if observer.is_listening() {
            let event =
                Event::new("refused").field("by", Value::Text(by)).field("why", Value::Text(self.why()));
            observer.on(&match self.retry_after() {
                Some(wait) => event.field("retry_after", Value::Duration(wait)),
                None => event,
            });
        }
        Error::of(match self {
            Self::Open(rejected) => {
                Cause::Open { reason: rejected.reason(), retry_after: rejected.retry_after() }
            }
            Self::Full(full) => Cause::Full(full),
            Self::Limited(limited) => Cause::Limited(limited),
        })
    }
}

pin_project_lite::pin_project! {
    /// An operation that runs when its [`Gate`] has let it in.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in line, or drops the operation and then gives its place back. A breaker counts nothing for it.
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Passing<G: Gate<Result<O::Ok, O::Err>>, O: Op, W> {
        #[pin]
        state: State<G, G::Admission, G::Pass, O, O::Future>,
        observer: W,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum State<G, A, P, O, F> {
        /// Nothing there when it has ended.
        Idle { start: Option<(G, O, Attempt)> },
        Waiting { #[pin] admission: A, start: Option<(O, Attempt)> },
        // In this order: the operation is gone before its place is free.
        Running { #[pin] future: F, pass: Option<P> },
    }
}

type Outcome<O> = Result<<O as Op>::Ok, <O as Op>::Err>;

impl<G, O, X, W> Passing<G, O, W>
where
    G: Gate<Outcome<O>>,
    O: Op<Err = Error<X>>,
    W: Observer,
{
    /// It is let in: the operation is called.
    #[inline(always)]
    fn begin(self: Pin<&mut Self>, pass: G::Pass, operation: O, attempt: Attempt) {
        let mut state = self.project().state;
        state.set(State::Running { future: operation.call(attempt), pass: Some(pass) });
    }

    /// Polls what was let in. The result stays where it was written: to move it would cost more than the rest.
    #[inline(always)]
    fn poll_call(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome<O>> {
        let mut this = self.project();
        let Projected::Running { future, pass } = this.state.as_mut().project() else {
            unreachable!("it was let in")
        };
        let polled = future.poll(cx);
        if let Poll::Ready(result) = &polled {
            let pass = pass.take().expect("it is held while the operation runs");
            this.state.set(State::Idle { start: None });
            if let Some(transition) = G::settle(pass, result) {
                tell_transition(&transition, this.observer);
            }
        }
        polled
    }

    /// Waits to be let in, from the poll on in which it was not.
    #[inline(never)] // who is let in at once is inlined where it is awaited
    fn wait(
        mut self: Pin<&mut Self>,
        gate: Option<(G, O, Attempt)>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Error<X>>> {
        let mut state = self.as_mut().project().state;
        if let Some((gate, operation, attempt)) = gate {
            state.set(State::Waiting { admission: gate.admit(), start: Some((operation, attempt)) });
        }
        let Projected::Waiting { admission, start } = state.as_mut().project() else {
            unreachable!("it waits")
        };
        let admitted = ready!(admission.poll(cx));
        let (operation, attempt) = start.take().expect("it is let in once");
        let mut this = self.as_mut().project();
        this.state.set(State::Idle { start: None });
        if let Some(transition) = G::admitted(admitted.as_ref()) {
            tell_transition(&transition, this.observer);
        }
        match admitted {
            Ok(pass) => self.begin(pass, operation, attempt),
            Err(refusal) => return Poll::Ready(Err(refusal.told(G::NAME, this.observer))),
        }
        Poll::Ready(Ok(()))
    }
}

impl<G, O, X, W> Future for Passing<G, O, W>
where
    G: Gate<Outcome<O>>,
    O: Op<Err = Error<X>>,
    W: Observer,
{
    type Output = Outcome<O>;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.as_mut().project().state.project() {
            Projected::Running { .. } => {}
            Projected::Waiting { .. } => ready!(self.as_mut().wait(None, cx))?,
            Projected::Idle { start } => {
                let (gate, operation, attempt) = start.take().expect("polled again after it was ready");
                match gate.try_admit() {
                    Some(pass) => self.as_mut().begin(pass, operation, attempt),
                    None => ready!(self.as_mut().wait(Some((gate, operation, attempt)), cx))?,
                }
            }
        }
        self.poll_call(cx)
    }
}

#[cold]
fn tell_transition(transition: &breaker::Transition, observer: &impl Observer) {
    if observer.is_listening() {
        let [from, to, why] = [&transition.from as &dyn fmt::Display, &transition.to, &transition.why];
        let [from, to, why] = [from, to, why].map(ToString::to_string);
        let event = Event::new("breaker").field("from", Value::Text(&from)).field("to", Value::Text(&to));
        observer.on(&event.field("why", Value::Text(&why)));
    }
}

impl<G: Gate<Result<O::Ok, O::Err>>, O: Op, W> fmt::Debug for Passing<G, O, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passing").field("gate", &G::NAME).finish_non_exhaustive()
    }
}

/// Makes a policy of a gate.
macro_rules! gates {
    ($([$($parameters:tt)*] $gate:ty;)*) => {$(
        impl<$($parameters)* O, X, T, W, N> $crate::policy::Policy<O, $crate::policy::Env<T, W, N>> for $gate
        where
            Self: $crate::policy::Gate<Result<O::Ok, $crate::policy::Error<X>>>,
            O: $crate::policy::Op<Err = $crate::policy::Error<X>>,
            W: $crate::observe::Observer + Clone,
        {
            type Ok = O::Ok;
            type Err = $crate::policy::Error<X>;
            type Future = $crate::policy::Passing<Self, O, W>;

            #[inline(always)]
            fn run(
                &self,
                operation: O,
                env: &$crate::policy::Env<T, W, N>,
                attempt: $crate::retry::Attempt,
            ) -> Self::Future {
                $crate::policy::Passing::new(self.clone(), operation, env, attempt)
            }
        }
    )*};
}
pub(super) use gates;

impl<G: Gate<Result<O::Ok, O::Err>>, O: Op, W: Clone> Passing<G, O, W> {
    #[inline(always)]
    pub(super) fn new<T, N>(gate: G, operation: O, env: &Env<T, W, N>, attempt: Attempt) -> Self {
        let state = State::Idle { start: Some((gate, operation, attempt)) };
        Self { state, observer: env.observer.clone() }
    }
}
