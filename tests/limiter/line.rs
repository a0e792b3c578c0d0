//! Who waits, in which order they are served, who keeps the time, and who is woken.

use super::*;

#[test]
fn whoever_waits_is_served_in_the_order_in_which_they_came() {
    let (limiter, clock) = exhausted();
    let mut waiters: Vec<Waiter> = (0..5).map(|_| waiter(&limiter, 1)).collect();
    for served in 0..5 {
        assert_eq!((limiter.stats().waiting, limiter.stats().wanted), (5 - served, 5 - served as u64));
        clock.advance(SECOND);
        assert_eq!(waiters[served].wakes(), 1 + usize::from(served > 0), "called, and its time has come");
        assert_eq!(waiters[served].poll(), Poll::Ready(Ok(())));
        if let Some(next) = waiters.get_mut(served + 1) {
            next.assert_pending();
        }
    }
    assert_eq!((limiter.stats().waiting, clock.sleepers()), (0, 0));
}

#[test]
fn one_sleep_is_armed_however_many_wait() {
    let (limiter, clock) = exhausted();
    let mut waiters: Vec<Waiter> = (0..100).map(|_| waiter(&limiter, 1)).collect();
    assert_eq!(clock.sleepers(), 1);
    waiters.iter_mut().for_each(Probe::assert_pending);
    assert_eq!((clock.sleepers(), wakes(&waiters)), (1, 0));
    clock.advance(SECOND);
    assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
    assert_eq!(waiters[0].assert_ready(), Ok(()));
    assert_eq!((waiters[1].wakes(), clock.sleepers()), (1, 0));
    waiters[1].assert_pending();
    assert_eq!(clock.sleepers(), 1);
}

/// governor polls 400 waiters 80,200 times.
#[test]
fn a_thousand_who_wait_are_polled_three_times_each() {
    let (limiter, clock) = exhausted();
    let mut waiters: Vec<Waiter> = (0..1_000).map(|_| waiter(&limiter, 1)).collect();
    let (mut polls, mut seen, mut served) = (1_000, vec![0; 1_000], 0);
    while served < 1_000 {
        let mut woken = true;
        while std::mem::take(&mut woken) {
            for (waiter, seen) in waiters.iter_mut().zip(&mut seen) {
                if waiter.wakes() > *seen {
                    *seen = waiter.wakes();
                    (polls, woken) = (polls + 1, true);
                    served += usize::from(waiter.poll().is_ready());
                }
            }
        }
        clock.advance_to_next();
    }
    assert!(polls <= 3_000, "{polls} polls");
}

/// governor starves whoever asks for more than one.
#[test]
fn many_cells_are_not_starved_by_few() {
    let (limiter, clock) = limiter(Quota::per_second(1).burst(5));
    limiter.try_acquire(5).unwrap();
    let mut many = waiter(&limiter, 5);
    let mut few = waiter(&limiter, 1);
    for _ in 0..4 {
        clock.advance(SECOND);
        assert!(limiter.try_acquire(1).is_err(), "nobody overtakes by trying");
        assert!(limiter.reserve(1, Duration::ZERO).is_err(), "nor by reserving");
        assert_eq!(acquire(&limiter, 1).poll(), Poll::Pending, "nor by coming later");
        assert_eq!(few.poll(), Poll::Pending);
    }
    clock.advance(SECOND);
    assert_eq!(many.assert_ready(), Ok(()));
    few.assert_pending();
    clock.advance(SECOND);
    assert_eq!(few.assert_ready(), Ok(()));
}

#[test]
fn nobody_overtakes_by_trying_and_is_told_how_long_it_takes_with_the_line_before_it() {
    let (limiter, clock) = exhausted();
    let mut waiters = [waiter(&limiter, 1), waiter(&limiter, 1)];
    assert_eq!(limiter.try_acquire(1), denied(3 * SECOND));
    assert_eq!(limiter.reserve(1, Duration::MAX).unwrap_err(), TryAcquireError::Denied { wait: 3 * SECOND });
    clock.advance(SECOND);
    assert_eq!((limiter.peek(), limiter.stats().free), (0, 1));
    assert_eq!(limiter.try_acquire(1), denied(2 * SECOND), "it is the first one's");
    assert_eq!(waiters[0].assert_ready(), Ok(()));
    clock.advance(SECOND);
    assert_eq!(waiters[1].assert_ready(), Ok(()));
    assert_eq!(limiter.try_acquire(1), denied(SECOND));
}

/// A waiter of tower-resilience went on without a permit after it had waited twice.
#[test]
fn each_who_goes_on_has_taken_a_cell() {
    let (limiter, clock) = exhausted();
    for waits in 1..20 {
        let mut late = waiter(&limiter, 1);
        // It is told to look again and again, before its time.
        for _ in 0..waits {
            limiter.set_quota(Quota::per_second(1));
            late.assert_pending();
            clock.advance(SECOND / 100);
        }
        clock.advance(SECOND);
        assert_eq!(late.assert_ready(), Ok(()));
        assert_eq!(limiter.try_acquire(1), denied(SECOND), "after {waits} looks");
    }
}

