//! What a holder of an object holds.

use super::core::Pool;
use super::holder::{Holder, ObjectOf};
use super::slot::Slot;
use super::usage::Usage;
use core::fmt;
use core::ops::{Deref, DerefMut};

/// An object that is lent out. It comes back to its pool when this is dropped.
///
/// One type for every way to hold on to the pool: `&Pool`, `Arc<Pool>`, or a [`Holder`] of yours. It dereferences to the object.
///
/// Dropping it asks [`is_broken`](super::Manage::is_broken), lets the object lie idle or go, and lets the next in line have it or make
/// another, in this order. One that is forgotten keeps its place for ever, and no other.
///
/// # Examples
/// ```
/// use untether::resource::Pool;
/// use untether::resource::pool::Object;
///
/// # untether::rt::threads::block_on(|_| async {
/// let pool = Pool::new(1, || async { Ok::<_, ()>(String::new()) });
/// let mut line = pool.get().await.unwrap();
/// line.push_str("used");
/// drop(line);
///
/// let line = pool.get().await.unwrap();
/// assert_eq!((line.as_str(), Object::usage(&line).uses), ("used", 2));
/// let mine: String = Object::take(line);
/// assert_eq!((mine.as_str(), pool.stats().size), ("used", 0));
/// # });
/// ```
#[must_use = "dropping it gives the object back"]
pub struct Object<P: Holder> {
    slot: Slot<P>,
}

impl<P: Holder> Object<P> {
    #[inline]
    pub(super) fn new(slot: Slot<P>) -> Self {
        Self { slot: slot.lent() }
    }

    /// Takes it out of the pool, which may make another one in its place.
    pub fn take(this: Self) -> ObjectOf<P> {
        this.slot.take()
    }

    /// What is known of it.
    pub fn usage(this: &Self) -> &Usage {
        &this.slot.entry().usage
    }

    /// The pool it is of.
    pub fn pool(this: &Self) -> &Pool<P::Manager, P::Timer> {
        this.slot.pool()
    }
}

impl<P: Holder> Deref for Object<P> {
    type Target = ObjectOf<P>;

    #[inline]
    fn deref(&self) -> &ObjectOf<P> {
        &self.slot.entry().object
    }
}

impl<P: Holder> DerefMut for Object<P> {
    #[inline]
    fn deref_mut(&mut self) -> &mut ObjectOf<P> {
        &mut self.slot.entry_mut().object
    }
}

impl<P: Holder> fmt::Debug for Object<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("usage", Self::usage(self)).finish_non_exhaustive()
    }
}
