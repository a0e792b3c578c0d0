//! The stopwatch of the benches: cases of one table are run in turn, round after round, so that a machine that changes its speed
//! changes it for all of them; the median of the rounds counts, and how often a run allocated.

use crate::allocations_of_all;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one round of one case takes about.
const ROUND: Duration = Duration::from_millis(20);

/// Counts the parts of a run that are to be measured, where not all of it is.
#[derive(Default)]
pub struct Lap {
    took: Duration,
    allocations: u64,
}

impl Lap {
    /// Does a part that counts.
    pub fn count<R>(&mut self, part: impl FnOnce() -> R) -> R {
        let (before, start) = (allocations_of_all(), Instant::now());
        let result = part();
        self.took += start.elapsed();
        self.allocations += allocations_of_all() - before;
        result
    }
}

type Run<'a> = Box<dyn FnMut(u64, &mut Lap) + 'a>;

/// Measures one case.
pub struct Watch<'a> {
    run: Run<'a>,
    /// How many operations one run is.
    operations: u64,
    nanos: Vec<f64>,
    allocations: f64,
}

impl<'a> Watch<'a> {
    /// Of what does its work so many times as it is told. Each time is `operations` operations.
    pub fn new(operations: u64, mut run: impl FnMut(u64) + 'a) -> Self {
        Self::of_parts(operations, move |times, lap| lap.count(|| run(times)))
    }

    /// The same of what tells itself which of its parts count.
    pub fn of_parts(operations: u64, run: impl FnMut(u64, &mut Lap) + 'a) -> Self {
        Self { run: Box::new(run), operations, nanos: Vec::new(), allocations: 0.0 }
    }

    /// Nanoseconds per operation: the median of the rounds.
    pub fn median(&self) -> f64 {
        let mut sorted = self.nanos.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Allocations per operation, of all threads.
    pub fn allocations(&self) -> f64 {
        self.allocations
    }

    /// How many runs fill a round, with what of them does not count.
    fn calibrate(&mut self) -> u64 {
        // What is built at the first use is no part of it.
        (self.run)(1, &mut Lap::default());
        let mut times = 1;
        loop {
            let start = Instant::now();
            (self.run)(times, &mut Lap::default());
            let took = start.elapsed();
            if took * 4 >= ROUND {
                return ((times as f64 * ROUND.as_secs_f64() / took.as_secs_f64()) as u64).max(1);
            }
            times *= 2;
        }
    }

    fn measure(&mut self, times: u64) {
        let mut lap = Lap::default();
        (self.run)(times, &mut lap);
        let operations = (times * self.operations) as f64;
        self.nanos.push(lap.took.as_secs_f64() * 1e9 / operations);
        self.allocations = lap.allocations as f64 / operations;
    }
}

/// Measures them in turn, as many rounds as `UNTETHER_ROUNDS` says.
pub fn in_turn(watches: &mut [&mut Watch<'_>]) {
    let rounds = std::env::var("UNTETHER_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(15);
    let times: Vec<u64> = watches.iter_mut().map(|watch| watch.calibrate()).collect();
    for _ in 0..rounds {
        for (watch, times) in watches.iter_mut().zip(&times) {
            watch.measure(*times);
        }
    }
}

/// Does one operation so many times.
pub fn each<R>(mut operation: impl FnMut() -> R) -> impl FnMut(u64) {
    move |times| {
        for _ in 0..times {
            black_box(operation());
        }
    }
}

/// A table of cases that are measured side by side.
pub struct Table<'a> {
    title: &'static str,
    cases: Vec<(&'static str, Watch<'a>)>,
}

impl<'a> Table<'a> {
    /// An empty table.
    pub fn new(title: &'static str) -> Self {
        Self { title, cases: Vec::new() }
    }

    /// Adds a case: an operation that is measured per call.
    #[must_use]
    pub fn case<R: 'a>(self, name: &'static str, operation: impl FnMut() -> R + 'a) -> Self {
        self.batch(name, each(operation))
    }

    /// Adds a case that does its operation so many times as it is told.
    #[must_use]
    pub fn batch(mut self, name: &'static str, run: impl FnMut(u64) + 'a) -> Self {
        self.cases.push((name, Watch::new(1, run)));
        self
    }

    /// Measures all cases in turn and prints them, each against the first.
    pub fn print(mut self) {
        let mut watches: Vec<&mut Watch<'_>> = self.cases.iter_mut().map(|(_, watch)| watch).collect();
        in_turn(&mut watches);
        println!("\n{:<52} {:>10} {:>8} {:>9}", self.title, "ns", "× first", "allocs");
        let first = self.cases.first().map_or(1.0, |(_, watch)| watch.median());
        for (name, watch) in &self.cases {
            let (median, allocations) = (watch.median(), watch.allocations());
            println!("  {name:<50} {median:>10.1} {:>8.2} {allocations:>9.2}", median / first);
        }
    }
}
