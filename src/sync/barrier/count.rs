//! Who has come, and when a round is complete: decisions alone.

/// A round, by its number. The next one has another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Round(u64);

/// The count of one barrier.
pub(super) struct Count {
    parties: usize,
    arrived: usize,
    round: Round,
}

impl Count {
    pub(super) const fn new(parties: usize) -> Self {
        Self { parties, arrived: 0, round: Round(0) }
    }

    pub(super) const fn parties(&self) -> usize {
        self.parties
    }

    pub(super) const fn arrived(&self) -> usize {
        self.arrived
    }

    pub(super) fn is_over(&self, round: Round) -> bool {
        self.round != round
    }

    /// One more has come. Gives the round it waits for; `None` if it was the last and the round is complete.
    pub(super) const fn arrive(&mut self) -> Option<Round> {
        self.arrived += 1;
        if self.arrived < self.parties {
            return Some(self.round);
        }
        self.arrived = 0;
        self.round.0 += 1;
        None
    }

    /// One who came in this round gives up. A round that is over is not changed.
    pub(super) fn withdraw(&mut self, round: Round) {
        if !self.is_over(round) {
            self.arrived -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_list_of_those_present_that_is_emptied_when_it_is_full(
            parties in 1..5_usize,
            steps in prop::collection::vec((any::<bool>(), any::<usize>()), 0..200),
        ) {
            let (mut count, mut present) = (Count::new(parties), Vec::new());
            let mut came = Vec::new();
            for (name, (arrives, which)) in steps.into_iter().enumerate() {
                if arrives || came.is_empty() {
                    present.push(name);
                    let complete = present.len() == parties;
                    match count.arrive() {
                        Some(round) => came.push((name, round)),
                        None => prop_assert!(complete),
                    }
                    if complete {
                        present.clear();
                    }
                } else {
                    let (name, round) = came.remove(which % came.len());
                    prop_assert_eq!(count.is_over(round), !present.contains(&name));
                    present.retain(|other| *other != name);
                    count.withdraw(round);
                }
                prop_assert_eq!(count.arrived(), present.len());
            }
        }
    }
}
