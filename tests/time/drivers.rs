//! Clocks of one's own, and the queue they share.

use super::*;

#[test]
fn advancing_stops_at_each_deadline_on_the_way() {
    let clock = ManualClock::new();
    let start = clock.now();
    let seen = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let mut sleeps = Vec::new();
    for n in [3_u32, 1, 2] {
        let (inside, seen) = (clock.clone(), seen.clone());
        let waker = HookWaker::new().on_wake(move || {
            let now = inside.now().saturating_duration_since(start).as_secs();
            let before = seen.load(std::sync::atomic::Ordering::Relaxed);
            seen.store(before * 10 + now, std::sync::atomic::Ordering::Relaxed);
        });
        let mut sleep = Probe::new(clock.sleep(n * SECOND));
        assert!(sleep.poll_with(&waker.waker()).is_pending());
        sleeps.push(sleep);
    }
    clock.advance(10 * SECOND);
    assert_eq!(seen.load(std::sync::atomic::Ordering::Relaxed), 123);
    assert_eq!(clock.now(), start.saturating_add(10 * SECOND));
    assert_eq!(clock.advance_to_next(), None);
}

#[test]
fn advancing_to_the_next_deadline_goes_there_and_no_further() {
    let clock = ManualClock::new();
    let at = clock.now().saturating_add(7 * SECOND);
    let mut sleep = Probe::new(clock.sleep_until(at));
    sleep.assert_pending();
    assert_eq!(clock.advance_to_next(), Some(at));
    sleep.assert_ready();
}

#[test]
fn wakers_with_one_deadline_fire_in_the_order_they_came() {
    let queue = WakeQueue::new();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut keys: Vec<WakeKey> = (0..40).map(|_| WakeKey::new()).collect();
    for (n, key) in keys.iter_mut().enumerate() {
        let order = order.clone();
        let waker = HookWaker::new().on_wake(move || order.lock().unwrap().push(n)).waker();
        queue.schedule(Instant::from_nanos(5), key, &waker);
    }
    assert_eq!(queue.fire(Instant::from_nanos(4)), Some(Instant::from_nanos(5)));
    assert_eq!(queue.fire(Instant::from_nanos(5)), None);
    assert_eq!(*order.lock().unwrap(), (0..40).collect::<Vec<_>>());
}

#[test]
fn scheduling_says_once_that_firing_must_come_sooner() {
    let queue = WakeQueue::new();
    let mut keys = [(); 4].map(|()| WakeKey::new());
    let at = Instant::from_nanos;
    assert!(queue.schedule(at(50), &mut keys[0], Waker::noop()), "the first");
    assert!(!queue.schedule(at(60), &mut keys[1], Waker::noop()), "later");
    assert!(queue.schedule(at(40), &mut keys[2], Waker::noop()), "sooner");
    queue.cancel(&mut keys[2]);
    assert!(!queue.schedule(at(45), &mut keys[3], Waker::noop()), "it was told to come at 40");
    assert_eq!(queue.fire(at(40)), Some(at(45)));
    assert!(queue.schedule(at(44), &mut keys[1], Waker::noop()), "moved before what it was told");
    assert_eq!(queue.deadlines(), [at(44), at(45), at(50)]);
    assert_eq!((queue.len(), queue.is_empty(), queue.next_deadline()), (3, false, Some(at(44))));
}

#[test]
fn a_key_tells_its_deadline_as_long_as_it_waits() {
    let (queue, mut key, mut other) = (WakeQueue::new(), WakeKey::new(), WakeKey::new());
    let at = Instant::from_nanos;
    assert_eq!(queue.deadline(&key), None);
    queue.schedule(at(5), &mut key, Waker::noop());
    queue.schedule(at(7), &mut other, Waker::noop());
    assert_eq!((queue.deadline(&key), queue.deadline(&other)), (Some(at(5)), Some(at(7))));
    queue.schedule(at(9), &mut key, Waker::noop());
    assert_eq!(queue.deadline(&key), Some(at(9)), "moved");
    queue.fire(at(7));
    assert_eq!((queue.deadline(&key), queue.deadline(&other)), (Some(at(9)), None));
    queue.cancel(&mut key);
    assert_eq!(queue.deadline(&key), None);
    assert_eq!(WakeQueue::new().deadline(&other), None, "of another queue");
}

#[test]
fn a_key_whose_wake_was_fired_cancels_nobody_elses() {
    let queue = WakeQueue::new();
    let (mut fired, mut other) = (WakeKey::new(), WakeKey::new());
    queue.schedule(Instant::from_nanos(1), &mut fired, Waker::noop());
    queue.fire(Instant::from_nanos(1));
    queue.schedule(Instant::from_nanos(2), &mut other, Waker::noop());
    queue.cancel(&mut fired);
    assert_eq!(queue.len(), 1);
    assert!(fired.is_empty() && !other.is_empty());
}

