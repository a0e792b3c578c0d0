//! The runtime of the surroundings, for adopters whose constructors take none.
//!
//! Nothing in this crate ever asks for it: a part is given its runtime as a value. A library that wants `Client::new()` to work
//! without an argument may ask here, once, in that constructor.

use super::context;
use crate::spawn::AnyRuntime;
use crate::sys::ambient;
use alloc::rc::Rc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

impl AnyRuntime {
    /// The runtime this code runs in: the innermost one that the application installed with [`scope`](Self::scope) or
    /// [`within`](Self::within), which tasks do not inherit; else, with the feature `tokio`, the tokio runtime around this call.
    ///
    /// For the constructor of an adopter that wants to work without an argument. Nothing in this crate ever asks for it: a part is
    /// given its runtime as a value.
    ///
    /// # Examples
    /// ```
    /// use untether::spawn::AnyRuntime;
    ///
    /// struct Client {
    ///     rt: AnyRuntime,
    /// }
    /// impl Client {
    ///     fn new() -> Option<Self> {
    ///         AnyRuntime::current().map(|rt| Self { rt })
    ///     }
    /// }
    /// assert!(Client::new().is_none());
    /// untether::rt::threads::block_on(|rt| {
    ///     AnyRuntime::new(rt).scope(async { assert!(Client::new().is_some()) })
    /// });
    /// ```
    #[must_use]
    pub fn current() -> Option<Self> {
        // What was installed goes first: it was said, the other is only there.
        ambient::find::<Self>().map(|rt| (*rt).clone()).or_else(context::find)
    }

    /// Makes this the current runtime whenever `future` is polled; tasks that it starts do not inherit it. Each poll costs one small
    /// allocation.
    ///
    /// # Cancel safety
    /// Dropping it drops `future` and nothing else.
    pub const fn scope<F: Future>(self, future: F) -> Scoped<F> {
        Scoped { rt: self, future }
    }

    /// Makes this the current runtime while `body` runs.
    pub fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        let _entered = ambient::enter(Rc::new(self.clone()));
        body()
    }
}

pin_project_lite::pin_project! {
    /// The future of [`AnyRuntime::scope`]. Dropping it drops the future inside.
    #[must_use = "futures do nothing unless polled"]
    pub struct Scoped<F> {
        rt: AnyRuntime,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.rt.within(|| this.future.poll(cx))
    }
}

impl<F> fmt::Debug for Scoped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped").field("rt", &self.rt).finish_non_exhaustive()
    }
}
