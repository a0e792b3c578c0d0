//! How a queue keeps what is in it, and in which order it gives it out.

use core::fmt;

/// The order in which a [`Queue`](super::Queue) gives out its items: [`Fifo`](super::Fifo), [`Lifo`](super::Lifo), [`ByWeight`](super::ByWeight), [`ByPriority`](super::ByPriority).
///
/// Sealed: what is kept in it is under the queue's lock, where no code of anybody else may run.
pub trait Storage: Keep<<Self as Storage>::Item> {
    /// What is kept.
    type Item;
}

pub(super) mod keep {
    use alloc::vec::Vec;

    /// What a queue asks of its storage. None of it runs code of the user's, but for the order of priorities, and that before
    /// anything is changed.
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Keep<T>: Default {
        /// What the user says about an item.
        type Asked;
        /// What goes with an item, found out by its sender outside of the lock.
        type Mark: Mark + Send;
        /// Items are put in by an order of the user's, which may panic.
        const ORDERED: bool = false;

        /// What goes with this item. `ask` is how to find out, where that has to be asked.
        fn mark(item: &T, ask: fn(&T) -> Self::Asked) -> Self::Mark;
        /// Panics, if putting something in with this mark would.
        fn check(&self, _: &Self::Mark) {}
        fn push(&mut self, item: T, mark: Self::Mark);
        /// The next one.
        fn pop(&mut self) -> Option<(T, Self::Mark)>;
        /// The next so many, which are there. Says what they weigh together.
        fn pop_many(&mut self, count: usize, into: &mut Vec<T>) -> usize {
            let mut weight = 0_usize;
            into.extend((0..count).map_while(|_| self.pop()).map(|(item, mark)| {
                weight = weight.saturating_add(mark.weight());
                item
            }));
            weight
        }
        /// As if it had never been taken out.
        fn put_back(&mut self, item: T, mark: Self::Mark);
        /// The one that is given up first where there is no room.
        fn evict(&mut self) -> Option<(T, Self::Mark)>;
        /// All there is, in a storage of its own.
        fn take_all(&mut self) -> Self {
            core::mem::take(self)
        }
        fn len(&self) -> usize;
    }

    #[expect(unnameable_types, reason = "as above")]
    pub trait Mark {
        /// How much room an item takes.
        fn weight(&self) -> usize {
            1
        }
    }

    /// An item counts, and that is all there is to know about it.
    #[expect(unnameable_types, reason = "as above")]
    #[derive(Debug)]
    pub struct Counted;

    impl Mark for Counted {}
}
pub(super) use keep::{Counted, Keep, Mark};

/// What the user is asked about an item, and what goes with it.
pub(super) type AskedOf<S> = <S as Keep<<S as Storage>::Item>>::Asked;
pub(super) type MarkOf<S> = <S as Keep<<S as Storage>::Item>>::Mark;
/// An item with its mark.
pub(super) type Entry<S> = (<S as Storage>::Item, MarkOf<S>);

/// What was in a queue, in its order. Given by [`Queue::drain`](super::Queue::drain) and [`Queue::close_now`](super::Queue::close_now).
///
/// The queue has forgotten it: what is not taken out here is dropped.
#[must_use = "what is not taken out is dropped"]
pub struct Drained<S: Storage>(pub(super) S);

impl<S: Storage> Iterator for Drained<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        self.0.pop().map(|(item, _)| item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}

impl<S: Storage> ExactSizeIterator for Drained<S> {}

impl<S: Storage> core::iter::FusedIterator for Drained<S> {}

impl<S: Storage> fmt::Debug for Drained<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drained").field("len", &self.0.len()).finish_non_exhaustive()
    }
}
