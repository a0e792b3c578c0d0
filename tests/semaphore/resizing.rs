//! Permits that are added and taken away while others hold them and wait for them.

use super::*;

#[test]
fn forgetting_takes_what_is_free_and_says_how_much() {
    let semaphore = Semaphore::new(3);
    let held = semaphore.try_acquire().unwrap();
    assert_eq!(semaphore.forget_permits(5), 2);
    assert_eq!((semaphore.available(), semaphore.capacity()), (0, 1));
    drop(held);
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn forgetting_takes_what_lies_before_the_head_of_the_line() {
    let semaphore = Semaphore::new(2);
    let mut large = queued(&semaphore, 3);
    assert_eq!(semaphore.forget_permits(1), 1);
    semaphore.add_permits(1).unwrap();
    assert!(poll(&mut large).is_pending());
    semaphore.add_permits(1).unwrap();
    drop(granted(&mut large));
}

#[test]
fn reducing_is_exact_and_later_releases_pay_the_debt() {
    let semaphore = Semaphore::new(4);
    let (one, two) = (semaphore.try_acquire().unwrap(), semaphore.try_acquire_many(2).unwrap());
    semaphore.reduce_permits(3).unwrap();
    let stats = semaphore.stats();
    assert_eq!((stats.capacity, stats.available, stats.owed), (1, 0, 2));
    drop(one);
    assert_eq!((semaphore.available(), semaphore.stats().owed), (0, 1));
    drop(two);
    assert_eq!((semaphore.available(), semaphore.stats().owed), (1, 0));
    assert!(semaphore.reduce_permits(2).is_err());
    assert_eq!(semaphore.available(), 1, "what is refused changes nothing");
}

#[test]
fn the_debt_is_paid_before_anybody_in_line_gets_any() {
    let semaphore = Semaphore::new(2);
    let (one, two) = (semaphore.try_acquire().unwrap(), semaphore.try_acquire().unwrap());
    let mut waits = queued(&semaphore, 1);
    semaphore.reduce_permits(1).unwrap();
    drop(one);
    assert!(poll(&mut waits).is_pending());
    drop(two);
    drop(granted(&mut waits));
    assert_eq!((semaphore.available(), semaphore.capacity()), (1, 1));
}

#[test]
fn adding_pays_the_debt_first() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.try_acquire_many(2).unwrap();
    semaphore.reduce_permits(2).unwrap();
    semaphore.add_permits(3).unwrap();
    assert_eq!((semaphore.available(), semaphore.capacity(), semaphore.stats().owed), (1, 3, 0));
    drop(held);
    assert_eq!(semaphore.available(), 3);
}

#[test]
fn resizing_goes_both_ways_and_arrives_where_it_says() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.try_acquire_many(2).unwrap();
    for capacity in [5, 1, 0, 3, 3, 2] {
        semaphore.resize(capacity).unwrap();
        assert_eq!(semaphore.capacity(), capacity);
    }
    drop(held);
    assert_eq!((semaphore.available(), semaphore.stats().owed), (2, 0));
}

#[test]
fn growing_wakes_those_who_can_go() {
    let semaphore = Semaphore::new(0);
    let waker = CountingWaker::new();
    let mut waits = semaphore.acquire_many(2);
    assert!(poll_with(&mut waits, &waker.waker()).is_pending());
    semaphore.resize(1).unwrap();
    assert_eq!(waker.wakes(), 0);
    semaphore.resize(2).unwrap();
    assert_eq!(waker.wakes(), 1);
    drop(granted(&mut waits));
}

#[test]
fn a_forgotten_permit_pays_the_debt_as_one_that_came_back_would() {
    let semaphore = Semaphore::new(2);
    let (one, two) = (semaphore.try_acquire().unwrap(), semaphore.try_acquire().unwrap());
    semaphore.reduce_permits(1).unwrap();
    one.forget();
    assert_eq!((semaphore.capacity(), semaphore.stats().owed), (1, 0));
    drop(two);
    assert!(semaphore.try_acquire().is_ok(), "and the way is open");
}

#[test]
fn with_the_debt_paid_and_nobody_waiting_the_way_is_open_again() {
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire().unwrap();
    semaphore.reduce_permits(1).unwrap();
    let waits = queued(&semaphore, 1);
    drop(waits);
    assert_eq!(semaphore.stats().owed, 1);
    drop(held);
    semaphore.add_permits(1).unwrap();
    assert!(semaphore.try_acquire().is_ok());
}
