//! The lock in a loom model: loom's mutex, made at first use so that `new` stays `const`.

use alloc::boxed::Box;
use std::sync::{OnceLock, PoisonError};

#[expect(clippy::disallowed_types, reason = "holds the value until loom's own mutex takes it over")]
type Initial<T> = std::sync::Mutex<Option<T>>;

pub(crate) struct Lock<T> {
    initial: Initial<T>,
    /// Boxed, so that an error that holds a lock is not large only here.
    model: OnceLock<Box<loom::sync::Mutex<T>>>,
}

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { initial: Initial::new(Some(value)), model: OnceLock::new() }
    }

    pub(crate) fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        body(&mut self.model().lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cfg(feature = "hyper")]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.model();
        let model = self.model.get_mut().expect("just made");
        model.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        match self.model.into_inner() {
            Some(model) => model.into_inner().unwrap_or_else(PoisonError::into_inner),
            None => {
                let initial = self.initial.into_inner().unwrap_or_else(PoisonError::into_inner);
                initial.expect("taken only when the model is made")
            }
        }
    }

    fn model(&self) -> &loom::sync::Mutex<T> {
        self.model.get_or_init(|| {
            let initial = self.initial.lock().unwrap_or_else(PoisonError::into_inner).take();
            Box::new(loom::sync::Mutex::new(initial.expect("taken once")))
        })
    }
}

/// loom's threads share one real thread, so a thread-local would mix them up; the host's tests do the checking.
pub(crate) fn assert_none_held() {}
