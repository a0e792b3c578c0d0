//! Who is to be told of a change, outside of the lock.

use core::task::Waker;

/// Who is to be told.
#[must_use = "somebody waits for ever"]
pub(super) struct Told {
    pub(super) waker: Option<Waker>,
    pub(super) others: Others,
}

/// Whether there are others to be told.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)] // a byte beside the waker would be copied piecemeal, and be waited for
pub(super) enum Others {
    Nobody,
    /// It is to be found out who.
    Somebody,
}

impl Told {
    pub(super) const NOBODY: Self = Self { waker: None, others: Others::Nobody };
    /// It is to be found out whom it concerns.
    pub(super) const ANYBODY: Self = Self { waker: None, others: Others::Somebody };
}
