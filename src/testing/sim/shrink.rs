//! Makes a tape smaller that fails: shorter first, then smaller choices first.
//!
//! A pure function of the tape and of a question that is asked of candidates. What follows the end of a tape is the first choice,
//! always, so a shorter tape leaves more as it usually goes, and a smaller choice is nearer to that.
//!
//! Six passes, again and again until none of them helps: cut the tail, delete blocks, delete blocks and take the last alternative
//! after them, set blocks to 0, delete a choice and lower one that follows, lower single choices. Blocks begin with half of the tape
//! and end with one choice. Cutting and lowering halve the distance with each answer. Each step makes the tape smaller, so there is
//! an end.
//!
//! The last alternative is what a choice too large stands for. Among tasks it is the one that was woken last: often the one that
//! ran, which so goes on at once instead of after a round of all others.

use alloc::vec::Vec;

/// Gives the smallest tape it found for which `fails` says `Some(true)`, or `tape`. Ends at the first `None`.
pub(super) fn shrink(tape: &[u32], fails: &mut dyn FnMut(&[u32]) -> Option<bool>) -> Vec<u32> {
    let mut shrinker = Shrinker { best: trimmed(tape.to_vec()), fails, over: false };
    loop {
        let before = shrinker.best.clone();
        shrinker.cut_the_tail();
        shrinker.in_blocks(Block::Delete);
        shrinker.in_blocks(Block::DeleteAndGoOn);
        shrinker.in_blocks(Block::Zero);
        shrinker.delete_and_lower();
        shrinker.lower_each();
        if shrinker.over || shrinker.best == before {
            return shrinker.best;
        }
    }
}

struct Shrinker<'f> {
    best: Vec<u32>,
    fails: &'f mut dyn FnMut(&[u32]) -> Option<bool>,
    /// Nothing is asked any more.
    over: bool,
}

#[derive(Clone, Copy)]
enum Block {
    Delete,
    DeleteAndGoOn,
    Zero,
}

impl Shrinker<'_> {
    /// Whether a candidate is smaller and fails. Then it is the best.
    fn is_better(&mut self, candidate: Vec<u32>) -> bool {
        let candidate = trimmed(candidate);
        if self.over || (candidate.len(), &candidate) >= (self.best.len(), &self.best) {
            return false;
        }
        match (self.fails)(&candidate) {
            Some(true) => self.best = candidate,
            Some(false) => return false,
            None => {
                self.over = true;
                return false;
            }
        }
        true
    }

    fn cut_the_tail(&mut self) {
        let mut kept = 0;
        while kept < self.best.len() && !self.over {
            let middle = kept + (self.best.len() - kept) / 2;
            if !self.is_better(self.best[..middle].to_vec()) {
                kept = middle + 1;
            }
        }
    }

    /// From the end to the beginning, as what comes late matters least.
    fn in_blocks(&mut self, block: Block) {
        let mut size = self.best.len() / 2;
        while size > 0 {
            let mut end = self.best.len();
            while end > 0 && !self.over {
                let start = end.saturating_sub(size);
                let mut candidate = self.best.clone();
                match block {
                    Block::Delete => drop(candidate.drain(start..end)),
                    Block::DeleteAndGoOn => {
                        candidate.drain(start..end);
                        candidate.get_mut(start).into_iter().for_each(|next| *next = u32::MAX);
                    }
                    Block::Zero => candidate[start..end].fill(0),
                }
                self.is_better(candidate);
                end = start.min(self.best.len());
            }
            size /= 2;
        }
    }

    /// Where one choice less also means one alternative less later on.
    fn delete_and_lower(&mut self) {
        let mut place = self.best.len();
        while place > 0 && !self.over {
            place -= 1;
            for next in place + 1..self.best.len().min(place + 4) {
                let mut candidate = self.best.clone();
                candidate[next] = candidate[next].saturating_sub(1);
                candidate.remove(place);
                if self.is_better(candidate) {
                    break;
                }
            }
            place = place.min(self.best.len());
        }
    }

    fn lower_each(&mut self) {
        let mut place = 0;
        while place < self.best.len() && !self.over {
            self.lower(place);
            place += 1;
        }
    }

    fn lower(&mut self, place: usize) {
        let mut low = 0;
        while let Some(current) = self.best.get(place).copied().filter(|current| low < *current) {
            let middle = low + (current - low) / 2;
            if !self.is_better(with(&self.best, place, middle)) {
                low = middle + 1;
            }
        }
        if let Some(below) = self.best.get(place).and_then(|current| current.checked_sub(1)) {
            self.is_better(with(&self.best, place, below));
        }
    }
}

