//! The delays, one by one; and what other crates make of the same.

use super::*;

fn millis<C: Schedule>(backoff: Backoff<C>) -> Vec<u128> {
    backoff.jitter(Jitter::NONE).delays(seed()).take(12).map(|delay| delay.as_millis()).collect()
}

#[test]
fn each_curve_grows_as_its_name_says() {
    let first = 100 * MS;
    assert_eq!(millis(constant(first).attempts(5)), [100; 4]);
    assert_eq!(millis(linear(first, 50 * MS).attempts(5)), [100, 150, 200, 250]);
    assert_eq!(millis(exponential(first).attempts(6)), [100, 200, 400, 800, 1_600]);
    assert_eq!(millis(exponential(first).factor(3.0).attempts(5)), [100, 300, 900, 2_700]);
    assert_eq!(millis(exponential(first).factor(1.5).attempts(5)), [100, 150, 225, 337]);
    assert_eq!(millis(exponential(first).factor(0.5).attempts(4)), [100, 50, 25]);
    assert_eq!(millis(fibonacci(first).attempts(8)), [100, 100, 200, 300, 500, 800, 1_300]);
}

/// tokio-retry's `from_millis(50)` waits 50 ms, 2.5 s, 125 s.
#[test]
fn the_first_delay_of_an_exponential_is_no_base_of_a_power() {
    assert_eq!(millis(exponential(50 * MS).attempts(4)), [50, 100, 200]);
}

/// The first delay of mulligan's linear backoff is zero, kyo's grew twice as fast.
#[test]
fn a_linear_schedule_begins_with_its_first_delay_and_grows_by_its_step() {
    assert_eq!(millis(linear(SECOND, SECOND).attempts(4)), [1_000, 2_000, 3_000]);
}

#[test]
fn attempts_counts_the_first_call() {
    assert_eq!(millis(constant(MS)).len(), 2, "three calls have two delays");
    assert_eq!(millis(constant(MS).attempts(1)).len(), 0);
    assert_eq!(millis(constant(MS).unlimited()).len(), 12, "as many as were asked for");
    assert!(constant(MS).try_attempts(0).is_none() && constant(MS).try_attempts(1).is_some());
}

#[test]
#[should_panic(expected = "attempts counts the first call")]
fn no_attempt_at_all_is_refused_where_it_is_written() {
    let _ = constant(MS).attempts(0);
}

#[test]
fn a_factor_that_is_none_is_refused_where_it_is_written() {
    for factor in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(exponential(MS).try_factor(factor).is_none(), "{factor}");
        assert!(std::panic::catch_unwind(|| exponential(MS).factor(factor)).is_err(), "{factor}");
    }
    assert!(exponential(MS).try_factor(f64::MIN_POSITIVE).is_some());
}

/// backon's exceeds its cap by jitter, Fibonacci's ignores it, and a least delay above it comes first.
#[test]
fn the_cap_holds_after_everything_in_whatever_order_it_is_said() {
    let cap = 2 * SECOND;
    for seed in 0..200 {
        let later = exponential(SECOND).cap(cap).jitter(Jitter::factor(1.0)).unlimited();
        let earlier = exponential(SECOND).jitter(Jitter::factor(1.0)).unlimited().cap(cap);
        let mapped = fibonacci(SECOND).cap(cap).map(|delay| delay * 10).unlimited();
        assert!(later.delays(Seed::new(seed)).eq_by_len(50, |delay| delay <= cap));
        assert!(earlier.delays(Seed::new(seed)).eq_by_len(50, |delay| delay <= cap));
        assert!(mapped.delays(Seed::new(seed)).eq_by_len(50, |delay| delay <= cap));
    }
    assert_eq!(millis(constant(5 * SECOND).cap(cap)), [2_000, 2_000], "a first delay above it included");
}

trait Many: Iterator<Item = Duration> + Sized {
    /// So many, all of which hold.
    fn eq_by_len(self, count: usize, holds: impl Fn(Duration) -> bool) -> bool {
        let first: Vec<Duration> = self.take(count).collect();
        first.len() == count && first.into_iter().all(holds)
    }
}

impl<I: Iterator<Item = Duration>> Many for I {}

/// resilience4j caps after the jitter, so that everybody sits exactly on the cap: here that is so too for what is above it, hence a
/// full jitter below it.
#[test]
fn delays_above_the_cap_can_be_spread_below_it() {
    let spread = exponential(SECOND).cap(10 * SECOND).unlimited().jitter(Jitter::NONE);
    // The capped curve as a schedule, and the jitter around it.
    let around = Backoff::of(spread).jitter(Jitter::FULL);
    let late: Vec<Duration> = around.delays(seed()).skip(10).take(100).collect();
    assert!(late.iter().filter(|delay| **delay == 10 * SECOND).count() < 3, "{late:?}");
    assert!(late.iter().all(|delay| *delay <= 10 * SECOND));
}

