//! What is given for which failures: the first arm that fits, in the order in which they were said.

use crate::fault::fallback::{Instead, Untaken};
use crate::fault::{Fault, Kind};
use crate::sys::opaque::opaque;
use core::future::Pending;
use core::pin::Pin;
use core::task::{Context, Poll};

/// No arm: every failure goes on.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct NoArms;

impl<V, X> Instead<Result<V, X>> for NoArms {
    type Err = X;
    type Future = Pending<Result<V, X>>;

    fn take(self, _: &X) -> Result<Self::Future, Untaken> {
        Err(Untaken::Open)
    }
}

/// For failures of a kind. See [`Boundary::on_timeout`](super::Boundary::on_timeout).
#[derive(Clone, Copy)]
pub struct OnKind<A, H> {
    pub(super) before: A,
    pub(super) kind: Kind,
    pub(super) instead: H,
}

/// For those of which a function says so. See [`Boundary::when`](super::Boundary::when).
#[derive(Clone, Copy)]
pub struct When<A, F, H> {
    pub(super) before: A,
    pub(super) fits: F,
    pub(super) instead: H,
}

/// For all that are left. See [`Boundary::fallback`](super::Boundary::fallback).
#[derive(Clone, Copy)]
pub struct Otherwise<A, H> {
    pub(super) before: A,
    pub(super) instead: H,
}

/// They go on as they are. See [`Boundary::goes_on`](super::Boundary::goes_on).
#[derive(Clone, Copy)]
pub struct GoesOn<A, F> {
    pub(super) before: A,
    pub(super) fits: F,
}

impl<V, X, A, F, H> Instead<Result<V, X>> for When<A, F, H>
where
    A: Instead<Result<V, X>, Err = X>,
    F: FnOnce(&X) -> bool,
    H: Instead<Result<V, X>, Err = X>,
{
    type Err = X;
    type Future = Either<A::Future, H::Future>;

    fn take(self, error: &X) -> Result<Self::Future, Untaken> {
        match self.before.take(error) {
            Ok(first) => Ok(Either::first(first)),
            Err(Untaken::Open) if (self.fits)(error) => self.instead.take(error).map(Either::second),
            Err(untaken) => Err(untaken),
        }
    }
}

impl<V, X: Fault, A, H> Instead<Result<V, X>> for OnKind<A, H>
where
    A: Instead<Result<V, X>, Err = X>,
    H: Instead<Result<V, X>, Err = X>,
{
    type Err = X;
    type Future = Either<A::Future, H::Future>;

    fn take(self, error: &X) -> Result<Self::Future, Untaken> {
        let Self { before, kind, instead } = self;
        When { before, fits: |error: &X| error.kind() == kind, instead }.take(error)
    }
}

impl<V, X, A, H> Instead<Result<V, X>> for Otherwise<A, H>
where
    A: Instead<Result<V, X>, Err = X>,
    H: Instead<Result<V, X>, Err = X>,
{
    type Err = X;
    type Future = Either<A::Future, H::Future>;

    fn take(self, error: &X) -> Result<Self::Future, Untaken> {
        let Self { before, instead } = self;
        When { before, fits: |_: &X| true, instead }.take(error)
    }
}

impl<V, X, A, F> Instead<Result<V, X>> for GoesOn<A, F>
where
    A: Instead<Result<V, X>, Err = X>,
    F: FnOnce(&X) -> bool,
{
    type Err = X;
    type Future = A::Future;

    fn take(self, error: &X) -> Result<Self::Future, Untaken> {
        match self.before.take(error) {
            Err(Untaken::Open) if (self.fits)(error) => Err(Untaken::Final),
            taken => taken,
        }
    }
}

pin_project_lite::pin_project! {
    /// The future of one arm, or of another before it.
    #[must_use = "futures do nothing unless polled"]
    pub struct Either<F, G> {
        #[pin]
        one: One<F, G>,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum One<F, G> {
        First { #[pin] first: F },
        Second { #[pin] second: G },
    }
}

impl<F, G> Either<F, G> {
    const fn first(first: F) -> Self {
        Self { one: One::First { first } }
    }

    const fn second(second: G) -> Self {
        Self { one: One::Second { second } }
    }
}

impl<F: Future, G: Future<Output = F::Output>> Future for Either<F, G> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.project().one.project() {
            Projected::First { first } => first.poll(cx),
            Projected::Second { second } => second.poll(cx),
        }
    }
}

opaque!(OnKind<A, H> When<A, F, H> Otherwise<A, H> GoesOn<A, F> Either<F, G>);
