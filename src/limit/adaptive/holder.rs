//! What holds an adaptive limit.

use super::algorithm::Algorithm;
use super::core::AdaptiveLimit;
use crate::sync::Semaphore;
use crate::time::Clock;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::ops::Deref;

/// By what a permit holds its limit: a reference, an `Arc`, an `Rc`, or something of yours that dereferences to it, always to the same one.
///
/// The two types say what the limit's are.
pub trait Holder:
    Deref<Target = AdaptiveLimit<<Self as Holder>::Algorithm, <Self as Holder>::Clock>>
{
    /// What learns.
    type Algorithm: Algorithm;
    /// By what latencies are measured.
    type Clock: Clock;
}

macro_rules! holds {
    ($($holder:ty),*) => {$(
        impl<A: Algorithm, C: Clock> Holder for $holder {
            type Algorithm = A;
            type Clock = C;
        }
    )*};
}

holds!(&AdaptiveLimit<A, C>, Arc<AdaptiveLimit<A, C>>, Rc<AdaptiveLimit<A, C>>);

/// Finds the semaphore in what is held.
pub(super) struct Within<H>(pub(super) H);

impl<H: Holder> Deref for Within<H> {
    type Target = Semaphore;

    #[inline]
    fn deref(&self) -> &Semaphore {
        &self.0.semaphore
    }
}
