//! Without threads there is no thread-local scope: nothing is remembered and nothing is found.

#![cfg_attr(
    not(feature = "testing"),
    expect(dead_code, reason = "only the simulator enters a scope without std")
)]

use alloc::rc::Rc;
use core::any::Any;

/// Remembers nothing.
pub(crate) fn enter(_: Rc<dyn Any>) -> Entered {
    Entered
}

/// Always `None`.
pub(crate) fn find<T: 'static>() -> Option<Rc<T>> {
    None
}

/// Always `None`.
pub(crate) fn find_where<T: 'static>(_: impl Fn(&T) -> bool) -> Option<Rc<T>> {
    None
}

#[must_use]
pub(crate) struct Entered;
