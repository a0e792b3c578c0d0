//! What the observer of a job is told, by its name. An observer that panics keeps the job from nothing.

use super::registry::Told;
use super::status::RunError;
use crate::observe::{Event, Observer, Value};
use crate::sys::unwind;
use core::time::Duration;

/// A run failed: what it died of, the how-manieth in a row, and the delay if the job backs off.
#[cold]
pub(super) fn failed(told: &Told, name: &str, error: &RunError, in_a_row: u64, delay: Option<Duration>) {
    let event = match error {
        RunError::TimedOut(after) => Event::new("job_timed_out").field("after", Value::Duration(*after)),
        RunError::Panicked(message) => Event::new("job_panicked").field("message", Value::Text(message)),
        RunError::Failed(text) => Event::new("job_failed").field("error", Value::Text(text)),
        RunError::Aborted | RunError::Busy | RunError::Stopped => return,
    };
    let event = event.field("in_a_row", Value::Count(in_a_row));
    say(told, name, || match delay {
        Some(delay) => event.field("delay", Value::Duration(delay)),
        None => event,
    });
}

/// A run was dropped before it ended.
#[cold]
pub(super) fn aborted(told: &Told, name: &str) {
    say(told, name, || Event::new("job_aborted"));
}

/// Dropping the job, or a run of it, panicked.
#[cold]
pub(super) fn drop_panicked(told: &Told, name: &str, message: &str) {
    say(told, name, || Event::new("job_panicked").field("message", Value::Text(message)));
}

/// Beats came and had no run.
#[cold]
pub(super) fn skipped(told: &Told, name: &str, beats: u64, why: &'static str) {
    say(told, name, || {
        Event::new("job_skipped").field("beats", Value::Count(beats)).field("why", Value::Text(why))
    });
}

/// The job ends, since its rule for failures says so.
#[cold]
pub(super) fn stopped(told: &Told, name: &str, error: &RunError) {
    let why = match error {
        RunError::Panicked(_) => "panicked",
        RunError::TimedOut(_) => "timed out",
        _ => "failed",
    };
    say(told, name, || Event::new("job_stopped").field("why", Value::Text(why)));
}

fn say<'a>(told: &Told, name: &'a str, event: impl FnOnce() -> Event<'a>) {
    unwind::keep_going(|| {
        if told.is_listening() {
            told.on(&event().named(name));
        }
    });
}
