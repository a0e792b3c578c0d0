//! What each verb does while nothing goes wrong.

use super::*;

#[test]
fn permits_are_taken_and_given_back() {
    let semaphore = Semaphore::new(3);
    let one = semaphore.try_acquire().unwrap();
    let two = granted(&mut semaphore.acquire_many(2));
    assert_eq!((one.permits(), two.permits(), semaphore.available()), (1, 2, 0));
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    drop(two);
    assert_eq!((semaphore.available(), semaphore.capacity()), (2, 3));
    drop(one);
    assert_eq!(semaphore.available(), 3);
}

#[test]
fn of_no_permits_there_are_always_enough() {
    let semaphore = Semaphore::new(0);
    let _waits = queued(&semaphore, 1);
    for mut none in [semaphore.acquire_many(0), semaphore.acquire_up_to(0, 5)] {
        assert_eq!(granted(&mut none).permits(), 0);
    }
    assert_eq!(semaphore.try_acquire_many(0).unwrap().permits(), 0);
    semaphore.close();
    assert!(matches!(poll(&mut semaphore.acquire_many(0)), Poll::Ready(Err(AcquireError::Closed))));
}

#[test]
fn up_to_takes_what_there_is() {
    let semaphore = Semaphore::new(5);
    let three = granted(&mut semaphore.acquire_up_to(1, 3));
    let rest = granted(&mut semaphore.acquire_up_to(1, usize::MAX));
    assert_eq!((three.permits(), rest.permits()), (3, 2));
    let mut waits = semaphore.acquire_up_to(2, 4);
    assert!(poll(&mut waits).is_pending());
    drop(rest);
    assert_eq!(granted(&mut waits).permits(), 2, "what there was when it was granted");
    drop(three);
    assert_eq!(semaphore.available(), 5);
}

#[test]
fn a_gate_of_no_permits_is_opened_by_adding_some() {
    static GATE: Semaphore = Semaphore::new(0);
    let mut waits = queued(&GATE, 2);
    GATE.add_permits(1).unwrap();
    assert!(poll(&mut waits).is_pending());
    GATE.add_permits(1).unwrap();
    assert_eq!(granted(&mut waits).permits(), 2);
}

#[test]
fn permits_are_split_and_merged() {
    let semaphore = Semaphore::new(4);
    let mut all = semaphore.try_acquire_many(4).unwrap();
    let mut part = all.split(3).unwrap();
    assert!(part.split(4).is_none());
    assert_eq!((all.permits(), part.permits()), (1, 3));
    drop(all);
    assert_eq!(semaphore.available(), 1);
    part.merge(semaphore.try_acquire().unwrap()).unwrap();
    assert_eq!((part.permits(), semaphore.available()), (4, 0));
    drop(part);
    assert_eq!(semaphore.available(), 4);
}

#[test]
fn a_foreign_permit_comes_back_whole_and_goes_home() {
    let (one, other) = (Semaphore::new(3), Semaphore::new(2));
    let mut own = one.try_acquire_many(2).unwrap();
    let back = own.merge(other.try_acquire_many(2).unwrap()).unwrap_err();
    assert!(std::ptr::eq(back.semaphore(), &other));
    assert_eq!((own.permits(), back.permits()), (2, 2));
    drop(own);
    assert_eq!((one.available(), other.available()), (3, 0));
    drop(back);
    assert_eq!((one.available(), other.available()), (3, 2));
}

#[test]
fn nothing_that_is_added_taken_away_or_split_off_changes_nothing() {
    let (semaphore, waker) = (Semaphore::new(2), CountingWaker::new());
    let mut held = semaphore.try_acquire().unwrap();
    let mut waits = semaphore.acquire_many(2);
    assert!(poll_with(&mut waits, &waker.waker()).is_pending());
    let before = semaphore.stats();
    semaphore.add_permits(0).unwrap();
    semaphore.reduce_permits(0).unwrap();
    semaphore.resize(2).unwrap();
    assert_eq!(semaphore.forget_permits(0), 0);
    let nothing = held.split(0).unwrap();
    nothing.forget();
    assert_eq!((semaphore.stats(), waker.wakes(), held.permits()), (before, 0, 1));
}

#[test]
fn a_permit_is_owned_by_an_arc_or_through_the_struct_that_holds_the_semaphore() {
    struct Shared {
        permits: Semaphore,
    }
    let arc = Arc::new(Semaphore::new(2));
    let owned: Permit<Arc<Semaphore>> = Semaphore::try_acquire_owned(arc.clone()).unwrap();
    let mut waiting = Semaphore::acquire_many_owned(arc.clone(), 2);
    assert!(Pin::new(&mut waiting).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(owned);
    assert!(Pin::new(&mut waiting).poll(&mut Context::from_waker(Waker::noop())).is_ready());
    drop(waiting);
    assert_eq!((arc.available(), Arc::strong_count(&arc)), (2, 1), "what has ended holds nothing");

    let shared = Arc::new(Shared { permits: Semaphore::new(1) });
    let holder = Project::new(shared.clone(), |shared: &Shared| &shared.permits);
    let mut permit = Semaphore::try_acquire_owned(holder).unwrap();
    let nothing = permit.split(0).unwrap();
    assert_eq!(Arc::strong_count(&shared), 3);
    assert!(permit.merge(nothing).is_ok(), "through another holder, and the same semaphore");
    drop(permit);
    assert_eq!((Arc::strong_count(&shared), shared.permits.available()), (1, 1));
}

#[test]
fn impossible_numbers_are_refused() {
    const MOST: usize = Semaphore::MAX_PERMITS;
    let semaphore = Semaphore::new(MOST);
    assert!(semaphore.add_permits(1).is_err() && semaphore.resize(usize::MAX).is_err());
    assert!(semaphore.add_permits(usize::MAX).is_err() && semaphore.reduce_permits(usize::MAX).is_err());
    assert_eq!(semaphore.available(), MOST);
    for n in [MOST + 1, usize::MAX] {
        assert!(matches!(poll(&mut semaphore.acquire_many(n)), Poll::Ready(Err(AcquireError::TooMany))));
        assert_eq!(semaphore.try_acquire_many(n).unwrap_err(), TryAcquireError::NoPermits);
    }
    assert_eq!(granted(&mut semaphore.acquire_many(MOST)).permits(), MOST);
    assert_eq!(semaphore.forget_permits(usize::MAX), MOST);
    assert_eq!((semaphore.available(), semaphore.capacity()), (0, 0));
}

#[test]
#[should_panic(expected = "more permits than Semaphore::MAX_PERMITS")]
fn more_permits_than_there_can_be_panic_in_the_constructor() {
    let _ = Semaphore::new(Semaphore::MAX_PERMITS + 1);
}

#[test]
#[should_panic(expected = "the least exceeds the most")]
fn a_least_that_exceeds_the_most_panics_in_the_constructor() {
    drop(Semaphore::new(1).acquire_up_to(2, 1));
}

#[test]
fn more_than_there_are_is_waited_for_until_they_are_added() {
    let semaphore = Semaphore::new(1);
    let mut waits = queued(&semaphore, 3);
    semaphore.resize(3).unwrap();
    assert_eq!(granted(&mut waits).permits(), 3);
}

#[test]
fn a_forgotten_permit_is_gone() {
    let semaphore = Semaphore::new(2);
    semaphore.try_acquire().unwrap().forget();
    assert_eq!((semaphore.available(), semaphore.capacity()), (1, 1));
}
