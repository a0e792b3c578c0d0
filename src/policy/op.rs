//! What is called through a stack: it is used up by its call, and says whether there can be another.

use super::Error;
use crate::retry::{Attempt, Operation, Repeat};
use crate::sys::opaque::opaque;
use core::pin::Pin;
use core::task::{Context, Poll};

/// An operation that a [`Policy`](super::Policy) calls: by value, once, and again if it can be.
///
/// A request that is not `Clone` passes every policy this way; only what repeats (a retry, a hedge) asks for another, and goes without where there
/// is none. Functions become operations by [`IntoOp`], one that can be called only once by [`once`].
pub trait Op: Sized {
    /// When it goes well.
    type Ok;
    /// When it does not.
    type Err;
    /// The future of its call.
    type Future: Future<Output = Result<Self::Ok, Self::Err>>;

    /// Calls it.
    fn call(self, attempt: Attempt) -> Self::Future;

    /// Another one like it, if there can be one. Asked for before the call, and only by who may need it.
    fn again(&self) -> Option<Self>;
}

/// What can be run through a stack: a function without arguments, one that takes the [`Attempt`], or an [`Op`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no operation that a stack can run",
    label = "not a function that gives a future of a `Result`",
    note = "it takes a function without arguments or one that takes the `Attempt`, and not the future itself; the future gives a `Result`",
    note = "the function is `Clone`, so that it can be repeated; where it is not, `once(..)` takes it"
)]
pub trait IntoOp<Arguments> {
    /// The operation it makes.
    type Op: Op;

    /// Makes it.
    fn into_op(self) -> Self::Op;
}

impl<F: FnOnce() -> Fut + Clone, Fut: Future<Output = Result<V, X>>, V, X> IntoOp<()> for F {
    type Op = Plain<F>;

    #[inline]
    fn into_op(self) -> Plain<F> {
        Plain(self)
    }
}

impl<F: FnOnce(Attempt) -> Fut + Clone, Fut: Future<Output = Result<V, X>>, V, X> IntoOp<(Attempt,)> for F {
    type Op = Numbered<F>;

    #[inline]
    fn into_op(self) -> Numbered<F> {
        Numbered(self)
    }
}

impl<O: Op> IntoOp<O> for O {
    type Op = O;

    #[inline]
    fn into_op(self) -> O {
        self
    }
}

/// A function without arguments, repeated by its clones.
#[derive(Clone, Copy)]
pub struct Plain<F>(F);

impl<F: FnOnce() -> Fut + Clone, Fut: Future<Output = Result<V, X>>, V, X> Op for Plain<F> {
    type Ok = V;
    type Err = X;
    type Future = Fut;

    #[inline(always)]
    fn call(self, _: Attempt) -> Fut {
        (self.0)()
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// A function that is told which attempt it is, repeated by its clones.
#[derive(Clone, Copy)]
pub struct Numbered<F>(F);

impl<F: FnOnce(Attempt) -> Fut + Clone, Fut: Future<Output = Result<V, X>>, V, X> Op for Numbered<F> {
    type Ok = V;
    type Err = X;
    type Future = Fut;

    #[inline(always)]
    fn call(self, attempt: Attempt) -> Fut {
        (self.0)(attempt)
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// An operation that can be called only once: it need not be `Clone`, and is never repeated.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::policy::{Timeout, once, stack};
///
/// struct Request(String); // no clone
/// let request = Request("hello".to_owned());
/// let calls = stack((Timeout::new(Duration::from_secs(1)),)).on(&rt);
/// let sent = calls.run(once(|| async move { Ok::<_, ()>(request.0.len()) })).await;
/// assert_eq!(sent.unwrap(), 5);
/// # });
/// ```
pub const fn once<F, Fut, V, X>(operation: F) -> Once<F>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<V, X>>,
{
    Once(operation)
}

/// A function that is called once. Made by [`once`].
#[derive(Clone, Copy)]
#[must_use = "it is called by what it is given to"]
pub struct Once<F>(F);

impl<F: FnOnce() -> Fut, Fut: Future<Output = Result<V, X>>, V, X> Op for Once<F> {
    type Ok = V;
    type Err = X;
    type Future = Fut;

    #[inline(always)]
    fn call(self, _: Attempt) -> Fut {
        (self.0)()
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        None
    }
}

/// The operation in the middle of a stack: its error has become the stack's.
#[derive(Clone, Copy)]
pub struct Lifted<O>(pub(super) O);

impl<O: Op> Op for Lifted<O> {
    type Ok = O::Ok;
    type Err = Error<O::Err>;
    type Future = Lift<O::Future>;

    #[inline(always)]
    fn call(self, attempt: Attempt) -> Lift<O::Future> {
        Lift { future: self.0.call(attempt) }
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        self.0.again().map(Self)
    }
}

pin_project_lite::pin_project! {
    /// The future of what is [`Lifted`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Lift<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future<Output = Result<V, X>>, V, X> Future for Lift<F> {
    type Output = Result<V, Error<X>>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(cx).map_err(Error::failed)
    }
}

/// An operation as what repeats wants it: there is one more as long as it gives one.
pub struct Repeated<O> {
    next: Option<O>,
}

impl<O> Repeated<O> {
    #[inline]
    pub(super) const fn new(operation: O) -> Self {
        Self { next: Some(operation) }
    }
}

impl<O: Op> Operation for Repeated<O> {
    type Ok = O::Ok;
    type Err = O::Err;
}

impl<O: Op, T> Repeat<T> for Repeated<O> {
    type Future = O::Future;

    #[inline(always)]
    fn start(&mut self, attempt: Attempt, _: &T) -> O::Future {
        let operation = self.next.take().expect("it was asked whether there is one more");
        self.next = operation.again();
        operation.call(attempt)
    }

    #[inline]
    fn can_start(&self) -> bool {
        self.next.is_some()
    }

    #[inline]
    fn finish(&mut self, output: Result<O::Ok, O::Err>) -> Result<O::Ok, O::Err> {
        output
    }
}

opaque!(Plain<F> Numbered<F> Once<F> Lifted<O> Lift<F> Repeated<O>);
