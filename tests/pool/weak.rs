//! Handles that keep nothing alive.

use super::*;

#[test]
fn a_weak_handle_keeps_no_pool_alive_and_opens_none() {
    let (pool, log) = pool(2);
    stock(&pool, 2);
    let pool = Arc::new(pool);
    let weak = Arc::downgrade(&pool);
    let held = now(Pool::get_owned(weak.upgrade().unwrap())).unwrap();
    drop(pool);
    assert_eq!(log.alive(), 2, "an object is out");
    assert_eq!(weak.upgrade().unwrap().stats().in_use, 1);
    drop(held);
    assert!(weak.upgrade().is_none());
    assert_eq!((log.alive(), log.detached()), (0, vec![0, 1]), "through the manager's hands");
}

#[test]
fn a_future_that_waits_keeps_its_pool_alive() {
    let (pool, _log) = pool(1);
    let pool = Arc::new(pool);
    let held = got(&*pool);
    let mut waits = Probe::new(Pool::get_owned(pool.clone()));
    waits.assert_pending();
    drop(held);
    drop(pool);
    drop(waits.assert_ready().unwrap());
}
