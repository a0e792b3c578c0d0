//! What is put in comes out when it is due.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether::time::DriverSleep;

#[test]
fn an_item_comes_out_when_it_is_due_and_never_before() {
    let (queue, clock) = queue();
    let deadline = in_seconds(&clock, 3);
    let key = put(&queue, 7, 3);
    for _ in 0..3 {
        assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
        clock.advance(SECOND - Duration::from_nanos(1));
    }
    clock.advance(Duration::from_nanos(2));
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
    clock.advance(Duration::from_nanos(1));
    let expired = queue.try_recv().unwrap();
    assert_eq!((expired.item, expired.key, expired.deadline), (7, key, deadline));
    assert!(queue.is_empty());
}

#[test]
fn items_come_out_in_the_order_in_which_they_are_due_not_in_that_in_which_they_were_put_in() {
    let (queue, clock) = queue();
    for seconds in [5, 1, 4, 2, 3] {
        put(&queue, seconds, seconds);
    }
    clock.advance(4 * SECOND);
    assert_eq!(due(&queue), [1, 2, 3, 4]);
    clock.advance(SECOND);
    assert_eq!(due(&queue), [5]);
}

#[test]
fn items_that_are_due_at_the_same_moment_come_out_in_the_order_in_which_they_were_put_in() {
    let (queue, clock) = queue();
    let at = in_seconds(&clock, 1);
    (0..100).for_each(|item| _ = queue.insert_at(item, at).unwrap());
    (100..200).for_each(|item| _ = queue.insert_at(item, clock.now()).unwrap());
    clock.advance(SECOND);
    assert_eq!(due(&queue), (100..200).chain(0..100).collect::<Vec<_>>());
}