#[test]
fn wakers_may_use_the_queue_they_are_fired_from() {
    static QUEUE: WakeQueue = WakeQueue::new();
    let reenter = || {
        let mut key = WakeKey::new();
        QUEUE.schedule(Instant::from_nanos(9), &mut key, Waker::noop());
        QUEUE.fire(Instant::from_nanos(0));
        QUEUE.cancel(&mut key);
    };
    let hostile =
        || untether_support::Hooks::new().on_clone(reenter).on_wake(reenter).on_drop(reenter).waker();
    let mut key = WakeKey::new();
    QUEUE.schedule(Instant::from_nanos(5), &mut key, &hostile());
    QUEUE.schedule(Instant::from_nanos(5), &mut key, &hostile());
    QUEUE.fire(Instant::from_nanos(5));
    QUEUE.schedule(Instant::from_nanos(6), &mut key, &hostile());
    QUEUE.cancel(&mut key);
    assert!(QUEUE.is_empty());
}

#[test]
fn a_waker_that_panics_does_not_keep_the_others_asleep() {
    let queue = WakeQueue::new();
    let count = CountingWaker::new();
    let mut keys: Vec<WakeKey> = (0..50).map(|_| WakeKey::new()).collect();
    for (n, key) in keys.iter_mut().enumerate() {
        let bomb = HookWaker::new().on_wake(|| panic!("on purpose")).waker();
        queue.schedule(Instant::from_nanos(5), key, &if n == 3 { bomb } else { count.waker() });
    }
    let fired = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| queue.fire(Instant::from_nanos(5))));
    assert!(fired.is_err(), "the panic goes on");
    assert_eq!(count.wakes(), 49);
}

/// A driver with a table of its own, which can only add.
struct Adds {
    now: Cell<u64>,
    wakes: RefCell<Vec<(Instant, Waker)>>,
}

impl Clock for Adds {
    fn now(&self) -> Instant {
        Instant::from_nanos(self.now.get())
    }
}

impl Driver for Adds {
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        let mut wakes = self.wakes.borrow_mut();
        wakes.push((at, waker.clone()));
        key.set_id(NonZeroU64::new(wakes.len() as u64).unwrap());
    }

    fn cancel(&self, key: &mut WakeKey) {
        assert!(key.id().is_some_and(|id| id.get() <= self.wakes.borrow().len() as u64));
        key.clear();
    }
}

#[test]
fn a_driver_that_can_only_add_is_a_timer_all_the_same() {
    let adds = Adds { now: Cell::new(0), wakes: RefCell::default() };
    let timer = DriverTimer(&adds);
    let mut sleep = Probe::new(timer.sleep(Duration::from_nanos(10)));
    sleep.assert_pending();
    timer.reset(sleep.get_mut(), Instant::from_nanos(5));
    sleep.assert_pending();
    adds.now.set(5);
    sleep.assert_ready();
    assert_eq!(adds.wakes.borrow().len(), 2);
}

#[test]
fn a_static_timer_is_erased_without_an_allocation() {
    static QUEUE: StoppedDriver = StoppedDriver(WakeQueue::new());
    struct StoppedDriver(WakeQueue);
    impl Clock for StoppedDriver {
        fn now(&self) -> Instant {
            Instant::from_nanos(0)
        }
    }
    impl Driver for StoppedDriver {
        fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
            self.0.schedule(at, key, waker);
        }
        fn cancel(&self, key: &mut WakeKey) {
            self.0.cancel(key);
        }
    }
    let before = untether_support::allocations();
    let timer: StaticTimer = DriverTimer(&QUEUE);
    let sleep = timer.sleep(SECOND);
    assert_eq!(untether_support::allocations(), before);
    let mut sleep = Probe::new(sleep);
    sleep.assert_pending();
    assert_eq!(QUEUE.0.len(), 1);
    drop(sleep);
    assert!(QUEUE.0.is_empty());
}

#[test]
fn a_hundred_thousand_sleeps_come_and_go() {
    let clock = ManualClock::new();
    let mut sleeps: Vec<_> = (0..100_000_u64)
        .map(|n| Probe::new(clock.sleep(Duration::from_nanos(1 + n * 7_919 % 100_003))))
        .collect();
    sleeps.iter_mut().for_each(Probe::assert_pending);
    sleeps.truncate(50_000);
    assert_eq!(clock.sleepers(), 50_000);
    clock.advance(SECOND);
    assert_eq!(clock.sleepers(), 0);
    assert!(sleeps.iter().all(|sleep| sleep.wakes() == 1));
    sleeps.iter_mut().for_each(Probe::assert_ready);
}

#[test]
fn any_cancellation_leaves_no_timer_behind() {
    use untether::spawn::Task;
    Check::random(100)
        .cancel("sleeper")
        .run(async |sim| {
            let timer = sim.clone();
            let sleeper = Task::builder().name("sleeper").spawn(&sim, async move {
                let first = timer.sleep(SECOND).timeout(2 * SECOND, &timer);
                let second = timer.sleep(3 * SECOND).timeout(SECOND, &timer);
                let (first, second) = futures_util::join!(first, second);
                assert!(first.is_ok() && second.is_err());
            });
            let start = sim.now();
            let cancelled = sleeper.unwrap().await.is_err();
            yield_now().await;
            // With no timer left, the next one that fires is this.
            sim.sleep(SECOND).await;
            let passed = sim.now().saturating_duration_since(start);
            assert!(passed == 2 * SECOND || cancelled && passed == SECOND, "{passed:?}");
        })
        .unwrap();
}
