//! Threads that change the size at the same time.

use super::{AddError, Pool, TryGetError};
use crate::sys::models::{block_on, join, model, thread};
use alloc::sync::Arc;

fn pool() -> Arc<Pool<impl super::Manage<Object = u8, Error = ()> + 'static>> {
    Arc::new(Pool::new(2, || async { Ok(0) }))
}

#[test]
fn sizes_that_are_set_by_two_at_once_end_as_one_of_them() {
    model(|| {
        let pool = pool();
        let other = pool.clone();
        let thread = thread::spawn(move || other.resize(1));
        pool.resize(3);
        join([thread]);
        let size = pool.stats().max_size;
        assert!([1, 3].contains(&size));
        assert_eq!(pool.semaphore.capacity(), size);
    });
}

#[test]
fn what_comes_back_as_the_size_changes_is_kept_or_let_go_and_its_place_is_there() {
    model(|| {
        let pool = pool();
        pool.add(1).unwrap();
        let held = Pool::try_get_owned(pool.clone()).unwrap();
        let thread = thread::spawn(move || drop(held));
        pool.resize(1);
        join([thread]);
        let stats = pool.stats();
        assert_eq!((stats.idle, stats.size, pool.semaphore.available()), (1, 1, 1));
    });
}

#[test]
fn what_comes_back_as_the_pool_closes_is_let_go() {
    model(|| {
        let pool = pool();
        pool.add(1).unwrap();
        let held = Pool::try_get_owned(pool.clone()).unwrap();
        let thread = thread::spawn(move || drop(held));
        pool.close();
        join([thread]);
        assert_eq!((pool.stats().size, pool.stats().detached), (0, 1));
        assert_eq!(pool.drained.count(), 0);
    });
}

#[test]
fn who_makes_one_as_the_size_shrinks_makes_it_or_waits_for_another() {
    model(|| {
        let pool = pool();
        assert!(pool.stats().size == 0, "used once before it is shared");
        let held = block_on(Pool::get_owned(pool.clone())).unwrap();
        let other = pool.clone();
        let thread = thread::spawn(move || drop(block_on(other.get()).unwrap()));
        pool.resize(1);
        drop(held);
        join([thread]);
        let (stats, line) = (pool.stats(), pool.semaphore.stats());
        assert_eq!((stats.size, stats.in_use), (stats.idle, 0));
        assert!(stats.size <= 1);
        assert_eq!((line.available, line.owed, line.waiting, line.granted), (1, 0, 0, 0));
    });
}

#[test]
fn whoever_is_told_that_it_is_closed_finds_it_closed() {
    model(|| {
        let pool = pool();
        assert!(!pool.is_closed() && pool.stats().size == 0, "used once before it is shared");
        let other = pool.clone();
        let thread = thread::spawn(move || other.close());
        if let Err(error) = pool.add(1) {
            assert!(matches!(error, AddError::Closed(1)), "{error}");
        }
        if let Err(TryGetError::Closed) = pool.try_get() {
            assert!(pool.is_closed() && pool.stats().closed);
        }
        join([thread]);
        assert!(pool.is_closed());
        assert_eq!(pool.drained.count(), 0);
    });
}
