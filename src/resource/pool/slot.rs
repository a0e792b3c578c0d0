//! A place in the pool while it is used, and the object in it: found, made, recycled, lent, given back or let go.

use super::core::Pool;
use super::error::CreateError;
use super::holder::{ErrorOf, Holder, ObjectOf};
use super::manage::Manage;
use super::place::{Place, foreign};
use super::state::{Entry, Phase, State, Took};
use crate::sync::Permit;
use crate::sys::unwind::{self, Panic};
use crate::time::{Instant, MaybeTimer};

/// What happens to the object when its place is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It comes back from its holder.
    ComesBack,
    /// Its recycling was cancelled, or panicked.
    WasRecycled,
    /// Whoever looked at it panicked.
    IsLetGo,
}

/// A place in the pool while it is used.
pub(super) struct Slot<P: Holder> {
    // Dropped before its place: should anything of it panic, the object goes, and then the place is free.
    entry: Option<Entry<ObjectOf<P>>>,
    then: Then,
    place: Place<P>,
}

/// What became of the object that was to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// There was no need, or no room.
    Nothing,
    Idle,
    /// The pool did not keep it: another would fare no better.
    LetGo,
}

/// What there is in the pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Closed,
    Nothing,
    /// One that is to be recycled.
    Idle,
}

impl<P: Holder> Slot<P> {
    /// Of somebody who has taken a permit of the pool.
    #[inline]
    pub(super) const fn new(holder: P) -> Self {
        Self { entry: None, then: Then::ComesBack, place: Place::new(holder) }
    }

    /// A place, if one is free and nobody waits for it.
    #[inline]
    pub(super) fn try_new(holder: P) -> Option<Self> {
        holder.semaphore.try_acquire().map(Permit::into_count).ok()?;
        Some(Self::new(holder))
    }

    /// A place, if there is a use for it: without one it would only be missing elsewhere meanwhile.
    pub(super) fn try_new_if(holder: P, has_use: impl FnOnce(&State<ObjectOf<P>>) -> bool) -> Option<Self> {
        if holder.state.with(|state| has_use(state)) { Self::try_new(holder) } else { None }
    }

    /// Gives up its place to a resize, before an object is made that would be one too many. Says whether it did.
    pub(super) fn steps_out(&mut self) -> bool {
        self.place.pay()
    }

    /// Has a permit again.
    pub(super) const fn steps_in(&mut self) {
        self.place.phase = Phase::Empty;
    }

    #[inline]
    pub(super) fn pool(&self) -> &Pool<P::Manager, P::Timer> {
        &self.place.holder
    }

    #[inline]
    pub(super) fn entry(&self) -> &Entry<ObjectOf<P>> {
        self.entry.as_ref().expect("there is an object until the place is given up")
    }

    #[inline]
    pub(super) fn entry_mut(&mut self) -> &mut Entry<ObjectOf<P>> {
        self.entry.as_mut().expect("there is an object until the place is given up")
    }

    fn holds(&mut self, entry: Entry<ObjectOf<P>>, then: Then) {
        self.place.phase = Phase::InUse;
        self.then = then;
        self.entry = Some(entry);
    }

    /// Takes an idle object. Those that are too old are let go on the way. Where there is none, the place is counted as `otherwise`.
    #[inline]
    pub(super) fn find(&mut self, otherwise: Phase) -> Found {
        loop {
            let now = self.pool().time_if_it_matters();
            match self.pool().state.with(|state| state.take(now, otherwise)) {
                Took::Closed => return Found::Closed,
                Took::Nothing => {
                    self.place.phase = otherwise;
                    return Found::Nothing;
                }
                Took::Idle(entry) => {
                    self.holds(entry, Then::WasRecycled);
                    return Found::Idle;
                }
                Took::Stale(entry) => {
                    self.holds(entry, Then::IsLetGo);
                    self.let_go();
                }
            }
        }
    }

    /// Makes what was found fit to be lent out, or lets it go and says no.
    #[inline]
    pub(super) async fn recycle(&mut self) -> bool {
        let pool: &Pool<_, _> = &self.place.holder;
        let Entry { object, usage, .. } = self.entry.as_mut().expect("it was found");
        let outcome = pool.within(pool.limits.recycle, pool.manager.recycle(object, usage)).await;
        if let Some(Ok(())) = outcome {
            return true;
        }
        self.then = Then::IsLetGo;
        pool.state.with(|state| {
            state.tally.recycled -= 1;
            match outcome {
                None => state.tally.recycle_timed_out += 1,
                Some(_) => state.tally.recycle_failed += 1,
            }
        });
        self.let_go();
        false
    }

