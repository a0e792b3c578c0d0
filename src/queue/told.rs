//! Who is to be told of a change, outside of the lock.

use crate::sys::lock::Lock;
use crate::sys::wake::{self, Round, WakeBatch};
use core::task::Waker;

/// Who is to be told.
#[must_use = "somebody waits for ever"]
pub(super) struct Told {
    pub(super) waker: Option<Waker>,
    pub(super) others: Others,
}

/// Whether there are others to be told. A whole word: of a byte, what lies beside it would be copied piecemeal, and be waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Others {
    Nobody,
    /// It is to be found out who.
    Somebody,
}

/// What many wait for, for different reasons.
pub(super) trait Settle {
    /// Lets everybody go on who can, as far as the batch goes.
    fn settle(&mut self, batch: &mut WakeBatch<'_>) -> Round;
}

impl Told {
    pub(super) const NOBODY: Self = Self { waker: None, others: Others::Nobody };
    /// It is to be found out whom it concerns.
    pub(super) const ANYBODY: Self = Self { waker: None, others: Others::Somebody };

    #[inline]
    pub(super) const fn is_nobody(&self) -> bool {
        self.waker.is_none() && matches!(self.others, Others::Nobody)
    }

    /// Tells them.
    #[inline]
    pub(super) fn tell(self, of: &Lock<impl Settle>) {
        match self.others {
            Others::Nobody => wake::outside(self.waker, None),
            Others::Somebody => tell_all(self.waker, of),
        }
    }
}

// In pieces, which come in registers.
fn tell_all(mut first: Option<Waker>, of: &Lock<impl Settle>) {
    wake::drain(|batch| {
        if let Some(waker) = first.take() {
            batch.push(waker);
        }
        of.with(|state| state.settle(batch))
    });
}
