//! The future of an operation with a fallback.

use super::cover::Cover;
use super::instead::Instead;
use super::outcome::Outcome;
use super::rules::Fallback;
use crate::sys::opaque::opaque;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// A future, and something else when it fails. Made by [`Fallback::run`].
    ///
    /// # Cancel safety
    /// Dropping it drops what runs, and calls no fallback.
    /// # Panics
    /// When polled after it was ready, or after something panicked.
    #[must_use = "futures do nothing unless polled"]
    pub struct Run<F, R, G> {
        // Gone when it has failed.
        rules: Option<R>,
        #[pin]
        state: State<F, G>,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum State<F, G> {
        Running { #[pin] future: F },
        Falling { #[pin] falling: G },
        Ended,
    }
}

pin_project_lite::pin_project! {
    /// What a [`Run`] does after an error: the future of what is given instead, and why.
    ///
    /// It is a parameter of its own, so that no task has to prove what its functions accept to be spawned.
    pub struct Falling<G, E> {
        #[pin]
        future: G,
        // Taken when it is ready.
        because: Option<E>,
    }
}

impl<V, E, F, H, C> Run<F, Fallback<H, C>, Falling<H::Future, E>>
where
    F: Future<Output = Result<V, E>>,
    H: Instead<Result<V, E>, Err = E>,
    C: Cover<E>,
{
    #[inline]
    pub(crate) const fn new(future: F, rules: Fallback<H, C>) -> Self {
        Self { rules: Some(rules), state: State::Running { future } }
    }

    /// Gives the [`Outcome`] instead of the value alone.
    pub const fn outcome(self) -> WithOutcome<F, Fallback<H, C>, Falling<H::Future, E>> {
        WithOutcome { run: self }
    }

    waits!(pinned);

    #[inline]
    fn poll_outcome(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Outcome<V, E>, E>> {
        let mut this = self.as_mut().project();
        match this.state.as_mut().project() {
            Projected::Running { future } => {
                let result = ready!(future.poll(cx));
                // It is over and gone before anything else happens.
                this.state.set(State::Ended);
                match result {
                    Ok(value) => Poll::Ready(Ok(Outcome::Answer(value))),
                    Err(error) => self.fail(error, cx),
                }
            }
            Projected::Falling { .. } => self.poll_falling(cx),
            Projected::Ended => panic!("polled again after it was ready"),
        }
    }

    #[cold]
    fn fail(mut self: Pin<&mut Self>, error: E, cx: &mut Context<'_>) -> Poll<Result<Outcome<V, E>, E>> {
        let mut this = self.as_mut().project();
        let Fallback { instead, cover } = this.rules.take().expect("it fails once");
        cover.failed(&error);
        if !cover.covers(&error) {
            return Poll::Ready(Err(error));
        }
        let Ok(future) = instead.take(&error) else { return Poll::Ready(Err(error)) };
        cover.used(&error);
        let falling = Falling { future, because: Some(error) };
        this.state.set(State::Falling { falling });
        self.poll_falling(cx)
    }

    fn poll_falling(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Outcome<V, E>, E>> {
        let mut state = self.project().state;
        let Projected::Falling { falling } = state.as_mut().project() else {
            unreachable!("it has failed");
        };
        let falling = falling.project();
        let result = ready!(falling.future.poll(cx));
        let because = falling.because.take().expect("it is ready once");
        state.set(State::Ended);
        Poll::Ready(result.map(|value| Outcome::Fallback { value, because }))
    }
}

impl<V, E, F, H, C> Future for Run<F, Fallback<H, C>, Falling<H::Future, E>>
where
    F: Future<Output = Result<V, E>>,
    H: Instead<Result<V, E>, Err = E>,
    C: Cover<E>,
{
    type Output = Result<V, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_outcome(cx).map_ok(Outcome::into_value)
    }
}

pin_project_lite::pin_project! {
    /// The same, which says whether the value is a fallback. Made by [`Run::outcome`].
    ///
    /// # Cancel safety
    /// As of [`Run`].
    /// # Panics
    /// As [`Run`].
    #[must_use = "futures do nothing unless polled"]
    pub struct WithOutcome<F, R, G> {
        #[pin]
        run: Run<F, R, G>,
    }
}

impl<V, E, F, H, C> WithOutcome<F, Fallback<H, C>, Falling<H::Future, E>>
where
    F: Future<Output = Result<V, E>>,
    H: Instead<Result<V, E>, Err = E>,
    C: Cover<E>,
{
    waits!(pinned);
}

impl<V, E, F, H, C> Future for WithOutcome<F, Fallback<H, C>, Falling<H::Future, E>>
where
    F: Future<Output = Result<V, E>>,
    H: Instead<Result<V, E>, Err = E>,
    C: Cover<E>,
{
    type Output = Result<Outcome<V, E>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().run.poll_outcome(cx)
    }
}

impl<F, R, G> fmt::Debug for Run<F, R, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let falling = matches!(self.state, State::Falling { .. });
        f.debug_struct("Run").field("falling", &falling).finish_non_exhaustive()
    }
}

impl<F, R, G> fmt::Debug for WithOutcome<F, R, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WithOutcome").field(&self.run).finish()
    }
}

opaque!(Falling<G, E>);
