//! The last so-and-so long, in ten slots: pure, and at the same cost after any idle time.

use crate::time::Instant;

const SLOTS: usize = 10;

/// Two sums over a window of time that moves on slot by slot.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// Nanoseconds; at least one.
    slot: u64,
    /// When the slot that is filled began, in slots since the clock's origin.
    current: u64,
    first: [u64; SLOTS],
    extra: [u64; SLOTS],
}

impl Window {
    pub(super) const fn new(nanos: u64) -> Self {
        let slot = nanos / SLOTS as u64;
        Self::of_slots(if slot == 0 { 1 } else { slot })
    }

    const fn of_slots(slot: u64) -> Self {
        Self { slot, current: 0, first: [0; SLOTS], extra: [0; SLOTS] }
    }

    /// Which slot is filled.
    pub(super) const fn current(&self) -> u64 {
        self.current
    }

    /// Forgets what is older than the window, by a clock that was asked after slot `seen` was filled. One that steps back a little moves
    /// nothing; one that is farther behind that slot than the window has stepped back and begins anew, or nothing would ever be
    /// forgotten. (Behind the slot of now may be as well who was put to sleep with what the clock had shown.)
    pub(super) fn advance(&mut self, seen: u64, now: Instant) {
        let slot = now.as_nanos() / self.slot;
        if slot.saturating_add(SLOTS as u64) < seen.min(self.current) {
            *self = Self { current: slot, ..Self::of_slots(self.slot) };
        }
        let passed = slot.saturating_sub(self.current).min(SLOTS as u64);
        for old in 0..passed {
            let index = index(slot - old);
            (self.first[index], self.extra[index]) = (0, 0);
        }
        self.current = self.current.max(slot);
    }

    pub(super) fn add_first(&mut self) {
        let first = &mut self.first[index(self.current)];
        *first = first.saturating_add(1);
    }

    /// Counts one, and notes in which slot.
    pub(super) fn add_extra(&mut self) -> u32 {
        let extra = &mut self.extra[index(self.current)];
        *extra = extra.saturating_add(1);
        note(self.current)
    }

    /// Takes one back. What is older than the window counts no more, and so nothing is taken back for it.
    pub(super) fn remove_extra(&mut self, noted: u32) {
        let oldest = self.current.saturating_sub(SLOTS as u64 - 1);
        if let Some(slot) = (oldest..=self.current).find(|slot| note(*slot) == noted) {
            let extra = &mut self.extra[index(slot)];
            *extra = extra.saturating_sub(1);
        }
    }

    pub(super) fn first(&self) -> u64 {
        self.first.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }

    pub(super) fn extra(&self) -> u64 {
        self.extra.iter().fold(0, |sum, n| sum.saturating_add(*n))
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
            let (mut sums, mut now) = (Window::new(window), 1_000_000_u64);
            let (mut first, mut extra, mut noted): (Vec<u64>, Vec<u64>, Vec<(u64, u32)>) = Default::default();
            for (pause, what) in steps {
                now += pause;
                let slot = now / sums.slot;
                sums.advance(sums.current(), at(now));
                first.retain(|then| then + 10 > slot);
                extra.retain(|then| then + 10 > slot);
                match what {
                    0 => { sums.add_first(); first.push(slot); }
                    1 => { noted.push((slot, sums.add_extra())); extra.push(slot); }
                    _ if noted.is_empty() => {}
                    // Any of those that were ever taken, however long ago.
                    _ => {
                        let (taken, note) = noted.swap_remove(pause as usize % noted.len());
                        sums.remove_extra(note);
                        if let Some(place) = extra.iter().position(|slot| *slot == taken) {
                            extra.swap_remove(place);
                        }
                    }
                }
                prop_assert_eq!((sums.first(), sums.extra()), (first.len() as u64, extra.len() as u64));
            }
        }

        #[test]
        fn no_moment_panics_or_is_stuck(moments: Vec<u64>, window: u64) {
            let mut sums = Window::new(window);
            for moment in moments {
                sums.add_extra();
                sums.advance(sums.current(), at(moment));
                // A full window later, whenever that is, all is forgotten.
                let later = moment.saturating_add(window).saturating_add(sums.slot);
                let mut later_sums = sums.clone();
                later_sums.advance(later_sums.current(), at(later));
                prop_assert!(later_sums.extra() == 0 || later == u64::MAX || sums.current > moment / sums.slot);
            }
        }
    }

    #[test]
    fn a_year_of_idleness_costs_ten_slots() {
        let mut sums = Window::new(10_000_000_000);
        sums.add_first();
        sums.advance(sums.current(), at(365 * 86_400 * 1_000_000_000));
        assert_eq!(sums.first(), 0);
    }

    #[test]
    fn a_clock_ten_years_back_begins_anew() {
        let (decade, mut sums) = (10 * 365 * 86_400 * 1_000_000_000_u64, Window::new(10_000_000_000));
        sums.advance(sums.current(), at(2 * decade));
        sums.add_extra();
        sums.advance(sums.current(), at(decade));
        assert_eq!(sums.extra(), 0);
        sums.add_extra();
        sums.advance(sums.current(), at(decade + 11_000_000_000));
        assert_eq!(sums.extra(), 0);
    }
    #[test]
    fn who_was_put_to_sleep_after_it_asked_the_clock_forgets_nothing() {
        let mut sums = Window::new(10_000);
        sums.advance(sums.current(), at(50_000));
        let (seen, asked) = (sums.current(), at(50_000));
        // Meanwhile others were here, for longer than the window.
        sums.advance(sums.current(), at(90_000));
        sums.add_first();
        sums.advance(seen, asked);
        assert_eq!((sums.first(), sums.current()), (1, 90));
    }
}
