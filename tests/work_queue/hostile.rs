//! Code of the user's that panics, or uses the queue from within.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether::queue::work::Holder;
use untether::time::{Clock, Instant, Timer};
use untether_support::Hooks;

pub(super) fn panics<R>(body: impl FnOnce() -> R) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(body)) else { panic!("it did not panic") };
    panic.downcast_ref::<&str>().map(|text| (*text).to_string()).unwrap_or_default()
}

#[test]
fn a_key_that_panics_leaves_the_queue_as_it_was() {
    let (builder, _) = builder();
    let queue = builder
        .key(|job| {
            assert!(*job != 13, "on purpose");
            *job
        })
        .capacity(2)
        .build();
    panics(|| queue.try_push(13));
    assert_eq!((queue.len(), queue.stats().keys), (0, 0));
    assert!(queue.try_push(1).is_ok() && queue.try_push(2).is_ok(), "its room came back");
}

#[test]
fn a_backoff_that_panics_is_no_pause() {
    let (builder, _) = builder();
    let pauses = std::iter::repeat_with(|| -> Duration { panic!("on purpose") });
    let queue = Arc::new(builder.backoff(pauses).build());
    queue.try_push(1).unwrap();
    drop(next(&queue));
    assert_eq!(next(&queue).attempt(), 2);
}

#[derive(Debug)]
struct Fragile {
    clones: Arc<AtomicUsize>,
    breaks_at: usize,
}

impl Clone for Fragile {
    fn clone(&self) -> Self {
        let clones = self.clones.fetch_add(1, Ordering::Relaxed) + 1;
        assert!(clones != self.breaks_at, "on purpose");
        Self { clones: self.clones.clone(), breaks_at: self.breaks_at }
    }
}

#[test]
fn a_job_that_panics_when_it_is_cloned_for_its_lease_has_failed() {
    let queue = WorkQueue::builder(ManualClock::new()).visibility(SECOND).build();
    queue.try_push(Fragile { clones: Arc::default(), breaks_at: 1 }).unwrap();
    panics(|| queue.try_lease());
    let stats = queue.stats();
    assert_eq!((stats.ready, stats.leased, stats.failed), (1, 0, 1));
    assert_eq!(queue.try_lease().unwrap().attempt(), 2);
}

struct Breaks(Arc<AtomicUsize>);

impl Drop for Breaks {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("on purpose");
    }
}

#[test]
fn jobs_that_panic_when_they_are_dropped_leave_the_queue_whole() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let queue = WorkQueue::builder(ManualClock::new()).attempts(1).dead_letters(1).capacity(3).build();
    for _ in 0..3 {
        queue.try_push(Breaks(dropped.clone())).unwrap();
    }
    panics(|| queue.try_lease().unwrap().ack());
    assert_eq!((queue.len(), queue.stats().done), (2, 1));
    drop(queue.try_lease().unwrap());
    drop(queue.try_lease().unwrap());
    assert_eq!((queue.len(), queue.stats().dead), (0, 2));
    assert_eq!(dropped.load(Ordering::Relaxed), 2, "one was done, one had to go");
    for _ in 0..3 {
        assert!(queue.try_push(Breaks(dropped.clone())).is_ok(), "all the room came back");
    }
    std::mem::forget(queue);
}

#[test]
fn a_waker_that_panics_takes_no_job_along() {
    let queue = queue_of([]);
    let breaks = Hooks::new().on_wake(|| panic!("on purpose")).waker();
    let mut hostile = lease(&queue);
    assert!(hostile.poll_with(&breaks).is_pending());
    assert_eq!(panics(|| queue.try_push(1)), "on purpose");
    assert_eq!(got(&mut hostile).take(), 1, "it is in");
    let mut join = Probe::new(queue.join());
    queue.try_push(2).unwrap();
    assert!(join.poll_with(&breaks).is_pending());
    assert_eq!(next(&queue).take(), 2, "what comes of it is not lost");
    join.assert_ready();
    let id = queue.try_push(3).unwrap();
    assert!(join.poll_with(&breaks).is_pending());
    assert_eq!(queue.cancel(id), Some(3));
}

