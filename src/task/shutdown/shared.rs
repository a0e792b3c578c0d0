//! What all handles of a shutdown share: the count, the three tokens, and who takes part.
//!
//! The tokens are the phases: each is cancelled when its phase is reached, so to ask for the phase is to ask them, and to wait for it is to wait
//! for one of them. The count is closed before the first is cancelled.

use super::ending::SharedError;
use super::members::{End, Members, Name};
use super::participant::OnFailure;
use super::phase::Phase;
use crate::rt::Signal;
use crate::spawn::Panicked;
use crate::sync::CancelToken;
use crate::sync::cancel::Cause;
use crate::sys::lock::Lock;
use crate::sys::unwind::{self, Panic};
use crate::task::Failure;
use crate::task::in_flight::InFlight;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use core::ops::Deref;

pub(super) struct Shared {
    pub(super) in_flight: InFlight,
    /// Cancelled when it is asked for.
    pub(super) stopping: CancelToken,
    /// Cancelled when those who are in are to drop what they have begun.
    pub(super) token: CancelToken,
    /// Cancelled when what runs under it is dropped.
    pub(super) aborting: CancelToken,
    members: Lock<Members>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            in_flight: InFlight::new(),
            stopping: CancelToken::new(),
            token: CancelToken::new(),
            aborting: CancelToken::new(),
            members: Lock::new(Members::default()),
        }
    }

    /// To cancel the first token is to ask for it, also past [`request`](Self::request); the second says nothing without the first.
    pub(super) fn phase(&self) -> Phase {
        if !self.stopping.is_cancelled() {
            Phase::Running
        } else if self.aborting.is_cancelled() {
            Phase::Aborting
        } else if self.token.is_cancelled() {
            Phase::Cancelling
        } else {
            Phase::Draining
        }
    }

    pub(super) fn with<R>(&self, body: impl FnOnce(&mut Members) -> R) -> R {
        self.members.with(body)
    }

    /// Lets nobody in any more, and tells all. `false` if that was done before.
    pub(super) fn request(&self, cause: Cause) -> bool {
        self.in_flight.close();
        self.stopping.cancel_with(cause)
    }

    /// Goes as far as `phase`, whatever a callback does on the way.
    pub(super) fn advance(&self, phase: Phase) {
        let mut panicked = None;
        if phase >= Phase::Draining {
            keep_first(&mut panicked, || self.request(Cause::Shutdown));
        }
        if phase >= Phase::Cancelling {
            keep_first(&mut panicked, || self.token.cancel_with(Cause::Shutdown));
        }
        if phase >= Phase::Aborting {
            keep_first(&mut panicked, || self.aborting.cancel_with(Cause::Shutdown));
        }
        if let Some(panic) = panicked {
            unwind::resume_unless_unwinding(panic);
        }
    }

    /// One step further: asked for, and then aborted.
    pub(super) fn escalate(&self, cause: Cause) -> Phase {
        if !self.request(cause) {
            self.advance(Phase::Aborting);
        }
        self.phase()
    }

    pub(super) fn hear(&self, signal: Signal) {
        if self.with(|members| members.heard(signal)) {
            self.request(Cause::Shutdown);
        } else {
            self.advance(Phase::Aborting);
        }
    }

    /// One has ended. It is still counted.
    pub(super) fn ended(&self, member: u64, name: &Name, end: End, on_failure: OnFailure) {
        let phase = self.phase();
        let asks = match &end {
            End::Failed(failure) if phase == Phase::Running && on_failure == OnFailure::Start => {
                Some(early(name, failure))
            }
            _ => None,
        };
        let forgotten = self.with(|members| members.ended(member, end, phase));
        unwind::keep_going(|| drop(forgotten));
        if let Some(cause) = asks {
            self.request(cause);
        }
    }
}

/// The cause of a shutdown that a failure has brought about.
fn early(name: &Name, failure: &Failure<SharedError>) -> Cause {
    let error = match failure {
        Failure::Error(error) | Failure::Cancelled(Some(error)) => Some(error.clone()),
        Failure::Cancelled(None) | Failure::Panicked(_) => None,
    };
    let said = match failure {
        Failure::Panicked(panicked) => format!("{panicked}"),
        Failure::Cancelled(None) => String::from("cancelled"),
        Failure::Error(_) | Failure::Cancelled(Some(_)) => String::from("failed"),
    };
    Cause::Error(Arc::new(super::report::EndedEarly { name: name.clone(), said, error }))
}

/// As a panic that was not caught, but seen while unwinding.
pub(super) fn panicking() -> Failure<SharedError> {
    Failure::Panicked(Box::new(Panicked::new(Box::new("while it took part"))))
}

fn keep_first(panicked: &mut Option<Panic>, body: impl FnOnce() -> bool) {
    if let Err(panic) = unwind::catch(body) {
        match panicked {
            Some(_) => unwind::discard(panic),
            None => *panicked = Some(panic),
        }
    }
}

/// Finds the count in what is shared.
#[derive(Clone)]
pub(super) struct Held(pub(super) Arc<Shared>);

impl Deref for Held {
    type Target = InFlight;

    fn deref(&self) -> &InFlight {
        &self.0.in_flight
    }
}
