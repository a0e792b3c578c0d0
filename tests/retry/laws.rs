//! What holds for every schedule, whatever it is made of.

use super::*;
use proptest::prelude::*;
use untether_support::cases;

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0_u64..10_000).prop_map(Duration::from_millis),
        any::<u64>().prop_map(Duration::from_nanos),
        any::<Duration>(),
        Just(Duration::MAX),
        Just(Duration::ZERO),
    ]
}

fn jitter() -> impl Strategy<Value = Jitter> {
    prop_oneof![
        Just(Jitter::NONE),
        Just(Jitter::FULL),
        Just(Jitter::EQUAL),
        (0.0..=1.0_f64).prop_map(Jitter::factor)
    ]
}

fn hint() -> impl Strategy<Value = Hint> {
    prop_oneof![
        Just(Hint::Ignore),
        Just(Hint::AtLeast),
        Just(Hint::Exact),
        duration().prop_map(|extra| Hint::Clamp { extra })
    ]
}

type Boxed = Backoff<Box<dyn Schedule>>;

#[derive(Clone, Debug)]
enum Curve {
    Constant(Duration),
    Linear(Duration, Duration),
    Exponential(Duration, f64),
    Fibonacci(Duration),
    Decorrelated(Duration),
}

impl Curve {
    fn schedule(&self) -> Box<dyn Schedule> {
        match *self {
            Self::Constant(delay) => Box::new(constant(delay).uncapped().unlimited()),
            Self::Linear(first, step) => Box::new(linear(first, step).uncapped().unlimited()),
            Self::Exponential(first, factor) => {
                Box::new(exponential(first).factor(factor).uncapped().unlimited())
            }
            Self::Fibonacci(unit) => Box::new(fibonacci(unit).uncapped().unlimited()),
            Self::Decorrelated(base) => Box::new(decorrelated(base).uncapped().unlimited()),
        }
    }
}

fn curve() -> impl Strategy<Value = Curve> {
    prop_oneof![
        duration().prop_map(Curve::Constant),
        (duration(), duration()).prop_map(|(first, step)| Curve::Linear(first, step)),
        (duration(), 1e-3..1e30_f64).prop_map(|(first, factor)| Curve::Exponential(first, factor)),
        duration().prop_map(Curve::Fibonacci),
        duration().prop_map(Curve::Decorrelated),
    ]
}

#[derive(Clone, Debug)]
struct Rules {
    jitter: Jitter,
    hint: Hint,
    cap: Duration,
    attempts: u32,
    during: Duration,
}

fn rules() -> impl Strategy<Value = Rules> {
    (jitter(), hint(), duration(), 1_u32..40, duration())
        .prop_map(|(jitter, hint, cap, attempts, during)| Rules { jitter, hint, cap, attempts, during })
}

fn backoff(curve: &Curve, rules: &Rules) -> Boxed {
    let Rules { jitter, hint, cap, attempts, during } = *rules;
    Backoff::of(curve.schedule()).jitter(jitter).hint(hint).cap(cap).attempts(attempts).during(during)
}

/// Plain delays: as many as there are.
fn plain(delays: &[u64]) -> Backoff<impl Schedule + Clone + use<'_>> {
    from_iter(delays.iter().copied().map(Duration::from_millis))
}