#[test]
fn a_waker_that_panics_at_the_end_keeps_nobody_else_waiting() {
    let queue = Arc::new(builder().0.capacity(1).build());
    let breaks = Hooks::new().on_wake(|| panic!("on purpose")).waker();
    let (mut hostile, mut other) = (lease(&queue), worker(&queue));
    assert!(hostile.poll_with(&breaks).is_pending());
    let leased = {
        queue.try_push(1).unwrap();
        got(&mut other)
    };
    let mut push = Probe::new(queue.push(2));
    push.assert_pending();
    let mut join = Probe::new(queue.join());
    assert!(join.poll_with(&breaks).is_pending());
    queue.close();
    assert_eq!(push.assert_ready(), Err(PushError::Closed(2)));
    assert_eq!(panics(|| leased.ack()), "on purpose");
    assert!(hostile.assert_ready().is_none());
    join.assert_ready();
}

#[test]
fn the_queue_may_be_used_from_within_everything() {
    let queue = queue_of([]);
    let within = queue.clone();
    let uses = Hooks::new()
        .on_wake(move || {
            within.try_push(100).unwrap();
            drop(within.try_lease());
            assert!(!within.is_empty());
        })
        .waker();
    let mut worker = lease(&queue);
    assert!(worker.poll_with(&uses).is_pending());
    queue.try_push(1).unwrap();
    // The first one was leased from within the wake, and dropped.
    assert_eq!(got(&mut worker).take(), 100);
    assert_eq!(all_done(&queue), [1]);
}

/// A clock that can be broken, on one that stands still.
#[derive(Clone)]
struct Fickle(ManualClock, Arc<AtomicUsize>);

impl Clock for Fickle {
    fn now(&self) -> Instant {
        assert!(self.1.load(Ordering::Relaxed) == 0, "on purpose: a clock");
        self.0.now()
    }
}

impl Timer for Fickle {
    type Sleep = std::future::Ready<()>;

    /// Too soon, always.
    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        std::future::ready(())
    }
}

#[test]
fn a_clock_that_panics_when_a_job_fails_takes_neither_the_job_nor_the_program_along() {
    let broken = Arc::new(AtomicUsize::new(0));
    let queue = WorkQueue::builder(Fickle(ManualClock::new(), broken.clone())).backoff([SECOND]).build();
    queue.try_push(1).unwrap();
    let job = queue.try_lease().unwrap();
    broken.store(1, Ordering::Relaxed);
    let text = panics(|| {
        let _job = job;
        panic!("on purpose: a worker");
    });
    assert_eq!(text, "on purpose: a worker");
    assert_eq!((queue.stats().ready, queue.stats().failed), (1, 1), "without a pause");
    drop(queue.try_lease().unwrap());
    assert_eq!(queue.try_lease().unwrap().attempt(), 3);
}

#[test]
fn a_join_whose_sleeps_end_too_soon_lets_others_have_their_turn() {
    let queue = WorkQueue::builder(Fickle(ManualClock::new(), Arc::default())).visibility(SECOND).build();
    queue.try_push(1).unwrap();
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    assert_eq!(join.wakes(), 1, "it comes back by itself");
    queue.try_lease().unwrap().ack();
    join.assert_ready();
}

/// Holds a queue, and cannot be cloned a second time.
struct Once(Arc<WorkQueue<u32, ManualClock>>, bool);

impl std::ops::Deref for Once {
    type Target = WorkQueue<u32, ManualClock>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Clone for Once {
    fn clone(&self) -> Self {
        assert!(!self.1, "on purpose: a clone");
        Self(self.0.clone(), true)
    }
}

impl Holder for Once {
    type Item = u32;
    type Timer = ManualClock;
    type Key = ();
}

#[test]
fn a_holder_that_panics_when_it_is_cloned_loses_no_job() {
    let queue = queue_of([1]);
    let mut lease = Probe::new(WorkQueue::lease_owned(Once(queue.clone(), true)));
    assert_eq!(panics(|| lease.poll().is_ready()), "on purpose: a clone");
    assert_eq!(places(&queue), [1, 0, 0, 0]);
    assert_eq!(next(&queue).attempt(), 2);
}
