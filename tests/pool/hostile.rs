//! Managers that fail, hang and panic, objects that panic as they are dropped, and wakers that do.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, OnceLock, Weak};
use untether::resource::pool::{CancelledRecycle, Manage, Usage};
use untether::time::{Clock, Instant, Timer};
use untether_support::Hooks;

const BAD: [Act; 5] = [Act::Fails, Act::FailsLater, Act::Hangs, Act::Panics, Act::PanicsLater];

/// Polls three times, whatever it does, and drops it.
fn drive<F: Future>(future: F) -> Option<F::Output> {
    let mut future = Probe::new(future);
    for _ in 0..3 {
        match catch_unwind(AssertUnwindSafe(|| future.poll())) {
            Ok(std::task::Poll::Pending) => {}
            Ok(std::task::Poll::Ready(output)) => return Some(output),
            Err(_) => break,
        }
    }
    None
}

#[test]
fn a_create_that_fails_hangs_or_panics_at_each_await_keeps_the_counts() {
    for act in BAD {
        let (pool, log) = pool(2);
        log.set_bound(2);
        log.script(At::Create, &[act, act, act]);
        assert!(!matches!(drive(pool.get()), Some(Ok(_))), "{act:?}");
        assert!(!matches!(drive(pool.replenish(2)), Some(Ok(_))), "{act:?}");
        assert!(!matches!(drive(pool.get()), Some(Ok(_))), "{act:?}");
        assert_eq!((pool.stats().size, log.made()), (0, 0), "{act:?}");
        assert_whole(&pool, &log);
    }
}

#[test]
fn a_recycle_that_fails_hangs_or_panics_at_each_await_keeps_the_counts_and_the_size() {
    for then in [CancelledRecycle::Detach, CancelledRecycle::Return] {
        for act in BAD {
            let log = Log::new();
            log.set_bound(2);
            let pool = Pool::builder(2, log.maker()).on_cancelled_recycle(then).build();
            stock(&pool, 2);
            log.script(At::Recycle, &[act]);
            let returned = then == CancelledRecycle::Return && act == Act::Hangs;
            drop(drive(pool.get()));
            let gone = if returned { vec![] } else { vec![1] };
            assert_eq!((log.detached(), pool.stats().detached), (gone.clone(), gone.len() as u64), "{act:?}");
            assert_whole(&pool, &log);
        }
    }
}

#[test]
fn a_check_that_panics_lets_the_object_go_and_frees_its_place() {
    let (pool, log) = pool(1);
    log.set_bound(1);
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    waits.assert_pending();
    log.script(At::IsBroken, &[Act::Panics, Act::Panics]);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(held))).is_err());
    assert_eq!((log.dropped(), log.detached(), waits.wakes()), (vec![0], vec![0], 1));
    let held = waits.assert_ready().unwrap();
    assert_eq!(held.id, 1);
    // Its drop panics as well.
    log.script(At::Drop, &[Act::Panics]);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(held))).is_err());
    assert_eq!(log.dropped(), [0, 1]);
    assert_whole(&pool, &log);
}

#[test]
fn an_object_whose_holder_panics_comes_back() {
    let (pool, log) = pool(1);
    let panics = || {
        let _held = got(&pool);
        panic!("the holder")
    };
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!((pool.stats().idle, log.made()), (1, 1));
    assert_whole(&pool, &log);
}

#[test]
fn a_second_panic_while_one_unwinds_goes_no_further() {
    for at in [At::IsBroken, At::Detach, At::Drop] {
        let (pool, log) = pool(1);
        let panics = || {
            let mut held = got(&pool);
            held.is_broken = true;
            log.script(at, &[Act::Panics]);
            panic!("the holder")
        };
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert_eq!((log.dropped(), pool.stats().size), (vec![0], 0), "{at:?}");
        assert_whole(&pool, &log);
    }
}

#[test]
fn a_detach_or_a_drop_that_panics_frees_the_place_wherever_it_comes() {
    for at in [At::Detach, At::Drop] {
        let (pool, log) = pool(3);
        log.set_bound(3);
        // As it comes back.
        let mut held = got(&pool);
        held.is_broken = true;
        log.script(at, &[Act::Panics]);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(held))).is_err());
        // On the way to the next one.
        stock(&pool, 2);
        log.script(At::Recycle, &[Act::Fails]);
        log.script(at, &[Act::Panics]);
        assert!(catch_unwind(AssertUnwindSafe(|| now(pool.get()).is_ok())).is_err());
        // Where it is looked at.
        log.script(at, &[Act::Panics]);
        assert!(catch_unwind(AssertUnwindSafe(|| pool.retain(|_, _| false))).is_err());
        assert_eq!((pool.stats().size, log.dropped()), (0, vec![0, 2, 1]), "{at:?}");
        // Of several at once, all of them go.
        stock(&pool, 3);
        log.script(at, &[Act::Panics, Act::Works, Act::Panics]);
        assert!(catch_unwind(AssertUnwindSafe(|| pool.resize(0))).is_err());
        assert_eq!((log.alive(), pool.stats().size), (0, 0), "{at:?}");
        pool.resize(3);
        assert_whole(&pool, &log);
    }
}

