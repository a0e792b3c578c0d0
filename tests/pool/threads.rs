//! On real threads.

use super::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use untether::resource::pool::{CancelledRecycle, Manage};
use untether::rt::threads::block_on;
use untether::spawn::yield_now;
use untether::time::TimeoutExt;

/// Borrowers who break, take, and give up, while others resize, look through and make some ahead.
#[test]
fn threads_that_do_anything_at_all_leave_it_whole() {
    let log = Log::new();
    // Four, and what three have taken, whose places are free before they are dropped.
    log.set_bound(4 + 3);
    let pool =
        Pool::builder(3, log.maker()).min_idle(2).on_cancelled_recycle(CancelledRecycle::Return).build();
    let (pool, log, in_use) = (&pool, &log, &AtomicUsize::new(0));
    let rounds = untether_support::cases(2_000) as usize;
    std::thread::scope(|scope| {
        for thread in 0..3 {
            scope.spawn(move || {
                block_on(|rt| async move {
                    for round in 0..rounds {
                        if round % 7 == thread {
                            log.script(At::Recycle, &[Act::Yields]);
                        }
                        let limit = Duration::from_micros(if round % 5 == 0 { 0 } else { 100_000 });
                        let Ok(thing) = pool.get().timeout(limit, &rt).await else { continue };
                        let mut thing = thing.unwrap();
                        assert!(in_use.fetch_add(1, Ordering::AcqRel) < 4);
                        yield_now().await;
                        thing.is_broken = round % 11 == 0;
                        in_use.fetch_sub(1, Ordering::AcqRel);
                        if round % 13 == 0 {
                            drop(Object::take(thing));
                        }
                    }
                });
            });
        }
        scope.spawn(move || {
            block_on(|_| async move {
                for round in 0..rounds {
                    pool.resize(2 + round % 3);
                    pool.retain(|thing, _| thing.id % 5 != 0);
                    pool.maintain().await.unwrap();
                    let stats = pool.stats();
                    assert_eq!(stats.size, stats.idle + stats.in_use + stats.creating);
                    assert!(stats.size <= 4, "{stats:?}");
                }
            });
        });
    });
    assert_whole(pool, log);
}

/// There is one object, which nobody takes but who tries, and things to do that find nothing to do.
fn always_got(pool: &Pool<impl Manage<Object = u8, Error = ()>>, does_nothing: impl Fn() + Sync) {
    pool.add(0).unwrap();
    let (stop, does_nothing) = (&AtomicBool::new(false), &does_nothing);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while !stop.load(Ordering::Acquire) {
                does_nothing();
            }
        });
        let missed = (0..untether_support::cases(20_000)).filter(|_| pool.try_get().is_err()).count();
        stop.store(true, Ordering::Release);
        assert_eq!(missed, 0);
    });
}

#[test]
fn what_finds_nothing_to_do_keeps_the_object_from_nobody() {
    let pool = || Pool::builder(1, || async { Ok::<_, ()>(0) }).min_idle(1).build();
    let pools = [pool(), pool(), pool()];
    always_got(&pools[0], || now(pools[0].maintain()).unwrap());
    always_got(&pools[1], || assert_eq!(now(pools[1].replenish(1)), Ok(0)));
    always_got(&pools[2], || assert!(pools[2].add(1).is_err()));
}