#[test]
fn a_deadline_that_has_passed_and_a_delay_of_zero_are_due_at_once() {
    let (queue, clock) = queue();
    put(&queue, 1, 0);
    queue.insert_at(2, Instant::from_nanos(0)).unwrap();
    queue.insert_at(3, clock.now().saturating_sub(SECOND)).unwrap();
    let mut waiter = recv(&queue);
    assert_eq!((got(&mut waiter), due(&queue)), (2, vec![3, 1]));
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn never_is_never_and_arms_nothing() {
    let (queue, clock) = queue();
    queue.insert(1, Duration::MAX).unwrap();
    queue.insert_at(2, Instant::FAR_FUTURE).unwrap();
    let mut waiter = waiter(&queue);
    assert_eq!(clock.sleepers(), 0);
    clock.advance(Duration::MAX);
    waiter.assert_pending();
    assert_eq!((queue.len(), waiter.wakes()), (2, 0));
    assert_eq!(queue.peek().map(|(_, deadline)| deadline), Some(Instant::FAR_FUTURE));
}

/// tokio-util: a deadline more than two years ahead is refused, and a service fell over when it had lived for 2^36 ms (its #5536).
#[test]
fn deadlines_at_any_distance_are_as_good_as_near_ones_and_a_queue_may_live_for_centuries() {
    let (queue, clock) = queue();
    let years = |years: u64| Duration::from_secs(years * 365 * 24 * 3_600);
    let ages = [Duration::from_millis(1 << 36), years(2), years(200), years(400)];
    for (item, age) in (0..).zip(ages) {
        queue.insert(item, age).unwrap();
    }
    let mut waiters: Vec<Waiter> = ages.iter().map(|_| waiter(&queue)).collect();
    let last = ages.iter().max().unwrap();
    queue.insert_at(9, Instant::from_nanos(u64::MAX - 1)).unwrap();
    while clock.now() < Instant::from_nanos(0).saturating_add(*last) {
        clock.advance_to_next();
        waiters.retain_mut(|waiter| waiter.poll().is_pending());
    }
    assert!(waiters.is_empty());
    put(&queue, 1, 1);
    clock.advance(SECOND);
    assert_eq!(due(&queue), [1]);
    clock.advance(Duration::MAX);
    assert_eq!(due(&queue), [9], "the last moment that is not never");
}

#[test]
fn a_hundred_thousand_come_out_in_order() {
    let (queue, clock) = queue();
    let start = clock.now();
    let mut twin: Vec<(u64, u32)> =
        (0..100_000_u32).map(|item| (u64::from(item.wrapping_mul(2_654_435_761)) % 50_000, item)).collect();
    let keys: Vec<DelayKey> = twin
        .iter()
        .map(|(nanos, item)| queue.insert_at(*item, start.saturating_add(Duration::from_nanos(*nanos))))
        .map(Result::unwrap)
        .collect();
    for removed in (0..keys.len()).step_by(3) {
        assert_eq!(queue.remove(&keys[removed]), Some(twin[removed].1));
    }
    twin.retain(|(_, item)| item % 3 != 0);
    twin.sort_by_key(|(nanos, _)| *nanos);
    clock.advance(SECOND);
    assert!(due(&queue).into_iter().eq(twin.into_iter().map(|(_, item)| item)));
}

/// Counts how often the clock is asked.
struct Asked {
    clock: ManualClock,
    times: AtomicUsize,
}

impl Clock for Asked {
    fn now(&self) -> Instant {
        self.times.fetch_add(1, Ordering::Relaxed);
        self.clock.now()
    }
}

impl Timer for Asked {
    type Sleep = DriverSleep<ManualClock>;

    fn sleep_until(&self, deadline: Instant) -> Self::Sleep {
        self.clock.sleep_until(deadline)
    }
}

#[test]
fn insert_at_does_not_ask_the_clock_and_what_is_due_at_once_asks_it_once_for_all() {
    let clock = ManualClock::new();
    let queue = DelayQueue::new(Asked { clock: clock.clone(), times: AtomicUsize::new(0) });
    let asked = || queue.timer().times.swap(0, Ordering::Relaxed);
    let keys: Vec<_> = (0..100).map(|item| queue.insert_at(item, clock.now()).unwrap()).collect();
    assert!(queue.reset_at(&keys[50], clock.now().saturating_sub(SECOND)));
    assert_eq!((queue.len(), queue.deadline(&keys[1])), (100, Some(clock.now())));
    assert_eq!(asked(), 0);
    let first = Probe::new(queue.recv()).assert_ready().map(Expired::into_inner);
    assert_eq!((first, asked()), (Some(50), 1));
    assert!((0..99).all(|_| queue.try_recv().is_ok()));
    assert_eq!(asked(), 0);
    queue.insert(1, SECOND).unwrap();
    assert_eq!(asked(), 1, "it is due so long after that");
}

#[test]
fn while_nobody_waits_no_sleep_is_armed() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    assert_eq!(clock.sleepers(), 0);
    let mut first = waiter(&queue);
    assert_eq!(clock.sleepers(), 1);
    clock.advance(SECOND);
    put(&queue, 2, 1);
    assert_eq!(got(&mut first), 1);
    assert_eq!(clock.sleepers(), 0, "though the future is still there");
    drop(waiter(&queue));
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn a_queue_can_stand_in_a_static() {
    struct Stopped;
    impl Clock for Stopped {
        fn now(&self) -> Instant {
            Instant::from_nanos(5)
        }
    }
    impl Timer for Stopped {
        type Sleep = std::future::Pending<()>;

        fn sleep_until(&self, _: Instant) -> Self::Sleep {
            std::future::pending()
        }
    }
    static QUEUE: DelayQueue<&str, Stopped> = DelayQueue::new(Stopped);
    QUEUE.insert_at("due", Instant::from_nanos(5)).unwrap();
    QUEUE.insert_at("later", Instant::from_nanos(6)).unwrap();
    assert_eq!(QUEUE.try_recv().map(Expired::into_inner), Ok("due"));
    assert_eq!(format!("{QUEUE:?}"), "DelayQueue { len: 1, waiting: 0, closed: false, .. }");
}
