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
