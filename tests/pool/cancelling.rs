//! Futures that are dropped at each of their awaits.

use super::*;
use untether::resource::pool::CancelledRecycle;

#[test]
fn a_get_that_is_dropped_at_any_of_its_polls_leaves_no_object_and_no_place_behind() {
    // It waits, then recycles two that fail, then makes one, each in two polls.
    for polls in 0..6 {
        let (pool, log) = pool(2);
        log.set_bound(2);
        stock(&pool, 2);
        let held = [got(&pool), got(&pool)];
        log.script(At::Recycle, &[Act::FailsLater, Act::FailsLater]);
        log.script(At::Create, &[Act::Yields]);
        let mut gets = Probe::new(pool.get());
        let mut held = Some(held);
        for poll in 0..polls {
            if poll == 1 {
                held = None;
            }
            if let std::task::Poll::Ready(object) = gets.poll() {
                assert_eq!((poll, object.unwrap().id), (4, 2));
                break;
            }
        }
        drop(gets);
        drop(held);
        assert_whole(&pool, &log);
    }
}

#[test]
fn who_is_dropped_when_it_was_granted_an_object_passes_it_on() {
    let (pool, log) = pool(1);
    let held = got(&pool);
    let (mut first, mut second) = (Probe::new(pool.get()), Probe::new(pool.get()));
    first.assert_pending();
    second.assert_pending();
    drop(held);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first);
    assert_eq!(second.wakes(), 1);
    assert_eq!(second.assert_ready().unwrap().id, 0);
    assert_whole(&pool, &log);
}

#[test]
fn who_is_dropped_while_it_makes_one_lets_the_next_make_one() {
    let (pool, log) = pool(1);
    log.set_bound(1);
    log.script(At::Create, &[Act::Hangs]);
    let (mut first, mut second) = (Probe::new(pool.get()), Probe::new(pool.get()));
    first.assert_pending();
    second.assert_pending();
    assert_eq!((pool.stats().creating, pool.stats().waiting), (1, 1));
    drop(first);
    assert_eq!((pool.stats().creating, second.wakes()), (0, 1));
    drop(second.assert_ready().unwrap());
    assert_whole(&pool, &log);
}

#[test]
fn a_recycle_that_is_cancelled_lets_the_object_go() {
    let (pool, log) = pool(2);
    stock(&pool, 2);
    log.script(At::Recycle, &[Act::Hangs]);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    assert_eq!((pool.stats().in_use, pool.stats().idle), (1, 1));
    drop(gets);
    assert_eq!((log.detached(), pool.stats().recycled), (vec![1], 0));
    assert_whole(&pool, &log);
}

#[test]
fn or_returns_it_to_where_it_lay_if_that_was_said() {
    let (log, clock) = (Log::new(), ManualClock::new());
    let pool = Pool::builder(3, log.maker()).timer(clock.clone()).idle_time(2 * SECOND);
    let pool = pool.fifo().on_cancelled_recycle(CancelledRecycle::Return).build();
    stock(&pool, 3);
    log.script(At::Recycle, &[Act::Hangs]);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    clock.advance(SECOND);
    drop(gets);
    assert!(log.detached().is_empty());
    assert_eq!(
        (which(&pool), which(&pool), pool.stats().recycled),
        (0, 1, 2),
        "the first is the first again"
    );
    // It was no use of it: only what was lent out begins anew.
    log.script(At::Recycle, &[Act::Hangs]);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    clock.advance(SECOND);
    drop(gets);
    now(pool.maintain()).unwrap();
    assert_eq!(log.detached(), [2]);
    assert_whole(&pool, &log);
}

#[test]
fn what_is_to_be_returned_is_let_go_where_a_thread_unwinds() {
    let log = Log::new();
    let pool = Pool::builder(1, log.maker()).on_cancelled_recycle(CancelledRecycle::Return).build();
    stock(&pool, 1);
    log.script(At::Recycle, &[Act::Hangs]);
    let panics = || {
        let mut gets = Probe::new(pool.get());
        gets.assert_pending();
        panic!("of something else");
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    assert_eq!(log.detached(), [0]);
    assert_whole(&pool, &log);
}

#[test]
fn what_is_to_be_returned_is_let_go_when_the_pool_was_closed_or_shrunk_meanwhile() {
    for closes in [true, false] {
        let log = Log::new();
        let pool = Pool::builder(1, log.maker()).on_cancelled_recycle(CancelledRecycle::Return).build();
        stock(&pool, 1);
        log.script(At::Recycle, &[Act::Hangs]);
        let mut gets = Probe::new(pool.get());
        gets.assert_pending();
        if closes {
            pool.close();
        } else {
            pool.resize(0);
        }
        drop(gets);
        assert_eq!(log.detached(), [0]);
        assert_whole(&pool, &log);
    }
}

#[test]
fn replenish_and_a_step_of_maintenance_can_be_dropped_and_keep_what_they_made() {
    let log = Log::new();
    let pool = Pool::builder(4, log.maker()).min_idle(3).build();
    log.script(At::Create, &[Act::Works, Act::Hangs, Act::Works, Act::Hangs]);
    let mut fills = Probe::new(pool.replenish(4));
    fills.assert_pending();
    drop(fills);
    assert_eq!((pool.stats().idle, pool.stats().creating), (1, 0));
    let mut step = Probe::new(pool.maintain());
    step.assert_pending();
    drop(step);
    assert_eq!((pool.stats().idle, pool.stats().creating), (2, 0));
    assert_whole(&pool, &log);
}
