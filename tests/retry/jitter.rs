//! Jitter, held against its distribution.

use super::*;

const DRAWS: usize = 40_000;

fn delays(jitter: Jitter) -> Vec<f64> {
    let backoff = constant(SECOND).uncapped().jitter(jitter).unlimited();
    backoff.delays(Seed::new(11)).take(DRAWS).map(|delay| delay.as_secs_f64()).collect()
}

/// Kolmogorov and Smirnov: how far what was drawn is from uniform over the range. 1.95 / √n is exceeded once in a thousand.
#[track_caller]
fn assert_uniform(mut drawn: Vec<f64>, low: f64, high: f64) {
    drawn.sort_by(f64::total_cmp);
    assert!(drawn[0] >= low && drawn[drawn.len() - 1] <= high, "{} to {}", drawn[0], drawn[drawn.len() - 1]);
    let count = drawn.len() as f64;
    let distance = |(index, value): (usize, &f64)| {
        let expected = (value - low) / (high - low);
        (expected - index as f64 / count).abs().max((expected - (index + 1) as f64 / count).abs())
    };
    let farthest = drawn.iter().enumerate().map(distance).fold(0.0, f64::max);
    assert!(farthest < 1.95 / count.sqrt(), "{farthest} from uniform over {low} to {high}");
}

/// fure's is always the whole delay, again's is cut to milliseconds, exponential-backoff's never falls below half of its range.
#[test]
fn every_jitter_is_uniform_over_its_range() {
    assert_uniform(delays(Jitter::FULL), 0.0, 1.0);
    assert_uniform(delays(Jitter::EQUAL), 0.5, 1.0);
    assert_uniform(delays(Jitter::factor(0.5)), 0.5, 1.5);
    assert_uniform(delays(Jitter::factor(0.01)), 0.99, 1.01);
    assert_uniform(delays(Jitter::factor(1.0)), 0.0, 2.0);
}

#[test]
fn the_statistic_finds_what_is_not_uniform() {
    let squared = delays(Jitter::FULL).into_iter().map(|delay| delay * delay).collect();
    assert!(std::panic::catch_unwind(|| assert_uniform(squared, 0.0, 1.0)).is_err());
    let in_steps = delays(Jitter::FULL).into_iter().map(|delay| (delay * 20.0).floor() / 20.0).collect();
    assert!(std::panic::catch_unwind(|| assert_uniform(in_steps, 0.0, 1.0)).is_err());
}

#[test]
fn no_jitter_and_a_jitter_of_zero_change_nothing() {
    assert!(delays(Jitter::NONE).into_iter().all(|delay| delay == 1.0));
    assert!(delays(Jitter::factor(0.0)).into_iter().all(|delay| delay == 1.0));
}

#[test]
fn a_factor_outside_of_its_range_is_refused_where_it_is_written() {
    for factor in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert!(Jitter::try_factor(factor).is_err(), "{factor}");
        assert!(std::panic::catch_unwind(|| Jitter::factor(factor)).is_err(), "{factor}");
    }
    assert_eq!(
        Jitter::try_factor(2.0).unwrap_err().to_string(),
        "the factor of a jitter lies within 0 and 1"
    );
}

/// mulligan's ignores the delay before and panics on an empty range.
#[test]
fn a_decorrelated_delay_is_uniform_between_the_base_and_three_times_the_one_before() {
    let cap = 50 * SECOND;
    let drawn: Vec<f64> = decorrelated(SECOND)
        .cap(cap)
        .unlimited()
        .delays(Seed::new(3))
        .take(DRAWS)
        .map(|delay| delay.as_secs_f64())
        .collect();
    assert!(drawn[0] >= 1.0 && drawn[0] <= 3.0);
    // Where it stands within its range, of those that could not reach the cap.
    let pairs = drawn.windows(2).filter(|pair| pair[0] * 3.0 < 50.0);
    let places: Vec<f64> = pairs.map(|pair| (pair[1] - 1.0) / (pair[0] * 3.0 - 1.0)).collect();
    assert!(places.len() > 1_000);
    assert_uniform(places, 0.0, 1.0);
    assert!(
        drawn.iter().any(|delay| *delay < 3.0) && drawn.contains(&50.0),
        "it wanders, and never sticks to the cap"
    );
}

/// tower's makers clone their generator: every request has the same jitter.
#[test]
fn two_runs_have_jitter_of_their_own() {
    let clock = ManualClock::new();
    let seed = Seed::new(1);
    let waits = |_| {
        let waits = Rc::new(RefCell::new(Vec::new()));
        let note = waits.clone();
        let schedule = constant(SECOND).attempts(20);
        let run_of = retry(fails(100), schedule)
            .entropy(&seed)
            .on_retry(move |failed| note.borrow_mut().push(failed.delay()));
        assert!(run(&clock, run_of.on(&clock)).is_err());
        waits.take()
    };
    let runs: Vec<Vec<Duration>> = (0..3).map(waits).collect();
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        assert!(runs[one].iter().zip(&runs[other]).all(|(a, b)| a != b));
    }
}

/// What one run draws does not depend on what another one draws in between.
#[test]
fn a_run_forks_its_numbers_once() {
    struct Counted(Cell<u32>, Seed);
    impl Entropy for Counted {
        fn next_u64(&self) -> u64 {
            self.0.set(self.0.get() + 1);
            self.1.next_u64()
        }
    }
    let (clock, counted) = (ManualClock::new(), Counted(Cell::new(0), seed()));
    let _ = run(&clock, retry(fails(9), constant(SECOND).attempts(10)).entropy(&counted).on(&clock));
    assert_eq!(counted.0.get(), 1);
    let _ = run(&clock, retry(fails(9), every(SECOND).attempts(10)).entropy(&counted).on(&clock));
    let _ = run(&clock, retry(fails(0), constant(SECOND)).entropy(&counted).on(&clock));
    assert_eq!(counted.0.get(), 1, "without jitter, or without a failure, none is needed");
}
