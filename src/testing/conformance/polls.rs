//! Single polls, by this task or by a waker that counts.

use crate::testing::CountingWaker;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Polls once, for the task that calls.
pub(super) async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

pub(super) fn poll_with<F: Future>(waker: &CountingWaker, future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(&waker.waker()))
}
