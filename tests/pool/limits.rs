//! Limits and ages, on a clock that is moved by hand.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};
use untether::resource::pool::Builder;
use untether::time::{Clock, Instant, Timer, timeout};

fn timed(
    max_size: usize,
    set: impl FnOnce(Builder<Maker, ManualClock>) -> Builder<Maker, ManualClock>,
) -> (Timed, ManualClock, Arc<Log>) {
    let (clock, log) = (ManualClock::new(), Log::new());
    let builder = Pool::builder(max_size, log.maker()).timer(clock.clone());
    (set(builder).build(), clock, log)
}

#[test]
fn waiting_ends_with_its_limit_and_loses_no_place() {
    let (pool, clock, log) = timed(1, |pool| pool.wait_limit(SECOND));
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    clock.advance(SECOND);
    assert_eq!(waits.assert_ready().unwrap_err(), GetError::WaitTimedOut);
    assert_eq!((pool.stats().wait_timed_out, pool.stats().waiting), (1, 0));
    drop(held);
    assert_eq!(clock.sleepers(), 0);
    assert_whole(&pool, &log);
}

#[test]
fn an_object_that_comes_with_the_limit_is_got() {
    let (pool, clock, log) = timed(1, |pool| pool.wait_limit(SECOND));
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    clock.advance(SECOND);
    drop(held);
    drop(waits.assert_ready().unwrap());
    assert_whole(&pool, &log);
}

#[test]
fn creating_ends_with_its_limit_which_is_not_that_of_waiting() {
    let (pool, clock, log) = timed(1, |pool| pool.wait_limit(SECOND).create_limit(2 * SECOND));
    log.script(At::Create, &[Act::Hangs]);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    clock.advance(SECOND);
    gets.assert_pending();
    clock.advance(SECOND);
    assert_eq!(gets.assert_ready().unwrap_err(), GetError::CreateTimedOut);
    assert_eq!((pool.stats().create_timed_out, pool.stats().size), (1, 0));
    assert_whole(&pool, &log);
}

#[test]
fn one_that_takes_too_long_to_recycle_is_let_go_and_another_is_given() {
    let (pool, clock, log) = timed(2, |pool| pool.recycle_limit(SECOND));
    stock(&pool, 2);
    log.script(At::Recycle, &[Act::Hangs]);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    clock.advance(SECOND);
    assert_eq!(gets.assert_ready().unwrap().id, 0);
    assert_eq!((log.detached(), pool.stats().recycle_timed_out, pool.stats().recycled), (vec![1], 1, 1));
    assert_whole(&pool, &log);
}

#[test]
fn what_is_too_old_is_not_lent_out_and_does_not_come_back() {
    let (pool, clock, log) = timed(3, |pool| pool.max_lifetime(10 * SECOND));
    stock(&pool, 2);
    clock.advance(9 * SECOND);
    let held = got(&pool);
    assert_eq!(held.id, 1);
    clock.advance(SECOND);
    drop(held);
    assert_eq!(log.detached(), [1], "it grew too old in use");
    assert_eq!((which(&pool), log.detached()), (2, vec![1, 0]));
    assert_whole(&pool, &log);
}

#[test]
fn what_lay_too_long_is_not_lent_out() {
    let (pool, clock, log) = timed(2, |pool| pool.idle_time(SECOND));
    drop(got(&pool));
    clock.advance(SECOND - Duration::from_nanos(1));
    assert_eq!(which(&pool), 0, "to be used begins it anew");
    clock.advance(SECOND);
    assert_eq!((which(&pool), log.detached()), (1, vec![0]));
    assert_eq!(pool.try_get().unwrap().id, 1);
    clock.advance(SECOND);
    assert_eq!(pool.try_get().unwrap_err(), TryGetError::NoneIdle);
    assert_whole(&pool, &log);
}

#[test]
fn usage_tells_when_it_was_made_and_when_it_came_back() {
    let (pool, clock, _log) = timed(1, |pool| pool);
    let start = clock.now();
    let held = got(&pool);
    assert_eq!(Object::usage(&held).created, Some(start));
    clock.advance(SECOND);
    drop(held);
    clock.advance(SECOND);
    let held = got(&pool);
    assert_eq!(Object::usage(&held).created, Some(start));
    assert_eq!(Object::usage(&held).returned, Some(start.saturating_add(SECOND)));
}

#[test]
fn a_clock_that_steps_back_makes_nothing_old() {
    let (pool, clock, log) = timed(1, |pool| pool.max_lifetime(SECOND).idle_time(SECOND));
    drop(got(&pool));
    clock.step_back(10 * SECOND);
    assert_eq!((which(&pool), which(&pool)), (0, 0));
    assert_whole(&pool, &log);
}

/// Counts what it is asked.
#[derive(Clone)]
struct Asked {
    clock: ManualClock,
    nows: Arc<AtomicU32>,
    sleeps: Arc<AtomicU32>,
}

impl Clock for Asked {
    fn now(&self) -> Instant {
        self.nows.fetch_add(1, Ordering::AcqRel);
        self.clock.now()
    }
}

impl Timer for Asked {
    type Sleep = <ManualClock as Timer>::Sleep;

    fn sleep_until(&self, deadline: Instant) -> Self::Sleep {
        self.sleeps.fetch_add(1, Ordering::AcqRel);
        self.clock.sleep_until(deadline)
    }
}

#[test]
fn no_timer_is_asked_where_no_limit_is_set_or_nothing_is_waited_for() {
    let (nows, sleeps) = (Arc::<AtomicU32>::default(), Arc::<AtomicU32>::default());
    let timer = Asked { clock: ManualClock::new(), nows: nows.clone(), sleeps: sleeps.clone() };
    let log = Log::new();
    log.script(At::Create, &[Act::Yields]);
    let pool = Pool::builder(1, log.maker()).timer(timer.clone()).build();
    let (mut first, mut second) = (Probe::new(pool.get()), Probe::new(pool.get()));
    first.assert_pending();
    second.assert_pending();
    drop(first.assert_ready().unwrap());
    drop(second.assert_ready().unwrap());
    assert_eq!(sleeps.load(Ordering::Acquire), 0);
    assert_eq!(nows.load(Ordering::Acquire), 3, "one made, two came back: for their usage");

    let limits = Pool::builder(1, log.maker()).timer(timer);
    let limits = limits.wait_limit(SECOND).create_limit(SECOND).recycle_limit(SECOND).build();
    drop(got(&limits));
    drop(got(&limits));
    assert_eq!(sleeps.load(Ordering::Acquire), 0, "what is ready asks for no sleep");
}

#[test]
fn a_timeout_around_a_get_loses_nothing() {
    let (pool, clock, log) = timed(1, |pool| pool);
    let gives_up = || {
        let mut gets = Probe::new(timeout(SECOND, pool.get(), &clock));
        gets.assert_pending();
        clock.advance(SECOND);
        assert!(gets.assert_ready().is_err());
    };
    log.script(At::Create, &[Act::Hangs]);
    gives_up();
    let held = got(&pool);
    gives_up();
    drop(held);
    log.script(At::Recycle, &[Act::Hangs]);
    gives_up();
    assert_eq!((clock.sleepers(), log.detached()), (0, vec![0]));
    assert_whole(&pool, &log);
}
