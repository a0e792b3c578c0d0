//! What an event is at one moment, in one word: decisions alone, made by compare-and-swap.

/// Whether it is set, whether a notification is kept, whether somebody may be in the line, and how many bells have rung.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Word(pub(super) usize);

const SET: usize = 0b001;
const KEPT: usize = 0b010;
const LINE: usize = 0b100;
const BELL: usize = 0b1000;

impl Word {
    pub(super) const CLEAR: Self = Self(0);

    #[inline]
    pub(super) const fn is_set(self) -> bool {
        self.0 & SET != 0
    }

    /// Somebody may be in the line: what concerns it happens under its lock.
    #[inline]
    pub(super) const fn has_line(self) -> bool {
        self.0 & LINE != 0
    }

    /// How many bells have rung: what told all who waited.
    #[inline]
    pub(super) const fn bells(self) -> usize {
        self.0 / BELL
    }

    /// What is left when one passes who has been here since so many `bells`; `None` if that one has to wait.
    #[inline]
    pub(super) const fn pass(self, bells: usize) -> Option<Self> {
        if self.is_set() || self.bells() != bells {
            return Some(self);
        }
        if self.0 & KEPT != 0 { Some(Self(self.0 & !KEPT)) } else { None }
    }

    #[inline]
    pub(super) const fn keep_one(self) -> Self {
        Self(self.0 | KEPT)
    }

    #[inline]
    pub(super) const fn set(self) -> Self {
        Self(self.0 | SET)
    }

    #[inline]
    pub(super) const fn clear(self) -> Self {
        Self(self.0 & !SET)
    }

    #[inline]
    pub(super) const fn ring(self) -> Self {
        Self(self.0.wrapping_add(BELL))
    }

    #[inline]
    pub(super) const fn with_line(self) -> Self {
        Self(self.0 | LINE)
    }

    #[inline]
    pub(super) const fn without_line(self) -> Self {
        Self(self.0 & !LINE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, as four fields.
    #[derive(Clone, Copy, Default, PartialEq, Debug)]
    struct Twin {
        set: bool,
        kept: bool,
        line: bool,
        bells: usize,
    }

    type Step = (fn(Word) -> Word, fn(&mut Twin));

    const STEPS: &[Step] = &[
        (Word::keep_one, |twin| twin.kept = true),
        (Word::set, |twin| twin.set = true),
        (Word::clear, |twin| twin.set = false),
        (Word::ring, |twin| twin.bells += 1),
        (Word::with_line, |twin| twin.line = true),
        (Word::without_line, |twin| twin.line = false),
    ];

    proptest! {
        #[test]
        fn it_is_three_flags_and_a_number(steps in prop::collection::vec(0..STEPS.len() + 2, 0..100)) {
            let (mut word, mut twin) = (Word::CLEAR, Twin::default());
            for step in steps {
                if let Some((of_word, of_twin)) = STEPS.get(step) {
                    word = of_word(word);
                    of_twin(&mut twin);
                } else {
                    let late = step == STEPS.len();
                    let passed = word.pass(word.bells().wrapping_sub(usize::from(late)));
                    prop_assert_eq!(passed.is_some(), twin.set || late || twin.kept);
                    twin.kept &= twin.set || late;
                    word = passed.unwrap_or(word);
                }
                let fields = Twin { set: word.is_set(), kept: word.0 & KEPT != 0, line: word.has_line(), bells: word.bells() };
                prop_assert_eq!(fields, twin);
            }
        }
    }

    #[test]
    fn the_last_bell_that_can_be_counted_leaves_the_flags_alone() {
        let word = Word(usize::MAX - LINE).ring();
        assert!(word.is_set() && word.keep_one() == word && !word.has_line());
        assert_eq!(word.bells(), 0);
    }
}
