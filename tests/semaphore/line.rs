//! The line: strict, and right whoever leaves it. The names are those of what went wrong elsewhere.

use super::*;

#[test]
fn two_releases_grant_two_before_either_is_polled() {
    let semaphore = Semaphore::new(0);
    let (one, two) = (CountingWaker::new(), CountingWaker::new());
    let mut waits = [semaphore.acquire(), semaphore.acquire()];
    assert!(poll_with(&mut waits[0], &one.waker()).is_pending());
    assert!(poll_with(&mut waits[1], &two.waker()).is_pending());
    semaphore.add_permits(1).unwrap();
    semaphore.add_permits(1).unwrap();
    assert_eq!((one.wakes(), two.wakes()), (1, 1));
}

#[test]
fn one_release_of_many_wakes_each_who_can_go_and_nobody_else() {
    let semaphore = Semaphore::new(0);
    let wakers: Vec<_> = (0..40).map(|_| CountingWaker::new()).collect();
    let mut waits: Vec<_> = wakers.iter().map(|_| semaphore.acquire()).collect();
    for (acquire, waker) in waits.iter_mut().zip(&wakers) {
        assert!(poll_with(acquire, &waker.waker()).is_pending());
    }
    semaphore.add_permits(33).unwrap();
    let woken: Vec<usize> = wakers.iter().map(CountingWaker::wakes).collect();
    assert!(woken[..33].iter().all(|wakes| *wakes == 1) && woken[33..].iter().all(|wakes| *wakes == 0));
    assert_eq!((semaphore.stats().granted, semaphore.stats().waiting), (33, 7));
}

#[test]
fn nobody_overtakes_those_who_wait() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.try_acquire().unwrap();
    let mut large = queued(&semaphore, 2);
    assert_eq!(semaphore.available(), 1);
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    let mut small = queued(&semaphore, 1);
    drop(held);
    assert!(poll(&mut small).is_pending(), "the large request came first");
    drop(granted(&mut large));
    drop(granted(&mut small));
}

