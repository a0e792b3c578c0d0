//! Who takes part, and how those ended who did.

use super::ending::SharedError;
use super::phase::Phase;
use super::report::Failed;
use crate::rt::Signal;
use crate::task::Failure;
use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

/// The name of a participant.
pub(super) type Name = Cow<'static, str>;

/// How many failures are kept. The oldest go first.
const KEPT: usize = 1_000;

/// How one ended.
pub(super) enum End {
    /// It said that it is done, or let go.
    Done,
    /// Its future was dropped before it had ended, by others.
    Dropped,
    /// Its future was dropped because of an abort.
    Aborted,
    /// It failed or panicked.
    Failed(Failure<SharedError>),
}

#[derive(Default)]
pub(super) struct Members {
    here: BTreeMap<u64, Name>,
    /// The last number given.
    last: u64,
    ended: Ended,
    /// The last one that was heard.
    signal: Option<Signal>,
}

/// Of those who ended after it was asked for, each in one of the lists. Of those before, who failed.
#[derive(Default)]
pub(super) struct Ended {
    pub(super) completed: Vec<Name>,
    pub(super) cancelled: Vec<Name>,
    pub(super) aborted: Vec<Name>,
    pub(super) failed: VecDeque<Failed>,
    pub(super) forgotten: usize,
}

impl Members {
    pub(super) fn add(&mut self, name: Name) -> u64 {
        self.last += 1;
        self.here.insert(self.last, name);
        self.last
    }

    /// Notes how one ended. What comes back is to be dropped outside of the lock.
    pub(super) fn ended(&mut self, member: u64, end: End, phase: Phase) -> Option<Failed> {
        let name = self.here.remove(&member).unwrap_or_default();
        let list = match (end, phase) {
            (End::Failed(failure), _) => return self.failed(name, failure, phase),
            (End::Aborted, _) => &mut self.ended.aborted,
            (End::Done | End::Dropped, Phase::Running) => return None,
            (End::Done, Phase::Draining) => &mut self.ended.completed,
            (End::Done | End::Dropped, _) => &mut self.ended.cancelled,
        };
        list.push(name);
        None
    }

    fn failed(&mut self, name: Name, failure: Failure<SharedError>, phase: Phase) -> Option<Failed> {
        let failure = match failure {
            Failure::Error(error) if phase >= Phase::Cancelling => Failure::Cancelled(Some(error)),
            failure => failure,
        };
        let failed = &mut self.ended.failed;
        failed.push_back(Failed { name, failure, phase });
        if failed.len() <= KEPT {
            return None;
        }
        self.ended.forgotten = self.ended.forgotten.saturating_add(1);
        failed.pop_front()
    }

    pub(super) fn names(&self) -> Vec<Name> {
        self.here.values().cloned().collect()
    }

    pub(super) fn take_ended(&mut self) -> Ended {
        core::mem::take(&mut self.ended)
    }

    /// Whether it is the first.
    pub(super) const fn heard(&mut self, signal: Signal) -> bool {
        self.signal.replace(signal).is_none()
    }

    pub(super) const fn signal(&self) -> Option<Signal> {
        self.signal
    }
}
