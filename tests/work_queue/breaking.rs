//! More code of the user's that panics or strays, and what must be as it was after it.

use super::hostile::panics;
use super::*;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether::queue::work::Holder;
use untether_support::Hooks;

#[test]
fn a_waker_that_panics_leaves_the_room_of_the_job_taken() {
    let queue = Arc::new(builder().0.capacity(1).build());
    let breaks = Hooks::new().on_wake(|| panic!("on purpose")).waker();
    let mut hostile = lease(&queue);
    assert!(hostile.poll_with(&breaks).is_pending());
    assert_eq!(panics(|| queue.try_push(1)), "on purpose");
    assert_eq!(queue.try_push(2), Err(PushError::Full(2)), "1 is in");
    assert!(got(&mut hostile).ack());
    assert!(hostile.poll_with(&breaks).is_pending());
    let mut push = Probe::new(queue.push(2));
    panics(|| push.poll().is_ready());
    assert_eq!(queue.try_push(3), Err(PushError::Full(3)), "2 is in");
    assert!(got(&mut hostile).ack());
    assert!(queue.try_push(3).is_ok());
    assert_eq!(queue.try_push(4), Err(PushError::Full(4)));
}

/// Cannot be compared to 13.
struct Picky(u32);

impl PartialEq for Picky {
    fn eq(&self, other: &Self) -> bool {
        assert!(self.0 != 13 && other.0 != 13, "on purpose: a key");
        self.0 == other.0
    }
}

impl Eq for Picky {}

impl Hash for Picky {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

type Watched = WorkQueue<Looks, ManualClock, Picky>;

/// Looks at the queue when it is dropped.
struct Looks(u32, Arc<OnceLock<Arc<Watched>>>);

impl Drop for Looks {
    fn drop(&mut self) {
        assert_eq!(self.1.get().map(|queue| queue.len()), Some(1));
    }
}

#[test]
fn a_key_that_panics_when_it_is_compared_leaves_its_job_to_be_dropped_outside_of_the_lock() {
    let queue = WorkQueue::builder(ManualClock::new()).key(|job: &Looks| Picky(job.0)).capacity(2).build();
    let (queue, cell) = (Arc::new(queue), Arc::default());
    assert!(queue.try_push(Looks(1, Arc::clone(&cell))).is_ok());
    assert!(cell.set(queue.clone()).is_ok());
    assert_eq!(panics(|| queue.try_push(Looks(13, cell.clone())).is_ok()), "on purpose: a key");
    assert_eq!((queue.len(), queue.stats().keys), (1, 1));
    assert!(queue.try_push(Looks(2, Arc::default())).is_ok(), "its room came back");
    std::mem::forget(queue.close_now());
}

struct Breaks(Arc<AtomicUsize>);

impl Clone for Breaks {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Drop for Breaks {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("on purpose: a drop");
    }
}

#[test]
fn a_job_that_panics_when_it_is_dropped_and_its_copy_as_well_do_not_end_the_program() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let queue = WorkQueue::builder(ManualClock::new()).visibility(SECOND).build();
    assert!(queue.try_push(Breaks(dropped.clone())).is_ok());
    let job = queue.try_lease().unwrap();
    assert_eq!(panics(|| job.ack()), "on purpose: a drop");
    assert_eq!((dropped.load(Ordering::Relaxed), queue.stats().done), (2, 1));
}

#[derive(Debug)]
struct Fragile(u32);

impl Clone for Fragile {
    fn clone(&self) -> Self {
        assert!(self.0 != 13, "on purpose: a clone");
        Self(self.0)
    }
}

#[test]
fn of_many_no_lease_is_without_a_limit_though_one_panics_when_it_is_cloned() {
    let clock = ManualClock::new();
    let queue = WorkQueue::builder(clock.clone()).visibility(SECOND).build();
    for job in [1, 13, 2] {
        queue.try_push(Fragile(job)).unwrap();
    }
    let mut batch = Vec::new();
    let text = panics(|| Probe::new(queue.lease_many(&mut batch, 8)).poll().is_ready());
    assert_eq!(text, "on purpose: a clone");
    assert_eq!(batch.iter().map(|job| job.0).collect::<Vec<_>>(), [1]);
    let stats = queue.stats();
    assert_eq!((stats.ready, stats.leased, stats.failed), (2, 1, 2));
    clock.advance(SECOND);
    panics(|| queue.try_lease());
    assert_eq!(queue.stats().leased, 0);
}

/// Holds one queue, and its clone holds another.
struct Strays([Arc<Jobs>; 2]);

impl Deref for Strays {
    type Target = Jobs;

    fn deref(&self) -> &Jobs {
        &self.0[0]
    }
}

impl Clone for Strays {
    fn clone(&self) -> Self {
        let [one, other] = self.0.clone();
        Self([other, one])
    }
}

impl Holder for Strays {
    type Item = u32;
    type Timer = ManualClock;
    type Key = ();
}

#[test]
fn a_holder_whose_clone_holds_another_queue_changes_nothing_there() {
    let clock = ManualClock::new();
    let [one, other] =
        [(); 2].map(|()| Arc::new(WorkQueue::builder(clock.clone()).visibility(SECOND).build()));
    one.try_push(1).unwrap();
    other.try_push(2).unwrap();
    let job = Probe::new(WorkQueue::lease_owned(Strays([one, other.clone()]))).assert_ready();
    assert_eq!(places(&other), [1, 0, 0, 0]);
    drop(job);
    assert_eq!(all_done(&other), [2]);
}
