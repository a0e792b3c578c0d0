//! What holds a queue.

use super::queue::Queue;
use super::storage::Storage;
use alloc::sync::Arc;

/// By what a future, a permit or a stream holds its queue: a reference, an `Arc`, a [`Sender`](super::Sender) or a
/// [`Receiver`](super::Receiver).
///
/// Sealed.
pub trait Holder: seal::Holds {
    /// What goes through the queue.
    type Item;
    /// How the queue keeps it.
    type Storage: Storage<Item = Self::Item>;

    #[doc(hidden)]
    fn queue(&self) -> &Queue<Self::Item, Self::Storage>;
}

pub(super) mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Holds {}
}

impl<S: Storage> seal::Holds for &Queue<S::Item, S> {}

impl<S: Storage> Holder for &Queue<S::Item, S> {
    type Item = S::Item;
    type Storage = S;

    fn queue(&self) -> &Queue<S::Item, S> {
        self
    }
}

impl<S: Storage> seal::Holds for Arc<Queue<S::Item, S>> {}

impl<S: Storage> Holder for Arc<Queue<S::Item, S>> {
    type Item = S::Item;
    type Storage = S;

    fn queue(&self) -> &Queue<S::Item, S> {
        self
    }
}
