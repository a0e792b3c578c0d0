//! The semaphore: who gets permits, in which order, and what becomes of them whatever is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod closing;
mod hand_offs;
mod hostile_wakers;
mod line;
mod linear;
mod model;
mod resizing;
mod simulated;
mod threads;
mod verbs;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use untether::sync::Semaphore;
use untether::sync::semaphore::{Acquire, AcquireError, Permit, Project, TryAcquireError};
use untether::testing::CountingWaker;

/// Polls once, for nobody.
fn poll<'s>(acquire: &mut Acquire<&'s Semaphore>) -> Poll<Result<Permit<&'s Semaphore>, AcquireError>> {
    Pin::new(acquire).poll(&mut Context::from_waker(Waker::noop()))
}

fn poll_with<'s>(
    acquire: &mut Acquire<&'s Semaphore>,
    waker: &Waker,
) -> Poll<Result<Permit<&'s Semaphore>, AcquireError>> {
    Pin::new(acquire).poll(&mut Context::from_waker(waker))
}

/// One that has joined the line.
fn queued(semaphore: &Semaphore, n: usize) -> Acquire<&Semaphore> {
    let mut acquire = semaphore.acquire_many(n);
    assert!(poll(&mut acquire).is_pending(), "{n} of {semaphore:?}");
    acquire
}

fn granted<'s>(acquire: &mut Acquire<&'s Semaphore>) -> Permit<&'s Semaphore> {
    match poll(acquire) {
        Poll::Ready(permit) => permit.expect("it is open"),
        Poll::Pending => panic!("it was not granted"),
    }
}
