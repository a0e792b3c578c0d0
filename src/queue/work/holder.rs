//! What holds a queue of jobs.

use super::core::WorkQueue;
use crate::time::Timer;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::ops::Deref;

/// By what a lease holds its queue: a reference, an `Arc`, an `Rc`, or something of yours that dereferences to it.
pub trait Holder: Deref<Target = WorkQueue<<Self as Holder>::Item, Self::Timer, Self::Key>> {
    /// The jobs of the queue.
    type Item;
    /// Its timer.
    type Timer: Timer;
    /// The keys of its jobs.
    type Key;
}

macro_rules! holds {
    ($($holder:ty),*) => {$(
        impl<T, Tm: Timer, K> Holder for $holder {
            type Item = T;
            type Timer = Tm;
            type Key = K;
        }
    )*};
}

holds!(&WorkQueue<T, Tm, K>, Arc<WorkQueue<T, Tm, K>>, Rc<WorkQueue<T, Tm, K>>);
