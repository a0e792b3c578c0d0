//! Wakers collected under a lock and fired after it.
//!
//! A batch has room for a few wakers on the stack; whoever has more to wake fills it again and again with [`drain`], leaving the
//! lock in between. A waker that panics does not keep the others from being woken: the round is finished first, then the panic
//! goes on, unless the thread is unwinding already.

use super::unwind::{self, Panic};
use core::task::Waker;

/// After the first, who is mostly the only one. Two in a loom model, so that a third round is explored as well.
const ROOM: usize = super::room::of(16);

pub(crate) struct WakeBatch<'r> {
    room: &'r mut [Option<Waker>],
    len: usize,
}

/// What the body of [`drain`] says at the end of a round.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// The batch may be full: call again after firing.
    More,
    Last,
}

impl WakeBatch<'_> {
    pub(crate) const fn is_full(&self) -> bool {
        self.len == self.room.len()
    }

    /// Takes a waker to be fired. The caller asks [`is_full`](Self::is_full) first.
    pub(crate) fn push(&mut self, waker: Waker) {
        self.room[self.len] = Some(waker);
        self.len += 1;
    }

    /// Fires what was collected; keeps the first panic.
    fn fire(&mut self, panicked: &mut Option<Panic>) {
        let mut wakers = self.room[..self.len].iter_mut();
        // Caught once for all of them, and once more for each that panics.
        while let Err(panic) =
            unwind::catch(|| wakers.by_ref().filter_map(Option::take).for_each(Waker::wake))
        {
            match panicked {
                Some(_) => unwind::discard(panic),
                None => *panicked = Some(panic),
            }
        }
    }
}

/// Calls `collect`, which fills the batch inside its lock, and fires the batch outside of it, until `collect` says [`Round::Last`].
#[inline]
pub(crate) fn drain(mut collect: impl FnMut(&mut WakeBatch<'_>) -> Round) {
    let mut first = [const { None }];
    match collect(&mut WakeBatch { room: &mut first, len: 0 }) {
        Round::Last => outside(first[0].take(), None),
        Round::More => drain_many(first, &mut collect),
    }
}

#[cold]
fn drain_many(mut first: [Option<Waker>; 1], collect: &mut impl FnMut(&mut WakeBatch<'_>) -> Round) {
    let mut panicked = None;
    WakeBatch { room: &mut first, len: 1 }.fire(&mut panicked);
    let mut room = [const { None }; ROOM];
    loop {
        let mut batch = WakeBatch { room: &mut room, len: 0 };
        let round = collect(&mut batch);
        batch.fire(&mut panicked);
        if round == Round::Last {
            break;
        }
    }
    if let Some(panic) = panicked {
        unwind::resume_unless_unwinding(panic);
    }
}

/// Wakes one and drops another, outside of every lock, whichever of them panics.
///
/// The first panic goes on, but not where the thread is unwinding already: permits, halves and futures are dropped there, and a second
/// panic would be the end of the program.
#[inline]
pub(crate) fn outside(woken: Option<Waker>, dropped: Option<Waker>) {
    if (woken.is_some() && dropped.is_some()) || unwind::is_unwinding() {
        return outside_whatever_panics(woken, dropped);
    }
    // Mostly: there is nothing that the panic of the one could keep from the other.
    super::lock::assert_none_held();
    woken.into_iter().for_each(Waker::wake);
    drop(dropped);
}

#[cold]
fn outside_whatever_panics(woken: Option<Waker>, dropped: Option<Waker>) {
    let wakes = unwind::catch(|| woken.into_iter().for_each(Waker::wake));
    let drops = unwind::catch(|| drop(dropped));
    match (wakes, drops) {
        (Ok(()), Ok(())) => {}
        (Err(first), Ok(())) | (Ok(()), Err(first)) => unwind::resume_unless_unwinding(first),
        (Err(first), Err(second)) => {
            unwind::discard(second);
            unwind::resume_unless_unwinding(first);
        }
    }
}
