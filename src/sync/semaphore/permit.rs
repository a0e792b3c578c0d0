//! What a holder of permits holds.

use super::Semaphore;
use core::fmt;
use core::ops::Deref;

/// Permits, given back when this is dropped.
///
/// One type for every way to hold on to the semaphore: `&Semaphore`, `Arc<Semaphore>`, or [`Project`] for one inside of a struct of yours
/// that is shared.
///
/// # Examples
/// ```
/// use untether::sync::Semaphore;
///
/// let semaphore = Semaphore::new(3);
/// let mut all = semaphore.try_acquire_many(3).unwrap();
/// let one = all.split(1).unwrap();
/// drop(all);
/// assert_eq!(semaphore.available(), 2);
/// one.forget(); // not given back: from now on there are two
/// assert_eq!((semaphore.available(), semaphore.capacity()), (2, 2));
/// ```
#[must_use = "dropping it gives the permits back"]
pub struct Permit<S: Deref<Target = Semaphore>> {
    holder: S,
    permits: usize,
}

impl<S: Deref<Target = Semaphore>> Permit<S> {
    #[inline]
    pub(super) const fn new(holder: S, permits: usize) -> Self {
        Self { holder, permits }
    }

    /// Lets go of the permits without giving them back: somebody else answers for them.
    pub(crate) fn into_count(mut self) -> usize {
        core::mem::take(&mut self.permits)
    }

    /// What they hold on to.
    #[inline]
    pub(crate) const fn holder(&self) -> &S {
        &self.holder
    }

    /// How many permits these are.
    #[must_use]
    pub const fn permits(&self) -> usize {
        self.permits
    }

    /// The semaphore they are of.
    #[must_use]
    pub fn semaphore(&self) -> &Semaphore {
        &self.holder
    }

    /// Takes `n` of them apart, to be given back by themselves. `None` if these are not so many.
    pub fn split(&mut self, n: usize) -> Option<Self>
    where
        S: Clone,
    {
        let left = self.permits.checked_sub(n)?;
        let part = Self::new(self.holder.clone(), n);
        self.permits = left;
        Some(part)
    }

    /// Puts others to these, to be given back together.
    ///
    /// # Errors
    /// The others, if they are of another semaphore.
    pub fn merge(&mut self, mut other: Self) -> Result<(), Self> {
        if !core::ptr::eq(self.semaphore(), other.semaphore()) {
            return Err(other);
        }
        self.permits += core::mem::take(&mut other.permits);
        Ok(())
    }

    /// Does not give them back: the semaphore has so many fewer from now on.
    pub fn forget(mut self) {
        let permits = core::mem::take(&mut self.permits);
        self.semaphore().forgotten(permits);
    }
}

impl<S: Deref<Target = Semaphore>> Drop for Permit<S> {
    #[inline]
    fn drop(&mut self) {
        self.holder.release(self.permits);
    }
}

impl<S: Deref<Target = Semaphore>> fmt::Debug for Permit<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("permits", &self.permits).finish_non_exhaustive()
    }
}

/// Holds on to a semaphore inside of something that is shared.
///
/// # Examples
/// A permit that keeps a pool alive, and not only its semaphore:
/// ```
/// use std::sync::Arc;
/// use untether::sync::Semaphore;
/// use untether::sync::semaphore::{Permit, Project};
///
/// struct Pool {
///     permits: Semaphore,
/// }
/// struct Connection {
///     permit: Permit<Project<Arc<Pool>>>,
/// }
///
/// let pool = Arc::new(Pool { permits: Semaphore::new(1) });
/// let holder = Project::new(pool.clone(), |pool| &pool.permits);
/// let connection = Connection { permit: Semaphore::try_acquire_owned(holder).unwrap() };
/// assert_eq!(pool.permits.available(), 0);
/// # drop(connection);
/// ```
pub struct Project<H: Deref> {
    holder: H,
    to: fn(&H::Target) -> &Semaphore,
}

impl<H: Deref> Project<H> {
    /// The semaphore that `to` finds in what `holder` holds. It has to find the same one each time.
    pub const fn new(holder: H, to: fn(&H::Target) -> &Semaphore) -> Self {
        Self { holder, to }
    }
}

impl<H: Deref + Clone> Clone for Project<H> {
    fn clone(&self) -> Self {
        Self { holder: self.holder.clone(), to: self.to }
    }
}

impl<H: Deref> Deref for Project<H> {
    type Target = Semaphore;

    fn deref(&self) -> &Semaphore {
        (self.to)(&self.holder)
    }
}

impl<H: Deref> fmt::Debug for Project<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Project").finish_non_exhaustive()
    }
}
