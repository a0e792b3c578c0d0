//! A service with a policy around it.

use super::call::Call;
use super::copies::{CalledOnce, Copies};
use crate::policy::{Error, Policy};
use crate::retry::Attempt;
use core::fmt;
use core::mem;
use core::task::{Context, Poll};
use tower_service::Service;

/// A service whose calls run through a policy. Made by [`PolicyLayer`](super::PolicyLayer).
///
/// Its responses are those of the policy, its errors [`policy::Error`](Error)s around the service's own, its future is the policy's own future: nothing is
/// boxed, and it can be spawned where its parts can. It is `Clone` where its parts are; clones share what the policy shares.
///
/// # Cancel safety
/// As of the policy. A call that is dropped before it was let through drops the service that was ready for it, uncalled.
#[derive(Clone, Copy)]
pub struct PolicyService<S, P, E, A = CalledOnce> {
    service: S,
    policy: P,
    env: E,
    copies: A,
}

impl<S, P, E, A> PolicyService<S, P, E, A> {
    pub(super) const fn new(service: S, policy: P, env: E, copies: A) -> Self {
        Self { service, policy, env, copies }
    }

    /// The service inside.
    pub const fn get_ref(&self) -> &S {
        &self.service
    }

    /// The service inside, to change it.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.service
    }

    /// The service inside, to keep.
    pub fn into_inner(self) -> S {
        self.service
    }
}

impl<S, P, E, A, Req> Service<Req> for PolicyService<S, P, E, A>
where
    S: Service<Req> + Clone,
    A: Copies<Req>,
    P: Policy<Call<S, Req, A>, E, Err: From<Error<S::Error>>>,
{
    type Response = P::Ok;
    type Error = P::Err;
    type Future = P::Future;

    /// Asks the service inside. Its error says that it is of no more use, so no policy judges or repeats it.
    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), P::Err>> {
        self.service.poll_ready(cx).map_err(|error| Error::failed(error).into())
    }

    #[inline]
    fn call(&mut self, request: Req) -> P::Future {
        let next = self.service.clone();
        let ready = mem::replace(&mut self.service, next);
        let call = Call::ready(ready, request, self.copies.clone());
        self.policy.run(call, &self.env, Attempt::FIRST)
    }
}

impl<S: fmt::Debug, P, E, A> fmt::Debug for PolicyService<S, P, E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicyService").field("service", &self.service).finish_non_exhaustive()
    }
}
