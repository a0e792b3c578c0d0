//! Which schedules are run, one after the other, up to the first that fails.

use super::failure::{Failure, Shrunk};
use super::recorder::Recorder;
use super::shrink::shrink;
use super::source::Source;
use super::tape::Tape;
use crate::spawn::Label;
use crate::sys::unwind;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Which schedules a check runs.
#[derive(Clone, Debug)]
pub(super) enum Strategy {
    Random { schedules: u64, seed: u64 },
    Pct { schedules: u64, seed: u64, depth: u32 },
    Bytes(Vec<u8>),
    Exhaustive { limit: u64 },
    Replay(Tape),
}

impl Strategy {
    /// Whether it runs more than one schedule that is given.
    pub(super) const fn is_search(&self) -> bool {
        !matches!(self, Self::Bytes(_) | Self::Replay(_))
    }
}

/// How much a [`Check`](super::Check) that found nothing has run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Passed {
    /// How many schedules.
    pub schedules: u64,
    /// Whether these were all there are.
    pub complete: bool,
}

/// What came of one run.
pub(super) struct Ran {
    pub(super) outcome: Result<(), Box<Failure>>,
    pub(super) recorder: Recorder,
    /// How often tasks were polled.
    pub(super) polls: u64,
    /// Who its tasks were, where each schedule is run twice.
    pub(super) labels: Vec<Label>,
}

/// So many runs, and so many polls in them, are spent on making a tape smaller.
const MOST_RUNS: u64 = 1_000;
const MOST_POLLS: u64 = 2_000_000;

/// Runs the schedules of `strategy`.
pub(super) fn search(
    strategy: Strategy,
    shrinks: bool,
    run: &dyn Fn(Recorder) -> Ran,
) -> Result<Passed, Box<Failure>> {
    let searched = match strategy {
        Strategy::Random { schedules, seed } => random(schedules, seed, None, run),
        Strategy::Pct { schedules, seed, depth } => random(schedules, seed, Some(depth), run),
        Strategy::Bytes(bytes) => single(Recorder::new(Source::bytes(bytes)), run),
        Strategy::Exhaustive { limit } => exhaustive(limit, run),
        // What is replayed is wanted as it is.
        Strategy::Replay(tape) => return single(Recorder::replay(tape.into()), run),
    };
    searched.map_err(|failure| if shrinks { smaller(failure, run) } else { failure })
}

fn single(recorder: Recorder, run: &dyn Fn(Recorder) -> Ran) -> Result<Passed, Box<Failure>> {
    let ran = run(recorder);
    ran.outcome.map_err(|failure| found(failure, 1, None))?;
    Ok(Passed { schedules: 1, complete: false })
}

/// Every schedule once for each question that can be answered with yes, and once with no alone.
///
/// With a depth by priorities, which change within the length of the longest run that came before. In the first run none changes.
fn random(
    schedules: u64,
    first: u64,
    depth: Option<u32>,
    run: &dyn Fn(Recorder) -> Ran,
) -> Result<Passed, Box<Failure>> {
    let (mut done, mut longest) = (0, 0);
    for seed in (0..schedules).map(|offset| first.wrapping_add(offset)) {
        let steps = longest;
        for yes_at in 0_u32.. {
            let source = match depth {
                None => Source::random(seed, yes_at),
                Some(depth) => Source::priorities(seed, yes_at, depth, steps),
            };
            let ran = run(Recorder::new(source));
            done += 1;
            // With priorities a seed alone does not say what was run.
            ran.outcome.map_err(|failure| found(failure, done, depth.is_none().then_some(seed)))?;
            longest = longest.max(ran.recorder.steps());
            if ran.recorder.questions() <= yes_at {
                break;
            }
        }
    }
    Ok(Passed { schedules: done, complete: false })
}

fn exhaustive(limit: u64, run: &dyn Fn(Recorder) -> Ran) -> Result<Passed, Box<Failure>> {
    let mut path = Vec::new();
    for schedules in 1..=limit {
        let ran = run(Recorder::replay(path));
        ran.outcome.map_err(|failure| found(failure, schedules, None))?;
        match ran.recorder.next_path() {
            Some(next) => path = next,
            None => return Ok(Passed { schedules, complete: true }),
        }
    }
    Ok(Passed { schedules: limit, complete: false })
}

fn found(mut failure: Box<Failure>, schedules: u64, seed: Option<u64>) -> Box<Failure> {
    failure.schedules = schedules;
    failure.seed = seed;
    failure
}

/// The failure of a smaller tape that fails in the same way, if there is one.
fn smaller(failure: Box<Failure>, run: &dyn Fn(Recorder) -> Ran) -> Box<Failure> {
    let Some(manner) = failure.kind.manner() else { return failure };
    let fails_alike = |failure: &Failure| failure.kind.manner().is_some_and(|other| other == manner);
    let (mut runs, mut polls) = (0, 0);
    // Each of these runs fails on purpose, and the test's output is no place to say so a thousand times.
    let tape = unwind::quietly(|| {
        shrink(failure.tape.choices(), &mut |candidate| {
            if runs >= MOST_RUNS || polls >= MOST_POLLS {
                return None;
            }
            let ran = run(Recorder::lenient(candidate.to_vec()));
            runs += 1;
            polls += ran.polls;
            Some(ran.outcome.is_err_and(|failure| fails_alike(&failure)))
        })
    });
    let shrunk = Shrunk { from: failure.tape.choices().len(), runs };
    if tape == failure.tape.choices() {
        return Box::new(Failure { shrunk: Some(shrunk), ..*failure });
    }
    match run(Recorder::lenient(tape)).outcome {
        Err(last) if fails_alike(&last) => {
            let (schedules, seed) = (failure.schedules, failure.seed);
            Box::new(Failure { shrunk: Some(shrunk), schedules, seed, ..*last })
        }
        // The test is not deterministic: what was found first is all there is to tell.
        _ => failure,
    }
}
