//! A map beside a naive one: items that take so many polls, a limit, and what is done to them step by step.

use super::*;
use proptest::prelude::*;
use untether_support::cases;

/// What an item does when its gate is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ends {
    Well,
    Badly,
    InAPanic,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Opens the gate of one that runs.
    Open(usize),
    /// Wakes one that was begun, for nothing.
    Wake(usize),
    Poll,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<usize>().prop_map(Step::Open),
        1 => any::<usize>().prop_map(Step::Wake),
        4 => Just(Step::Poll),
    ]
}

fn item() -> impl Strategy<Value = (Ends, bool)> {
    let ends = prop_oneof![3 => Just(Ends::Well), 1 => Just(Ends::Badly), 1 => Just(Ends::InAPanic)];
    (ends, prop::bool::weighted(0.2))
}

fn how<T, E>(outcome: &Outcome<T, E>) -> Ends {
    match outcome {
        Outcome::Ok(_) => Ends::Well,
        Outcome::Err(_) => Ends::Badly,
        Outcome::Panicked(_) => Ends::InAPanic,
        Outcome::Cancelled(_) => panic!("nobody cancels"),
    }
}

impl Gates {
    /// Opens or wakes one that was begun. One that was ready at once has nobody who waits.
    fn do_to(&self, number: usize, is_open: &mut [bool], items: &[(Ends, bool)], step: Step) {
        if items[number].1 {
            return;
        }
        if matches!(step, Step::Open(_)) {
            is_open[number] = true;
            self.open(number);
        } else {
            self.waker(number).wake();
        }
    }
}

/// What is done with an item: waits for its gate, unless it is open from the beginning, and ends as it is told.
fn works<'a>(
    gates: &'a Gates,
    items: &'a [(Ends, bool)],
) -> impl FnMut(usize) -> Pin<Box<dyn Future<Output = Result<usize, usize>> + 'a>> {
    move |n| {
        let (ends, is_ready) = items[n];
        let gate = gates.wait(n);
        Box::pin(async move {
            if !is_ready {
                gate.await?;
            }
            match ends {
                Ends::Well => Ok(n),
                Ends::Badly => Err(n),
                Ends::InAPanic => std::panic::resume_unwind(Box::new("on purpose")),
            }
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(400)))]
    #[test]
    fn as_completed_gives_each_once_and_as_many_run_as_may(
        items in prop::collection::vec(item(), 0..30),
        limit in 1..6_usize,
        steps in prop::collection::vec(step(), 0..150),
    ) {
        let (gates, begun) = (Gates::default(), Cell::new(0));
        let mut works = works(&gates, &items);
        let work = |n| {
            begun.set(n + 1);
            works(n)
        };
        let mut all = Box::pin(map(0..items.len(), work).limit(limit).as_completed());
        let mut is_open: Vec<bool> = items.iter().map(|(_, is_ready)| *is_ready).collect();
        let (mut given, task, mut woken) = (Vec::new(), CountingWaker::new(), 0);
        let waker = task.waker();
        let mut cx = Context::from_waker(&waker);
        for step in steps {
            match step {
                Step::Open(which) | Step::Wake(which) if begun.get() > 0 => {
                    gates.do_to(which % begun.get(), &mut is_open, &items, step);
                }
                Step::Open(_) | Step::Wake(_) => {}
                Step::Poll => {
                    let mut polled = all.as_mut().poll_next(&mut cx);
                    // Who was woken while the last of a round had their turn has the next round.
                    if polled.is_pending() && task.wakes() > woken {
                        polled = all.as_mut().poll_next(&mut cx);
                    }
                    woken = task.wakes();
                    match polled {
                        Poll::Ready(Some((index, outcome))) => {
                            prop_assert!(is_open[index] && !given.contains(&index));
                            prop_assert_eq!(how(&outcome), items[index].0);
                            given.push(index);
                        }
                        Poll::Ready(None) => prop_assert_eq!(given.len(), items.len()),
                        Poll::Pending => {
                            prop_assert!((0..begun.get()).all(|n| !is_open[n] || given.contains(&n)));
                            prop_assert_eq!(begun.get(), items.len().min(given.len() + limit));
                        }
                    }
                    prop_assert!(begun.get() <= given.len() + limit);
                    prop_assert_eq!(all.size_hint().0, items.len() - given.len());
                }
            }
        }
    }

    #[test]
    fn ordered_gives_all_in_order_with_as_many_begun_as_may(
        items in prop::collection::vec(item(), 0..30),
        limit in 1..6_usize,
        steps in prop::collection::vec(step(), 0..150),
    ) {
        let (gates, mut given) = (Gates::default(), 0);
        let begun = Cell::new(0);
        let mut works = works(&gates, &items);
        let work = |n| {
            begun.set(n + 1);
            works(n)
        };
        let mut all = Box::pin(map(0..items.len(), work).limit(limit).ordered());
        let mut is_open: Vec<bool> = items.iter().map(|(_, is_ready)| *is_ready).collect();
        for step in steps {
            match step {
                Step::Open(which) | Step::Wake(which) if begun.get() > 0 => {
                    gates.do_to(which % begun.get(), &mut is_open, &items, step);
                }
                Step::Open(_) | Step::Wake(_) => {}
                Step::Poll => {
                    match next(all.as_mut()) {
                        Poll::Ready(Some(outcome)) => {
                            prop_assert!(is_open[given]);
                            prop_assert_eq!(how(&outcome), items[given].0);
                            given += 1;
                        }
                        Poll::Ready(None) => prop_assert_eq!(given, items.len()),
                        Poll::Pending => prop_assert!(!is_open[given], "it lies ready"),
                    }
                    let most = items.len().min(given + limit);
                    prop_assert!(begun.get() <= most);
                    prop_assert!(begun.get() + 1 >= most, "as many as may were begun, before the last was given");
                    prop_assert_eq!(all.size_hint().0, items.len() - given);
                }
            }
        }
    }
}
