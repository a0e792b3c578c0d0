//! Wakers collected under a lock and fired after it.
//!
//! A batch has room for a few wakers on the stack; whoever has more to wake fills it again and again with [`drain`], leaving the
//! lock in between. A waker that panics does not keep the others from being woken: the round is finished first, then the panic
//! goes on.

use super::unwind::{self, Panic};
use core::task::Waker;

/// Two in a loom model, so that the second round is explored as well.
const ROOM: usize = if cfg!(untether_loom) { 2 } else { 16 };

pub(crate) struct WakeBatch {
    wakers: [Option<Waker>; ROOM],
    len: usize,
}

/// What the body of [`drain`] says at the end of a round.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// The batch may be full: call again after firing.
    More,
    Last,
}

impl WakeBatch {
    fn new() -> Self {
        Self { wakers: [const { None }; ROOM], len: 0 }
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.len == ROOM
    }

    /// Takes a waker to be fired. The caller asks [`is_full`](Self::is_full) first.
    pub(crate) fn push(&mut self, waker: Waker) {
        self.wakers[self.len] = Some(waker);
        self.len += 1;
    }

    /// Fires what was collected; keeps the first panic.
    fn fire(&mut self, panicked: &mut Option<Panic>) {
        let filled = core::mem::take(&mut self.len);
        for slot in &mut self.wakers[..filled] {
            if let Err(panic) = unwind::catch(|| slot.take().map(Waker::wake)) {
                match panicked {
                    Some(_) => unwind::discard(panic),
                    None => *panicked = Some(panic),
                }
            }
        }
    }
}

/// Calls `collect`, which fills the batch inside its lock, and fires the batch outside of it, until `collect` says [`Round::Last`].
pub(crate) fn drain(mut collect: impl FnMut(&mut WakeBatch) -> Round) {
    let mut batch = WakeBatch::new();
    let mut panicked = None;
    loop {
        let round = collect(&mut batch);
        batch.fire(&mut panicked);
        if round == Round::Last {
            break;
        }
    }
    if let Some(panic) = panicked {
        unwind::resume(panic);
    }
}
