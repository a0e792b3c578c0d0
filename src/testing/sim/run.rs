//! One run of a test, from its first poll to the last drop.

use super::executor::{End, Executor};
use super::handle::Sim;
use super::kind::FailureKind;
use super::recorder::{Misfit, Recorder};
use super::search::Ran;
use super::settings::Settings;
use super::shared::{Shared, State};
use super::source::Source;
use crate::spawn::Label;
use crate::sys::ambient;
use crate::sys::unwind;
use alloc::boxed::Box;
use alloc::string::ToString;
use core::cell::Cell;

/// Runs `body` once.
pub(super) fn run<F: Future<Output = ()>>(
    settings: &Settings,
    recorder: Recorder,
    main: Label,
    body: &impl Fn(Sim) -> F,
    somebody_to_cancel: &Cell<bool>,
) -> Ran {
    let shared = Shared::new(recorder, settings.faults);
    let mut executor = Executor::new(settings, shared.clone());
    let _entered = (ambient::enter(executor.inbox.clone()), ambient::enter(executor.unseen.clone()));
    shared.state.with(|state| state.admit(main));
    let mut main = None;
    let outcome = unwind::catch(|| {
        let main = main.insert(Box::pin(body(Sim(shared.clone()))));
        executor.run(main.as_mut())
    });
    // The report is written before anything is dropped, while every timer is still registered.
    let ran = outcome.unwrap_or_else(|panic| Err(executor.explain_panic(panic)));
    let misfit = shared.state.with(|state| state.recorder.misfit());
    let ran = match misfit {
        Some(Misfit { place, choice, asked }) => {
            Err(FailureKind::TapeMisfit { place, choice, of: asked.of, asked: asked.to_string() })
        }
        None => ran,
    };
    let ran = ran.map_err(|kind| executor.fail(kind));
    let dropped = executor.finish(main).map_err(|panic| executor.explain_panic(panic));
    let dropped = dropped.and_then(|()| executor.look_for_unseen());
    let dropped = dropped.and_then(|()| executor.look_for_timers()).map_err(|kind| executor.fail(kind));
    let outcome = match ran {
        Ok(End::Complete) => dropped,
        // Cut off where it was: what is said on the way out of there says nothing about the test.
        Ok(End::Spent) => Ok(()),
        Err(failure) => Err(failure),
    };
    let named = |state: &mut State| state.tasks.iter().any(|task| task.label.name() == settings.cancel);
    if settings.cancel.is_some() && shared.state.with(named) {
        somebody_to_cancel.set(true);
    }
    let (recorder, labels) = shared.state.with(|state| {
        let recorder = core::mem::replace(&mut state.recorder, Recorder::new(Source::First));
        let of_interest = if settings.twice { state.tasks.as_slice() } else { &[] };
        (recorder, of_interest.iter().map(|task| task.label.clone()).collect())
    });
    Ran { outcome, recorder, polls: executor.polls, labels }
}
