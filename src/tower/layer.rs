//! What puts a policy around services.

use super::copies::{CalledOnce, Cloned, RepeatedBy};
use super::service::PolicyService;
use crate::policy::IntoEnv;
use crate::sys::opaque::opaque;
use tower_layer::Layer;

/// A policy, or a stack of them, as a layer of tower.
///
/// `env` is a timer, or an [`Env`](crate::policy::Env) with more. The policy has to be what the service's calls are: where those are spawned,
/// what is shared stands in it as an `Arc`, or by a reference to a `static`. All services that the layer makes share it.
///
/// Each request is sent once, unless it is said how to copy it: [`cloning`](PolicyLayer::cloning), [`repeated_by`](PolicyLayer::repeated_by).
///
/// # Examples
/// Any policy is a layer, also by itself:
/// ```
/// use core::time::Duration;
/// use tower_layer::Layer;
/// use untether::policy::Timeout;
///
/// # untether::rt::threads::block_on(|rt| async move {
/// # let connection = "any `Service` that is `Clone`";
/// let limited = untether::tower::layer(Timeout::new(Duration::from_secs(5)), &rt).layer(connection);
/// # assert_eq!(limited.get_ref(), &connection);
/// # });
/// ```
pub fn layer<P, I: IntoEnv>(policy: P, env: I) -> PolicyLayer<P, I::Env> {
    PolicyLayer { policy, env: env.into_env(), copies: CalledOnce }
}

/// A layer that puts a policy around a service. Made by [`layer`].
///
/// `P` is the policy, `E` its surroundings, `A` [copies](super::Copies) requests.
#[derive(Clone, Copy)]
#[must_use = "it does nothing before it is put around a service"]
pub struct PolicyLayer<P, E, A = CalledOnce> {
    policy: P,
    env: E,
    copies: A,
}

impl<P, E, A> PolicyLayer<P, E, A> {
    /// Lets requests be repeated by their clones. As for every retry: only what may be done twice.
    pub fn cloning(self) -> PolicyLayer<P, E, Cloned> {
        self.copied(Cloned)
    }

    /// Lets requests be repeated that `copy` gives another of: of a GET perhaps, and of a body that is in memory. For `None` the request is
    /// sent once, and a retry that would go on ends as [`Once`](crate::retry::StopReason::Once).
    ///
    /// It is called before each attempt that may be followed by another, the first included.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use untether::policy::stack;
    /// use untether::retry::{Retry, schedule::constant};
    ///
    /// struct Request { method: &'static str, path: String } // not `Clone`
    ///
    /// # untether::rt::threads::block_on(|rt| async move {
    /// let layer = untether::tower::layer(stack((Retry::new(constant(Duration::from_millis(10))),)), &rt)
    ///     .repeated_by(|request: &Request| {
    ///         (request.method == "GET").then(|| Request { method: request.method, path: request.path.clone() })
    ///     });
    /// # drop(layer);
    /// # });
    /// ```
    pub fn repeated_by<Req, F>(self, copy: F) -> PolicyLayer<P, E, RepeatedBy<F>>
    where
        F: Fn(&Req) -> Option<Req> + Clone,
    {
        self.copied(RepeatedBy(copy))
    }

    fn copied<B>(self, copies: B) -> PolicyLayer<P, E, B> {
        PolicyLayer { policy: self.policy, env: self.env, copies }
    }
}

impl<S, P: Clone, E: Clone, A: Clone> Layer<S> for PolicyLayer<P, E, A> {
    type Service = PolicyService<S, P, E, A>;

    fn layer(&self, service: S) -> Self::Service {
        PolicyService::new(service, self.policy.clone(), self.env.clone(), self.copies.clone())
    }
}

opaque!(PolicyLayer<P, E, A>);
