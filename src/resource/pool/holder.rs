//! What holds a pool.

use super::core::Pool;
use super::manage::Manage;
use crate::time::MaybeTimer;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::ops::Deref;

/// By what an object holds its pool: a reference, an `Arc`, an `Rc`, or something of yours that dereferences to it, always to the same one.
///
/// The two types say what the pool's are.
pub trait Holder: Deref<Target = Pool<<Self as Holder>::Manager, <Self as Holder>::Timer>> {
    /// Who makes the objects.
    type Manager: Manage;
    /// The timer, or none.
    type Timer: MaybeTimer;
}

macro_rules! holds {
    ($($holder:ty),*) => {$(
        impl<M: Manage, Tm: MaybeTimer> Holder for $holder {
            type Manager = M;
            type Timer = Tm;
        }
    )*};
}

holds!(&Pool<M, Tm>, Arc<Pool<M, Tm>>, Rc<Pool<M, Tm>>);

pub(super) type ObjectOf<P> = <<P as Holder>::Manager as Manage>::Object;
pub(super) type ErrorOf<P> = <<P as Holder>::Manager as Manage>::Error;
