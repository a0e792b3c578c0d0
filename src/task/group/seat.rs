//! One task of a group, as far as others can reach it: who it is, and how to be rid of it.

use crate::spawn::Label;
use crate::sys::arena::Key;
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use core::sync::atomic::Ordering;
use core::task::Waker;

/// What a task of a group shares with the group: the one allocation of ours for it.
pub(super) struct Seat {
    abort: AtomicBool,
    wait: Lock<Wait>,
    pub(super) label: Label,
    /// How many were started before it.
    pub(super) index: u64,
    /// It has the token: it is asked to stop and not dropped.
    pub(super) asked: bool,
}

/// Of a task that waits for something.
struct Wait {
    waker: Option<Waker>,
    /// Its place in the roster, from its first pending poll on.
    place: Option<Key>,
}

impl Seat {
    pub(super) const fn new(label: Label, index: u64, asked: bool) -> Self {
        let wait = Lock::new(Wait { waker: None, place: None });
        Self { abort: AtomicBool::new(false), wait, label, index, asked }
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.abort.load(Ordering::Acquire)
    }

    /// Sees to it that an abort from now on wakes the task. `false` if it has no place in the roster yet.
    pub(super) fn register(&self, waker: &Waker) -> bool {
        let known = self.wait.with(|wait| {
            let is_known = wait.waker.as_ref().is_some_and(|kept| kept.will_wake(waker));
            is_known.then_some(wait.place.is_some())
        });
        known.unwrap_or_else(|| {
            let waker = waker.clone();
            let (replaced, has_place) =
                self.wait.with(|wait| (wait.waker.replace(waker), wait.place.is_some()));
            drop(replaced);
            has_place
        })
    }

    pub(super) fn sit(&self, place: Key) {
        self.wait.with(|wait| wait.place = Some(place));
    }

    /// The task has ended: its waker, to be dropped, and its place in the roster.
    pub(super) fn rise(&self) -> (Option<Waker>, Option<Key>) {
        self.wait.with(|wait| (wait.waker.take(), wait.place.take()))
    }

    pub(super) fn take_waker(&self) -> Option<Waker> {
        self.wait.with(|wait| wait.waker.take())
    }

    pub(super) fn abort(&self) {
        // ORDERING: Release, pairs with the Acquire of `is_aborted`; the lock orders it before or after `register`.
        self.abort.store(true, Ordering::Release);
        self.take_waker().into_iter().for_each(Waker::wake);
    }
}
