//! A panic that was caught.

use crate::sys::exclusive::Exclusive;
use crate::sys::unwind::Panic;
use alloc::boxed::Box;
use alloc::string::String;
use core::any::Any;
use core::error::Error;
use core::fmt;

/// A panic that was caught, as an error: what it said, and its payload.
pub struct Panicked {
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
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        self.payload.into_inner()
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
