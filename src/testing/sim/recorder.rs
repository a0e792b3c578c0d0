//! The choices of one run: who makes them, and what they were.

use super::purpose::{Purpose, Question};
use super::source::Source;
use super::tape::Tape;
use alloc::vec::Vec;
use core::time::Duration;

/// Makes the choices of one run and notes them.
pub(super) struct Recorder {
    /// Choices that are given: a replay, or the path of an exhaustive search.
    given: Vec<u32>,
    /// Whether a given choice that is too large stands for the last alternative.
    lenient: bool,
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
    pub(super) asked: Question,
}

/// A choice that was made.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    taken: u32,
    pub(super) asked: Question,
    /// The task that was chosen, if it was one.
    pub(super) task: Option<u32>,
}

/// How finely the tape draws from a continuous range.
const WIDE: u32 = 1 << 16;
/// The last of so many.
const END: u64 = WIDE as u64 - 1;

impl Recorder {
    /// What the source says.
    pub(super) const fn new(source: Source) -> Self {
        Self { given: Vec::new(), lenient: false, log: Vec::new(), source, questions: 0, misfit: None }
    }

    /// What is given, then the first alternative, always.
    pub(super) fn replay(given: Vec<u32>) -> Self {
        Self { given, ..Self::new(Source::First) }
    }

    /// The same, and whatever is given fits.
    pub(super) fn lenient(given: Vec<u32>) -> Self {
        Self { lenient: true, ..Self::replay(given) }
    }

    /// One of `n` alternatives. One alternative is no choice.
    pub(super) fn choose(&mut self, purpose: Purpose, n: u32) -> u32 {
        if n <= 1 { 0 } else { self.take(purpose, n, |source| source.below(n)) }
    }

    /// Which of the tasks that are ready runs: its index among them.
    pub(super) fn choose_task(&mut self, ready: &[usize]) -> usize {
        if ready.len() <= 1 {
            return self.source.task(ready) as usize;
        }
        self.take_task(Purpose::Task, ready, |source| source.task(ready))
    }

    /// Which of the tasks that wait is polled for nothing: its index among them.
    pub(super) fn choose_waiting(&mut self, waiting: &[usize]) -> usize {
        if waiting.len() <= 1 {
            return 0;
        }
        self.take_task(Purpose::SpuriousTask, waiting, |source| source.below(count(waiting)))
    }

    fn take_task(
        &mut self,
        purpose: Purpose,
        tasks: &[usize],
        ask: impl FnOnce(&mut Source) -> u32,
    ) -> usize {
        let chosen = self.take(purpose, count(tasks), ask) as usize;
        if let Some(choice) = self.log.last_mut() {
            choice.task = tasks.get(chosen).and_then(|task| u32::try_from(*task).ok());
        }
        chosen
    }

    /// Any number, spread evenly: 0 is the smallest choice, `u64::MAX` the largest.
    pub(super) fn draw(&mut self, purpose: Purpose) -> u64 {
        let choice = u64::from(self.wide(purpose));
        // The high bits are the choice; the low ones are scattered from it, but for the smallest and the largest number.
        match choice {
            0 => 0,
            END => u64::MAX,
            choice => choice << 48 | (choice.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16),
        }
    }

    /// A duration up to `max`: none is the smallest choice, `max` the largest.
    pub(super) fn delay(&mut self, purpose: Purpose, max: Duration) -> Duration {
        let nanos = u64::try_from(max.as_nanos()).unwrap_or(u64::MAX);
        let scaled = (u128::from(self.draw(purpose)) * (u128::from(nanos) + 1)) >> 64;
        Duration::from_nanos(u64::try_from(scaled).unwrap_or(nanos))
    }

    /// How far to go back, and how far ahead: one of them at most. Nowhere is the smallest choice, back by `max` the middle one, ahead
    /// by `max` the largest.
    pub(super) fn deviation(&mut self, purpose: Purpose, max: Duration) -> (Duration, Duration) {
        let (choice, middle) = (self.wide(purpose), WIDE / 2);
        let nanos = u64::try_from(max.as_nanos()).unwrap_or(u64::MAX);
        let part = |of: u32, parts: u32| {
            let scaled = u128::from(nanos) * u128::from(of) / u128::from(parts);
            Duration::from_nanos(u64::try_from(scaled).unwrap_or(nanos))
        };
        match choice.checked_sub(middle) {
            None | Some(0) => (part(choice, middle), Duration::ZERO),
            Some(ahead) => (Duration::ZERO, part(ahead, WIDE - 1 - middle)),
        }
    }

    fn wide(&mut self, purpose: Purpose) -> u32 {
        self.take(purpose, WIDE, |source| source.below(WIDE))
    }