fn all<C: Schedule>(backoff: Backoff<C>) -> Vec<Duration> {
    backoff.delays(seed()).take(200).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(512)))]

    #[test]
    fn no_delay_exceeds_the_cap_nor_the_time_nor_the_attempts(
        curve in curve(),
        rules in rules(),
        hints in proptest::collection::vec(proptest::option::of(duration()), 40),
        seed: u64,
    ) {
        let (mut backoff, entropy) = (backoff(&curve, &rules), Seed::new(seed));
        let (mut delays, mut elapsed) = (0, Duration::ZERO);
        for hint in hints {
            let step = Step::new(delays + 1).after(elapsed).hinted(hint);
            let Some(delay) = backoff.next_delay(&step, &entropy) else { break };
            delays += 1;
            prop_assert!(delay <= rules.cap);
            elapsed = elapsed.saturating_add(delay);
            // Beyond 584 years nobody counts.
            prop_assert!(elapsed <= rules.during || elapsed.as_nanos() >= u64::MAX.into());
        }
        prop_assert!(delays < rules.attempts);
    }

    #[test]
    fn what_is_made_of_two_exceeds_neither_of_their_caps_whatever_is_wished(
        curves in (curve(), curve()),
        rules in (rules(), rules()),
        hints in proptest::collection::vec(proptest::option::of(duration()), 80),
        which in 0..3,
    ) {
        let (a, b) = (backoff(&curves.0, &rules.0), backoff(&curves.1, &rules.1));
        let mut both: Box<dyn Schedule> = match which {
            0 => Box::new(a.and(b)),
            1 => Box::new(a.or(b)),
            _ => Box::new(a.then(b)),
        };
        for (hint, attempt) in hints.into_iter().zip(1..) {
            let Some(delay) = both.next_delay(&Step::new(attempt).hinted(hint), &seed()) else { break };
            prop_assert!(delay <= rules.0.cap.max(rules.1.cap));
        }
    }

    #[test]
    fn a_hint_never_revives_a_schedule_that_has_ended(curve in curve(), rules in rules(), wish in duration()) {
        let mut backoff = backoff(&curve, &rules);
        let delays = (1..).find(|n| backoff.next_delay(&Step::new(*n), &seed()).is_none()).unwrap();
        prop_assert_eq!(backoff.next_delay(&Step::new(delays).hinted(Some(wish)), &seed()), None);
    }

    #[test]
    fn and_and_or_do_not_mind_their_order(a: Vec<u16>, b: Vec<u16>, c: Vec<u16>) {
        let [a, b, c] = [a, b, c].map(|delays| delays.into_iter().map(u64::from).take(20).collect::<Vec<_>>());
        let (a, b, c) = (plain(&a), plain(&b), plain(&c));
        prop_assert_eq!(all(a.clone().and(b.clone())), all(b.clone().and(a.clone())));
        prop_assert_eq!(all(a.clone().or(b.clone())), all(b.clone().or(a.clone())));
        prop_assert_eq!(all(a.clone().and(b.clone()).and(c.clone())), all(a.clone().and(b.clone().and(c.clone()))));
        prop_assert_eq!(all(a.clone().or(b.clone()).or(c.clone())), all(a.clone().or(b.clone().or(c.clone()))));
        prop_assert_eq!(all(a.clone().then(b.clone()).then(c.clone())), all(a.then(b.then(c))));
    }

    #[test]
    fn one_attempt_absorbs_and_and_vanishes_in_or_and_then(a: Vec<u16>) {
        let delays: Vec<u64> = a.into_iter().map(u64::from).take(20).collect();
        let (a, none) = (plain(&delays), every(SECOND).attempts(1));
        prop_assert_eq!(all(a.clone().and(none)), []);
        prop_assert_eq!(all(a.clone().or(none)), all(a.clone()));
        prop_assert_eq!(all(a.clone().then(none)), all(a.clone()));
        prop_assert_eq!(all(none.then(a.clone())), all(a));
    }

    #[test]
    fn a_naive_twin_computes_the_same(first in 1_u64..100_000, step in 0_u64..100_000, attempts in 1_u32..60, cap in 1_u64..10_000_000) {
        let of = |backoff: Vec<Duration>| -> Vec<u128> { backoff.iter().map(Duration::as_millis).collect() };
        let capped = |delay: u128| delay.min(u128::from(cap));
        let (start, limit) = (Duration::from_millis(first), Duration::from_millis(cap));
        let exponential = exponential(start).jitter(Jitter::NONE).cap(limit).attempts(attempts);
        let expected: Vec<u128> = (0..attempts - 1).map(|n| capped(u128::from(first) << n)).collect();
        prop_assert_eq!(of(all(exponential)), expected);
        let linear = linear(start, Duration::from_millis(step)).jitter(Jitter::NONE).cap(limit).attempts(attempts);
        let expected: Vec<u128> = (0..attempts - 1).map(|n| capped(u128::from(first) + u128::from(step) * u128::from(n))).collect();
        prop_assert_eq!(of(all(linear)), expected);
    }
}
