//! A panic that was caught.

use crate::sys::exclusive::Exclusive;
use crate::sys::unwind::{self, Panic};
use alloc::boxed::Box;
use alloc::string::String;
use core::any::Any;
use core::error::Error;
use core::fmt;
use core::mem;

/// A panic that was caught, as an error: what it said, and its payload.
pub struct Panicked {
    /// Nothing, when it was taken.
    payload: Exclusive<Panic>,
    message: Box<str>,
}

impl Panicked {
    pub(crate) fn new(panic: Panic) -> Self {
        let message = panic.downcast_ref::<&str>().copied();
        let message = message.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let message = message.unwrap_or("a value that is no text").into();
        Self { payload: Exclusive::new(panic), message }
    }

    /// What it said.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Its payload, for `std::panic::resume_unwind`.
    #[must_use]
    pub fn into_payload(mut self) -> Box<dyn Any + Send> {
        self.take()
    }

    fn take(&mut self) -> Panic {
        mem::replace(&mut self.payload, Exclusive::new(Box::new(()))).into_inner()
    }
}

/// A payload that panics in its own `Drop` is leaked: who caught the panic lets this one go as any other error.
impl Drop for Panicked {
    fn drop(&mut self) {
        unwind::discard(self.take());
    }
}

impl fmt::Debug for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Panicked").field(&self.message).finish()
    }
}

/// `panicked: index out of bounds`
impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.message)
    }
}

impl Error for Panicked {}