#[test]
fn when_the_one_that_keeps_the_time_is_dropped_the_next_does_and_nobody_else_is_woken() {
    let (limiter, clock) = exhausted();
    let mut waiters: Vec<Waiter> = (0..4).map(|_| waiter(&limiter, 1)).collect();
    clock.advance(SECOND / 2);
    drop(waiters.remove(0));
    assert_eq!((wakes(&waiters), waiters[0].wakes(), clock.sleepers()), (1, 1, 0));
    waiters[0].assert_pending();
    clock.advance(SECOND / 2);
    assert_eq!(waiters[0].assert_ready(), Ok(()), "in the place of the one that went");
    // The next was called; it goes before it looks.
    drop(waiters.remove(1));
    assert_eq!(waiters[1].wakes(), 1);
    drop(waiters);
    assert_eq!((limiter.stats().waiting, limiter.stats().wanted, clock.sleepers()), (0, 0, 0));
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(1), Ok(()), "none was lost");
}

#[test]
fn whoever_is_dropped_behind_the_first_wakes_nobody() {
    let (limiter, clock) = exhausted();
    let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&limiter, 1)).collect();
    drop(waiters.remove(1));
    assert_eq!((wakes(&waiters), limiter.stats().wanted), (0, 2));
    clock.advance(SECOND);
    assert_eq!(waiters[0].assert_ready(), Ok(()));
    waiters[1].assert_pending();
    clock.advance(SECOND);
    assert_eq!(waiters[1].assert_ready(), Ok(()));
}

#[test]
fn one_who_is_dropped_when_its_cells_are_there_leaves_them() {
    let (limiter, clock) = exhausted();
    let first = waiter(&limiter, 1);
    let mut second = waiter(&limiter, 1);
    clock.advance(SECOND);
    assert_eq!(first.wakes(), 1);
    drop(first);
    assert_eq!((second.wakes(), second.assert_ready()), (1, Ok(())));
}

/// What leaky-bucket documents holds here as well, and is to be seen.
#[test]
fn one_that_is_forgotten_when_it_is_its_turn_holds_up_those_behind_it_and_shows_in_the_stats() {
    let (limiter, clock) = exhausted();
    std::mem::forget(waiter(&limiter, 1));
    let mut second = waiter(&limiter, 1);
    clock.advance(60 * SECOND);
    assert_eq!((second.wakes(), second.poll(), limiter.peek()), (0, Poll::Pending, 0));
    let stats = limiter.stats();
    assert_eq!((stats.free, stats.waiting, stats.wanted), (1, 2, 2));
}

#[test]
fn a_future_that_is_polled_again_takes_as_many_again() {
    let (limiter, clock) = limiter(Quota::per_second(1).burst(2));
    let mut waits = acquire(&limiter, 1);
    assert_eq!((waits.assert_ready(), waits.assert_ready()), (Ok(()), Ok(())));
    waits.assert_pending();
    clock.advance(SECOND);
    assert_eq!((waits.wakes(), waits.assert_ready()), (1, Ok(())));
    waits.assert_pending();
}

#[test]
fn polls_for_nothing_keep_the_place_and_the_waker_of_the_last_one_is_woken() {
    let (limiter, clock) = exhausted();
    let mut first = waiter(&limiter, 1);
    let mut second = waiter(&limiter, 1);
    let woken = untether::testing::CountingWaker::new();
    for _ in 0..1_000 {
        assert!(first.poll().is_pending() && second.poll().is_pending());
    }
    assert!(second.poll_with(&woken.waker()).is_pending());
    assert_eq!((limiter.stats().waiting, clock.sleepers()), (2, 1));
    clock.advance(SECOND);
    assert_eq!(first.assert_ready(), Ok(()));
    assert_eq!((second.wakes(), woken.wakes()), (0, 1));
}

#[test]
fn a_place_in_one_line_is_nobodys_place_in_another() {
    /// Dereferences to one limiter first, to another then.
    struct Moves<'a>(std::cell::Cell<bool>, [&'a Limiter; 2]);
    impl std::ops::Deref for Moves<'_> {
        type Target = Limiter;
        fn deref(&self) -> &Limiter {
            self.1[usize::from(self.0.get())]
        }
    }
    let (one, other) = (exhausted(), exhausted());
    let mut waits = Probe::new(RateLimiter::acquire_owned(Moves(false.into(), [&*one.0, &*other.0]), 1));
    waits.assert_pending();
    let mut theirs = waiter(&other.0, 1);
    waits.get_mut().as_mut();
    drop(waits);
    assert_eq!((one.0.stats().waiting, other.0.stats().waiting), (0, 1));
    other.1.advance(SECOND);
    assert_eq!(theirs.assert_ready(), Ok(()));
}

#[test]
fn ten_thousand_waiters_come_and_go() {
    let (limiter, clock) = exhausted();
    let mut waiters: Vec<Option<Waiter>> = (0..10_000).map(|_| Some(waiter(&limiter, 1))).collect();
    for n in (0..10_000).map(|n| n * 7_919 % 10_000) {
        waiters[n] = None;
    }
    assert_eq!((limiter.stats().waiting, limiter.stats().wanted, clock.sleepers()), (0, 0, 0));
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(1), Ok(()));
}
