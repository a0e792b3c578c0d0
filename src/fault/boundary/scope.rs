//! A boundary around a body that says itself how it went.

use super::report::{Report, Told};
use crate::observe::{Event, Observer, Value};
use crate::sys::unwind;
use core::any::type_name;
use core::fmt;

/// One run of a body: it says how it went, and what says nothing was cancelled. Made by [`Boundary::scope`](super::Boundary::scope).
///
/// Dropped without a word, as when the task around it is aborted or `?` leaves the body, it tells a `cancelled` event. It swallows nothing: what
/// happens to the error is the body's own affair.
#[must_use = "dropped without a word, it is taken for cancelled"]
pub struct Scope<'a, W: Observer> {
    operation: &'static str,
    /// And nothing has been said yet.
    reports: bool,
    report: &'a W,
}

impl<'a, W: Observer> Scope<'a, W> {
    pub(super) const fn new(operation: &'static str, reports: bool, report: &'a W) -> Self {
        Self { operation, reports, report }
    }

    /// It went well: gives the value back.
    pub fn success<V>(mut self, value: V) -> V {
        self.reports = false;
        value
    }

    /// It failed, and the body goes on in another way: reports the error, and gives it back.
    pub fn recovered<E>(self, error: E) -> E
    where
        W: Report<E>,
    {
        self.tell(error, true)
    }

    /// It failed, and the error goes on: reports it, and gives it back for that.
    #[must_use = "the error goes on, or it has been recovered from"]
    pub fn failed<E>(self, error: E) -> E
    where
        W: Report<E>,
    {
        self.tell(error, false)
    }

    fn tell<E>(mut self, error: E, recoverable: bool) -> E
    where
        W: Report<E>,
    {
        if core::mem::take(&mut self.reports) {
            let (operation, error_type) = (self.operation, type_name::<E>());
            let told = Told { operation, error: &error, error_type, attempts: 1, recoverable, delay: None };
            self.report.failed(&told);
        }
        error
    }
}

impl<W: Observer> Drop for Scope<'_, W> {
    fn drop(&mut self) {
        if !self.reports || !self.report.is_listening() {
            return;
        }
        let panics = unwind::is_unwinding();
        let sentence = if panics { "left by a panic" } else { "cancelled" };
        let event = Event::new("cancelled").named(self.operation).said(sentence);
        let event = event.field("operation", Value::Text(self.operation));
        // A second panic while one unwinds would be the end of the program.
        unwind::keep_going(|| self.report.on(&event.field("panicking", Value::Bool(panics))));
    }
}

impl<W: Observer> fmt::Debug for Scope<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("operation", &self.operation).finish_non_exhaustive()
    }
}
