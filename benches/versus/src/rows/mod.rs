//! The rows, a file per chapter.

mod floors;
mod in_task;
mod semaphores;
mod spawned;
mod timeouts;

use crate::row::Row;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub fn all() -> Vec<Row> {
    [timeouts::rows(), in_task::rows(), spawned::rows(), semaphores::rows(), floors::rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// Polls until it is ready; what is driven so wakes itself.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn drive<F: Future>(future: F, waker: &Waker) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
    }
}

/// Tells whether nobody was forgotten: the sum of the numbers below `count`.
fn sum_below(count: u64) -> u64 {
    (0..count).sum()
}
