//! Where the algorithm lies, and the samples that wait for it.
//!
//! It is somebody else's code, so it is taken out of here to judge a sample. Who comes meanwhile leaves its sample for whoever has the
//! algorithm, and that one looks here again before it puts the algorithm back, in one step.

use super::algorithm::{Algorithm, Sample};
use crate::sys::lock::{self, Lock};
use crate::sys::room;
use alloc::boxed::Box;
use alloc::collections::VecDeque;

/// So many samples wait at most. Two in a loom model, so that the end of the room is explored as well.
pub(super) const ROOM: usize = room::of(64);

pub(super) struct Slot<A> {
    /// `None` while a sample is judged.
    algorithm: Option<Box<A>>,
    left: VecDeque<Sample>,
    pub(super) missed: u64,
}

impl<A> Slot<A> {
    pub(super) fn new(algorithm: A) -> Self {
        Self { algorithm: Some(Box::new(algorithm)), left: VecDeque::with_capacity(ROOM), missed: 0 }
    }

    /// Takes the algorithm, or leaves the sample to whoever has it.
    fn take_or_leave(&mut self, sample: Sample) -> Option<Box<A>> {
        if self.algorithm.is_none() {
            if self.left.len() < ROOM {
                self.left.push_back(sample);
            } else {
                self.missed += 1;
            }
        }
        self.algorithm.take()
    }

    /// The next sample for whoever has the algorithm; without one it is put back.
    fn next_or_put_back(&mut self, algorithm: &mut Option<Box<A>>) -> Option<Sample> {
        let next = self.left.pop_front();
        if next.is_none() {
            self.algorithm = algorithm.take();
        }
        next
    }
}

/// The algorithm, taken out. Put back whatever panics.
struct Taken<'s, A> {
    slot: &'s Lock<Slot<A>>,
    algorithm: Option<Box<A>>,
}

impl<A> Drop for Taken<'_, A> {
    fn drop(&mut self) {
        let algorithm = self.algorithm.take();
        if algorithm.is_some() {
            self.slot.with(|slot| slot.algorithm = algorithm);
        }
    }
}

/// Has a sample judged, and those that are left meanwhile. Calls `set` with each limit.
///
/// Not for ever: what is left then is of whoever comes next.
pub(super) fn judge<A: Algorithm>(slot: &Lock<Slot<A>>, mut sample: Sample, mut set: impl FnMut(usize)) {
    let Some(algorithm) = slot.with(|slot| slot.take_or_leave(sample)) else { return };
    let mut taken = Taken { slot, algorithm: Some(algorithm) };
    for _ in 0..=ROOM {
        let Some(algorithm) = &mut taken.algorithm else { return };
        lock::assert_none_held();
        set(algorithm.on_sample(&sample));
        let algorithm = &mut taken.algorithm;
        match slot.with(|slot| slot.next_or_put_back(algorithm)) {
            Some(next) => sample = next,
            None => return,
        }
    }
}
