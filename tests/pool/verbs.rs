//! Getting, giving back, taking and adding.

use super::*;
use std::ops::Deref;
use std::rc::Rc;
use untether::resource::pool::{AddError, CreateError, Holder};
use untether::time::NoTimer;

#[test]
fn an_object_is_made_when_it_is_needed_and_used_again() {
    let (pool, log) = pool(2);
    assert_eq!((log.made(), pool.stats().size), (0, 0), "nothing is made ahead");
    assert_eq!((which(&pool), which(&pool), log.made()), (0, 0, 1));
    assert_eq!(log.recycled(), [(0, 1)]);
    let (one, two) = (got(&pool), got(&pool));
    assert_eq!((one.id, two.id), (0, 1));
    let stats = pool.stats();
    assert_eq!((stats.size, stats.in_use, stats.idle, stats.created, stats.recycled), (2, 2, 0, 2, 2));
    drop((one, two));
    assert_whole(&pool, &log);
}

#[test]
fn who_comes_when_all_are_in_use_waits_and_is_served_in_order() {
    let (pool, log) = pool(1);
    let held = got(&pool);
    let (mut first, mut second) = (Probe::new(pool.get()), Probe::new(pool.get()));
    first.assert_pending();
    second.assert_pending();
    assert_eq!(pool.stats().waiting, 2);
    drop(held);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert_eq!((pool.stats().waiting, pool.stats().granted), (1, 1));
    assert_eq!(pool.try_get().unwrap_err(), TryGetError::NoneIdle, "it is of the first in line");
    second.assert_pending();
    let held = first.assert_ready().unwrap();
    drop(held);
    assert_eq!(second.wakes(), 1);
    drop(second.assert_ready().unwrap());
    assert_eq!(log.made(), 1);
    assert_whole(&pool, &log);
}

#[test]
fn the_last_that_came_back_is_lent_first() {
    let (pool, _log) = pool(3);
    stock(&pool, 3);
    let (a, b) = (got(&pool), got(&pool));
    assert_eq!((a.id, b.id), (2, 1));
    drop(a);
    drop(b);
    assert_eq!((which(&pool), which(&pool)), (1, 1));
}

#[test]
fn with_fifo_what_has_lain_longest_is_lent_first() {
    let log = Log::new();
    let pool = Pool::builder(3, log.maker()).fifo().build();
    stock(&pool, 3);
    assert_eq!([(); 4].map(|()| which(&pool)), [0, 1, 2, 0]);
}

#[test]
fn try_get_gives_what_lies_idle_and_recycles_nothing() {
    let (pool, log) = pool(2);
    assert_eq!(pool.try_get().unwrap_err(), TryGetError::NoneIdle);
    stock(&pool, 1);
    let one = pool.try_get().unwrap();
    assert_eq!((one.id, Object::usage(&one).uses), (0, 1));
    assert_eq!(pool.try_get().unwrap_err(), TryGetError::NoneIdle, "it makes none");
    drop(one);
    assert!(log.recycled().is_empty());
    pool.close();
    assert_eq!(pool.try_get().unwrap_err(), TryGetError::Closed);
    assert_eq!(pool.try_get().unwrap_err().to_string(), "getting from a pool that was closed");
}

#[test]
fn what_is_taken_is_its_holders_and_the_pool_makes_another() {
    let (pool, log) = pool(1);
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    let thing = Object::take(held);
    assert_eq!(waits.wakes(), 1);
    let other = waits.assert_ready().unwrap();
    assert_eq!((thing.id, other.id, pool.stats().taken), (0, 1, 1));
    drop((thing, other));
    assert!(log.detached().is_empty());
    assert_whole(&pool, &log);
}

#[test]
fn what_is_added_is_lent_and_what_is_too_many_comes_back() {
    let (pool, log) = pool(2);
    pool.add(log.thing()).unwrap();
    let held = got(&pool);
    pool.add(log.thing()).unwrap();
    let error = pool.add(log.thing()).unwrap_err();
    assert_eq!(format!("{error} {error:?}"), "adding to a pool that is full Full(..)");
    assert_eq!(error.into_inner().id, 2);
    drop(held);
    pool.close();
    assert!(matches!(pool.add(log.thing()), Err(AddError::Closed(thing)) if thing.id == 3));
    assert_whole(&pool, &log);
}

#[test]
fn replenish_makes_as_many_as_there_is_room_for() {
    let (pool, log) = pool(3);
    let held = got(&pool);
    assert_eq!(now(pool.replenish(1)), Ok(1));
    assert_eq!(now(pool.replenish(9)), Ok(1), "one is in use");
    assert_eq!((pool.stats().size, pool.stats().idle), (3, 2));
    drop(held);
    assert_eq!(now(pool.replenish(9)), Ok(0));
    assert!(log.recycled().is_empty());
    assert_whole(&pool, &log);
}

