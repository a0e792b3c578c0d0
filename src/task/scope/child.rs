//! The value of a child.

use crate::sync::oneshot::Receiver;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// A child of a [`scope`](fn@super::scope): await it for its value, or do not. It runs either way.
///
/// # Cancel safety
/// Dropping it loses the value, and nothing else: the child runs on, and the scope waits for it.
/// # Panics
/// If it is awaited after the scope was dropped and the child with it: nobody would ever end that wait. And if it is polled again after
/// it gave its value.
#[must_use = "a child runs whether or not it is awaited; its value may be lost: `drop` says that it is not wanted"]
pub struct Child<T> {
    value: Receiver<T>,
}

impl<T> Child<T> {
    pub(super) const fn new(value: Receiver<T>) -> Self {
        Self { value }
    }
}

impl<T> Future for Child<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let received = Pin::new(&mut self.value).poll(cx);
        received.map(|value| value.unwrap_or_else(|_| panic!("the scope of this child is gone")))
    }
}

impl<T> fmt::Debug for Child<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child").finish_non_exhaustive()
    }
}