fn with(tape: &[u32], place: usize, choice: u32) -> Vec<u32> {
    let mut changed = tape.to_vec();
    changed[place] = choice;
    changed
}

/// Without the first choices at its end, which it would mean all the same.
fn trimmed(mut tape: Vec<u32>) -> Vec<u32> {
    while tape.last() == Some(&0) {
        tape.pop();
    }
    tape
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec;
    use proptest::prelude::*;

    /// What a choice of a tape is, its end included.
    fn at(tape: &[u32], place: usize) -> u32 {
        tape.get(place).copied().unwrap_or(0)
    }

    /// All tapes that are one step smaller: one choice cut off, deleted, set to 0 or lowered by one.
    fn one_step_smaller(tape: &[u32]) -> BTreeSet<Vec<u32>> {
        let mut smaller = BTreeSet::new();
        for place in 0..tape.len() {
            let mut deleted = tape.to_vec();
            deleted.remove(place);
            let lowered = with(tape, place, tape[place].saturating_sub(1));
            smaller.extend([tape[..place].to_vec(), deleted, with(tape, place, 0), lowered].map(trimmed));
        }
        smaller.retain(|candidate| candidate != tape);
        smaller
    }

    /// The naive twin: takes any step that helps until none does.
    fn naive(tape: &[u32], fails: &dyn Fn(&[u32]) -> bool) -> Vec<u32> {
        let mut best = trimmed(tape.to_vec());
        while let Some(better) = one_step_smaller(&best).into_iter().find(|candidate| fails(candidate)) {
            best = better;
        }
        best
    }

    /// Yes or no at random, but the same for the same tape.
    fn scattered(tape: &[u32], seed: u64) -> bool {
        let mix = |sum: u64, choice: &u32| {
            (sum ^ u64::from(*choice)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        };
        tape.iter().fold(seed, mix) % 3 == 0
    }

    proptest! {
        #[test]
        fn what_is_left_fails_and_nothing_one_step_smaller_does(tape: Vec<u32>, seed: u64) {
            let start = trimmed(tape);
            let fails = |candidate: &[u32]| candidate == start || scattered(candidate, seed);
            let shrunk = shrink(&start, &mut |candidate| Some(fails(candidate)));
            prop_assert!(fails(&shrunk));
            prop_assert!((shrunk.len(), &shrunk) <= (start.len(), &start));
            for smaller in one_step_smaller(&shrunk) {
                prop_assert!(!fails(&smaller), "{shrunk:?} and not {smaller:?}");
            }
        }

        #[test]
        fn where_only_one_tape_is_smallest_it_is_found_like_the_naive_twin_finds_it(
            needed in prop::collection::vec(0..9_u32, 0..12),
            more in prop::collection::vec(0..50_u32, 0..20),
        ) {
            let tape: Vec<u32> = (0..needed.len().max(more.len())).map(|i| at(&needed, i) + at(&more, i)).collect();
            let fails = |tape: &[u32]| needed.iter().enumerate().all(|(place, need)| at(tape, place) >= *need);
            let shrunk = shrink(&tape, &mut |candidate| Some(fails(candidate)));
            prop_assert_eq!(&shrunk, &trimmed(needed.clone()));
            prop_assert_eq!(shrunk, naive(&tape, &fails));
        }

        #[test]
        fn it_asks_no_more_after_it_was_told_to_end(tape: Vec<u32>, most in 0..40_u32) {
            let mut asked = 0;
            shrink(&tape, &mut |_| {
                asked += 1;
                (asked <= most).then_some(false)
            });
            prop_assert!(asked <= most + 1);
        }
    }

    #[test]
    fn a_needle_in_a_long_tape_is_found_with_few_questions() {
        let mut tape = vec![7; 2_000];
        tape[1_234] = 60_000;
        let mut asked = 0;
        let shrunk = shrink(&tape, &mut |candidate| {
            asked += 1;
            Some(candidate.iter().any(|choice| *choice >= 50_000))
        });
        assert_eq!(shrunk, [50_000]);
        assert!(asked < 200, "{asked}");
    }
}
