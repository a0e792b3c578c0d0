//! What holds a queue.

use super::KeyedQueue;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::ops::Deref;

/// By what a future, a guard or a stream holds its queue: a reference, an `Arc`, an `Rc`, or something of yours that dereferences to it.
///
/// The two types say what the queue's are; one impl for all that dereferences to a queue would do as well, but compilers break on that today.
pub trait Holder: Deref<Target = KeyedQueue<<Self as Holder>::Key, <Self as Holder>::Value>> {
    /// The keys of the queue.
    type Key;
    /// What goes through it.
    type Value;
}

macro_rules! holds {
    ($($holder:ty),*) => {$(
        impl<K, V> Holder for $holder {
            type Key = K;
            type Value = V;
        }
    )*};
}

holds!(&KeyedQueue<K, V>, Arc<KeyedQueue<K, V>>, Rc<KeyedQueue<K, V>>);
