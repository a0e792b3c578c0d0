//! What comes next in a run: decisions on the tape, without a future or a waker in sight.

use super::purpose::Purpose;
use super::settings::Settings;
use super::shared::State;
use alloc::vec::Vec;

/// The next step of a run.
pub(super) enum Step {
    Poll {
        task: usize,
        poll: u32,
    },
    Cancel(usize),
    /// Nobody is ready.
    Idle,
}

/// Decides the next step, on the tape.
pub(super) fn next_step(state: &mut State, settings: &Settings) -> Step {
    if state.ready.is_empty() {
        return Step::Idle;
    }
    let waiting = if settings.spurious_polls { state.unbothered() } else { Vec::new() };
    if !waiting.is_empty() && state.recorder.now_and_then(Purpose::SpuriousPoll) {
        let chosen = state.recorder.choose_waiting(&waiting);
        let task = waiting[chosen];
        state.bother(task);
        return Step::Poll { task, poll: begin(state, task) };
    }
    let chosen = state.recorder.choose_task(&state.ready);
    let task = state.take_ready(chosen);
    if is_cancelled_here(state, task, settings) {
        state.current = Some(task);
        return Step::Cancel(task);
    }
    Step::Poll { task, poll: begin(state, task) }
}

/// Notes that a task is about to be polled, and says the how-manieth poll that is.
pub(super) fn begin(state: &mut State, task: usize) -> u32 {
    state.current = Some(task);
    let status = &mut state.tasks[task];
    status.since = state.now;
    status.polls = status.polls.wrapping_add(1);
    status.polls
}

/// Asks the tape whether a task that may be cancelled is cancelled at this point.
pub(super) fn is_cancelled_here(state: &mut State, task: usize, settings: &Settings) -> bool {
    settings.cancel.is_some_and(|name| state.tasks[task].label.name() == Some(name))
        && state.recorder.ask(Purpose::Cancel)
}
