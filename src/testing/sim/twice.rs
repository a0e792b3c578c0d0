//! Each schedule twice: is the test deterministic?

use super::failure::Failure;
use super::kind::FailureKind;
use super::recorder::{Choice, Recorder};
use super::search::Ran;
use crate::spawn::Label;
use crate::sys::unwind;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

/// Runs once, and once more with the same choices. Fails if something else was asked, or came out, the second time.
pub(super) fn twice(recorder: Recorder, run: &dyn Fn(Recorder) -> Ran) -> Ran {
    let mut first = run(recorder);
    // Nobody has to be told of the same panic twice.
    let second = unwind::quietly(|| run(Recorder::lenient(first.recorder.taken().collect())));
    first.polls += second.polls;
    let difference = difference(&first, &second);
    if let Some(kind) = difference {
        let told = core::mem::replace(&mut first.outcome, Ok(())).err().or(second.outcome.err());
        let tape = first.recorder.tape();
        first.outcome = Err(match told {
            Some(failure) => Box::new(Failure { kind, tape, ..*failure }),
            None => Failure::without_tasks(kind, tape),
        });
    }
    first
}

/// The first choice that was another one the second time, or the end if that was another one.
fn difference(first: &Ran, second: &Ran) -> Option<FailureKind> {
    let (one, two) = (first.recorder.made(), second.recorder.made());
    let differs = |place: &usize| match (one.get(*place), two.get(*place)) {
        (Some(made), Some(again)) => {
            made.asked != again.asked || !is_same(first.task(made), second.task(again))
        }
        _ => true,
    };
    let longest = one.len().max(two.len());
    let ended_alike = match (&first.outcome, &second.outcome) {
        (Ok(()), Ok(())) => true,
        (Err(one), Err(two)) => one.kind.manner() == two.kind.manner(),
        _ => false,
    };
    let place = (0..longest).find(differs).or_else(|| (!ended_alike).then_some(longest))?;
    Some(FailureKind::NonDeterminism { place, first: first.tell(place), second: second.tell(place) })
}

impl Ran {
    /// The task that was chosen, if it was one.
    fn task(&self, choice: &Choice) -> Option<&Label> {
        choice.task.and_then(|task| self.labels.get(task as usize))
    }

    /// What was chosen at a place.
    fn tell(&self, place: usize) -> String {
        let choice = self.recorder.made().get(place);
        match (choice, choice.and_then(|choice| self.task(choice)), &self.outcome) {
            (Some(choice), Some(task), _) => format!("{} ({task})", choice.asked),
            (Some(choice), None, _) => choice.asked.to_string(),
            (None, _, Ok(())) => "the end of the run, which passed".to_string(),
            (None, _, Err(failure)) => format!("the end of the run ({})", failure.kind),
        }
    }
}

fn is_same(one: Option<&Label>, two: Option<&Label>) -> bool {
    match (one, two) {
        (Some(one), Some(two)) => (one.name(), one.site()) == (two.name(), two.site()),
        _ => one.is_none() && two.is_none(),
    }
}
