//! The stopwatch of the benches: cases of one table are run in turn, round after round, so that a machine that changes its speed
//! changes it for all of them; the median of the rounds is printed, and how often a run allocated.

use crate::allocations;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A table of cases that are measured side by side.
pub struct Table<'a> {
    title: &'static str,
    cases: Vec<Case<'a>>,
}

struct Case<'a> {
    name: &'static str,
    /// Runs the operation so many times.
    run: Box<dyn FnMut(u64) + 'a>,
    nanos: Vec<f64>,
    allocations: f64,
}

/// How long one round of one case takes about.
const ROUND: Duration = Duration::from_millis(20);

impl<'a> Table<'a> {
    /// An empty table.
    pub fn new(title: &'static str) -> Self {
        Self { title, cases: Vec::new() }
    }

    /// Adds a case: an operation that is measured per call.
    #[must_use]
    pub fn case<R>(self, name: &'static str, mut operation: impl FnMut() -> R + 'a) -> Self {
        self.batch(name, move |times| {
            for _ in 0..times {
                black_box(operation());
            }
        })
    }

    /// Adds a case that does its operation so many times as it is told.
    #[must_use]
    pub fn batch(mut self, name: &'static str, run: impl FnMut(u64) + 'a) -> Self {
        self.cases.push(Case { name, run: Box::new(run), nanos: Vec::new(), allocations: 0.0 });
        self
    }

    /// Measures all cases in turn and prints them, fastest ratio last column: each case against the first.
    pub fn print(mut self) {
        let rounds = std::env::var("UNTETHER_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(15);
        let times: Vec<u64> = self.cases.iter_mut().map(Case::calibrate).collect();
        for _ in 0..rounds {
            for (case, times) in self.cases.iter_mut().zip(&times) {
                case.measure(*times);
            }
        }
        println!("\n{:<52} {:>10} {:>8} {:>9}", self.title, "ns", "× first", "allocs");
        let first = self.cases.first().map_or(1.0, Case::median);
        for case in &self.cases {
            let median = case.median();
            println!("  {:<50} {median:>10.1} {:>8.2} {:>9.2}", case.name, median / first, case.allocations);
        }
    }
}

impl Case<'_> {
    /// How many operations fill a round.
    fn calibrate(&mut self) -> u64 {
        let mut times = 1;
        loop {
            let start = Instant::now();
            (self.run)(times);
            if start.elapsed() * 4 >= ROUND {
                return times * 4;
            }
            times *= 2;
        }
    }

    fn measure(&mut self, times: u64) {
        let (before, start) = (allocations(), Instant::now());
        (self.run)(times);
        let elapsed = start.elapsed();
        self.nanos.push(elapsed.as_secs_f64() * 1e9 / times as f64);
        self.allocations = (allocations() - before) as f64 / times as f64;
    }

    fn median(&self) -> f64 {
        let mut sorted = self.nanos.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }
}