    /// Makes an object that is to lie idle, if there is room and fewer than `enough` lie there.
    pub(super) async fn fill(&mut self, enough: usize) -> Result<Filled, CreateError<ErrorOf<P>>> {
        if !self.pool().state.with(|state| state.fill(enough)) {
            return Ok(Filled::Nothing);
        }
        self.place.phase = Phase::Filling;
        self.make().await?;
        Ok(if self.come_back() { Filled::Idle } else { Filled::LetGo })
    }

    /// Makes an object: the place is counted as such already.
    pub(super) async fn make(&mut self) -> Result<(), CreateError<ErrorOf<P>>> {
        let pool: &Pool<_, _> = &self.place.holder;
        match pool.within(pool.limits.create, pool.manager.create()).await {
            Some(Ok(object)) => {
                let entry = Entry::new(object, pool.timer.moment());
                let phase = self.place.phase;
                self.place.move_to(Phase::InUse, |state| state.created(phase));
                self.holds(entry, Then::ComesBack);
                Ok(())
            }
            Some(Err(error)) => {
                pool.state.with(|state| state.tally.create_failed += 1);
                Err(CreateError::Failed(error))
            }
            None => {
                pool.state.with(|state| state.tally.create_timed_out += 1);
                Err(CreateError::TimedOut)
            }
        }
    }

    /// Puts an object from outside into the place, if there is room.
    pub(super) fn add(&mut self, object: ObjectOf<P>) -> Result<(), ObjectOf<P>> {
        let entry = Entry::new(object, self.pool().timer.moment());
        if !self.pool().state.with(|state| state.add()) {
            return Err(entry.object);
        }
        self.holds(entry, Then::ComesBack);
        Ok(())
    }

    /// Takes an object that is too old.
    pub(super) fn find_stale(&mut self, now: Option<Instant>) -> bool {
        let stale = self.pool().state.with(|state| state.take_stale(now));
        stale.map(|entry| self.holds(entry, Then::IsLetGo)).is_some()
    }

    /// Takes the next object to be looked at.
    pub(super) fn find_after(&mut self, after: u64, last: u64) -> Option<u64> {
        let (entry, turn) = self.pool().state.with(|state| state.take_after(after, last))?;
        self.holds(entry, Then::IsLetGo);
        Some(turn)
    }

    /// Its object is in the hands of somebody now.
    #[inline]
    pub(super) fn lent(mut self) -> Self {
        self.then = Then::ComesBack;
        self.entry_mut().usage.uses += 1;
        self
    }

    /// Gives the object away for good.
    pub(super) fn take(mut self) -> ObjectOf<P> {
        let entry = self.entry.take().expect("there is an object until the place is given up");
        self.place.move_to(Phase::Empty, |state| state.taken());
        entry.object
    }

    /// Lets the object go.
    pub(super) fn let_go(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.place.detach(entry);
        }
    }

    /// Puts the object where it lay, as if nobody had looked.
    pub(super) fn put_back(&mut self) {
        if let Some(entry) = self.entry.take() {
            let refused = self.pool().state.with(|state| state.put_back(entry));
            self.kept_or_refused(refused);
        }
    }

    /// Lets the object lie idle from now on. Says whether it was kept.
    #[inline]
    fn come_back(&mut self) -> bool {
        let now = foreign(|| self.pool().timer.moment()).flatten();
        let Some(entry) = self.entry.take() else { return false };
        let refused = self.pool().state.with(|state| state.give_back(entry, now));
        let kept = refused.is_none();
        self.kept_or_refused(refused);
        kept
    }

    /// Its check has panicked. It goes, and then the panic goes on.
    #[cold]
    fn let_go_after(&mut self, panic: Panic) {
        if let Err(second) = unwind::catch(|| self.let_go()) {
            unwind::discard(second);
        }
        unwind::resume_unless_unwinding(panic);
    }

    #[inline]
    fn kept_or_refused(&mut self, refused: Option<Entry<ObjectOf<P>>>) {
        match refused {
            None => self.place.phase = Phase::Empty,
            Some(entry) => self.place.detach(entry),
        }
    }
}

impl<P: Holder> Drop for Slot<P> {
    #[inline]
    fn drop(&mut self) {
        let Some(entry) = &mut self.entry else { return };
        let pool: &Pool<_, _> = &self.place.holder;
        match self.then {
            Then::ComesBack => match unwind::catch(|| pool.manager.is_broken(&mut entry.object)) {
                Ok(false) => _ = self.come_back(),
                Ok(true) => self.let_go(),
                Err(panic) => self.let_go_after(panic),
            },
            Then::WasRecycled => {
                pool.state.with(|state| state.tally.recycled -= 1);
                // One that panicked is not returned, whatever was said.
                match pool.returns_cancelled && !unwind::is_unwinding() {
                    true => self.put_back(),
                    false => self.let_go(),
                }
            }
            Then::IsLetGo => self.let_go(),
        }
    }
}