#[test]
fn a_close_goes_on_though_what_is_let_go_panics() {
    let (pool, log) = pool(3);
    stock(&pool, 3);
    log.script(At::Detach, &[Act::Works, Act::Panics]);
    let mut drained = Probe::new(pool.drained());
    drained.assert_pending();
    assert!(catch_unwind(AssertUnwindSafe(|| pool.close())).is_err());
    assert_eq!(log.alive(), 0);
    drained.assert_ready();
    assert_eq!(now(pool.get()).unwrap_err(), GetError::Closed);
    assert_whole(&pool, &log);
}

#[test]
fn who_looks_and_panics_loses_the_one_it_looked_at_and_no_other() {
    let (pool, log) = pool(3);
    stock(&pool, 3);
    let panics = || pool.retain(|thing, _| if thing.id == 1 { panic!("on purpose") } else { true });
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!((log.dropped(), pool.stats().idle), (vec![1], 2));
    assert_whole(&pool, &log);
}

#[test]
fn an_object_that_is_forgotten_keeps_its_place_and_no_other() {
    let (pool, log) = pool(2);
    std::mem::forget(got(&pool));
    assert_eq!((which(&pool), which(&pool)), (1, 1));
    assert_eq!(pool.stats().in_use, 1);
    drop(log);
}

#[test]
fn a_waker_that_panics_takes_no_object_along() {
    let (pool, log) = pool(1);
    let held = got(&pool);
    let mut waits = Probe::new(pool.get());
    let hostile = Hooks::new().on_wake(|| panic!("on purpose")).waker();
    assert!(waits.poll_with(&hostile).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(held))).is_err());
    assert_eq!(pool.stats().idle, 1);
    drop(waits.assert_ready().unwrap());
    assert_whole(&pool, &log);

    let held = got(&pool);
    let mut drained = Probe::new(pool.drained());
    assert!(drained.poll_with(&hostile).is_pending());
    pool.close();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(Object::take(held)))).is_err());
    assert_eq!((pool.stats().taken, pool.stats().size), (1, 0));
    assert_whole(&pool, &log);
}

#[test]
fn who_is_woken_finds_all_counts_settled_and_the_place_free() {
    for (is_broken, takes) in [(false, false), (true, false), (false, true)] {
        let (pool, log) = pool(1);
        let pool = Arc::new(pool);
        let mut held = now(Pool::get_owned(pool.clone())).unwrap();
        held.is_broken = is_broken;
        let mut waits = Probe::new(Pool::get_owned(pool.clone()));
        let (seen, of_waker) = (Arc::new(Mutex::new(None)), pool.clone());
        let sees = seen.clone();
        let waker = Hooks::new().on_wake(move || *sees.lock().unwrap() = Some(of_waker.stats())).waker();
        assert!(waits.poll_with(&waker).is_pending());
        if takes {
            drop(Object::take(held));
        } else {
            drop(held);
        }
        let stats = seen.lock().unwrap().expect("it was woken");
        let left = usize::from(!is_broken && !takes);
        assert_eq!((stats.in_use, stats.idle, stats.size, stats.waiting), (0, left, left, 0));
        drop(waits.assert_ready().unwrap());
        assert_whole(&pool, &log);
    }
}

#[test]
fn so_does_who_is_woken_by_one_that_gave_up_making_an_object() {
    for act in [Act::Hangs, Act::FailsLater, Act::PanicsLater] {
        let (pool, log) = pool(1);
        let pool = Arc::new(pool);
        log.script(At::Create, &[act]);
        let mut makes = Probe::new(pool.get());
        makes.assert_pending();
        let mut waits = Probe::new(Pool::get_owned(pool.clone()));
        let (seen, of_waker) = (Arc::new(Mutex::new(None)), pool.clone());
        let sees = seen.clone();
        let waker = Hooks::new().on_wake(move || *sees.lock().unwrap() = Some(of_waker.stats())).waker();
        assert!(waits.poll_with(&waker).is_pending());
        let _ = catch_unwind(AssertUnwindSafe(|| makes.poll()));
        drop(makes);
        assert_eq!(seen.lock().unwrap().map(|stats| stats.size), Some(0), "{act:?}");
        drop(waits.assert_ready().unwrap());
        assert_whole(&pool, &log);
    }
}

