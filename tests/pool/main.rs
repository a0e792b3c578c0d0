//! The pool: who gets which object, what becomes of objects, and that no place is lost whoever fails, hangs, panics or is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod cancelling;
mod closing;
mod hostile;
mod limits;
mod maintaining;
mod maker;
mod resizing;
mod simulated;
mod threads;
mod verbs;
mod weak;

use maker::{Act, At, Log, Maker};
use std::sync::Arc;
use std::time::Duration;
use untether::resource::Pool;
use untether::resource::pool::{GetError, Object, TryGetError};
use untether::testing::{ManualClock, Probe};
use untether::time::MaybeTimer;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Things = Pool<Maker>;
type Timed = Pool<Maker, ManualClock>;

fn pool(max_size: usize) -> (Things, Arc<Log>) {
    let log = Log::new();
    (Pool::new(max_size, log.maker()), log)
}

/// Polls a future to its end, which has to come at once.
#[track_caller]
fn now<F: Future>(future: F) -> F::Output {
    Probe::new(future).assert_ready()
}

/// An object that is there, or made, at once.
#[track_caller]
fn got<Tm: MaybeTimer>(pool: &Pool<Maker, Tm>) -> Object<&Pool<Maker, Tm>> {
    now(pool.get()).unwrap()
}

/// Which one it gives at once. It comes back.
#[track_caller]
fn which<Tm: MaybeTimer>(pool: &Pool<Maker, Tm>) -> u32 {
    got(pool).id
}

/// So many objects lie idle, from the first that was made on.
#[track_caller]
fn stock<Tm: MaybeTimer>(pool: &Pool<Maker, Tm>, n: usize) {
    assert_eq!(now(pool.replenish(n)), Ok(n));
}

/// Nothing is under way, all counts agree, and every place can be had.
#[track_caller]
fn assert_whole<Tm: MaybeTimer>(pool: &Pool<Maker, Tm>, log: &Log) {
    let stats = pool.stats();
    assert_eq!((stats.in_use, stats.creating, stats.waiting, stats.granted), (0, 0, 0, 0), "{stats:?}");
    assert_eq!(stats.size, stats.idle, "{stats:?}");
    assert!(stats.idle <= stats.max_size, "{stats:?}");
    assert_eq!(stats.created, stats.size as u64 + stats.detached + stats.taken, "{stats:?}");
    assert_eq!(log.alive(), stats.idle, "each is in the pool, or was dropped once: {stats:?}");
    log.works_from_now_on();
    if !stats.closed {
        let all: Vec<_> = (0..stats.max_size).map(|_| got(pool)).collect();
        assert_eq!(log.alive(), stats.max_size);
        assert!(pool.try_get().is_err());
        drop(all);
    }
    assert!(log.most_alive() <= log.bound(), "{} of {} at once", log.most_alive(), log.bound());
}
