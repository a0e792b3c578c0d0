//! Places for futures of one type that are used again: a new future is put into the box of a finished one.
//!
//! # Memory
//! One box per place, made when the place is first used; from then on a future costs no allocation.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::pin::Pin;
use core::task::{Context, Poll};

pub(crate) struct Slots<F> {
    places: Vec<Pin<Box<Option<F>>>>,
    free: Vec<usize>,
}

impl<F: Future> Slots<F> {
    pub(crate) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    /// How many futures are in.
    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Puts a future into a free place and says which.
    pub(crate) fn insert(&mut self, future: F) -> usize {
        match self.free.pop() {
            Some(place) => {
                self.places[place].as_mut().set(Some(future));
                place
            }
            None => {
                self.places.push(Box::pin(Some(future)));
                self.free.reserve(self.places.len());
                self.places.len() - 1
            }
        }
    }

    /// Polls the future at `place`; a finished one is dropped and its place is free. `None` if there is none.
    pub(crate) fn poll(&mut self, place: usize, cx: &mut Context<'_>) -> Option<Poll<F::Output>> {
        let polled = self.places.get_mut(place)?.as_mut().as_pin_mut()?.poll(cx);
        if polled.is_ready() {
            self.remove(place);
        }
        Some(polled)
    }

    /// Drops the future at `place`. `false` if there is none.
    pub(crate) fn remove(&mut self, place: usize) -> bool {
        let Some(slot) = self.places.get_mut(place) else { return false };
        if slot.is_none() {
            return false;
        }
        // Free before it is dropped: a panic in its `Drop` must not lose the place.
        self.free.push(place);
        slot.as_mut().set(None);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::future::{Pending, pending};
    use core::future::{Ready, ready};
    use core::task::Waker;

    #[test]
    fn a_place_is_used_again() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut slots: Slots<Ready<u8>> = Slots::new();
        for round in 0..5 {
            assert_eq!((slots.insert(ready(round)), slots.insert(ready(100))), (0, 1));
            assert_eq!(slots.len(), 2);
            assert_eq!(slots.poll(1, &mut cx), Some(Poll::Ready(100)));
            assert_eq!(slots.poll(0, &mut cx), Some(Poll::Ready(round)));
            assert_eq!((slots.len(), slots.places.len()), (0, 2));
        }
    }

    #[test]
    fn an_empty_place_polls_nothing_and_is_freed_once() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut slots: Slots<Pending<()>> = Slots::new();
        assert_eq!(slots.poll(3, &mut cx), None);
        let place = slots.insert(pending());
        assert_eq!(slots.poll(place, &mut cx), Some(Poll::Pending));
        assert!(slots.remove(place));
        assert!(!slots.remove(place));
        assert_eq!(slots.poll(place, &mut cx), None);
        assert_eq!(slots.len(), 0);
    }
}
