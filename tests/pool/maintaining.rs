//! Maintenance: step by step, and as a task.

use super::*;
use untether::resource::pool::CreateError;
use untether::spawn::SpawnExt;
use untether::testing::sim::{Check, Sim};
use untether::time::Timer;

fn timed(max_size: usize, min_idle: usize) -> (Timed, ManualClock, Arc<Log>) {
    let (clock, log) = (ManualClock::new(), Log::new());
    let pool = Pool::builder(max_size, log.maker()).min_idle(min_idle).timer(clock.clone());
    (pool.idle_time(2 * SECOND).max_lifetime(5 * SECOND).build(), clock, log)
}

#[test]
fn a_step_makes_what_is_missing_and_no_more() {
    let log = Log::new();
    let pool = Pool::builder(3, log.maker()).min_idle(2).build();
    now(pool.maintain()).unwrap();
    now(pool.maintain()).unwrap();
    assert_eq!((pool.stats().idle, log.made()), (2, 2));
    let held = [got(&pool), got(&pool)];
    now(pool.maintain()).unwrap();
    assert_eq!((pool.stats().idle, log.made()), (1, 3), "there is room for one");
    drop(held);
    now(pool.maintain()).unwrap();
    assert_eq!((pool.stats().idle, log.made()), (3, 3), "more than the least is no reason to let go");
    assert_whole(&pool, &log);
}

#[test]
fn a_step_lets_go_of_what_lay_too_long_and_of_what_is_too_old() {
    let (pool, clock, log) = timed(4, 0);
    stock(&pool, 3);
    clock.advance(SECOND);
    drop(got(&pool));
    now(pool.maintain()).unwrap();
    assert!(log.detached().is_empty());
    clock.advance(SECOND);
    now(pool.maintain()).unwrap();
    assert_eq!(log.detached(), [0, 1], "the third was used a second ago");
    for _ in 0..3 {
        drop(pool.try_get());
        clock.advance(SECOND);
    }
    now(pool.maintain()).unwrap();
    assert_eq!((log.detached(), pool.stats().size), (vec![0, 1, 2], 0));
    assert_whole(&pool, &log);
}

#[test]
fn what_is_let_go_is_made_again_up_to_the_least() {
    let (pool, clock, log) = timed(4, 2);
    now(pool.maintain()).unwrap();
    clock.advance(2 * SECOND);
    now(pool.maintain()).unwrap();
    assert_eq!((log.detached(), log.made(), pool.stats().idle), (vec![0, 1], 4, 2));
    assert_whole(&pool, &log);
}

#[test]
fn with_fifo_nothing_lies_long_enough_to_be_let_go_and_without_it_does() {
    for (fifo, left) in [(true, 4), (false, 1)] {
        let (clock, log) = (ManualClock::new(), Log::new());
        let pool = Pool::builder(4, log.maker());
        let pool = if fifo { pool.fifo() } else { pool };
        let pool = pool.timer(clock.clone()).idle_time(5 * SECOND).build();
        stock(&pool, 4);
        // One at a time is enough.
        for _ in 0..20 {
            clock.advance(SECOND);
            drop(got(&pool));
            now(pool.maintain()).unwrap();
        }
        assert_eq!(pool.stats().idle, left);
        assert_whole(&pool, &log);
    }
}

#[test]
fn a_step_tells_what_could_not_be_made_and_keeps_the_rest() {
    let (pool, _clock, log) = timed(4, 3);
    log.script(At::Create, &[Act::Works, Act::Fails]);
    assert_eq!(now(pool.maintain()), Err(CreateError::Failed("on purpose")));
    assert_eq!(pool.stats().idle, 1);
    assert_whole(&pool, &log);
}

#[test]
fn two_steps_at_once_do_not_make_twice_as_many() {
    let log = Log::new();
    log.script(At::Create, &[Act::Yields, Act::Yields]);
    let pool = Pool::builder(9, log.maker()).min_idle(2).build();
    let mut steps = [Probe::new(pool.maintain()), Probe::new(pool.maintain())];
    steps.iter_mut().for_each(Probe::assert_pending);
    assert_eq!(pool.stats().creating, 2);
    steps.iter_mut().for_each(|step| step.assert_ready().unwrap());
    assert_eq!((pool.stats().idle, log.made()), (2, 2));
}

#[test]
fn a_step_does_not_take_the_place_of_who_waits() {
    let (pool, clock, log) = timed(1, 1);
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    drop(held);
    clock.advance(3 * SECOND);
    now(pool.maintain()).unwrap();
    assert_eq!(log.made(), 1);
    assert_eq!(waits.assert_ready().unwrap().id, 1, "the first lay too long");
    assert_whole(&pool, &log);
}

#[test]
fn as_a_task_it_goes_on_though_some_cannot_be_made() {
    Check::random(50).no_leaks().assert(async |sim: Sim| {
        let log = Log::new();
        log.script(At::Create, &[Act::Fails, Act::Works, Act::Fails]);
        let pool = Pool::builder(4, log.maker()).min_idle(2).timer(sim.clone()).idle_time(60 * SECOND);
        let pool = Arc::new(pool.build());
        let task = sim.spawn_task(pool.maintained(SECOND, sim.clone())).unwrap();
        sim.sleep(3 * SECOND + SECOND / 2).await;
        assert_eq!((pool.stats().idle, pool.stats().create_failed), (2, 2));
        sim.sleep(120 * SECOND).await;
        assert!(log.detached().len() >= 2 && pool.stats().idle == 2);
        pool.close();
        task.await.unwrap();
        assert_eq!(log.alive(), 0);
    });
}

#[test]
fn the_task_ends_at_once_when_the_pool_is_closed_or_dropped_also_while_it_makes_one() {
    for (hangs, closes) in [(false, true), (false, false), (true, true)] {
        let clock = ManualClock::new();
        let log = Log::new();
        let pool = Arc::new(Pool::builder(4, log.maker()).min_idle(1).build());
        if hangs {
            log.script(At::Create, &[Act::Hangs]);
        }
        let mut task = Probe::new(pool.maintained(SECOND, clock.clone()));
        task.assert_pending();
        assert_eq!(pool.stats().creating, usize::from(hangs));
        if closes {
            pool.close();
        }
        drop(pool);
        assert!(task.wakes() > 0);
        task.assert_ready();
        assert_eq!((clock.sleepers(), log.alive()), (0, 0));
    }
}

#[test]
#[should_panic(expected = "maintained all the time")]
fn a_period_of_nothing_is_refused() {
    let pool = Arc::new(pool(1).0);
    drop(pool.maintained(Duration::ZERO, ManualClock::new()));
}

#[test]
fn what_is_not_kept_ends_replenish() {
    let (clock, log) = (ManualClock::new(), Log::new());
    let pool = Pool::builder(2, log.maker()).timer(clock).max_lifetime(Duration::ZERO).build();
    // Or it would go on until one could not be made.
    log.script(At::Create, &[Act::Works, Act::Works, Act::Works, Act::Fails]);
    assert_eq!(now(pool.replenish(usize::MAX)), Ok(1));
    assert_eq!((log.made(), log.detached()), (1, vec![0]));
    assert_whole(&pool, &log);
}
