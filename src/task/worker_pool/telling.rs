//! Who hears of failures that nobody reads.

use super::builder::Told;
use super::source::seal::{Tell, Teller};
use crate::observe::{Event, Observer, Value};
use crate::task::Failure;
use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::sync::Arc;
use core::fmt;

/// Somebody, or nobody, who hears of failures that are an `E`.
///
/// Sealed.
pub trait Tells<E>: private::Tells<E> {}

mod private {
    use super::Teller;

    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Tells<E> {
        fn teller(self, name: &str) -> Teller<E>;
    }
}

impl<E> private::Tells<E> for () {
    fn teller(self, _: &str) -> Teller<E> {
        None
    }
}

impl<E> Tells<E> for () {}

impl<E: fmt::Display, O: Observer + Send + Sync + 'static> private::Tells<E> for Told<O> {
    fn teller(self, name: &str) -> Teller<E> {
        Some(Arc::new(ByName { name: name.to_string().into(), observer: self.0 }))
    }
}

impl<E: fmt::Display, O: Observer + Send + Sync + 'static> Tells<E> for Told<O> {}

/// An observer, and whose failures it hears of.
struct ByName<O> {
    name: Cow<'static, str>,
    observer: O,
}

impl<E: fmt::Display, O: Observer + Send + Sync> Tell<E> for ByName<O> {
    fn unread(&self, failure: &Failure<E>) {
        if self.observer.is_listening() {
            let error = failure.to_string();
            let event = Event::new("unread_failure").named(&self.name).field("error", Value::Text(&error));
            self.observer.on(&event);
        }
    }

    fn observer(&self) -> &dyn Observer {
        &self.observer
    }
}
