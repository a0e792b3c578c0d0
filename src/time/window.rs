//! The last so-and-so long, in ten slots: pure, and at the same cost after any idle time.

use super::Instant;

const SLOTS: usize = 10;

/// So many sums over a window of time that moves on slot by slot.
#[derive(Clone, Debug)]
pub(crate) struct SlidingSums<const N: usize> {
    /// Nanoseconds; at least one.
    slot: u64,
    /// When the slot that is filled began, in slots since the clock's origin.
    current: u64,
    slots: [[u64; N]; SLOTS],
    /// Of all slots.
    totals: [u64; N],
}

impl<const N: usize> SlidingSums<N> {
    /// Over so many nanoseconds.
    pub(crate) const fn new(nanos: u64) -> Self {
        let slot = nanos / SLOTS as u64;
        Self::of_slots(if slot == 0 { 1 } else { slot })
    }

    const fn of_slots(slot: u64) -> Self {
        Self { slot, current: 0, slots: [[0; N]; SLOTS], totals: [0; N] }
    }

    /// Which slot is filled.
    pub(crate) const fn current(&self) -> u64 {
        self.current
    }

    /// Forgets what is older than the window, by a clock that was asked after slot `seen` was filled. One that steps back a little moves
    /// nothing; one that is farther behind that slot than the window has stepped back and begins anew, or nothing would ever be
    /// forgotten. (Behind the slot of now may be as well who was put to sleep with what the clock had shown.)
    pub(crate) fn advance(&mut self, seen: u64, now: Instant) {
        let slot = now.as_nanos() / self.slot;
        if slot == self.current {
            return;
        }
        if slot.saturating_add(SLOTS as u64) < seen.min(self.current) {
            *self = Self { current: slot, ..Self::of_slots(self.slot) };
        }
        let passed = slot.saturating_sub(self.current).min(SLOTS as u64);
        for old in 0..passed {
            let gone = core::mem::replace(&mut self.slots[index(slot - old)], [0; N]);
            for (total, gone) in self.totals.iter_mut().zip(gone) {
                *total = total.saturating_sub(gone);
            }
        }
        self.current = self.current.max(slot);
    }

    /// Forgets all, but not when that is.
    pub(crate) fn clear(&mut self) {
        *self = Self { current: self.current, ..Self::of_slots(self.slot) };
    }

    /// Counts one.
    pub(crate) fn add(&mut self, sum: usize) {
        let slot = &mut self.slots[index(self.current)][sum];
        *slot = slot.saturating_add(1);
        self.totals[sum] = self.totals[sum].saturating_add(1);
    }

    /// In which slot is counted now, for [`remove`](Self::remove).
    pub(crate) const fn note(&self) -> u32 {
        note(self.current)
    }

    /// Takes one back. What is older than the window counts no more, and so nothing is taken back for it.
    pub(crate) fn remove(&mut self, sum: usize, noted: u32) {
        let oldest = self.current.saturating_sub(SLOTS as u64 - 1);
        if let Some(slot) = (oldest..=self.current).find(|slot| note(*slot) == noted) {
            let slot = &mut self.slots[index(slot)][sum];
            if *slot > 0 {
                *slot -= 1;
                self.totals[sum] = self.totals[sum].saturating_sub(1);
            }
        }
    }

    /// What was counted in the window.
    pub(crate) const fn total(&self, sum: usize) -> u64 {
        self.totals[sum]
    }
}

/// Four billion slots later it is the same again.
const fn note(slot: u64) -> u32 {
    (slot % u32::MAX as u64) as u32
}

const fn index(slot: u64) -> usize {
    (slot % SLOTS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    type Sums = SlidingSums<2>;
    const FIRST: usize = 0;
    const EXTRA: usize = 1;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    proptest! {
        /// A list of everything that ever was says the same.
        #[test]
        fn the_sums_are_those_of_the_last_ten_slots(
            window in 1_u64..5_000,
            steps in proptest::collection::vec((0_u64..2_000, 0_u8..3), 1..200),
        ) {
            let (mut sums, mut now) = (Sums::new(window), 1_000_000_u64);
            let (mut first, mut extra, mut noted): (Vec<u64>, Vec<u64>, Vec<(u64, u32)>) = Default::default();
            for (pause, what) in steps {
                now += pause;
                let slot = now / sums.slot;
                sums.advance(sums.current(), at(now));
                first.retain(|then| then + 10 > slot);
                extra.retain(|then| then + 10 > slot);
                match what {
                    0 => { sums.add(FIRST); first.push(slot); }
                    1 => { noted.push((slot, sums.note())); sums.add(EXTRA); extra.push(slot); }
                    _ if noted.is_empty() => {}
                    // Any of those that were ever taken, however long ago.
                    _ => {
                        let (taken, note) = noted.swap_remove(pause as usize % noted.len());
                        sums.remove(EXTRA, note);
                        if let Some(place) = extra.iter().position(|slot| *slot == taken) {
                            extra.swap_remove(place);
                        }
                    }
                }
                prop_assert_eq!((sums.total(FIRST), sums.total(EXTRA)), (first.len() as u64, extra.len() as u64));
            }
        }

        #[test]
        fn no_moment_panics_or_is_stuck(moments: Vec<u64>, window: u64) {
            let mut sums = Sums::new(window);
            for moment in moments {
                sums.add(EXTRA);
                sums.advance(sums.current(), at(moment));
                // A full window later, whenever that is, all is forgotten.
                let later = moment.saturating_add(window).saturating_add(sums.slot);
                let mut later_sums = sums.clone();
                later_sums.advance(later_sums.current(), at(later));
                prop_assert!(later_sums.total(EXTRA) == 0 || later == u64::MAX || sums.current > moment / sums.slot);
            }
        }
    }

    #[test]
    fn a_year_of_idleness_costs_ten_slots() {
        let mut sums = Sums::new(10_000_000_000);
        sums.add(FIRST);
        sums.advance(sums.current(), at(365 * 86_400 * 1_000_000_000));
        assert_eq!(sums.total(FIRST), 0);
    }

    #[test]
    fn a_clock_ten_years_back_begins_anew() {
        let (decade, mut sums) = (10 * 365 * 86_400 * 1_000_000_000_u64, Sums::new(10_000_000_000));
        sums.advance(sums.current(), at(2 * decade));
        sums.add(EXTRA);
        sums.advance(sums.current(), at(decade));
        assert_eq!(sums.total(EXTRA), 0);
        sums.add(EXTRA);
        sums.advance(sums.current(), at(decade + 11_000_000_000));
        assert_eq!(sums.total(EXTRA), 0);
    }

    #[test]
    fn who_was_put_to_sleep_after_it_asked_the_clock_forgets_nothing() {
        let mut sums = Sums::new(10_000);
        sums.advance(sums.current(), at(50_000));
        let (seen, asked) = (sums.current(), at(50_000));
        // Meanwhile others were here, for longer than the window.
        sums.advance(sums.current(), at(90_000));
        sums.add(FIRST);
        sums.advance(seen, asked);
        assert_eq!((sums.total(FIRST), sums.current()), (1, 90));
    }
}
