//! Options of an offload.

use super::core::Offload;
use crate::sync::Semaphore;
use crate::sys::opaque::opaque;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;

/// An [`Offload`] that is to be built.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::task::Offload;
///
/// let reads = Offload::builder(rt).limit(2).build();
/// assert_eq!(reads.stats().limit, 2);
/// # });
/// ```
#[derive(Clone)]
#[must_use = "a builder makes nothing by itself"]
pub struct Builder<S> {
    spawn: S,
    limit: usize,
}

opaque! { Builder<S> }

impl<S> Builder<S> {
    pub(super) const fn new(spawn: S) -> Self {
        Self { spawn, limit: 4 }
    }

    /// At most so many closures at once. 4, if nothing is said.
    ///
    /// # Panics
    /// If that is 0, or more than [`Semaphore::MAX_PERMITS`]. See [`try_limit`](Self::try_limit).
    #[doc(alias = "max_workers")]
    pub fn limit(self, closures: usize) -> Self {
        self.try_limit(closures).expect("`try_limit` gives an error instead")
    }

    /// As [`limit`](Self::limit).
    ///
    /// # Errors
    /// [`LimitError`] if that is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub fn try_limit(self, closures: usize) -> Result<Self, LimitError> {
        if closures == 0 || closures > Semaphore::MAX_PERMITS {
            return Err(LimitError(()));
        }
        Ok(Self { limit: closures, ..self })
    }

    /// The offload.
    pub fn build(self) -> Offload<S> {
        Offload { spawn: self.spawn, limit: self.limit, places: Arc::new(Semaphore::new(self.limit)) }
    }
}

/// The number would be none that can run, or be read ahead: 0, for which everybody would wait for ever, or more than can be counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LimitError(pub(super) ());

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a limit of nothing, or of more than can be counted")
    }
}

impl Error for LimitError {}
