//! What runs on a blocking thread for a stream: one turn of its iterator.
//!
//! A turn fills the buffer and ends. It ends earlier, after as many items as are read ahead, if others wait for its place, so that an iterator
//! whose reader keeps up with it does not hold a thread for good.

use super::call::give_back;
use super::core::Place;
use super::shared::{Ending, Pull, Shared, Source, Told};
use crate::sys::unwind;
use crate::sys::wake;
use crate::task::Failure;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::task::Waker;

pub(super) struct Turn<X> {
    shared: Arc<Shared<X>>,
    ahead: usize,
    /// Given back at the end. Nothing, when it was.
    place: Option<Place>,
}

impl<X> Turn<X> {
    pub(super) const fn new(shared: Arc<Shared<X>>, ahead: usize, place: Place) -> Self {
        Self { shared, ahead, place: Some(place) }
    }

    pub(super) fn run(mut self) {
        let Some((source, wanted)) = self.shared.begin() else { return };
        if !wanted {
            return self.end(source, None);
        }
        let mut source = Some(source);
        for brought in 1_usize.. {
            let Some(at_work) = &mut source else { return };
            let item = match unwind::catch(|| at_work.pull()) {
                Ok(Some(item)) => item,
                Ok(None) => break,
                Err(panic) => return self.end_all(source, Some(Failure::panicked(panic))),
            };
            let others = brought % self.ahead == 0 && self.others_wait();
            match self.shared.push(item, self.ahead, others, &mut source) {
                // The iterator is in our hands: a waker that panics must not take it along.
                Told::GoOn(reader) => unwind::keep_going(|| wake::outside(reader, None)),
                Told::Over(reader) => return self.leave(reader),
                Told::Closed(item) => {
                    unwind::keep_going(|| drop(item));
                    break;
                }
            }
        }
        self.end_all(source, None);
    }

    fn others_wait(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.semaphore().stats().waiting > 0)
    }

    fn end_all(self, source: Option<Source<X>>, ending: Ending) {
        if let Some(source) = source {
            self.end(source, ending);
        }
    }

    /// Lets go of the iterator, and then tells that there is nothing more: whoever sees the end knows that it is gone.
    fn end(mut self, source: Source<X>, ending: Ending) {
        let dropped = unwind::catch(|| drop(source));
        // Of two panics the first is the cause.
        let ending = match (ending, dropped) {
            (None, Err(panic)) => Some(Failure::panicked(panic)),
            (ending, Err(panic)) => {
                unwind::discard(panic);
                ending
            }
            (ending, Ok(())) => ending,
        };
        let reader = self.shared.end(ending);
        self.leave(reader);
    }

    /// Gives the place back, and tells the reader: in this order, so that it finds one for the next turn.
    fn leave(&mut self, reader: Option<Waker>) {
        self.place.take().into_iter().for_each(give_back);
        unwind::keep_going(|| wake::outside(reader, None));
    }
}

/// One that the runtime did not run lets the reader know.
impl<X> Drop for Turn<X> {
    fn drop(&mut self) {
        if self.place.is_none() {
            return;
        }
        if let Some((source, wanted)) = self.shared.begin() {
            unwind::keep_going(|| drop(source));
            let reader = self.shared.end(wanted.then_some(Failure::Cancelled(None)));
            self.leave(reader);
        }
    }
}

/// What makes the iterator, and then the iterator.
pub(super) enum Lazy<F, I> {
    Open(F),
    Opened(I),
    /// What makes it has panicked.
    Failed,
}

impl<X, F, C> Pull<X> for Lazy<F, C::IntoIter>
where
    F: FnOnce() -> C + Send,
    C: IntoIterator<Item = X, IntoIter: Send>,
{
    fn pull(&mut self) -> Option<X> {
        if let Self::Open(_) = self {
            if let Self::Open(open) = core::mem::replace(self, Self::Failed) {
                *self = Self::Opened(open().into_iter());
            }
        }
        match self {
            Self::Opened(items) => items.next(),
            Self::Open(_) | Self::Failed => None,
        }
    }
}

pub(super) fn lazy<F, C>(open: F) -> Source<C::Item>
where
    F: FnOnce() -> C + Send + 'static,
    C: IntoIterator<IntoIter: Send + 'static> + 'static,
{
    Box::new(Lazy::<F, C::IntoIter>::Open(open))
}