#[test]
fn a_waker_may_use_the_pool_that_wakes_it() {
    let (pool, log) = pool(1);
    let pool = Arc::new(pool);
    let held = now(Pool::get_owned(pool.clone())).unwrap();
    let mut waits = Probe::new(Pool::get_owned(pool.clone()));
    let of_waker = pool.clone();
    let waker = Hooks::new().on_wake(move || {
        assert!(of_waker.try_get().is_err(), "it is of the one who is woken");
        assert_eq!((of_waker.stats().idle, of_waker.retain(|_, _| true)), (1, 0));
    });
    assert!(waits.poll_with(&waker.waker()).is_pending());
    drop(held);
    drop(waits.assert_ready().unwrap());
    drop(waits);
    assert_whole(&pool, &log);
}

/// Panics when it is asked so often.
struct Breaks(std::sync::atomic::AtomicU32);

impl Clock for Breaks {
    fn now(&self) -> Instant {
        let left = self.0.fetch_sub(1, Ordering::AcqRel);
        assert_ne!(left, 1, "on purpose");
        Instant::from_nanos(1)
    }
}

impl Timer for Breaks {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        std::future::pending()
    }
}

#[test]
fn a_clock_that_panics_takes_no_place_along() {
    for times in 1..12 {
        let log = Log::new();
        let timer = Breaks(times.into());
        let pool = Pool::builder(2, log.maker()).min_idle(1).timer(timer).idle_time(SECOND).build();
        let mut panics = 0;
        let mut tries = |step: &dyn Fn()| panics += u32::from(catch_unwind(AssertUnwindSafe(step)).is_err());
        tries(&|| drop(got(&pool)));
        tries(&|| drop(pool.add(log.thing())));
        tries(&|| drop([got(&pool), got(&pool)]));
        tries(&|| drop(pool.try_get()));
        tries(&|| _ = now(pool.maintain()));
        assert_eq!(panics, 1, "{times}");
        assert_whole(&pool, &log);
    }
}

#[test]
fn a_clock_that_panics_as_a_holder_unwinds_is_no_second_panic() {
    let log = Log::new();
    let pool = Pool::builder(2, log.maker()).timer(Breaks(2.into())).build();
    let panics = || {
        let _held = got(&pool);
        panic!("the holder")
    };
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!(pool.stats().idle, 1);
    assert_whole(&pool, &log);
}

/// Uses its own pool wherever it is asked, and so do its objects.
#[derive(Default)]
struct Selfish {
    pool: OnceLock<Weak<Pool<Selfish>>>,
    uses: Arc<Mutex<usize>>,
}

struct Uses(Box<dyn Fn() + Send>);

impl Drop for Uses {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Selfish {
    fn uses(&self) -> impl Fn() + Send + 'static {
        let (pool, uses) = (self.pool.get().unwrap().clone(), self.uses.clone());
        move || {
            *uses.lock().unwrap() += 1;
            if let Some(pool) = pool.upgrade() {
                let stats = pool.stats();
                assert_eq!(stats.size, stats.idle + stats.in_use + stats.creating);
                pool.retain(|_, _| true);
                drop(pool.try_get().map(Object::take).map(|other| pool.add(other)));
            }
        }
    }
}

impl Manage for Selfish {
    type Object = Uses;
    type Error = ();

    async fn create(&self) -> Result<Uses, ()> {
        self.uses()();
        Ok(Uses(Box::new(self.uses())))
    }

    async fn recycle(&self, _: &mut Uses, _: &Usage) -> Result<(), ()> {
        self.uses()();
        Ok(())
    }

    fn is_broken(&self, _: &mut Uses) -> bool {
        self.uses()();
        *self.uses.lock().unwrap() % 3 == 0
    }

    fn detach(&self, object: Uses) {
        self.uses()();
        drop(object);
        self.uses()();
    }
}

#[test]
fn a_manager_and_its_objects_may_use_their_own_pool() {
    let pool = Arc::new(Pool::new(4, Selfish::default()));
    pool.manager().pool.set(Arc::downgrade(&pool)).unwrap();
    for _ in 0..20 {
        let held = [now(pool.get()), now(pool.get())];
        drop(held);
    }
    let _ = now(pool.replenish(2));
    pool.resize(1);
    pool.retain(|_, _| false);
    let _ = now(pool.replenish(1));
    pool.close();
    let stats = pool.stats();
    assert_eq!((stats.size, stats.in_use), (0, 0));
    assert_eq!(stats.created, stats.detached + stats.taken);
}
