//! A store of tokens.

use super::{Budget, Withdrawal};
use crate::sys::atomic::AtomicUsize;
use core::fmt;
use core::sync::atomic::Ordering;

/// A [`Budget`] of tokens: an extra call costs some, an extra call that goes well brings them back, and a first call that goes well brings
/// in one more, up to the capacity.
///
/// While calls succeed it is full and never felt; when all fail, `capacity / cost` extra calls are made in all, and then one for
/// so many successes as it costs. It needs no clock, and forgets nothing with time.
///
/// # Examples
/// ```
/// use untether::retry::budget::{Budget, TokenQuota};
///
/// let quota = TokenQuota::new(500).cost(5);
/// assert_eq!((0..200).filter(|_| quota.try_withdraw().is_some()).count(), 100);
/// assert_eq!(quota.tokens(), 0);
/// ```
pub struct TokenQuota {
    tokens: AtomicUsize,
    capacity: usize,
    cost: usize,
}

impl TokenQuota {
    /// Full, with so many tokens; an extra call costs 5, or all there can be if that is less.
    ///
    /// # Panics
    /// If the capacity is zero; see [`try_new`](Self::try_new).
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        assert!(capacity > 0, "a quota of no tokens would allow no retry: leave retries out instead");
        let cost = if capacity < 5 { capacity } else { 5 };
        Self { tokens: AtomicUsize::new(capacity), capacity, cost }
    }

    /// As [`new`](Self::new), but `None` if the capacity is zero.
    #[must_use]
    pub fn try_new(capacity: usize) -> Option<Self> {
        (capacity > 0).then(|| Self::new(capacity))
    }

    /// What an extra call costs.
    ///
    /// # Panics
    /// If it is zero, or more than the capacity; see [`try_cost`](Self::try_cost).
    #[must_use]
    pub const fn cost(mut self, cost: usize) -> Self {
        assert!(self.may_cost(cost), "an extra call costs something, and no more than there can be");
        self.cost = cost;
        self
    }

    /// As [`cost`](Self::cost), but `None` if it is zero, or more than the capacity.
    #[must_use]
    pub fn try_cost(self, cost: usize) -> Option<Self> {
        self.may_cost(cost).then(|| self.cost(cost))
    }

    const fn may_cost(&self, cost: usize) -> bool {
        cost > 0 && cost <= self.capacity
    }

    /// How many tokens there are.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens.load(Ordering::Relaxed)
    }

    fn add(&self, tokens: usize) {
        let added = |now: usize| (now < self.capacity).then(|| now.saturating_add(tokens).min(self.capacity));
        // ORDERING: Relaxed, here and below: the tokens guard nothing but themselves.
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, added);
    }
}

/// 500 tokens, of which an extra call costs 5.
impl Default for TokenQuota {
    fn default() -> Self {
        Self::new(500)
    }
}

impl Budget for TokenQuota {
    fn deposit(&self) {}

    fn try_withdraw(&self) -> Option<Withdrawal> {
        let taken = |now: usize| now.checked_sub(self.cost);
        let taken = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken);
        taken.is_ok().then(|| Withdrawal::new(0))
    }

    fn refund(&self, _: Withdrawal) {
        self.add(self.cost);
    }

    fn succeeded(&self, extra: bool) {
        self.add(if extra { self.cost } else { 1 });
    }
}

impl fmt::Debug for TokenQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("TokenQuota");
        this.field("tokens", &self.tokens())
            .field("capacity", &self.capacity)
            .field("cost", &self.cost)
            .finish()
    }
}
