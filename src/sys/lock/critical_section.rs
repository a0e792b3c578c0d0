//! The lock without an operating system: a critical section. Re-entry is a `RefCell` panic on the spot.

use core::cell::RefCell;
use critical_section::Mutex;

pub(crate) struct Lock<T>(Mutex<RefCell<T>>);

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(RefCell::new(value)))
    }

    #[inline]
    pub(crate) fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        critical_section::with(|section| body(&mut self.0.borrow_ref_mut(section)))
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().into_inner()
    }
}

/// There is no thread-local to ask; the host's tests do the checking.
#[inline]
pub(crate) fn assert_none_held() {}
