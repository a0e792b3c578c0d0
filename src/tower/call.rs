//! A request on its way to a service, as what a policy calls.

use super::copies::Copies;
use crate::policy::{Error, Op};
use crate::retry::Attempt;
use crate::sys::opaque::opaque;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use tower_service::Service;

/// A request and the service that is to have it: the operation in the middle of the policy.
///
/// The first attempt has the service that was polled ready, and calls it at once. A repeat has a clone, which is polled ready before.
pub struct Call<S, Req, A> {
    service: S,
    is_ready: bool,
    request: Req,
    copies: A,
}

impl<S, Req, A> Call<S, Req, A> {
    #[inline]
    pub(super) const fn ready(service: S, request: Req, copies: A) -> Self {
        Self { service, is_ready: true, request, copies }
    }
}

impl<S: Service<Req> + Clone, Req, A: Copies<Req>> Op for Call<S, Req, A> {
    type Ok = S::Response;
    type Err = Error<S::Error>;
    type Future = Calling<S, Req, S::Future>;

    #[inline]
    fn call(self, _: Attempt) -> Self::Future {
        let Self { mut service, is_ready, request, .. } = self;
        Calling {
            state: if is_ready {
                State::Called { future: service.call(request) }
            } else {
                State::Unready { waits: Some((service, request)) }
            },
        }
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        let request = self.copies.copy(&self.request)?;
        Some(Self { service: self.service.clone(), is_ready: false, request, copies: self.copies.clone() })
    }
}

impl<S, Req, A> fmt::Debug for Call<S, Req, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("is_ready", &self.is_ready).finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// The future of a [`Call`]: the service's own, once it is ready.
    ///
    /// # Cancel safety
    /// Dropping it before the service is ready drops the request unsent; later, it does what dropping the service's own future does.
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Calling<S, Req, F> {
        #[pin]
        state: State<S, Req, F>,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum State<S, Req, F> {
        Unready { waits: Option<(S, Req)> },
        Called { #[pin] future: F },
        Ended,
    }
}

impl<S: Service<Req>, Req> Future for Calling<S, Req, S::Future> {
    type Output = Result<S::Response, Error<S::Error>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        if let Projected::Unready { waits } = state.as_mut().project() {
            let (service, _) = waits.as_mut().expect("it is taken once");
            let ready = ready!(service.poll_ready(cx));
            let (mut service, request) = waits.take().expect("it is taken once");
            state.set(State::Ended); // it is over, whatever the call does
            if let Err(error) = ready {
                return Poll::Ready(Err(Error::failed(error)));
            }
            let future = service.call(request);
            state.set(State::Called { future });
        }
        let Projected::Called { future } = state.as_mut().project() else {
            panic!("polled again after it was ready");
        };
        let result = ready!(future.poll(cx));
        state.set(State::Ended);
        Poll::Ready(result.map_err(Error::failed))
    }
}

opaque!(Calling<S, Req, F>);
