//! The tape of choices, and its text.

use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
use core::str::FromStr;

/// The choices of one run, in order. What follows its end is the first choice, always. A tape is good for the version that made it.
///
/// Written as one character per choice, `0` to `9` and `a` to `z`; larger ones in brackets.
///
/// # Examples
/// ```
/// use untether::testing::sim::Tape;
///
/// let tape: Tape = "01a(1000)".parse().unwrap();
/// assert_eq!(tape.choices(), [0, 1, 10, 1000]);
/// assert_eq!(tape.to_string(), "01a(1000)");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Tape(Vec<u32>);

impl Tape {
    /// The choices.
    #[must_use]
    pub fn choices(&self) -> &[u32] {
        &self.0
    }
}

impl From<Vec<u32>> for Tape {
    fn from(choices: Vec<u32>) -> Self {
        Self(choices)
    }
}

impl From<Tape> for Vec<u32> {
    fn from(tape: Tape) -> Self {
        tape.0
    }
}

impl fmt::Display for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|choice| match char::from_digit(*choice, 36) {
            Some(digit) => write!(f, "{digit}"),
            None => write!(f, "({choice})"),
        })
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tape({self})")
    }
}

impl FromStr for Tape {
    type Err = ParseTapeError;

    fn from_str(text: &str) -> Result<Self, ParseTapeError> {
        let mut choices = Vec::new();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            rest = &rest[first.len_utf8()..];
            if first != '(' {
                choices.push(first.to_digit(36).ok_or(ParseTapeError(()))?);
                continue;
            }
            let (number, tail) = rest.split_once(')').ok_or(ParseTapeError(()))?;
            choices.push(number.parse().map_err(|_| ParseTapeError(()))?);
            rest = tail;
        }
        Ok(Self(choices))
    }
}

/// A text is not a tape.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseTapeError(());

impl fmt::Display for ParseTapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a tape: it is made of the characters 0-9 and a-z, and of numbers in brackets")
    }
}

impl Error for ParseTapeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tape_survives_being_written_and_read(choices: Vec<u32>) {
            let tape = Tape::from(choices);
            prop_assert_eq!(tape.to_string().parse(), Ok(tape));
        }
    }

    #[test]
    fn a_text_that_is_no_tape_is_refused() {
        for text in ["-", "(12", "(x)", "ä"] {
            assert!(text.parse::<Tape>().is_err(), "{text}");
        }
    }
}
