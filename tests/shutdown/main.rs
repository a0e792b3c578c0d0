//! Shutdown: refuse, drain, cancel, abort, under one deadline; and whoever ends how, each is in the report once, by name.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod asking;
mod failing;
mod hostile;
mod phases;
mod reports;
mod simulated;
mod taking_part;

use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use untether::rt::Signal;
use untether::sync::cancel::Cause;
use untether::task::shutdown::{Drain, OnFailure, Participant, Phase, Run, TaskError};
use untether::task::{DrainPlan, DrainReport, Shutdown};
use untether::testing::{ManualClock, Probe};

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

#[track_caller]
fn participant(shutdown: &Shutdown, name: &'static str) -> Participant {
    shutdown.participant(name).expect("nobody has asked for it")
}

/// A drain that waits for somebody.
#[track_caller]
fn draining(shutdown: &Shutdown, clock: &ManualClock) -> Probe<Drain<ManualClock>> {
    let mut drain = Probe::new(shutdown.drain(clock.clone()));
    drain.assert_pending();
    drain
}

/// How many are in each list: completed, cancelled, aborted, left, failed.
fn counts(report: &DrainReport) -> [usize; 5] {
    let DrainReport { completed, cancelled, aborted, left, failed, .. } = report;
    [completed.len(), cancelled.len(), aborted.len(), left.len(), failed.len()]
}
