//! What holds a bulkhead.

use super::core::Bulkhead;
use crate::sync::Semaphore;
use crate::time::MaybeTimer;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::ops::Deref;

/// By what a permit and a call hold their bulkhead: a reference, an `Arc`, an `Rc`, or something of yours that dereferences to it, always to
/// the same one.
pub trait Holder: Deref<Target = Bulkhead<<Self as Holder>::Timer>> {
    /// The timer, or none.
    type Timer: MaybeTimer;
}

macro_rules! holds {
    ($($holder:ty),*) => {$(
        impl<Tm: MaybeTimer> Holder for $holder {
            type Timer = Tm;
        }
    )*};
}

holds!(&Bulkhead<Tm>, Arc<Bulkhead<Tm>>, Rc<Bulkhead<Tm>>);

/// Finds the semaphore in what is held.
pub(super) struct Within<H>(pub(super) H);

impl<H: Holder> Deref for Within<H> {
    type Target = Semaphore;

    #[inline]
    fn deref(&self) -> &Semaphore {
        &self.0.semaphore
    }
}
