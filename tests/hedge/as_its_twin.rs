//! Against a naive twin that looks at every second by itself.

use super::*;
use untether_support::cases;

/// How one run goes: what comes out, after how many seconds, and how many attempts were made.
type Went = (Answer, u64, u32);

struct Twin<'a> {
    takes: &'a [i32],
    /// When each began; and whether it has failed.
    attempts: Vec<(u64, bool)>,
}

impl Twin<'_> {
    /// What comes out in that second, if anything does.
    fn look(&mut self, second: u64, from: usize) -> Option<Answer> {
        for number in from..=self.attempts.len() {
            let (began, failed) = self.attempts[number - 1];
            let takes = self.takes[number - 1];
            if failed || began + u64::from(takes.unsigned_abs()) != second {
                continue;
            }
            if takes >= 0 {
                return Some(Ok(number as u32));
            }
            self.attempts[number - 1].1 = true;
            if self.attempts.iter().all(|(_, failed)| *failed) {
                return Some(Err(number as u32));
            }
        }
        None
    }
}

fn naive(delay: u64, extra: u32, allowed: u32, takes: &[i32]) -> Went {
    let mut twin = Twin { takes, attempts: vec![(0, false)] };
    for second in 0.. {
        let mut from = 1;
        loop {
            if let Some(answer) = twin.look(second, from) {
                return (answer, second, twin.attempts.len() as u32);
            }
            let begun = twin.attempts.len() as u32;
            let due = twin.attempts.last().is_some_and(|(began, _)| began + delay == second);
            if !due || begun > extra.min(allowed) {
                break;
            }
            twin.attempts.push((second, false));
            from = twin.attempts.len();
        }
    }
    unreachable!("every attempt ends")
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases(4_096)))]

    #[test]
    fn it_goes_as_a_naive_one(
        delay in 0..6_u64,
        extra in 1..=3_u32,
        allowed in 0..=4_u32,
        takes in proptest::collection::vec(-12..12_i32, 4),
    ) {
        let (service, quota) = (Service::default(), TokenQuota::new(50).cost(10));
        assert!((allowed..5).all(|_| quota.try_withdraw().is_some()));
        let hedge = Hedge::after(delay as u32 * SECOND).extra(extra).budget(&quota);
        let (answer, took) = run(&service.clock, hedge.run(service.takes(&takes), &service.clock));
        let went = (answer, took, service.calls.get());
        proptest::prop_assert_eq!(went, naive(delay, extra, allowed, &takes));
        proptest::prop_assert_eq!((service.running(), service.clock.sleepers()), (0, 0));
    }
}
