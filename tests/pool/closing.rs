//! The end.

use super::*;

#[test]
fn a_close_lets_go_of_what_lies_idle_and_refuses_who_waits_and_who_comes() {
    let (pool, log) = pool(2);
    stock(&pool, 2);
    let held = [got(&pool), got(&pool)];
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    let [kept, back] = held;
    drop(waits);
    drop(back);
    let mut waits = [Probe::new(pool.get()), Probe::new(pool.get())];
    let first = waits[0].assert_ready().unwrap();
    waits[1].assert_pending();
    drop(first);
    let _ = &mut waits;
    assert!(!pool.is_closed());
    pool.close();
    pool.close();
    assert!(pool.is_closed() && pool.stats().closed);
    assert_eq!((log.detached(), pool.stats().size), (vec![0], 1));
    assert_eq!(now(pool.get()).unwrap_err(), GetError::Closed);
    assert_eq!(kept.id, 1, "what is held stays good");
    drop(kept);
    assert_eq!((log.detached(), pool.stats().size), (vec![0, 1], 0));
    assert_eq!(waits[1].assert_ready().unwrap_err(), GetError::Closed);
    assert_whole(&pool, &log);
}

#[test]
fn who_waits_learns_of_the_close() {
    let (pool, log) = pool(1);
    let held = got(&pool);
    let mut waits = [Probe::new(pool.get()), Probe::new(pool.get())];
    waits.iter_mut().for_each(Probe::assert_pending);
    pool.close();
    for waits in &mut waits {
        assert_eq!((waits.wakes(), waits.assert_ready().unwrap_err()), (1, GetError::Closed));
    }
    drop(held);
    assert_whole(&pool, &log);
}

#[test]
fn one_that_is_being_made_at_the_close_is_lent_and_goes_as_it_comes_back() {
    let (pool, log) = pool(2);
    stock(&pool, 1);
    log.script(At::Create, &[Act::Yields]);
    log.script(At::Recycle, &[Act::Yields]);
    let (mut recycles, mut makes) = (Probe::new(pool.get()), Probe::new(pool.get()));
    recycles.assert_pending();
    makes.assert_pending();
    pool.close();
    let held = [recycles.assert_ready().unwrap(), makes.assert_ready().unwrap()];
    assert_eq!(pool.stats().in_use, 2);
    drop(held);
    assert_eq!(log.detached().len(), 2);
    assert_whole(&pool, &log);
}

#[test]
fn one_that_is_made_to_lie_idle_is_let_go_when_it_is_closed_meanwhile() {
    let (pool, log) = pool(2);
    log.script(At::Create, &[Act::Yields]);
    let mut fills = Probe::new(pool.replenish(2));
    fills.assert_pending();
    pool.close();
    assert_eq!(fills.assert_ready(), Ok(1));
    assert_eq!((log.detached(), log.made()), (vec![0], 1));
    assert_whole(&pool, &log);
}

#[test]
fn it_is_drained_when_the_last_object_is_gone_and_not_before() {
    let (pool, log) = pool(2);
    log.script(At::Create, &[Act::Works, Act::Hangs]);
    let held = got(&pool);
    let mut makes = Probe::new(pool.get());
    makes.assert_pending();
    let mut drained = Probe::new(pool.drained());
    drained.assert_pending();
    pool.close();
    drained.assert_pending();
    drop(makes);
    drained.assert_pending();
    drop(Object::take(held));
    assert_eq!(drained.wakes(), 1);
    drained.assert_ready();
    now(pool.drained());
    assert_whole(&pool, &log);
}

#[test]
fn a_pool_that_was_never_used_is_drained_by_its_close() {
    let (pool, _log) = pool(2);
    let mut drained = Probe::new(pool.drained());
    drained.assert_pending();
    pool.close();
    drained.assert_ready();
}
