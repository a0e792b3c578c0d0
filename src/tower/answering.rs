//! Errors that become responses, so that a service cannot fail any more: what servers ask for.

use crate::sys::opaque::opaque;
use core::convert::Infallible;
use core::fmt;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use tower_layer::Layer;
use tower_service::Service;

/// Makes a response of each error, by a function: with [`answer`](super::answer), one that says no more than it should.
///
/// A server wants a service whose error is [`Infallible`], and so does a router. tower's `map_result` does not give one, since it has to give on what
/// `poll_ready` says. Here an error of `poll_ready` is the answer to the request for which it was asked.
///
/// # Examples
/// ```
/// use untether::policy::Error;
/// use untether::tower::{Answer, answer, answering};
///
/// # struct Response { status: u16, body: &'static str }
/// let layer = answering(|error: Error<u16>| {
///     let answer = answer(&error, |status| Answer::new(*status));
///     Response { status: answer.status(), body: answer.text() } // and the header `Retry-After`, by `answer.retry_after()`
/// });
/// # drop(layer);
/// ```
pub const fn answering<X, R, F: Fn(X) -> R + Clone>(respond: F) -> AnsweringLayer<F, X> {
    AnsweringLayer { respond, errors: PhantomData }
}

/// A layer that makes responses of errors. Made by [`answering`].
#[must_use = "it does nothing before it is put around a service"]
pub struct AnsweringLayer<F, X> {
    respond: F,
    errors: PhantomData<fn(X)>,
}

impl<F: Clone, X> Clone for AnsweringLayer<F, X> {
    fn clone(&self) -> Self {
        Self { respond: self.respond.clone(), errors: PhantomData }
    }
}

impl<F: Copy, X> Copy for AnsweringLayer<F, X> {}

impl<S, F: Clone, X> Layer<S> for AnsweringLayer<F, X> {
    type Service = Answering<S, F, X>;

    fn layer(&self, service: S) -> Self::Service {
        Answering { service, respond: self.respond.clone(), failed: None }
    }
}

/// A service that answers where the one inside fails. Made by [`answering`].
pub struct Answering<S, F, X> {
    service: S,
    respond: F,
    /// What is the answer to the next request already.
    failed: Option<X>,
}

/// What has failed here has not failed there.
impl<S: Clone, F: Clone, X> Clone for Answering<S, F, X> {
    fn clone(&self) -> Self {
        Self { service: self.service.clone(), respond: self.respond.clone(), failed: None }
    }
}

impl<S, F, X, Req> Service<Req> for Answering<S, F, X>
where
    S: Service<Req, Error = X>,
    F: Fn(X) -> S::Response + Clone,
{
    type Response = S::Response;
    type Error = Infallible;
    type Future = Answered<S::Future, F, X>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.failed.is_none() {
            self.failed = ready!(self.service.poll_ready(cx)).err();
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Req) -> Self::Future {
        let respond = self.respond.clone();
        let state = match self.failed.take() {
            Some(error) => State::Failed { error: Some(error) },
            None => State::Called { future: self.service.call(request) },
        };
        Answered { state, respond }
    }
}

pin_project_lite::pin_project! {
    /// The future of a response that comes in any case.
    ///
    /// # Cancel safety
    /// Dropping it drops the future of the service inside.
    /// # Panics
    /// When polled after it was ready because `poll_ready` had failed; else as that future.
    #[must_use = "futures do nothing unless polled"]
    pub struct Answered<Fut, F, X> {
        #[pin]
        state: State<Fut, X>,
        respond: F,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum State<Fut, X> {
        Failed { error: Option<X> },
        Called { #[pin] future: Fut },
    }
}

impl<Fut, F, R, X> Future for Answered<Fut, F, X>
where
    Fut: Future<Output = Result<R, X>>,
    F: Fn(X) -> R,
{
    type Output = Result<R, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = match this.state.project() {
            Projected::Failed { error } => Err(error.take().expect("polled again after it was ready")),
            Projected::Called { future } => ready!(future.poll(cx)),
        };
        Poll::Ready(Ok(result.unwrap_or_else(this.respond)))
    }
}

opaque!(AnsweringLayer<F, X>);

impl<S: fmt::Debug, F, X> fmt::Debug for Answering<S, F, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answering").field("service", &self.service).finish_non_exhaustive()
    }
}

opaque!(Answered<Fut, F, X>);
