//! Any sequence of calls, beside a naive twin.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use untether_support::cases;

#[derive(Clone, Copy, Debug)]
enum Step {
    Make,
    Poll(usize),
    Drop(usize),
    Set,
    Clear,
    NotifyOne,
    PulseOne,
    NotifyAll,
    TryWait,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Stands {
    Outside { bells: u32 },
    InLine,
    Told { keeps: bool, pulse: bool },
    Passed,
}

#[derive(Default)]
struct Twin {
    set: bool,
    kept: bool,
    bells: u32,
    line: VecDeque<usize>,
    stands: BTreeMap<usize, Stands>,
}

impl Twin {
    fn notify(&mut self, pulse: bool) -> bool {
        match self.line.pop_front() {
            Some(first) => _ = self.stands.insert(first, Stands::Told { keeps: !pulse, pulse }),
            None => {
                self.kept |= !pulse;
                return false;
            }
        }
        true
    }

    fn ring(&mut self) {
        self.bells += 1;
        for one in self.line.drain(..) {
            self.stands.insert(one, Stands::Told { keeps: false, pulse: false });
        }
    }

    fn take(&mut self, here_since: u32) -> bool {
        self.set || self.bells != here_since || std::mem::take(&mut self.kept)
    }

    fn poll(&mut self, one: usize) -> bool {
        let passes = match self.stands[&one] {
            Stands::Outside { bells } => self.take(bells),
            Stands::InLine => false,
            Stands::Told { .. } | Stands::Passed => true,
        };
        if passes {
            self.stands.insert(one, Stands::Passed);
        } else if self.stands.insert(one, Stands::InLine) != Some(Stands::InLine) {
            self.line.push_back(one);
        }
        passes
    }

    fn leave(&mut self, one: usize) {
        self.line.retain(|other| *other != one);
        if let Some(Stands::Told { keeps, pulse }) = self.stands.remove(&one) {
            if keeps || pulse {
                self.notify(pulse);
            }
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Make),
        8 => any::<usize>().prop_map(Step::Poll),
        3 => any::<usize>().prop_map(Step::Drop),
        1 => Just(Step::Set),
        2 => Just(Step::Clear),
        3 => Just(Step::NotifyOne),
        2 => Just(Step::PulseOne),
        1 => Just(Step::NotifyAll),
        1 => Just(Step::TryWait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]
    #[test]
    fn it_behaves_as_a_line_and_three_numbers(steps in prop::collection::vec(step(), 0..200)) {
        let (event, mut twin) = (event(), Twin::default());
        let mut waits: Vec<(usize, Waiter)> = Vec::new();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Make => {
                    twin.stands.insert(number, Stands::Outside { bells: twin.bells });
                    waits.push((number, Probe::new(Event::wait_owned(event.clone()))));
                }
                Step::Poll(which) if !waits.is_empty() => {
                    let which = which % waits.len();
                    let (one, wait) = &mut waits[which];
                    prop_assert_eq!(wait.poll().is_ready(), twin.poll(*one));
                }
                Step::Drop(which) if !waits.is_empty() => {
                    let (one, wait) = waits.remove(which % waits.len());
                    drop(wait);
                    twin.leave(one);
                }
                Step::Set => {
                    event.set();
                    twin.set = true;
                    twin.ring();
                }
                Step::Clear => {
                    event.clear();
                    twin.set = false;
                }
                Step::NotifyOne => {
                    event.notify_one();
                    twin.notify(false);
                }
                Step::PulseOne => prop_assert_eq!(event.pulse_one(), twin.notify(true)),
                Step::NotifyAll => {
                    event.notify_all();
                    twin.ring();
                }
                Step::TryWait => prop_assert_eq!(event.try_wait(), twin.take(twin.bells)),
                Step::Poll(_) | Step::Drop(_) => {}
            }
            prop_assert_eq!((event.is_set(), event.waiting()), (twin.set, twin.line.len()));
            for (one, wait) in &waits {
                let told = matches!(twin.stands[one], Stands::Told { .. });
                let in_line = matches!(twin.stands[one], Stands::Outside { .. } | Stands::InLine);
                prop_assert!(wait.wakes() <= 1 && (!told || wait.wakes() == 1) && (!in_line || wait.wakes() == 0));
            }
        }
    }
}