#[test]
fn replenish_keeps_what_was_made_before_one_fails() {
    let (pool, log) = pool(3);
    log.script(At::Create, &[Act::Works, Act::Fails]);
    let error = now(pool.replenish(3)).unwrap_err();
    assert_eq!(error, CreateError::Failed("on purpose"));
    assert_eq!(error.to_string(), "an object for the pool could not be created");
    assert_eq!((pool.stats().idle, pool.stats().create_failed), (1, 1));
    assert_whole(&pool, &log);
}

#[test]
fn who_gets_one_while_replenish_makes_it_waits_for_it() {
    let (pool, log) = pool(1);
    log.script(At::Create, &[Act::Yields]);
    let mut fills = Probe::new(pool.replenish(1));
    fills.assert_pending();
    assert_eq!((pool.stats().creating, pool.stats().size), (1, 1));
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    assert_eq!(fills.assert_ready(), Ok(1));
    assert_eq!((gets.wakes(), gets.assert_ready().unwrap().id), (1, 0));
    assert_whole(&pool, &log);
}

#[test]
fn what_comes_back_broken_is_let_go() {
    let (pool, log) = pool(2);
    got(&pool).is_broken = true;
    assert_eq!((log.detached(), pool.stats().size), (vec![0], 0));
    assert_eq!(which(&pool), 1);
    assert_whole(&pool, &log);
}

#[test]
fn one_whose_recycling_fails_is_let_go_and_the_next_is_tried_and_then_one_is_made() {
    let (pool, log) = pool(2);
    stock(&pool, 2);
    log.script(At::Recycle, &[Act::Fails, Act::FailsLater]);
    let mut gets = Probe::new(pool.get());
    gets.assert_pending();
    assert_eq!((log.detached(), pool.stats().size), (vec![1], 1));
    let held = gets.assert_ready().unwrap();
    assert_eq!((held.id, log.detached()), (2, vec![1, 0]));
    let stats = pool.stats();
    assert_eq!((stats.recycle_failed, stats.recycled, stats.size), (2, 0, 1));
    drop(held);
    assert_whole(&pool, &log);
}

#[test]
fn an_error_of_the_manager_is_given_to_who_wanted_the_object() {
    let log = Log::new();
    let fails = Pool::new(1, || async { Err::<u8, _>(std::fmt::Error) });
    let error = now(fails.get()).unwrap_err();
    assert_eq!(error.to_string(), "an object for the pool could not be created");
    assert!(std::error::Error::source(&error).is_some_and(|source| source.is::<std::fmt::Error>()));

    log.script(At::Create, &[Act::Fails]);
    let pool = Pool::new(1, log.maker());
    assert_eq!(now(pool.get()).unwrap_err(), GetError::Create("on purpose"));
    assert_eq!(pool.stats().create_failed, 1);
    assert_whole(&pool, &log);
}

#[test]
fn it_is_held_by_a_reference_an_arc_an_rc_or_something_of_ones_own() {
    struct App {
        things: Things,
    }
    #[derive(Clone)]
    struct OfApp(Arc<App>);
    impl Deref for OfApp {
        type Target = Things;
        fn deref(&self) -> &Things {
            &self.0.things
        }
    }
    impl Holder for OfApp {
        type Manager = Maker;
        type Timer = NoTimer;
    }

    let (things, log) = pool(4);
    let app = OfApp(Arc::new(App { things }));
    let by_app = now(Pool::get_owned(app.clone())).unwrap();
    let by_reference = got(&app.0.things);
    assert_eq!((by_app.id, by_reference.id, Object::pool(&by_app).stats().in_use), (0, 1, 2));
    drop(by_reference);
    assert_eq!(Pool::try_get_owned(app.clone()).unwrap().id, 1);
    drop(app);
    assert_eq!(log.alive(), 2, "the object keeps its pool alive");
    drop(by_app);
    assert_eq!(log.alive(), 0);

    let by_rc = now(Pool::get_owned(Rc::new(Pool::new(1, log.maker())))).unwrap();
    let by_arc = now(Pool::get_owned(Arc::new(Pool::new(1, log.maker())))).unwrap();
    std::thread::spawn(move || drop(by_arc)).join().unwrap();
    drop(by_rc);
    assert_eq!(log.alive(), 0);
}

#[test]
fn a_pool_of_nothing_is_refused() {
    for build in [
        || drop(pool(0)),
        || drop(Pool::builder(1, Log::new().maker()).min_idle(2)),
        || {
            drop(pool(usize::MAX));
        },
    ] {
        assert!(std::panic::catch_unwind(build).is_err());
    }
}

#[test]
fn a_pool_without_a_timer_knows_no_moments() {
    let (pool, _log) = pool(1);
    drop(got(&pool));
    let held = got(&pool);
    let usage = Object::usage(&held);
    assert_eq!((usage.created, usage.returned, usage.uses), (None, None, 2));
    assert!(format!("{held:?} {pool:?}").starts_with("Object { usage: Usage"));
}
