//! What is told of a failure.

use crate::observe::{Event, Observer, Value};
use crate::sys::opaque::opaque;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::time::Duration;

/// One failure, as it is reported.
#[derive(Debug)]
pub struct Told<'a, E> {
    pub(super) operation: &'static str,
    pub(super) error: &'a E,
    pub(super) error_type: &'static str,
    pub(super) attempts: u32,
    pub(super) recoverable: bool,
    /// Until it is tried again, if it is.
    pub(super) delay: Option<Duration>,
}

/// Reports errors of type `E`: `()`, which does not, and what comes from [`Boundary::observed`](super::Boundary::observed).
pub trait Report<E> {
    /// One failure.
    fn failed(&self, told: &Told<'_, E>) {
        let _ = told;
    }

    /// Something else is given for it.
    fn used(&self, operation: &'static str, error: &E) {
        let _ = (operation, error);
    }
}

impl<E> Report<E> for () {}

/// Tells an observer. See [`Boundary::observed`](super::Boundary::observed).
#[derive(Clone, Copy)]
pub struct Observed<W>(pub(super) W);

impl<E: fmt::Display, W: Observer> Report<E> for Observed<W> {
    #[cold]
    fn failed(&self, told: &Told<'_, E>) {
        if !self.0.is_listening() {
            return;
        }
        let error = told.error.to_string();
        let sentence = told.sentence(&error);
        let event = Event::new("failure").named(told.operation).said(&sentence);
        let event =
            event.field("error", Value::Text(&error)).field("error_type", Value::Text(told.error_type));
        let event = event.field("operation", Value::Text(told.operation));
        let event = event.field("attempts", Value::Count(told.attempts.into()));
        let event = event.field("recoverable", Value::Bool(told.recoverable));
        self.0.on(&match told.delay {
            Some(delay) => event.field("delay", Value::Duration(delay)),
            None => event,
        });
    }

    #[cold]
    fn used(&self, operation: &'static str, error: &E) {
        if !self.0.is_listening() {
            return;
        }
        let error = error.to_string();
        let sentence = format!("the fallback is used: {error}");
        let event = Event::new("fallback").named(operation).said(&sentence);
        self.0.on(&event.field("error", Value::Text(&error)));
    }
}

impl<E> Told<'_, E> {
    fn sentence(&self, error: &str) -> String {
        let attempts = self.attempts;
        if let Some(delay) = self.delay {
            return format!("attempt {attempts} failed: {error}; retrying in {delay:.2?}");
        }
        let s = if attempts == 1 { "" } else { "s" };
        let hope = if self.recoverable { "" } else { ", not to be recovered from" };
        format!("failed after {attempts} attempt{s}{hope}: {error}")
    }
}

impl<W: Observer> Observer for Observed<W> {
    fn on(&self, event: &Event<'_>) {
        self.0.on(event);
    }

    fn is_listening(&self) -> bool {
        self.0.is_listening()
    }
}

opaque!(Observed<W>);
