//! What is tried: an operation that can be called again.

use crate::sys::opaque::opaque;
use core::fmt;

/// One call of an operation: the first has the number 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Attempt {
    number: u32,
}

impl Attempt {
    pub(crate) const FIRST: Self = Self::new(1);

    pub(crate) const fn new(number: u32) -> Self {
        Self { number }
    }

    /// Which one it is; the first is 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// Whether nothing has failed yet.
    #[must_use]
    pub const fn is_first(self) -> bool {
        self.number == 1
    }
}

/// `attempt 2`
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "attempt {}", self.number)
    }
}

/// What an operation comes to.
pub trait Operation {
    /// When it goes well.
    type Ok;
    /// When it does not.
    type Err;
}

/// An [`Operation`] that can be called again, on a timer.
///
/// What it is implemented for comes from [`retry`](fn@super::retry), [`Retryable`](super::Retryable) and
/// [`retry_with`](super::retry_with).
pub trait Repeat<T>: Operation {
    /// The future of one call.
    type Future: Future;

    /// Calls it.
    fn start(&mut self, attempt: Attempt, timer: &T) -> Self::Future;

    /// Whether it can be called once more. What was called already and cannot be repeated says no.
    #[inline]
    fn can_start(&self) -> bool {
        true
    }

    /// What the future came to.
    ///
    /// # Errors
    /// Those of the operation.
    fn finish(&mut self, output: <Self::Future as Future>::Output) -> Result<Self::Ok, Self::Err>;
}

/// A function that is told which attempt it is.
#[derive(Clone, Copy)]
pub struct Numbered<F>(pub(crate) F);

impl<F: FnMut(Attempt) -> Fut, Fut: Future<Output = Result<V, E>>, V, E> Operation for Numbered<F> {
    type Ok = V;
    type Err = E;
}

impl<F: FnMut(Attempt) -> Fut, Fut: Future<Output = Result<V, E>>, V, E, T> Repeat<T> for Numbered<F> {
    type Future = Fut;

    #[inline]
    fn start(&mut self, attempt: Attempt, _: &T) -> Fut {
        (self.0)(attempt)
    }

    #[inline]
    fn finish(&mut self, output: Result<V, E>) -> Result<V, E> {
        output
    }
}

/// A function without arguments.
#[derive(Clone, Copy)]
pub struct Plain<F>(pub(super) F);

impl<F: FnMut() -> Fut, Fut: Future<Output = Result<V, E>>, V, E> Operation for Plain<F> {
    type Ok = V;
    type Err = E;
}

impl<F: FnMut() -> Fut, Fut: Future<Output = Result<V, E>>, V, E, T> Repeat<T> for Plain<F> {
    type Future = Fut;

    #[inline]
    fn start(&mut self, _: Attempt, _: &T) -> Fut {
        (self.0)()
    }

    #[inline]
    fn finish(&mut self, output: Result<V, E>) -> Result<V, E> {
        output
    }
}

/// A function that takes what it works on, and gives it back with its result. Of [`retry_with`](super::retry_with).
#[derive(Clone, Copy)]
pub struct Carrying<C, F> {
    /// Gone while a call has it.
    pub(super) context: Option<C>,
    pub(super) f: F,
}

impl<C, F: FnMut(C, Attempt) -> Fut, Fut: Future<Output = (C, Result<V, E>)>, V, E> Operation
    for Carrying<C, F>
{
    type Ok = V;
    type Err = E;
}

impl<C, F: FnMut(C, Attempt) -> Fut, Fut: Future<Output = (C, Result<V, E>)>, V, E, T> Repeat<T>
    for Carrying<C, F>
{
    type Future = Fut;

    #[inline]
    fn start(&mut self, attempt: Attempt, _: &T) -> Fut {
        let context = self.context.take().expect("every call gives it back");
        (self.f)(context, attempt)
    }

    #[inline]
    fn finish(&mut self, (context, result): (C, Result<V, E>)) -> Result<V, E> {
        self.context = Some(context);
        result
    }
}

/// An async closure that may borrow. Of [`retry_async`](super::retry_async).
#[derive(Clone, Copy)]
pub struct Lending<F>(pub(super) F);

impl<F: AsyncFnMut(Attempt) -> Result<V, E>, V, E> Operation for Lending<F> {
    type Ok = V;
    type Err = E;
}

opaque!(Numbered<F> Plain<F> Carrying<C, F> Lending<F>);
