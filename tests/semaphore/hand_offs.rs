//! Permits that go from hand to hand: who is next, how often anybody is woken for it, and what is left in a future that has ended.

use super::*;
use std::sync::Mutex;
use untether::spawn::yield_every;
use untether::testing::HookWaker;

#[test]
fn a_future_that_has_ended_and_is_kept_keeps_nothing_from_the_next() {
    let (semaphore, woken) = (Semaphore::new(0), CountingWaker::new());
    let (mut kept, mut next) = (queued(&semaphore, 1), semaphore.acquire());
    assert!(poll_with(&mut next, &woken.waker()).is_pending());
    semaphore.add_permits(1).unwrap();
    drop(granted(&mut kept));
    assert_eq!(woken.wakes(), 1);
    drop(granted(&mut next));
    assert_eq!((semaphore.available(), semaphore.stats().granted), (1, 0));
    drop(kept);
    assert_eq!(semaphore.available(), 1, "nor does it give back twice");
}

#[test]
fn one_who_gives_back_and_asks_again_at_once_goes_to_the_end_of_the_line() {
    let semaphore = Semaphore::new(1);
    let mut held = semaphore.try_acquire().unwrap();
    let (mut other, mut waiting) = (queued(&semaphore, 1), 0);
    for _ in 0..100 {
        drop(held);
        assert!(semaphore.try_acquire().is_err(), "not even by trying");
        let again = queued(&semaphore, 1);
        held = granted(&mut other);
        other = again;
        waiting += semaphore.stats().waiting;
    }
    assert_eq!(waiting, 100, "one at a time");
}

/// Counted and not timed: waking one must not cost a look at all others.
#[test]
fn a_permit_that_ten_thousand_hand_on_wakes_each_of_them_once_and_in_order() {
    const MANY: usize = 10_000;
    let (semaphore, woken) = (Semaphore::new(0), Arc::new(Mutex::new(Vec::new())));
    let mut waits: Vec<_> = (0..MANY)
        .map(|number| {
            let woken = woken.clone();
            let waker = HookWaker::new().on_wake(move || woken.lock().unwrap().push(number)).waker();
            let mut acquire = semaphore.acquire();
            assert!(poll_with(&mut acquire, &waker).is_pending());
            acquire
        })
        .collect();
    semaphore.add_permits(1).unwrap();
    // Each is polled when it was woken, and then has its permit: two polls each in all.
    for next in 0..MANY {
        assert_eq!(woken.lock().unwrap().len(), next + 1);
        let number = woken.lock().unwrap()[next];
        drop(granted(&mut waits[number]));
    }
    assert!(woken.lock().unwrap().iter().copied().eq(0..MANY));
}

/// No executor's budget ends such a loop; what does stands in the loop.
#[test]
fn a_loop_of_permits_that_are_always_free_gives_way_where_it_says_so_and_nowhere_else() {
    let (semaphore, turns) = (Semaphore::new(1), AtomicUsize::new(0));
    let turns_until_it_gives_way = |every| {
        turns.store(0, Ordering::Relaxed);
        let mut breath = yield_every(every);
        let mut task = Box::pin(async {
            for _ in 0..1_000 {
                drop(semaphore.acquire().await.unwrap());
                turns.fetch_add(1, Ordering::Relaxed);
                breath.turn().await;
            }
        });
        let _ = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        turns.load(Ordering::Relaxed)
    };
    assert_eq!([0, 1, 64].map(turns_until_it_gives_way), [1_000, 1, 64]);
}