    /// Whether to do what is done now and then: once in four where it is left to chance.
    pub(super) fn now_and_then(&mut self, purpose: Purpose) -> bool {
        self.take(purpose, 2, |source| u32::from(source.below(4) == 3)) == 1
    }

    /// Whether to do what is done once in a run and at one of many points: to cancel a task, to look for a lost wake-up.
    pub(super) fn ask(&mut self, purpose: Purpose) -> bool {
        let question = self.questions;
        self.questions += 1;
        self.take(purpose, 2, |source| u32::from(source.says_yes(question))) == 1
    }

    pub(super) const fn questions(&self) -> u32 {
        self.questions
    }

    /// How many steps its source has counted.
    pub(super) const fn steps(&self) -> u32 {
        self.source.steps()
    }

    pub(super) const fn misfit(&self) -> Option<Misfit> {
        self.misfit
    }

    fn take(&mut self, purpose: Purpose, of: u32, ask: impl FnOnce(&mut Source) -> u32) -> u32 {
        let (place, asked) = (self.log.len(), Question { purpose, of });
        let taken = match self.given.get(place).copied() {
            Some(given) if given < of => given,
            Some(choice) => {
                if !self.lenient {
                    self.misfit.get_or_insert(Misfit { place, choice, asked });
                }
                of - 1
            }
            None => ask(&mut self.source),
        };
        if place == 0 {
            // Most runs need no more.
            self.log.reserve(32);
        }
        self.log.push(Choice { taken, asked, task: None });
        taken
    }

    /// Every choice that was made.
    pub(super) fn made(&self) -> &[Choice] {
        &self.log
    }

    /// What was chosen, to the end.
    pub(super) fn taken(&self) -> impl Iterator<Item = u32> + '_ {
        self.log.iter().map(|choice| choice.taken)
    }

    /// What was chosen. Trailing first choices are left out, since they are what follows the end of a tape.
    pub(super) fn tape(&self) -> Tape {
        let mut choices: Vec<u32> = self.taken().collect();
        while choices.last() == Some(&0) {
            choices.pop();
        }
        Tape::from(choices)
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

fn count(tasks: &[usize]) -> u32 {
    u32::try_from(tasks.len()).unwrap_or(u32::MAX)
}

impl Choice {
    /// The alternative after this one.
    fn sibling(self) -> Option<u32> {
        let (of, wide) = (self.asked.of, self.asked.purpose.is_wide());
        let step = if wide { of / 2 } else { 1 };
        let last = of - 1;
        match self.taken + step {
            next if next <= last => Some(next),
            // The middle of a wide choice is followed by its end.
            _ if wide && self.taken < last => Some(last),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn make(recorder: &mut Recorder, widths: &[u32]) -> Vec<(u32, u64, bool, bool)> {
        let one = |width: &u32| {
            let (chosen, drawn) = (recorder.choose(Purpose::Test, *width), recorder.draw(Purpose::Entropy));
            (chosen, drawn, recorder.ask(Purpose::Probe), recorder.now_and_then(Purpose::SpuriousPoll))
        };
        widths.iter().map(one).collect()
    }

    proptest! {
        #[test]
        fn replaying_what_was_noted_makes_the_same_choices(
            seed: u64,
            widths in prop::collection::vec(1..40_u32, 0..50),
        ) {
            let mut first = Recorder::new(Source::random(seed, 3));
            let made = make(&mut first, &widths);
            let mut again = Recorder::replay(first.tape().choices().to_vec());
            prop_assert_eq!(make(&mut again, &widths), made);
            prop_assert!(again.misfit().is_none());
        }

        #[test]
        fn a_lenient_replay_takes_whatever_is_given(
            given: Vec<u32>,
            widths in prop::collection::vec(1..40_u32, 0..50),
        ) {
            let mut recorder = Recorder::lenient(given);
            let made = make(&mut recorder, &widths);
            prop_assert!(recorder.misfit().is_none());
            let mut again = Recorder::replay(recorder.tape().choices().to_vec());
            prop_assert_eq!(make(&mut again, &widths), made);
        }
    }

    #[test]
    fn an_exhaustive_search_walks_every_path_once() {
        let (mut path, mut seen) = (Some(Vec::new()), Vec::new());
        while let Some(given) = path {
            let mut recorder = Recorder::replay(given);
            let first = recorder.choose(Purpose::Test, 3);
            let second = if first == 1 { recorder.choose(Purpose::Test, 2) } else { 0 };
            let drawn = if first == 2 { recorder.draw(Purpose::Entropy) } else { 0 };
            seen.push((first, second, drawn));
            path = recorder.next_path();
        }
        let middle = seen[4].2;
        assert_eq!(seen, [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 0, middle), (2, 0, u64::MAX)]);
        assert_eq!(middle >> 48, u64::from(WIDE / 2));
    }
}
