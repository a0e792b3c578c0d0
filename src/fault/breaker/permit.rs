//! What lets a call through, and says how it went.

use super::core::CircuitBreaker;
use super::holder::Holder;
use super::kernel::{Kind, Ticket};
use super::transition::{State, Transition, Why};
use super::verdict::Verdict;
use crate::time::Instant;
use core::fmt;

/// A call that was let through. Whoever makes it says by this how it went.
///
/// What is said counts only if the breaker's state has not changed meanwhile: a call that was let through before the breaker opened says
/// nothing of how the service does now. Dropped, it has said nothing, and the place of a probe is free for another: a call that was
/// cancelled knows nothing of the service.
///
/// One type for every way to hold on to the breaker: `&CircuitBreaker`, `Arc<CircuitBreaker>`, or a [`Holder`] of yours.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use untether::fault::CircuitBreaker;
/// use untether::fault::breaker::{State, Why};
/// use untether::rt::threads::Threads;
///
/// let breaker = CircuitBreaker::builder().consecutive(2).build(Threads::new()?);
/// let late = breaker.try_acquire().unwrap();
/// assert_eq!(breaker.try_acquire().unwrap().failure(), None);
/// let transition = breaker.try_acquire().unwrap().failure().unwrap();
/// assert_eq!((transition.to, transition.why), (State::Open, Why::FailuresInARow));
/// assert_eq!(late.success(), None);
/// assert_eq!(breaker.state(), State::Open);
/// # Ok(()) }
/// ```
#[must_use = "a permit that is dropped has said nothing"]
pub struct Permit<H: Holder> {
    breaker: H,
    ticket: Ticket,
    /// When the call began; for one that is not a probe only where that matters.
    began: Instant,
}

impl<H: Holder> Permit<H> {
    #[inline]
    pub(super) const fn new(breaker: H, ticket: Ticket, began: Instant) -> Self {
        Self { breaker, ticket, began }
    }

    /// The service is well. Gives the change of state that this has brought about.
    #[inline]
    pub fn success(self) -> Option<Transition> {
        self.end(false)
    }

    /// The service is not well. Gives the change of state that this has brought about.
    #[inline]
    pub fn failure(self) -> Option<Transition> {
        self.end(true)
    }

    /// The call says nothing of the service. The same as to drop it.
    #[inline]
    pub fn ignore(self) {}

    /// As one of the three.
    #[inline]
    pub fn record(self, verdict: Verdict) -> Option<Transition> {
        match verdict {
            Verdict::Success => self.success(),
            Verdict::Failure => self.failure(),
            Verdict::Ignore => None,
        }
    }

    /// The change of state that its admission has brought about: it is the first probe of a breaker that was open.
    #[must_use]
    pub fn transition(&self) -> Option<Transition> {
        let of_first_probe = Transition {
            from: State::Open,
            to: State::HalfOpen,
            at: self.began,
            why: Why::TimeToProbe,
            generation: self.ticket.generation,
        };
        (self.ticket.kind == Kind::FirstProbe).then_some(of_first_probe)
    }

    /// Whether it is a probe: the breaker is half open, and this call is to find out.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.ticket.kind != Kind::Call
    }

    /// In which generation it was let through: how often the breaker had changed its state by then.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.ticket.generation
    }

    /// The breaker it is of.
    #[must_use]
    pub fn breaker(&self) -> &CircuitBreaker<H::Clock, H::Schedule, H::Entropy> {
        &self.breaker
    }

    #[inline]
    fn end(mut self, failed: bool) -> Option<Transition> {
        // Where the clock panics nothing was said yet, and the drop gives the place back.
        let told = self.breaker.record(self.ticket, self.began, failed);
        // Of what is no probe the drop has nothing to give back.
        self.ticket.kind = Kind::Call;
        told
    }
}

impl<H: Holder> Drop for Permit<H> {
    #[inline]
    fn drop(&mut self) {
        if self.is_probe() {
            self.breaker.release(self.ticket);
        }
    }
}

impl<H: Holder> fmt::Debug for Permit<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("generation", &self.ticket.generation)
            .field("is_probe", &self.is_probe())
            .finish_non_exhaustive()
    }
}
