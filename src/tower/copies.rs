//! Whether there is another request like one that is about to be sent.

use crate::sys::opaque::opaque;

/// Copies requests for what repeats them. It is asked before each call, and only by what may repeat, such as a retry.
pub trait Copies<Req>: Clone {
    /// Another request like it, or `None` for one that is sent once.
    fn copy(&self, request: &Req) -> Option<Req>;
}

/// Each request is sent once: whoever repeats ends after the first attempt. This is what a layer does unless something else is said.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct CalledOnce;

impl<Req> Copies<Req> for CalledOnce {
    #[inline]
    fn copy(&self, _: &Req) -> Option<Req> {
        None
    }
}

/// Requests are copied by their `Clone`. Said by [`PolicyLayer::cloning`](super::PolicyLayer::cloning).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Cloned;

impl<Req: Clone> Copies<Req> for Cloned {
    #[inline]
    fn copy(&self, request: &Req) -> Option<Req> {
        Some(request.clone())
    }
}

/// Requests are copied by a function. Said by [`PolicyLayer::repeated_by`](super::PolicyLayer::repeated_by).
#[derive(Clone, Copy)]
pub struct RepeatedBy<F>(pub(super) F);

impl<Req, F: Fn(&Req) -> Option<Req> + Clone> Copies<Req> for RepeatedBy<F> {
    #[inline]
    fn copy(&self, request: &Req) -> Option<Req> {
        (self.0)(request)
    }
}

opaque!(RepeatedBy<F>);
