//! Events as lines of text.

use super::{Event, Observer};
use alloc::string::ToString;
use core::fmt;

/// Hands each event, as one line of text, to a function: to print it, to log it, to keep it.
///
/// # Examples
/// ```
/// use untether::observe::{Event, Lines, Observer};
///
/// let printed = Lines::new(|line: &str| println!("{line}"));
/// printed.on(&Event::new("cache_miss").named("users")); // prints: cache_miss users
/// ```
#[derive(Clone, Copy)]
pub struct Lines<F> {
    write: F,
}

impl<F: Fn(&str)> Lines<F> {
    /// To that function.
    pub const fn new(write: F) -> Self {
        Self { write }
    }
}

impl<F: Fn(&str)> Observer for Lines<F> {
    fn on(&self, event: &Event<'_>) {
        (self.write)(&event.to_string());
    }
}

impl<F> fmt::Debug for Lines<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}
