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
use alloc::vec::Vec;

/// Runs once, and once more with the same choices. Fails if something else was asked, or came out, the second time.
pub(super) fn twice(recorder: Recorder, run: &dyn Fn(Recorder) -> Ran) -> Ran {
    let mut first = run(recorder);
    // Nobody has to be told of the same panic twice.
    let second = unwind::quietly(|| run(Recorder::lenient(first.recorder.taken().collect())));
    first.polls += second.polls;
    if let Some(kind) = difference(&first, &second) {
        let told = core::mem::replace(&mut first.outcome, Ok(())).err().or(second.outcome.err());
        let tape = first.recorder.tape();
        first.outcome = Err(match told {
            Some(failure) => Box::new(Failure { kind, tape, ..*failure }),
            None => Failure::without_tasks(kind, tape),
        });
    }
    first
}

/// The first choice that was another one the second time.
fn difference(first: &Ran, second: &Ran) -> Option<FailureKind> {
    let made = |ran: &Ran| -> Vec<(Choice, Option<String>)> {
        ran.recorder.made().map(|choice| (choice, who(choice, &ran.labels))).collect()
    };
    let (one, two) = (made(first), made(second));
    let longest = one.len().max(two.len());
    let place = (0..longest).find(|place| match (one.get(*place), two.get(*place)) {
        (Some((one, who_one)), Some((two, who_two))) => one.asked != two.asked || who_one != who_two,
        _ => true,
    });
    let ended_alike = || match (&first.outcome, &second.outcome) {
        (Ok(()), Ok(())) => true,
        (Err(one), Err(two)) => one.kind.manner() == two.kind.manner(),
        _ => false,
    };
    let place = place.or_else(|| (!ended_alike()).then_some(longest))?;
    let say = |ran: &Ran, made: &[(Choice, Option<String>)]| match (made.get(place), &ran.outcome) {
        (Some((choice, Some(who))), _) => format!("{} ({who})", choice.asked),
        (Some((choice, None)), _) => choice.asked.to_string(),
        (None, Ok(())) => "the end of the run, which passed".to_string(),
        (None, Err(failure)) => format!("the end of the run ({})", failure.kind),
    };
    Some(FailureKind::NonDeterminism { place, first: say(first, &one), second: say(second, &two) })
}

/// The task that was chosen.
fn who(choice: Choice, labels: &[Label]) -> Option<String> {
    choice.task.and_then(|task| labels.get(task as usize)).map(ToString::to_string)
}
