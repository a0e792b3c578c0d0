//! The barrier: a count and a crowd, behind one lock.
//!
//! A place carries the round it was taken in. A round that is over lets its place through and is not changed by its drop, also while the
//! crowd is being woken in several goes and parties of the next round come in between.

use super::count::{Count, Round};
use super::error::ZeroParties;
use super::wait::{Passage, Wait};
use crate::sys::arena::Key;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_set::{Mark, WaitSet};
use crate::sys::wake;
use core::fmt;
use core::ops::Deref;
use core::task::Waker;

/// A meeting point of so many parties: whoever comes waits until all are there, then all go on, and the next round begins.
///
/// `const`, without an allocation before somebody waits.
///
/// # Fairness
/// None is needed: a round lets exactly its parties through, and who comes while they go belongs to the next.
///
/// # Examples
/// ```
/// use untether::spawn::SpawnExt;
/// use untether::sync::Barrier;
///
/// static MEETING: Barrier = Barrier::new(3);
///
/// untether::rt::threads::block_on(async |rt| {
///     let parties = [1, 2, 3].map(|_| rt.spawn_task(MEETING.wait()).unwrap());
///     let mut leaders = 0;
///     for party in parties {
///         leaders += usize::from(party.await.unwrap().is_leader());
///     }
///     assert_eq!(leaders, 1);
/// });
/// ```
#[doc(alias = "CyclicBarrier")]
pub struct Barrier(Lock<State>);

struct State {
    count: Count,
    crowd: WaitSet,
}

/// Where a [`Wait`] stands.
pub(super) enum Place {
    Outside,
    Inside(Key, Round),
    Passed(Passage),
}

/// What is found under the lock.
enum Found {
    NotYet,
    Over,
    /// By this party.
    Complete(Mark),
}

impl Barrier {
    /// A barrier for so many parties.
    ///
    /// # Panics
    /// If there are none: nobody could ever pass it. See [`try_new`](Self::try_new).
    #[must_use]
    pub const fn new(parties: usize) -> Self {
        assert!(parties > 0, "a barrier needs at least one party; `try_new` gives an error instead");
        Self::of(parties)
    }

    /// As [`new`](Self::new).
    ///
    /// # Errors
    /// [`ZeroParties`] if there are none.
    pub const fn try_new(parties: usize) -> Result<Self, ZeroParties> {
        if parties == 0 {
            return Err(ZeroParties(()));
        }
        Ok(Self::of(parties))
    }

    const fn of(parties: usize) -> Self {
        Self(Lock::new(State { count: Count::new(parties), crowd: WaitSet::new() }))
    }

    /// Arrives, and waits until all parties have. One of them, the last, is told that it leads.
    ///
    /// It arrives at its first poll.
    ///
    /// # Cancel safety
    /// Dropping the future withdraws the arrival, as long as the round is not complete. A round that is complete stays so, whoever of its
    /// parties is dropped before it has seen it.
    pub const fn wait(&self) -> Wait<&Self> {
        Wait::new(self)
    }

    /// As [`wait`](Self::wait), with a holder of its own, such as an `Arc`.
    pub const fn wait_owned<S: Deref<Target = Self>>(holder: S) -> Wait<S> {
        Wait::new(holder)
    }

    /// How many parties make a round.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.0.with(|state| state.count.parties())
    }

    /// How many have arrived in this round and wait for the others.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.with(|state| state.count.arrived())
    }

    pub(super) fn poll_wait(&self, place: &mut Place, waker: &Waker) -> Option<Passage> {
        if let Place::Passed(passage) = place {
            return Some(*passage);
        }
        let (mut gone, is_new) = (None, matches!(place, Place::Outside));
        let found = with_waker(&self.0, waker, is_new, |state, own| state.step(place, waker, own, &mut gone));
        let passage = Passage { leader: matches!(found, Found::Complete(_)) };
        if !matches!(found, Found::NotYet) {
            *place = Place::Passed(passage);
        }
        if let Found::Complete(mark) = found {
            wake::drain(|batch| self.0.with(|state| state.crowd.take_before(mark, batch)));
        }
        matches!(place, Place::Passed(_)).then_some(passage)
    }

    pub(super) fn leave(&self, place: &Place) {
        let Place::Inside(key, round) = *place else { return };
        let waker = self.0.with(|state| {
            state.count.withdraw(round);
            state.crowd.remove(key)
        });
        wake::outside(None, waker);
    }
}

impl State {
    fn step(
        &mut self,
        place: &mut Place,
        waker: &Waker,
        own: &mut Option<Waker>,
        gone: &mut Option<Waker>,
    ) -> Option<Found> {
        match *place {
            Place::Passed(_) => Some(Found::Over),
            Place::Inside(key, round) if self.count.is_over(round) => {
                *gone = self.crowd.remove(key);
                Some(Found::Over)
            }
            Place::Inside(key, _) => {
                self.crowd.ask(key, waker, own)?;
                Some(Found::NotYet)
            }
            Place::Outside => {
                let own = own.take()?;
                let Some(round) = self.count.arrive() else {
                    *gone = Some(own);
                    return Some(Found::Complete(self.crowd.mark()));
                };
                *place = Place::Inside(self.crowd.register(own), round);
                Some(Found::NotYet)
            }
        }
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier")
            .field("parties", &self.parties())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}