/// Polly's became negative after 1,025 attempts and cockatiel's NaN; backon panics at a factor of 1e30; failsafe overflows.
#[test]
fn eleven_hundred_attempts_and_endless_delays_saturate() {
    let far = Duration::from_nanos(u64::MAX);
    let last = |backoff: Backoff<_>| backoff.uncapped().jitter(Jitter::NONE).delays(seed()).last();
    assert_eq!(last(exponential(MS).attempts(1_100)), Some(far));
    assert_eq!(last(exponential(MS).factor(1e30).attempts(1_100)), Some(far));
    assert_eq!(last(exponential(Duration::MAX).attempts(1_100)), Some(far));
    assert_eq!(last(exponential(Duration::ZERO).attempts(1_100)), Some(Duration::ZERO));
    assert_eq!(
        linear(Duration::MAX, Duration::MAX).jitter(Jitter::NONE).uncapped().delays(seed()).last(),
        Some(Duration::MAX)
    );
    assert_eq!(fibonacci(Duration::MAX).jitter(Jitter::FULL).delays(seed()).count(), 2);
    assert_eq!(
        constant(Duration::MAX).jitter(Jitter::EQUAL).uncapped().attempts(1_100).delays(seed()).count(),
        1_099
    );
    assert_eq!(decorrelated(Duration::MAX).uncapped().attempts(1_100).delays(seed()).count(), 1_099);
    assert_eq!(decorrelated(Duration::ZERO).delays(seed()).last(), Some(Duration::ZERO));
}

#[test]
fn during_gives_no_delay_that_would_end_after_it() {
    assert_eq!(millis(constant(SECOND).unlimited().during(3 * SECOND)), [1_000; 3]);
    assert_eq!(millis(constant(SECOND).unlimited().during(3_500 * MS)), [1_000; 3]);
    assert_eq!(millis(exponential(SECOND).unlimited().during(6_999 * MS)), [1_000, 2_000]);
    assert_eq!(millis(constant(SECOND).during(Duration::ZERO)).len(), 0);
}

/// zio's `spaced(10s) && elapsed < 3s` sleeps ten seconds.
#[test]
fn a_wait_longer_than_what_is_left_is_not_begun() {
    let both = constant(10 * SECOND).unlimited().and(constant(Duration::ZERO).unlimited().during(3 * SECOND));
    assert_eq!(millis(both.during(3 * SECOND)).len(), 0);
}

#[test]
fn combinations_go_on_as_their_names_say() {
    let (two, three) = (
        constant(20 * MS).attempts(3).jitter(Jitter::NONE),
        linear(10 * MS, 10 * MS).attempts(4).jitter(Jitter::NONE),
    );
    assert_eq!(millis(two.and(three)), [20, 20]);
    assert_eq!(millis(two.or(three)), [10, 20, 30]);
    assert_eq!(millis(two.then(three)), [20, 20, 10, 20, 30]);
    assert_eq!(millis(two.then(three).then(two)).len(), 7);
    assert_eq!(millis(three.map(|delay| delay * 3)), [30, 60, 90]);
    assert_eq!(millis(three.while_(|step| step.attempt() < 3)), [10, 20]);
}

#[test]
fn the_second_of_two_begins_where_the_first_ended() {
    let first = every(SECOND).attempts(3);
    let second = every(SECOND).during(2 * SECOND);
    assert_eq!(millis(first.then(second)).len(), 4);
    let seen = RefCell::new(Vec::new());
    let second = Backoff::of(Look(|step: &Step| seen.borrow_mut().push((step.attempt(), step.elapsed()))));
    let _ = millis(first.then(second.attempts(3)));
    assert_eq!(*seen.borrow(), [(1, Duration::ZERO), (2, SECOND)]);
}

/// A schedule of the tests: a function that looks.
impl<F: FnMut(&Step)> Schedule for Look<F> {
    fn next_delay(&mut self, step: &Step, _: &dyn Entropy) -> Option<Duration> {
        (self.0)(step);
        Some(SECOND)
    }
}

struct Look<F>(F);

#[test]
fn a_list_is_taken_as_it_is() {
    let list = [5, 90, 1].map(Duration::from_secs);
    assert!(from_iter(list).delays(seed()).eq(list));
    assert!(from_iter(list).attempts(2).delays(seed()).eq([list[0]]));
    let endless = from_iter((1..).map(Duration::from_secs)).cap(3 * SECOND);
    assert!(endless.delays(seed()).take(5).eq([1, 2, 3, 3, 3].map(Duration::from_secs)));
}

#[test]
fn an_iterator_ends_once() {
    let mut flipping = constant(MS).unlimited().while_(|step| step.attempt() != 2).delays(seed());
    assert!(flipping.next().is_some() && flipping.next().is_none() && flipping.next().is_none());
}

#[test]
fn schedules_are_plain_values() {
    const STANDARD: Backoff<untether::retry::schedule::Exponential> = exponential(Duration::from_millis(200))
        .factor(1.5)
        .cap(Duration::from_secs(5))
        .attempts(4)
        .jitter(Jitter::FULL);
    static BOTH: Backoff<
        untether::retry::schedule::And<
            Backoff<untether::retry::schedule::Constant>,
            Backoff<untether::retry::schedule::Exponential>,
        >,
    > = constant(Duration::from_secs(1)).and(STANDARD);
    let copy = STANDARD;
    assert_eq!(copy, STANDARD);
    assert!(BOTH.delays(seed()).count() == 2);
}
