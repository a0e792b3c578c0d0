//! Beside naive ones: what each verb gives, if it is told so, in this order.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Tell(usize, Told),
    Poll,
}

fn step() -> impl Strategy<Value = Step> {
    let told = prop_oneof![any::<u32>().prop_map(Ok), Just(Err("down"))];
    prop_oneof![4 => (any::<usize>(), told).prop_map(|(which, told)| Step::Tell(which, told)), 1 => Just(Step::Poll)]
}

/// What was told by the last poll, for each.
struct Twin {
    told: Vec<Option<Told>>,
    seen: Vec<Option<Told>>,
    /// In the order in which they were seen, and by index where that was in one poll.
    order: Vec<usize>,
}

impl Twin {
    fn poll(&mut self) {
        for index in 0..self.told.len() {
            if self.seen[index].is_none() && self.told[index].is_some() {
                self.seen[index] = self.told[index];
                self.order.push(index);
            }
        }
    }

    fn all(&self) -> Option<Vec<Told>> {
        self.seen.iter().copied().collect()
    }

    fn first(&self, matches: impl Fn(&Told) -> bool) -> Option<(usize, Told)> {
        let of = |index: &usize| (*index, self.seen[*index].expect("it was seen"));
        self.order.iter().map(of).find(|(_, told)| matches(told))
    }
}

/// Plays the steps. `expected` is what the twin has to say: nothing yet, or what comes of it.
fn play<F: Future, X>(
    count: usize,
    steps: &[Step],
    verb: impl FnOnce(Vec<Pin<Box<dyn Future<Output = Told>>>>) -> F,
    expected: impl Fn(&Twin) -> Option<X>,
    said: impl Fn(F::Output) -> X,
) -> Result<(), TestCaseError>
where
    X: PartialEq + std::fmt::Debug,
{
    let (senders, children) = told(count);
    let mut senders: Vec<_> = senders.into_iter().map(Some).collect();
    let children = children.into_iter().map(|child| Box::pin(child) as Pin<Box<dyn Future<Output = Told>>>);
    let mut probe = Probe::new(verb(children.collect()));
    let mut twin = Twin { told: vec![None; count], seen: vec![None; count], order: Vec::new() };
    for step in steps.iter().chain([&Step::Poll]) {
        match step {
            Step::Tell(which, told) if count > 0 => {
                if let Some(sender) = senders[which % count].take() {
                    twin.told[which % count] = Some(*told);
                    sender.send(*told).unwrap();
                }
            }
            Step::Tell(..) => {}
            Step::Poll => {
                twin.poll();
                match (probe.poll(), expected(&twin)) {
                    (Poll::Ready(output), expected) => {
                        prop_assert_eq!(Some(said(output)), expected);
                        prop_assert!(senders.iter().flatten().all(Sender::is_closed), "losers are gone");
                        return Ok(());
                    }
                    (Poll::Pending, expected) => prop_assert_eq!(expected, None),
                }
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]

    #[test]
    fn every_verb_gives_what_a_naive_one_gives(
        count in prop_oneof![0_usize..4, 14_usize..19, 60_usize..120],
        steps in prop::collection::vec(step(), 0..300),
    ) {
        let results = |outcomes: untether::task::Outcomes<u32, &'static str>| {
            let told = |outcome: Outcome<_, _>| match outcome {
                Outcome::Ok(value) => Ok(value),
                Outcome::Err(error) => Err(error),
                other => panic!("{other:?}"),
            };
            outcomes.into_iter().map(told).collect::<Vec<Told>>()
        };
        play(count, &steps, gather, Twin::all, results)?;
        let trying = |twin: &Twin| match twin.first(Told::is_err) {
            Some((_, error)) => Some(error.map(|_| vec![])),
            None => twin.all().map(|all| all.into_iter().collect()),
        };
        play(count, &steps, try_gather, trying, |output| output)?;
        let racing = |twin: &Twin| match twin.first(|_| true) {
            None if twin.told.is_empty() => Some(None),
            first => first.map(Some),
        };
        play(count, &steps, race, racing, |output| output)?;
        let first = |twin: &Twin| match twin.first(Told::is_ok) {
            Some((_, value)) => Some(value.map_err(|_| vec![])),
            None => twin.all().map(|all| Err(all.into_iter().filter_map(Result::err).collect())),
        };
        play(count, &steps, first_ok, first, |output| output.map_err(|failed| failed.into_errors()))?;
    }
}
