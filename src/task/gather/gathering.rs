//! All of them, however they end.

use super::children::Children;
use super::judges::Each;
use crate::sys::opaque::opaque;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Runs all children together, and says how each of them ended.
///
/// None is cut short by what another one does: not by an error, and not by a panic either, which is caught where panics unwind and is the
/// [`Outcome::Panicked`](crate::task::Outcome::Panicked) of that one child. So there are as many outcomes as there were children, in the order
/// in which they were given: of a tuple, a tuple of [`Outcome`](crate::task::Outcome)s; of an array, a `Vec` or an iterator,
/// [`Outcomes`](crate::task::Outcomes). Of none there are none, at once.
///
/// Children that end with an [`Outcome`](crate::task::Outcome), as the [tickets](crate::task::worker_pool::Ticket) of a pool do, ended so.
/// Those that cannot fail by themselves: see [`Infallible`](core::convert::Infallible). Handles of tasks give
/// [`JoinError`](crate::spawn::JoinError)s; [`Outcomes::joined`](crate::task::Outcomes::joined) and
/// [`flatten`](crate::task::Outcomes::flatten) look into them, so that a task that was cancelled is no success and no error of its own either.
///
/// # Cancel safety
/// Dropping it drops the children that run, and the outcomes of those that have ended.
/// # Fairness
/// Children are begun in order, and those that are ready have one turn each before any has a second.
/// # Panics
/// Only if dropping what a child left behind does.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::task::{Outcome, gather};
/// use untether::time::Timer;
///
/// let page = async || {
///     rt.sleep(Duration::from_millis(5)).await;
///     Ok::<_, &str>("<html>")
/// };
/// let user = async || Err::<u32, _>("no such user");
/// let (page, user) = gather((page(), user())).await;
/// assert_eq!(page.ok(), Some("<html>"));
/// assert!(matches!(user, Outcome::Err("no such user")));
///
/// let halves = gather((0..10).map(async |n| if n % 2 == 0 { Ok(n / 2) } else { Err("odd") })).await;
/// assert_eq!(halves.len(), 10);
/// assert_eq!(halves.oks().values, [0, 1, 2, 3, 4]);
/// # });
/// ```
#[doc(alias = "asyncio.gather")]
#[doc(alias = "return_exceptions")]
#[doc(alias = "join_all")]
pub fn gather<C: Children<Each, Kind>, Kind>(children: C) -> Gather<C::Running> {
    Gather { children: children.begin() }
}

pin_project_lite::pin_project! {
    /// The future of [`gather`].
    ///
    /// # Cancel safety
    /// Dropping it drops the children.
    /// # Panics
    /// If it is polled again after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Gather<C> {
        #[pin]
        children: C,
    }
}

impl<C: Future> Future for Gather<C> {
    type Output = C::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        self.project().children.poll(cx)
    }
}

opaque!(Gather<C>);
