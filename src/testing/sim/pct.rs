//! Probabilistic concurrency testing: tasks by random priorities, which change at a few moments.
//!
//! After Burckhardt, Kothari, Musuvathi and Nagarakatte (ASPLOS 2010). Every task has a priority, given at random when it first
//! is ready, and the ready task of the highest one runs. At `depth - 1` steps, spread at random over the length of the run, the
//! task that would run falls below all others. A bug that needs `depth` orderings is then met with a probability that falls with the
//! number of tasks and with the length to the power of `depth - 1`, and not exponentially with the length.
//!
//! A task that spins would keep all others from what it waits for. So one that runs for long while others are ready falls as well.

use super::source::Random;
use alloc::vec::Vec;

pub(super) struct Priorities {
    /// By task, the highest first. Those that are given at random are positive, and 0 stands for none yet.
    of: Vec<i64>,
    /// At which step somebody falls, and to which priority.
    falls: Vec<(u32, i64)>,
    steps: u32,
    /// The lowest that was given.
    lowest: i64,
    /// Who ran last, and how often in a row while others were ready.
    row: (usize, u32),
}

/// So often in a row is spinning.
const SPINS: u32 = 100;

impl Priorities {
    /// For a run of about `steps` steps. Of none: then nobody falls.
    pub(super) fn new(depth: u32, steps: u32, random: &mut Random) -> Self {
        let changes = if steps == 0 { 0 } else { depth.saturating_sub(1) };
        let falls: Vec<_> = (1..=i64::from(changes)).map(|n| (random.below(steps), -n)).collect();
        Self { of: Vec::new(), falls, steps: 0, lowest: -i64::from(changes), row: (0, 0) }
    }

    /// The index of the one that runs.
    pub(super) fn choose(&mut self, ready: &[usize], random: &mut Random) -> u32 {
        for task in ready {
            if self.of.len() <= *task {
                self.of.resize(*task + 1, 0);
            }
            if self.of[*task] == 0 {
                self.of[*task] = i64::try_from(random.next() >> 1).unwrap_or(i64::MAX).max(1);
            }
        }
        let (step, mut best) = (self.steps, self.highest(ready));
        self.steps = step.saturating_add(1);
        while let Some(fall) = self.falls.iter().position(|(at, _)| *at == step) {
            let (_, to) = self.falls.swap_remove(fall);
            self.of[ready[best]] = to;
            best = self.highest(ready);
        }
        self.row = match self.row {
            (task, times) if ready.len() > 1 && task == ready[best] => (task, times + 1),
            _ => (ready[best], 1),
        };
        if self.row.1 > SPINS {
            self.lowest -= 1;
            self.of[ready[best]] = self.lowest;
            best = self.highest(ready);
            self.row = (ready[best], 1);
        }
        u32::try_from(best).unwrap_or(u32::MAX)
    }

    fn highest(&self, ready: &[usize]) -> usize {
        (0..ready.len()).max_by_key(|index| self.of[ready[*index]]).unwrap_or(0)
    }

    pub(super) const fn steps(&self) -> u32 {
        self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_task_runs_until_somebody_falls(seed: u64, depth in 1..6_u32) {
            let mut random = Random::new(seed);
            let mut priorities = Priorities::new(depth, 60, &mut random);
            let ran: Vec<u32> = (0..60).map(|_| priorities.choose(&[4, 2, 7], &mut random)).collect();
            let changes = ran.windows(2).filter(|pair| pair[0] != pair[1]).count();
            prop_assert!(changes < depth as usize, "{ran:?}");
            prop_assert_eq!(priorities.steps(), 60);
        }
    }

    #[test]
    fn who_runs_first_and_when_it_falls_is_spread_evenly() {
        let (mut first, mut falls) = ([0; 3], [0; 10]);
        for seed in 0..3_000 {
            let mut random = Random::new(seed);
            let mut priorities = Priorities::new(2, 10, &mut random);
            let ran: Vec<u32> = (0..10).map(|_| priorities.choose(&[0, 1, 2], &mut random)).collect();
            first[ran[0] as usize] += 1;
            falls[ran.windows(2).position(|pair| pair[0] != pair[1]).map_or(0, |at| at + 1)] += 1;
        }
        assert!(first.iter().all(|times| (900..1_100).contains(times)), "{first:?}");
        assert!(falls.iter().all(|times| (230..370).contains(times)), "{falls:?}");
    }

    #[test]
    fn a_task_that_spins_gives_way_and_one_that_is_alone_need_not() {
        let mut random = Random::new(1);
        let mut priorities = Priorities::new(1, 1_000, &mut random);
        let ran: Vec<u32> = (0..1_000).map(|_| priorities.choose(&[0, 1, 2], &mut random)).collect();
        for task in 0..3 {
            let longest = ran.split(|other| *other != task).map(<[u32]>::len).max();
            assert_eq!(longest, Some(SPINS as usize), "task {task}");
        }
        let lowest = priorities.lowest;
        (0..1_000).for_each(|_| assert_eq!(priorities.choose(&[1], &mut random), 0));
        assert_eq!(priorities.lowest, lowest);
    }
}
