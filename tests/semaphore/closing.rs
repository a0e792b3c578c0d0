//! The end of a semaphore.

use super::*;

#[test]
fn close_refuses_who_comes_and_who_waits() {
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire().unwrap();
    let wakers: Vec<_> = (0..40).map(|_| CountingWaker::new()).collect();
    let mut waits: Vec<_> = wakers.iter().map(|_| semaphore.acquire()).collect();
    for (acquire, waker) in waits.iter_mut().zip(&wakers) {
        assert!(poll_with(acquire, &waker.waker()).is_pending());
    }
    semaphore.close();
    assert!(semaphore.is_closed() && semaphore.stats().waiting == 0);
    assert!(wakers.iter().all(|waker| waker.wakes() == 1));
    for acquire in &mut waits {
        assert!(matches!(poll(acquire), Poll::Ready(Err(AcquireError::Closed))));
    }
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::Closed);
    assert!(matches!(poll(&mut semaphore.acquire()), Poll::Ready(Err(AcquireError::Closed))));
    drop(held);
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn what_was_granted_before_the_close_is_good() {
    let semaphore = Semaphore::new(0);
    let mut waits = queued(&semaphore, 1);
    semaphore.add_permits(1).unwrap();
    semaphore.close();
    drop(granted(&mut waits));
    assert_eq!((semaphore.available(), semaphore.stats().granted), (1, 0));
}

#[test]
fn close_twice_is_close_once() {
    let semaphore = Semaphore::new(1);
    semaphore.close();
    semaphore.close();
    assert!(semaphore.is_closed() && semaphore.available() == 1);
}

#[test]
fn a_waiter_that_is_dropped_after_the_close_changes_nothing() {
    let semaphore = Semaphore::new(1);
    let large = queued(&semaphore, 2);
    semaphore.close();
    drop(large);
    assert_eq!((semaphore.available(), semaphore.stats().waiting), (1, 0));
}

#[test]
fn a_closed_semaphore_still_pays_its_debt() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.try_acquire_many(2).unwrap();
    semaphore.reduce_permits(1).unwrap();
    semaphore.close();
    drop(held);
    assert_eq!((semaphore.available(), semaphore.capacity(), semaphore.stats().owed), (1, 1, 0));
}
