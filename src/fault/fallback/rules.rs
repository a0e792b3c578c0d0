//! What is said about a fallback: a plain value.

use super::cover::{Cover, EveryError, Observed, When};
use super::instead::{Calls, Instead, Untaken, Value, With};
use super::run::{Falling, Run};
use crate::observe::Observer;
use core::fmt;

/// Rules for a fallback: what is given instead of an error, of which errors, and who is told.
///
/// They are a value: a `const`, a field, a `Clone` or `Copy` where their parts are. What is given needs no `Clone` to be given once.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::fault::Fallback;
/// use untether::fault::fallback::Outcome;
///
/// async fn load(user: u32) -> Result<&'static str, u16> {
///     if user == 7 { Ok("Ada") } else { Err(503) }
/// }
/// const ANONYMOUS: Fallback<untether::fault::fallback::Value<&str>> = Fallback::value("somebody");
///
/// assert_eq!(ANONYMOUS.run(load(7)).await, Ok("Ada"));
/// assert_eq!(ANONYMOUS.run(load(8)).await, Ok("somebody"));
/// let outcome = ANONYMOUS.run(load(8)).outcome().await;
/// assert_eq!(outcome, Ok(Outcome::Fallback { value: "somebody", because: 503 }));
///
/// let only_if_unknown = Fallback::with(|_: &u16| "nobody").when(|status| *status == 404);
/// assert_eq!(only_if_unknown.run(load(8)).await, Err(503));
/// # });
/// ```
#[derive(Clone, Copy)]
#[must_use = "a fallback does nothing before `run`"]
pub struct Fallback<H, C = EveryError> {
    pub(in crate::fault) instead: H,
    pub(in crate::fault) cover: C,
}

impl<V> Fallback<Value<V>> {
    /// A value.
    pub const fn value(value: V) -> Self {
        Self { instead: Value(value), cover: EveryError }
    }
}

impl<F> Fallback<With<F>> {
    /// What a function makes of the error. It is called when there is one.
    pub const fn with<V, E>(f: F) -> Self
    where
        F: FnOnce(&E) -> V,
    {
        Self { instead: With(f), cover: EveryError }
    }
}

impl<F> Fallback<Calls<F>> {
    /// What another operation brings, as by [`Result::or_else`]: when that fails as well, its error comes out.
    ///
    /// The first future is gone before the operation is called.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::fault::Fallback;
    ///
    /// let from_the_cache = Fallback::operation(|_: &&str| async { Ok("of yesterday") });
    /// assert_eq!(from_the_cache.run(async { Err("the database is down") }).await, Ok("of yesterday"));
    /// # });
    /// ```
    pub const fn operation<V, E, Fut>(f: F) -> Self
    where
        F: FnOnce(&E) -> Fut,
        Fut: Future<Output = Result<V, E>>,
    {
        Self { instead: Calls(f), cover: EveryError }
    }
}

impl<H, C> Fallback<H, C> {
    /// For those errors alone of which `covers` says so; all others come out. Said twice, both have to agree.
    pub fn when<E, F: Fn(&E) -> bool>(self, covers: F) -> Fallback<H, When<C, F>> {
        Fallback { instead: self.instead, cover: When(self.cover, covers) }
    }

    /// Tells an observer whenever it is used: a `fallback` event, with the error, which has to be `Display`.
    pub fn observed<W: Observer>(self, observer: W) -> Fallback<H, Observed<C, W>> {
        Fallback { instead: self.instead, cover: Observed(self.cover, observer) }
    }

    /// Runs a future, and gives something else when it fails.
    ///
    /// # Cancel safety
    /// Dropping it drops what runs, and calls no fallback.
    /// # Errors
    /// What is not [covered](Self::when), and what another [operation](Fallback::operation) failed with.
    pub fn run<V, E, F>(self, future: F) -> Run<F, Self, Falling<H::Future, E>>
    where
        F: Future<Output = Result<V, E>>,
        H: Instead<Result<V, E>, Err = E>,
        C: Cover<E>,
    {
        Run::new(future, self)
    }
}

/// As a part of others: it takes what it covers.
impl<V, E, H, C> Instead<Result<V, E>> for Fallback<H, C>
where
    H: Instead<Result<V, E>, Err = E>,
    C: Cover<E>,
{
    type Err = E;
    type Future = H::Future;

    fn take(self, error: &E) -> Result<H::Future, Untaken> {
        if !self.cover.covers(error) {
            return Err(Untaken::Open);
        }
        let future = self.instead.take(error)?;
        self.cover.used(error);
        Ok(future)
    }
}

impl<H: fmt::Debug, C: fmt::Debug> fmt::Debug for Fallback<H, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fallback").field("instead", &self.instead).field("cover", &self.cover).finish()
    }
}
