//! The one tape of choices, and who makes them.

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

/// Makes the choices of one run and notes them.
pub(super) struct Recorder {
    /// Choices that are given: a replay, or the path of an exhaustive search.
    given: Vec<u32>,
    log: Vec<Choice>,
    source: Source,
    /// How many yes-or-no questions were asked.
    questions: u32,
    /// The first given choice that was none of the alternatives.
    misfit: Option<Misfit>,
}

/// A given choice for which there is no such alternative: the tape is of another test, or the test is not deterministic.
#[derive(Clone, Copy)]
pub(super) struct Misfit {
    pub(super) place: usize,
    pub(super) choice: u32,
    pub(super) of: u32,
}

/// Who answers when the given choices are used up.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// Always the first.
    First,
    /// A generator; of the yes-or-no questions the so-manieth is answered with yes, and no other.
    Random { state: u64, yes_at: u32 },
}

#[derive(Clone, Copy)]
struct Choice {
    taken: u32,
    of: u32,
    wide: bool,
}

/// How finely the tape draws from a continuous range.
const WIDE: u32 = 1 << 16;
/// The last of so many.
const END: u64 = WIDE as u64 - 1;

impl Recorder {
    pub(super) const fn new(given: Vec<u32>, source: Source) -> Self {
        Self { given, log: Vec::new(), source, questions: 0, misfit: None }
    }

    /// One of `n` alternatives. One alternative is no choice.
    pub(super) fn choose(&mut self, n: u32) -> u32 {
        if n <= 1 { 0 } else { self.take(n, false) }
    }

    /// Any number, spread evenly: 0 is the smallest choice, `u64::MAX` the largest.
    pub(super) fn draw(&mut self) -> u64 {
        let choice = u64::from(self.take(WIDE, true));
        // The high bits are the choice; the low ones are scattered from it, but for the smallest and the largest number.
        match choice {
            0 => 0,
            END => u64::MAX,
            choice => choice << 48 | (choice.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16),
        }
    }

    /// Whether to do what is done now and then: once in four where it is left to chance.
    pub(super) fn now_and_then(&mut self) -> bool {
        match &mut self.source {
            Source::Random { state, .. } if self.log.len() >= self.given.len() => {
                let taken = u32::from(next_below(state, 4) == 3);
                self.note(taken, 2, false) == 1
            }
            _ => self.take(2, false) == 1,
        }
    }

    /// Whether to do what is done once in a run and at one of many points: to cancel a task, to look for a lost wake-up.
    pub(super) fn ask(&mut self) -> bool {
        let question = self.questions;
        self.questions += 1;
        match self.source {
            Source::Random { yes_at, .. } => self.note(u32::from(question == yes_at), 2, false) == 1,
            Source::First => self.take(2, false) == 1,
        }
    }

    pub(super) const fn questions(&self) -> u32 {
        self.questions
    }

    pub(super) const fn misfit(&self) -> Option<Misfit> {
        self.misfit
    }

    fn take(&mut self, of: u32, wide: bool) -> u32 {
        let place = self.log.len();
        let taken = match (self.given.get(place).copied(), &mut self.source) {
            (Some(given), _) if given < of => given,
            (Some(choice), _) => {
                self.misfit.get_or_insert(Misfit { place, choice, of });
                of - 1
            }
            (None, Source::First) => 0,
            (None, Source::Random { state, .. }) => next_below(state, of),
        };
        self.note(taken, of, wide)
    }

    fn note(&mut self, taken: u32, of: u32, wide: bool) -> u32 {
        self.log.push(Choice { taken, of, wide });
        taken
    }

    /// What was chosen. Trailing first choices are left out, since they are what follows the end of a tape.
    pub(super) fn tape(&self) -> Tape {
        let mut choices: Vec<u32> = self.log.iter().map(|choice| choice.taken).collect();
        while choices.last() == Some(&0) {
            choices.pop();
        }
        Tape(choices)
    }

    /// The beginning of the next path of an exhaustive search. `None` when every path was walked.
    pub(super) fn next_path(mut self) -> Option<Vec<u32>> {
        let next = loop {
            if let Some(next) = self.log.pop()?.sibling() {
                break next;
            }
        };
        let mut path = self.given;
        path.clear();
        path.extend(self.log.iter().map(|choice| choice.taken));
        path.push(next);
        Some(path)
    }
}

impl Choice {
    /// The alternative after this one.
    fn sibling(self) -> Option<u32> {
        let step = if self.wide { self.of / 2 } else { 1 };
        let last = self.of - 1;
        match self.taken + step {
            next if next <= last => Some(next),
            // The middle of a wide choice is followed by its end.
            _ if self.wide && self.taken < last => Some(last),
            _ => None,
        }
    }
}

/// A number below `n` from a xorshift generator, whose state is never 0.
fn next_below(state: &mut u64, n: u32) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    // The high half is the better one; scaling it needs no division.
    let scaled = ((*state >> 32) * u64::from(n)) >> 32;
    u32::try_from(scaled).expect("below n")
}

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

        #[test]
        fn replaying_what_was_noted_makes_the_same_choices(seed in 1..u64::MAX, widths in prop::collection::vec(1..40_u32, 0..50)) {
            let mut first = Recorder::new(Vec::new(), Source::Random { state: seed, yes_at: 3 });
            let mut made = Vec::new();
            for width in &widths {
                made.push((first.choose(*width), first.draw(), first.ask()));
            }
            let mut again = Recorder::new(first.tape().0, Source::First);
            for (width, expected) in widths.iter().zip(made) {
                prop_assert_eq!((again.choose(*width), again.draw(), again.ask()), expected);
            }
        }
    }

    #[test]
    fn a_text_that_is_no_tape_is_refused() {
        for text in ["-", "(12", "(x)", "ä"] {
            assert!(text.parse::<Tape>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_exhaustive_search_walks_every_path_once() {
        let (mut path, mut seen) = (Some(Vec::new()), Vec::new());
        while let Some(given) = path {
            let mut recorder = Recorder::new(given, Source::First);
            let first = recorder.choose(3);
            let second = if first == 1 { recorder.choose(2) } else { 0 };
            let drawn = if first == 2 { recorder.draw() } else { 0 };
            seen.push((first, second, drawn));
            path = recorder.next_path();
        }
        let middle = seen[4].2;
        assert_eq!(seen, [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 0, middle), (2, 0, u64::MAX)]);
        assert_eq!(middle >> 48, u64::from(WIDE / 2));
    }
}
