//! A value that may be shared between threads because nobody can reach it through a shared reference.
//!
//! Errors that hand back a task or carry a panic's payload hold it in here, so that they are `Sync` and pass through `?` into
//! `Box<dyn Error + Send + Sync>` although what they carry is only `Send`. So does a sleep for those who want it
//! `Sync`.

use super::lock::Lock;

pub(crate) struct Exclusive<T>(Lock<T>);

impl<T> Exclusive<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Lock::new(value))
    }

    #[cfg(feature = "hyper")]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner()
    }
}
