//! The kernel: what a quota lets through, as a function of one number and a moment. No clock, no lock, no waker.
//!
//! The number is the *theoretical arrival time* of the generic cell rate algorithm: the moment, in nanoseconds of the clock, at which all
//! that was taken has come back. It lies ahead by as much as is owed; to take a cell moves it on by an interval, and that is allowed while
//! it lies ahead by no more than the burst takes to come back. A denial writes nothing, and says when it would be allowed.
//!
//! # An interval that is no whole number, without drift and without more state
//! Where `cells` in `nanos` is no whole number of nanoseconds, the moments of cells lie on a grid that is the same for all time: the k-th
//! at `⌊k · nanos / cells⌋`. To go on by `m` cells from a moment is to go on by as much as from the last point of the grid before it to
//! the m-th after that one. So what was rounded away is not kept anywhere: it is in where the moment lies. Two points of the grid lie apart
//! by the interval, rounded down or up. Whoever keeps a distance from the grid that is less than the shorter of the two keeps it for ever,
//! and is off by less than a nanosecond for ever; only the last nanosecond of a long gap is no such distance, and counts as the one before.

use super::quota::Quota;

impl Quota {
    /// Whether `n` cells, of which the burst has as many, may go at `now`. Gives the number afterwards, or the moment when they may.
    #[inline]
    pub(super) const fn decide(&self, owed_until: u64, now: u64, n: u64) -> Result<u64, u64> {
        let base = if owed_until > now { owed_until } else { now };
        let after = self.advance(base, n);
        if after.saturating_sub(now) <= self.tolerance { Ok(after) } else { Err(after - self.tolerance) }
    }

    /// So many cells after a moment.
    #[inline]
    pub(super) const fn advance(&self, from: u64, n: u64) -> u64 {
        if self.cells == 1 {
            // By branches that are foreseen, and not by a choice between two numbers, for which the next step would have to wait.
            if let Some(on) = self.nanos.checked_mul(n) {
                if let Some(after) = from.checked_add(on) {
                    return after;
                }
            }
            return u64::MAX;
        }
        self.advance_on_grid(from, n)
    }

    #[inline(never)] // where an interval is a whole number, the way stays short
    const fn advance_on_grid(&self, from: u64, n: u64) -> u64 {
        let (rounds, rest) = self.rounds(n);
        let (here, from) = self.place(from);
        let on = self.point(here + rest) - self.point(here);
        from.saturating_add(rounds.saturating_mul(self.nanos)).saturating_add(on)
    }

    /// So many cells before a moment: as far as [`advance`](Self::advance) went on.
    #[inline]
    pub(super) const fn retreat(&self, from: u64, n: u64) -> u64 {
        if self.cells == 1 {
            return from.saturating_sub(self.nanos.saturating_mul(n));
        }
        let (rounds, rest) = self.rounds(n);
        let (here, from) = self.place(from);
        let back = if rest <= here {
            self.point(here) - self.point(here - rest)
        } else {
            self.point(here) + self.nanos - self.point(here + self.cells as u64 - rest)
        };
        from.saturating_sub(rounds.saturating_mul(self.nanos)).saturating_sub(back)
    }

    /// How many may go at once, at `now`.
    pub(super) const fn free(&self, owed_until: u64, now: u64) -> u32 {
        let Some(room) = self.tolerance.checked_sub(owed_until.saturating_sub(now)) else { return 0 };
        let base = if owed_until > now { owed_until } else { now };
        let (here, from) = self.place(base);
        let free = self.last_point_at(room + (base - from) + self.point(here)) - here;
        if free < self.burst as u64 { free as u32 } else { self.burst }
    }

    /// What it can owe at most, of what it is said to owe: a whole burst, and a reservation that waits for so long. More than that is a
    /// clock that stepped back, or a quota that was slower when it was owed.
    #[inline]
    pub(super) const fn at_most(&self, owed_until: u64, now: u64, longest_wait: u64) -> u64 {
        let most = now.saturating_add(self.tolerance).saturating_add(longest_wait);
        if owed_until < most { owed_until } else { most }
    }

    /// `n` cells as whole periods of the grid and what is left.
    const fn rounds(&self, n: u64) -> (u64, u64) {
        let cells = self.cells as u64;
        if n < cells { (0, n) } else { (n / cells, n % cells) }
    }

    /// The last point of the grid up to a moment, counted from the beginning of its period, and the moment by which it keeps its distance.
    const fn place(&self, moment: u64) -> (u64, u64) {
        let offset = moment % self.nanos;
        let here = self.last_point_at(offset);
        let is_last_of_long_gap = offset - self.point(here) == self.nanos / self.cells as u64;
        (here, moment - is_last_of_long_gap as u64)
    }

    /// Where the k-th point of the grid is.
    const fn point(&self, k: u64) -> u64 {
        scale(k, self.nanos, 0, self.cells as u64)
    }

    /// The last point up to so far from the beginning: the largest k with ⌊k · nanos / cells⌋ ≤ `offset`.
    const fn last_point_at(&self, offset: u64) -> u64 {
        scale(offset + 1, self.cells as u64, 1, self.nanos)
    }
}

/// `(a · b - less) / c`, which fits. Nearly always the product does as well.
#[inline]
const fn scale(a: u64, b: u64, less: u64, c: u64) -> u64 {
    match a.checked_mul(b) {
        Some(product) => (product - less) / c,
        None => ((a as u128 * b as u128 - less as u128) / c as u128) as u64,
    }
}

#[cfg(test)]
mod tests;
