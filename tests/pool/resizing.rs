//! More and fewer, and a look at what there is.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, Weak};
use untether::resource::pool::Manage;

#[test]
fn fewer_lets_go_of_idle_ones_at_once_and_of_the_others_as_they_come_back() {
    let (pool, log) = pool(4);
    stock(&pool, 4);
    let held: Vec<_> = (0..2).map(|_| got(&pool)).collect();
    pool.resize(3);
    assert_eq!((log.detached(), pool.stats().size), (vec![0], 3), "the one that came back first");
    pool.resize(1);
    assert_eq!((log.detached(), pool.stats().size, pool.stats().idle), (vec![0, 1], 2, 0));
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    let [first, second] = <[_; 2]>::try_from(held).unwrap();
    drop(first);
    assert_eq!((log.detached(), waits.wakes()), (vec![0, 1, 3], 0), "it was one too many");
    waits.assert_pending();
    drop(second);
    assert_eq!((waits.assert_ready().unwrap().id, log.alive()), (2, 1));
    assert_whole(&pool, &log);
}

#[test]
fn more_lets_those_in_who_wait() {
    let (pool, log) = pool(1);
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    pool.resize(2);
    assert_eq!(waits.wakes(), 1);
    drop(waits.assert_ready().unwrap());
    drop(held);
    assert_eq!(pool.stats().idle, 2);
    assert_whole(&pool, &log);
}

#[test]
fn to_nothing_and_back() {
    let (pool, log) = pool(2);
    let held = got(&pool);
    pool.resize(0);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    drop(held);
    assert_eq!((log.alive(), pool.stats().size, now(pool.replenish(1))), (0, 0, Ok(0)));
    waits.assert_pending();
    pool.resize(1);
    drop(waits.assert_ready().unwrap());
    pool.resize(2);
    pool.resize(1);
    pool.resize(2);
    assert_whole(&pool, &log);
}

#[test]
fn who_had_its_turn_when_the_size_shrank_makes_none_that_is_too_many() {
    let (pool, log) = pool(2);
    log.set_bound(2);
    let held = [got(&pool), got(&pool)];
    let mut waits = [Probe::new(pool.get()), Probe::new(pool.get())];
    waits.iter_mut().for_each(Probe::assert_pending);
    drop(held);
    pool.resize(0);
    waits.iter_mut().for_each(Probe::assert_pending);
    assert_eq!((pool.stats().size, pool.stats().waiting, pool.stats().granted), (0, 2, 0));
    let [first, mut second] = waits;
    drop(first);
    pool.resize(1);
    drop(second.assert_ready().unwrap());
    assert_whole(&pool, &log);
}

#[test]
fn who_let_go_of_one_that_was_too_many_waits_for_another() {
    let (pool, log) = pool(2);
    stock(&pool, 2);
    log.script(At::Recycle, &[Act::Works, Act::FailsLater]);
    let held = got(&pool);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    pool.resize(1);
    gets.assert_pending();
    assert_eq!((pool.stats().size, log.alive(), pool.stats().waiting), (1, 1, 1));
    drop(held);
    assert_eq!(gets.assert_ready().unwrap().id, 1);
    // And a second time, to be closed.
    log.script(At::Recycle, &[Act::Works, Act::FailsLater]);
    pool.resize(2);
    stock(&pool, 1);
    let held = got(&pool);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    pool.resize(1);
    gets.assert_pending();
    pool.close();
    assert_eq!(gets.assert_ready().unwrap_err(), GetError::Closed);
    drop(held);
    assert_whole(&pool, &log);
}

#[test]
fn an_impossible_size_changes_nothing() {
    let (pool, log) = pool(2);
    let panics = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pool.resize(usize::MAX)));
    assert!(panics.is_err());
    assert_eq!(pool.stats().max_size, 2);
    assert_whole(&pool, &log);
}

#[test]
fn sizes_that_are_set_by_two_threads_at_once_end_as_one_of_them() {
    let (pool, log) = pool(5);
    let (meet, rounds) = (std::sync::Barrier::new(2), untether_support::cases(3_000) as usize);
    let (pool, meet) = (&pool, &meet);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..rounds {
                meet.wait();
                pool.resize(1);
                meet.wait();
            }
        });
        for _ in 0..rounds {
            meet.wait();
            pool.resize(4);
            meet.wait();
            assert!([1, 4].contains(&pool.stats().max_size));
            assert_whole(pool, &log);
        }
    });
}

#[test]
fn retain_shows_each_that_lies_idle_once_and_lets_go_of_those_that_are_not_kept() {
    let (pool, log) = pool(4);
    stock(&pool, 4);
    let held = got(&pool);
    let mut seen = Vec::new();
    let gone = pool.retain(|thing, usage| {
        seen.push((thing.id, usage.uses));
        thing.id != 1
    });
    assert_eq!((seen, gone, log.detached()), (vec![(0, 0), (1, 0), (2, 0)], 1, vec![1]));
    drop(held);
    assert_eq!(pool.stats().idle, 3);
    let order: Vec<_> = (0..3).map(|_| got(&pool)).collect();
    assert_eq!(order.iter().map(|thing| thing.id).collect::<Vec<_>>(), [3, 2, 0], "they lie as they lay");
    drop(order);
    assert_whole(&pool, &log);
}

#[test]
fn who_looks_may_use_the_pool() {
    let (pool, log) = pool(3);
    stock(&pool, 3);
    let mut looks = 0;
    let gone = pool.retain(|thing, _| {
        looks += 1;
        let other = pool.try_get().unwrap();
        assert_ne!(thing.id, other.id);
        drop(other);
        assert!(pool.stats().in_use == 1 && pool.stats().idle == 2);
        pool.retain(|_, _| true);
        looks < 2
    });
    // What was used meanwhile came back after the look had begun, and is not looked at.
    assert_eq!((looks, gone), (2, 1));
    assert_whole(&pool, &log);
}

#[test]
fn what_is_looked_at_while_the_pool_closes_or_shrinks_is_let_go() {
    let (pool, log) = pool(3);
    stock(&pool, 3);
    let gone = pool.retain(|_, _| {
        pool.resize(1);
        true
    });
    assert_eq!((gone, log.alive()), (0, 1));
    assert_eq!(pool.stats().size, 1);
    pool.retain(|_, _| {
        pool.close();
        true
    });
    assert_eq!(log.alive(), 0);
    assert_whole(&pool, &log);
}

/// Is slow to let go of the first one: others use the pool meanwhile.
#[derive(Default)]
struct Slow {
    pool: OnceLock<Weak<Pool<Slow>>>,
    let_go: AtomicBool,
}

impl Manage for Slow {
    type Object = ();
    type Error = ();

    async fn create(&self) -> Result<(), ()> {
        Ok(())
    }

    fn detach(&self, (): ()) {
        if !self.let_go.swap(true, Ordering::AcqRel) {
            let pool = self.pool.get().unwrap().upgrade().unwrap();
            (0..5).for_each(|_| drop(now(pool.get())));
            pool.resize(4);
        }
    }
}

#[test]
fn what_comes_back_while_a_resize_lets_others_go_is_kept() {
    let pool = Arc::new(Pool::new(10, Slow::default()));
    pool.manager().pool.set(Arc::downgrade(&pool)).unwrap();
    assert_eq!(now(pool.replenish(10)), Ok(10));
    pool.resize(5);
    let stats = pool.stats();
    assert_eq!((stats.idle, stats.in_use, stats.detached), (4, 0, 6), "{stats:?}");
}
