//! Where the outcomes of many inputs go, in the order in which they come.

use super::source::seal::Teller;
use crate::queue::Queue;
use crate::sys::unwind::keep_going;
use crate::task::Outcome;
use alloc::sync::Arc;

/// The outcomes of a [`Map`](super::Map). It never has more out than it reads, so a bound is not needed here.
pub(super) struct Answers<T, E> {
    pub(super) queue: Arc<Queue<(usize, Outcome<T, E>)>>,
    pub(super) teller: Teller<E>,
}

impl<T, E> Answers<T, E> {
    pub(super) fn new(teller: Teller<E>) -> Self {
        Self { queue: Arc::new(Queue::unbounded()), teller }
    }

    pub(super) fn put(&self, index: usize, outcome: Outcome<T, E>) {
        if let Err(unread) = self.queue.try_send((index, outcome)) {
            self.tell(unread.into_inner().1);
        }
    }

    /// Nobody will read it.
    pub(super) fn leave(&self) {
        // One by one: a value that panics as it is dropped hides no failure that comes after it.
        self.queue.close_now().for_each(|(_, outcome)| keep_going(|| self.tell(outcome)));
    }

    fn tell(&self, outcome: Outcome<T, E>) {
        if let (Err(failure), Some(teller)) = (outcome.into_result(), &self.teller) {
            keep_going(|| teller.unread(&failure));
        }
    }
}