#[test]
fn a_released_permit_is_of_the_first_in_line_before_it_is_polled() {
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire().unwrap();
    let mut first = queued(&semaphore, 1);
    drop(held);
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    let second = queued(&semaphore, 1);
    let stats = semaphore.stats();
    assert_eq!((stats.available, stats.waiting, stats.granted), (0, 1, 1));
    drop(granted(&mut first));
    drop(second);
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn dropping_a_large_request_at_the_head_lets_the_next_go() {
    let semaphore = Semaphore::new(3);
    let _held = semaphore.try_acquire_many(2).unwrap();
    let large = queued(&semaphore, 2);
    let waker = CountingWaker::new();
    let mut small = semaphore.acquire();
    assert!(poll_with(&mut small, &waker.waker()).is_pending());
    drop(large);
    assert_eq!(waker.wakes(), 1);
    drop(granted(&mut small));
}

#[test]
fn dropping_a_waiter_in_the_middle_wakes_nobody() {
    let semaphore = Semaphore::new(0);
    let wakers = [(); 3].map(|()| CountingWaker::new());
    let [mut first, mut middle, mut last] = [(); 3].map(|()| semaphore.acquire());
    for (acquire, waker) in [&mut first, &mut middle, &mut last].into_iter().zip(&wakers) {
        assert!(poll_with(acquire, &waker.waker()).is_pending());
    }
    drop(middle);
    assert!(wakers.iter().all(|waker| waker.wakes() == 0));
    semaphore.add_permits(2).unwrap();
    drop((granted(&mut first), granted(&mut last)));
}

#[test]
fn dropping_a_granted_acquire_passes_the_permit_on() {
    let semaphore = Semaphore::new(0);
    let waker = CountingWaker::new();
    let first = queued(&semaphore, 1);
    let mut second = semaphore.acquire();
    assert!(poll_with(&mut second, &waker.waker()).is_pending());
    semaphore.add_permits(1).unwrap();
    assert_eq!(waker.wakes(), 0);
    drop(first);
    assert_eq!(waker.wakes(), 1);
    drop(granted(&mut second));
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn dropping_the_last_waiter_opens_the_way_again() {
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire().unwrap();
    let waits = queued(&semaphore, 1);
    drop(waits);
    drop(held);
    assert!(semaphore.try_acquire().is_ok());
    let large = queued(&semaphore, 2);
    assert!(semaphore.try_acquire().is_err());
    drop(large);
    assert!(semaphore.try_acquire().is_ok());
}

#[test]
fn an_acquire_that_was_never_polled_leaves_nothing() {
    let semaphore = Semaphore::new(1);
    drop(semaphore.acquire());
    drop(semaphore.acquire_many(5));
    assert_eq!((semaphore.available(), semaphore.stats().waiting), (1, 0));
}

#[test]
fn the_waker_of_the_last_poll_is_the_one_that_is_woken() {
    let semaphore = Semaphore::new(0);
    let (old, new) = (CountingWaker::new(), CountingWaker::new());
    let mut waits = semaphore.acquire();
    assert!(poll_with(&mut waits, &old.waker()).is_pending());
    assert!(poll_with(&mut waits, &new.waker()).is_pending());
    assert!(poll_with(&mut waits, &new.waker()).is_pending());
    semaphore.add_permits(1).unwrap();
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
}

#[test]
fn a_future_that_is_polled_by_several_has_one_place_in_line() {
    let semaphore = Semaphore::new(0);
    let mut waits = semaphore.acquire();
    for waker in [(); 3].map(|()| CountingWaker::new().waker()) {
        assert!(poll_with(&mut waits, &waker).is_pending());
        assert_eq!(semaphore.stats().waiting, 1);
    }
    semaphore.add_permits(2).unwrap();
    assert_eq!((semaphore.stats().granted, semaphore.available()), (1, 1));
    drop(waits);
    assert_eq!((semaphore.stats().granted, semaphore.available()), (0, 2));
}

/// What a holder finds should be the same each time. Where it is not, a place in one line is taken for none in another.
#[test]
fn a_place_in_one_line_is_nobodys_place_in_another() {
    struct Either<'a>([&'a Semaphore; 2], &'a AtomicUsize);
    impl std::ops::Deref for Either<'_> {
        type Target = Semaphore;
        fn deref(&self) -> &Semaphore {
            self.0[self.1.load(Ordering::Relaxed)]
        }
    }
    let (one, other, which) = (Semaphore::new(0), Semaphore::new(0), AtomicUsize::new(0));
    let mut strays = Semaphore::acquire_owned(Either([&one, &other], &which));
    assert!(Pin::new(&mut strays).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let mut waits = queued(&other, 1);
    which.store(1, Ordering::Relaxed);
    drop(strays);
    assert_eq!((one.stats().waiting, other.stats().waiting), (1, 1));
    other.add_permits(1).unwrap();
    drop(granted(&mut waits));
}

#[test]
fn two_waiters_of_one_task_that_polls_one_of_them_are_seen_in_the_stats() {
    // Futurelock: the one that was granted is not polled, and whoever holds it waits for the other. No lock can mend that; the
    // gauge tells it.
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire().unwrap();
    let (forgotten, mut polled) = (queued(&semaphore, 1), queued(&semaphore, 1));
    drop(held);
    assert!(poll(&mut polled).is_pending());
    assert_eq!(semaphore.stats().granted, 1);
    drop(forgotten);
    assert_eq!(semaphore.stats().granted, 1, "now of the other");
    drop(granted(&mut polled));
    assert_eq!((semaphore.stats().granted, semaphore.available()), (0, 1));
}

#[test]
fn a_limit_on_waiters_refuses_one_more() {
    let semaphore = Semaphore::builder(1).max_waiters(2).build();
    let held = semaphore.try_acquire().unwrap();
    let mut first = queued(&semaphore, 1);
    let second = queued(&semaphore, 1);
    assert!(matches!(poll(&mut semaphore.acquire()), Poll::Ready(Err(AcquireError::QueueFull))));
    drop(second);
    let _third = queued(&semaphore, 1);
    drop(held);
    // Who was granted waits no more.
    let _fourth = queued(&semaphore, 1);
    drop(granted(&mut first));
    let nobody = Semaphore::builder(1).max_waiters(0).build();
    let _held = granted(&mut nobody.acquire());
    assert!(matches!(poll(&mut nobody.acquire()), Poll::Ready(Err(AcquireError::QueueFull))));
}

#[test]
#[should_panic(expected = "polled after it had ended")]
fn polling_after_the_end_panics() {
    let semaphore = Semaphore::new(1);
    let mut acquire = semaphore.acquire();
    drop(granted(&mut acquire));
    let _ = poll(&mut acquire);
}

#[test]
fn a_hundred_thousand_waiters_come_and_go_in_no_time() {
    let semaphore = Semaphore::new(0);
    let mut waits: Vec<_> = (0..100_000).map(|_| queued(&semaphore, 1)).collect();
    // Every other one leaves, from the middle of the line.
    let mut kept = true;
    waits.retain(|_| {
        kept = !kept;
        kept
    });
    semaphore.add_permits(waits.len()).unwrap();
    assert_eq!(semaphore.stats().granted, 50_000);
    assert_eq!(waits.iter_mut().map(granted).map(Permit::forget).count(), 50_000);
    assert_eq!((semaphore.capacity(), semaphore.stats().waiting), (0, 0));
}
