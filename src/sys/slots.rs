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

    /// A place that is free: the next one to be [filled](Self::fill).
    #[inline]
    pub(crate) fn vacancy(&mut self) -> usize {
        match self.free.last() {
            Some(place) => *place,
            None => self.add(),
        }
    }

    #[cold]
    fn add(&mut self) -> usize {
        let place = self.places.len();
        self.places.push(Box::pin(None));
        self.free.reserve(self.places.len());
        self.free.push(place);
        place
    }

    /// Puts a future into the [vacancy](Self::vacancy).
    #[inline]
    pub(crate) fn fill(&mut self, future: F) {
        // Two steps, so that a future is made when it is known where: it is built there and not moved to it.
        if let Some(place) = self.free.pop() {
            self.places[place].as_mut().set(Some(future));
        }
    }

    /// Makes a future in the [vacancy](Self::vacancy), `place`, and polls it. One that is ready is dropped, and its place was never taken.
    ///
    /// One that panics stays where it is, in a place that counts as free: [`discard`](Self::discard) drops it.
    #[inline]
    pub(crate) fn start(
        &mut self,
        place: usize,
        make: impl FnOnce() -> F,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        debug_assert_eq!(self.free.last(), Some(&place), "the place is free, and the next");
        let slot = &mut self.places[place];
        slot.as_mut().set(Some(make()));
        let polled = slot.as_mut().as_pin_mut().expect("it was just put there").poll(cx);
        match polled {
            Poll::Ready(_) => slot.as_mut().set(None),
            Poll::Pending => _ = self.free.pop(),
        }
        polled
    }

    /// Drops what has panicked in the [vacancy](Self::vacancy), if it is there.
    pub(crate) fn discard(&mut self, place: usize) {
        self.places[place].as_mut().set(None);
    }

    /// Polls the future at `place`; a finished one is dropped and its place is free. `None` if there is none.
    #[inline]
    pub(crate) fn poll(&mut self, place: usize, cx: &mut Context<'_>) -> Option<Poll<F::Output>> {
        let slot = self.places.get_mut(place)?;
        let polled = slot.as_mut().as_pin_mut()?.poll(cx);
        if polled.is_ready() {
            // Free before it is dropped: a panic in its `Drop` must not lose the place.
            self.free.push(place);
            slot.as_mut().set(None);
        }
        Some(polled)
    }

    /// Drops the future at `place`. `false` if there is none.
    #[inline]
    pub(crate) fn remove(&mut self, place: usize) -> bool {
        let Some(slot) = self.places.get_mut(place) else { return false };
        if slot.is_none() {
            return false;
        }
        // As above.
        self.free.push(place);
        slot.as_mut().set(None);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::future::{Pending, Ready, pending, poll_fn, ready};
    use core::task::Waker;

    fn insert<F: Future>(slots: &mut Slots<F>, future: F) -> usize {
        let place = slots.vacancy();
        slots.fill(future);
        place
    }

    #[test]
    fn a_place_is_used_again() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut slots: Slots<Ready<u8>> = Slots::new();
        for round in 0..5 {
            assert_eq!((insert(&mut slots, ready(round)), insert(&mut slots, ready(100))), (0, 1));
            assert_eq!(slots.len(), 2);
            assert_eq!(slots.poll(1, &mut cx), Some(Poll::Ready(100)));
            assert_eq!(slots.poll(0, &mut cx), Some(Poll::Ready(round)));
            assert_eq!((slots.len(), slots.places.len()), (0, 2));
        }
    }

    #[test]
    fn what_is_ready_when_it_starts_takes_no_place_and_what_waits_takes_it() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut slots = Slots::new();
        let said = |said: Poll<u8>| poll_fn(move |_| said);
        for number in [1, 2] {
            assert_eq!(slots.vacancy(), 0);
            assert_eq!(slots.start(0, || said(Poll::Ready(number)), &mut cx), Poll::Ready(number));
            assert_eq!((slots.len(), slots.poll(0, &mut cx)), (0, None));
        }
        assert_eq!(slots.start(0, || said(Poll::Pending), &mut cx), Poll::Pending);
        assert_eq!((slots.len(), slots.vacancy()), (1, 1));
        slots.discard(1);
        assert_eq!((slots.len(), slots.remove(0), slots.len()), (1, true, 0));
    }

    #[test]
    fn an_empty_place_polls_nothing_and_is_freed_once() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut slots: Slots<Pending<()>> = Slots::new();
        assert_eq!(slots.poll(3, &mut cx), None);
        let place = insert(&mut slots, pending());
        assert_eq!(slots.poll(place, &mut cx), Some(Poll::Pending));
        assert!(slots.remove(place));
        assert!(!slots.remove(place));
        assert_eq!(slots.poll(place, &mut cx), None);
        assert_eq!(slots.len(), 0);
    }
}
