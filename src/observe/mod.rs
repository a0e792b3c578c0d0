//! What happened, told to whoever wants to know: the [`Observer`] trait and the [`Event`].
//!
//! A library never prints unasked. Parts that have something to tell take an observer and tell it; the default observer is `()`,
//! whose calls compile away. An observer runs outside every lock, on the task where the thing happened, so it should be quick.
//!
//! # Examples
//! ```
//! use core::cell::RefCell;
//! use untether::observe::{Event, Lines, Observer};
//!
//! let lines = RefCell::new(Vec::new());
//! let observer = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
//! observer.on(&Event::new("cache_miss").named("users"));
//! assert_eq!(*lines.borrow(), ["cache_miss users"]);
//! ```

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;

mod event;
mod lines;

pub use event::{Event, Value};
pub use lines::Lines;

/// Is told what happened.
///
/// Implemented for `()`, which does nothing, and for shared observers.
pub trait Observer {
    /// Takes note of one event. The default takes none.
    ///
    /// # Panics
    /// It should not: a panic goes through the future that told it, but for a [`Task`](crate::spawn::Task), which ends all the same.
    fn on(&self, event: &Event<'_>) {
        let _ = event;
    }

    /// Whether it is worth the while to put an event together. It is, unless this says otherwise.
    fn is_listening(&self) -> bool {
        true
    }
}

impl Observer for () {
    #[inline]
    fn is_listening(&self) -> bool {
        false
    }
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<O: Observer + ?Sized> Observer for $holder {
            fn on(&self, event: &Event<'_>) {
                (**self).on(event);
            }

            #[inline]
            fn is_listening(&self) -> bool {
                (**self).is_listening()
            }
        }
    )*};
}

forward!(&O, Rc<O>, Arc<O>, Box<O>);
