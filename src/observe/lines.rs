//! Events as lines of text.

use super::{Event, Observer};
use alloc::string::ToString;
use core::fmt;

/// Hands each event, as one line of text, to a function: to print it, to log it, to keep it. What breaks lines in it, as the errors of
/// others may, is written as `\n`.
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
        let mut line = event.to_string();
        if line.contains(['\n', '\r']) {
            line = line.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n");
        }
        (self.write)(&line);
    }
}

impl<F> fmt::Debug for Lines<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use core::cell::RefCell;

    #[test]
    fn an_error_of_several_lines_is_one_line() {
        let written = RefCell::new(String::new());
        let lines = Lines::new(|line: &str| *written.borrow_mut() = line.into());
        lines.on(&Event::new("retry").said("refused:\n\tby the other side\r\nso there\r"));
        assert_eq!(*written.borrow(), "refused:\\n\tby the other side\\nso there\\n");
    }
}
