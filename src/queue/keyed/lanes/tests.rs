//! The lanes against a naive twin: lists that are searched from the front.

use super::*;
use crate::queue::key_table::KEPT;
use alloc::collections::VecDeque;
use core::sync::atomic::{AtomicBool, Ordering};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

/// One test has it to itself.
static INSIDE: AtomicBool = AtomicBool::new(false);

/// A key or an item, which must not be dropped in there.
#[derive(Debug, PartialEq, Eq)]
struct Users(u32);

impl Drop for Users {
    fn drop(&mut self) {
        assert!(!INSIDE.load(Ordering::Relaxed), "something of the user's is dropped inside");
    }
}

/// Calls the lanes.
fn inside<R>(body: impl FnOnce() -> R) -> R {
    INSIDE.store(true, Ordering::Relaxed);
    let result = body();
    INSIDE.store(false, Ordering::Relaxed);
    result
}

#[derive(Default)]
struct Twin {
    lanes: Vec<TwinLane>,
    /// Keys.
    round: VecDeque<u32>,
}

#[derive(Default)]
struct TwinLane {
    key: u32,
    /// Items, and whether they are lifted.
    waiting: VecDeque<(u32, bool)>,
    held: bool,
    in_line: usize,
}

impl Twin {
    fn lane(&mut self, key: u32) -> &mut TwinLane {
        let found = self.lanes.iter().position(|lane| lane.key == key);
        let index = found.unwrap_or_else(|| {
            self.lanes.push(TwinLane { key, ..TwinLane::default() });
            self.lanes.len() - 1
        });
        &mut self.lanes[index]
    }

    /// After something has changed with a key.
    fn tidy(&mut self, key: u32) {
        let lane = self.lane(key);
        let (runs, needed) = (
            !lane.held && !lane.waiting.is_empty(),
            lane.held || !lane.waiting.is_empty() || lane.in_line > 0,
        );
        if !runs {
            self.round.retain(|other| *other != key);
        } else if !self.round.contains(&key) {
            self.round.push_back(key);
        }
        if !needed {
            self.lanes.retain(|lane| lane.key != key);
        }
    }

    fn is_ready(&self, key: u32) -> bool {
        let lane = self.lanes.iter().find(|lane| lane.key == key);
        lane.is_some_and(|lane| !lane.held && lane.waiting.front().is_some_and(|(_, lifted)| !lifted))
    }

    fn next(&mut self) -> Option<(u32, u32)> {
        let key = self.round.iter().copied().find(|key| self.is_ready(*key))?;
        let lane = self.lane(key);
        lane.held = true;
        let (item, _) = lane.waiting.pop_front()?;
        self.tidy(key);
        Some((key, item))
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(u32),
    Next,
    LetGo(usize),
    PutBack(usize),
    Lift(u32),
    Lower(usize),
    Empty(u32),
    Join(u32),
    Leave(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u32..12).prop_map(Step::Push),
        5 => Just(Step::Next),
        4 => any::<usize>().prop_map(Step::LetGo),
        1 => any::<usize>().prop_map(Step::PutBack),
        2 => (0_u32..12).prop_map(Step::Lift),
        2 => any::<usize>().prop_map(Step::Lower),
        1 => (0_u32..12).prop_map(Step::Empty),
        1 => (0_u32..12).prop_map(Step::Join),
        1 => any::<usize>().prop_map(Step::Leave),
    ]
}

/// Both, and what is out.
struct Both {
    lanes: Lanes<Users, Users>,
    twin: Twin,
    held: Vec<(Key, u32, u32)>,
    lifted: Vec<(Lifted<Users>, u32, u32)>,
    in_line: Vec<(Key, u32)>,
    next: u32,
}

/// Some have all bits in common.
fn hash(key: u32) -> u64 {
    u64::from(key % 4)
}

impl Both {
    fn find(&mut self, key: u32) -> Option<Key> {
        inside(|| self.lanes.find(hash(key), |other| other.0 == key))
    }

    fn find_or_open(&mut self, key: u32) -> Key {
        self.find(key).unwrap_or_else(|| inside(|| self.lanes.open(hash(key), Users(key))))
    }

    fn step(&mut self, step: &Step) -> TestCaseResult {
        match *step {
            Step::Push(key) => {
                let (lane, item) = (self.find_or_open(key), self.next);
                inside(|| self.lanes.push(lane, Users(item)));
                self.next += 1;
                self.twin.lane(key).waiting.push_back((item, false));
                self.twin.tidy(key);
            }
            Step::Next => {
                let next = inside(|| self.lanes.next());
                let expected = self.twin.next();
                prop_assert_eq!(next.as_ref().map(|(_, item)| item.0), expected.map(|(_, item)| item));
                if let (Some((lane, _)), Some((key, item))) = (next, expected) {
                    self.held.push((lane, key, item));
                }
            }
            Step::LetGo(which) if !self.held.is_empty() => {
                let (lane, key, _) = self.held.remove(which % self.held.len());
                self.twin.lane(key).held = false;
                self.twin.tidy(key);
                let gone = !self.twin.lanes.iter().any(|lane| lane.key == key);
                let (was_held, closed) = inside(|| self.lanes.let_go(lane));
                prop_assert!(was_held);
                prop_assert_eq!(closed.map(|key| key.0), gone.then_some(key));
                prop_assert_eq!(inside(|| self.lanes.let_go(lane)), (false, None), "once only");
            }
            Step::PutBack(which) if !self.held.is_empty() => {
                let (lane, key, item) = self.held.remove(which % self.held.len());
                prop_assert_eq!(inside(|| self.lanes.put_back(lane, Users(item))), Ok(()));
                let lane = self.twin.lane(key);
                lane.held = false;
                lane.waiting.push_front((item, false));
                self.twin.round.push_front(key);
            }
            Step::Lift(key) => self.lift(key)?,
            Step::Lower(which) if !self.lifted.is_empty() => {
                let (mut lifted, key, item) = self.lifted.swap_remove(which % self.lifted.len());
                inside(|| self.lanes.lower(&mut lifted));
                prop_assert!(lifted.item.is_none());
                let place = self.twin.lane(key).waiting.iter_mut().find(|(other, _)| *other == item);
                place.unwrap().1 = false;
            }
            Step::Empty(key) => self.empty(key)?,
            Step::Join(key) => {
                let lane = self.find_or_open(key);
                inside(|| self.lanes.join_line(lane));
                self.twin.lane(key).in_line += 1;
                self.in_line.push((lane, key));
            }
            Step::Leave(which) if !self.in_line.is_empty() => {
                let (lane, key) = self.in_line.remove(which % self.in_line.len());
                self.twin.lane(key).in_line -= 1;
                self.twin.tidy(key);
                let gone = !self.twin.lanes.iter().any(|lane| lane.key == key);
                let closed = inside(|| self.lanes.leave_line(lane));
                prop_assert_eq!(closed.map(|key| key.0), gone.then_some(key));
            }
            Step::LetGo(_) | Step::PutBack(_) | Step::Lower(_) | Step::Leave(_) => {}
        }
        Ok(())
    }

    fn lift(&mut self, key: u32) -> TestCaseResult {
        let Some(lane) = self.find(key) else { return Ok(()) };
        let last = self.twin.lane(key).waiting.back_mut().filter(|(_, lifted)| !lifted);
        prop_assert_eq!(inside(|| self.lanes.can_lift(lane)), last.is_some());
        let lifted = inside(|| self.lanes.lift(lane));
        prop_assert_eq!(lifted.is_some(), last.is_some());
        if let (Some(lifted), Some(last)) = (lifted, last) {
            prop_assert_eq!(lifted.item.as_ref().map(|item| item.0), Some(last.0));
            last.1 = true;
            self.lifted.push((lifted, key, last.0));
        }
        Ok(())
    }

    fn empty(&mut self, key: u32) -> TestCaseResult {
        let Some(lane) = self.find(key) else { return Ok(()) };
        let waiting = &mut self.twin.lane(key).waiting;
        let expected: Vec<u32> =
            waiting.iter().filter(|(_, lifted)| !lifted).map(|(item, _)| *item).collect();
        waiting.retain(|(_, lifted)| *lifted);
        self.twin.tidy(key);
        let gone = !self.twin.lanes.iter().any(|lane| lane.key == key);
        let (items, closed) = inside(|| self.lanes.empty(lane));
        prop_assert!(items.iter().map(|item| item.0).eq(expected));
        prop_assert_eq!(closed.map(|key| key.0), gone.then_some(key));
        Ok(())
    }

    fn compare(&mut self) -> TestCaseResult {
        let (lanes, twin) = (&self.lanes, &self.twin);
        let waiting: usize = twin.lanes.iter().map(|lane| lane.waiting.len()).sum();
        let ready = twin.round.iter().filter(|key| twin.is_ready(**key)).count();
        prop_assert_eq!((lanes.len(), lanes.ready()), (waiting, ready));
        prop_assert_eq!((lanes.held(), lanes.lifted()), (self.held.len(), self.lifted.len()));
        prop_assert_eq!((lanes.keys(), lanes.table.0.len()), (twin.lanes.len(), twin.lanes.len()));
        for key in 0..12 {
            let lane = twin_len(&self.twin, key);
            let found = self.find(key).map(|lane| inside(|| self.lanes.len_of(lane)));
            prop_assert_eq!(found, lane);
        }
        Ok(())
    }
}

fn twin_len(twin: &Twin, key: u32) -> Option<usize> {
    twin.lanes.iter().find(|lane| lane.key == key).map(|lane| lane.waiting.len())
}

proptest! {
    #[test]
    fn they_behave_as_lists_that_are_searched(steps in prop::collection::vec(step(), 0..250)) {
        let (lanes, twin) = (Lanes::new(), Twin::default());
        let mut both = Both { lanes, twin, held: Vec::new(), lifted: Vec::new(), in_line: Vec::new(), next: 0 };
        for step in steps {
            both.step(&step)?;
            both.compare()?;
        }
        // What is left comes out, but for what is lifted, and in order for each key.
        let left: Vec<u32> = core::iter::from_fn(|| both.lanes.next_left()).map(|item| item.0).collect();
        let stay = both.twin.lanes.iter().map(|lane| lane.waiting.iter().filter(|(_, lifted)| !lifted));
        let stay: Vec<Vec<u32>> = stay.map(|lane| lane.map(|(item, _)| *item).collect()).collect();
        prop_assert_eq!(left.len(), stay.iter().map(Vec::len).sum::<usize>());
        for lane in stay {
            prop_assert!(left.iter().filter(|item| lane.contains(item)).eq(&lane));
        }
        prop_assert_eq!((both.lanes.len(), both.lanes.ready(), both.lanes.lifted()), (0, 0, 0));
    }
}

fn send(lanes: &mut Lanes<u32, u32>, key: u32, item: u32) {
    let found = lanes.find(u64::from(key), |other| *other == key);
    let lane = found.unwrap_or_else(|| lanes.open(u64::from(key), key));
    lanes.push(lane, item);
}

#[test]
fn ten_thousand_keys_that_come_and_go_leave_nothing_behind() {
    let mut lanes = Lanes::new();
    for round in 0..2 {
        (0..10_000).for_each(|key| send(&mut lanes, key, round));
        assert_eq!((lanes.keys(), lanes.ready()), (10_000, 10_000));
        let held: Vec<Key> = core::iter::from_fn(|| lanes.next()).map(|(lane, _)| lane).collect();
        held.into_iter().for_each(|lane| assert!(lanes.let_go(lane).1.is_some()));
        assert_eq!((lanes.keys(), lanes.len(), lanes.table.0.capacity()), (0, 0, 0));
    }
    // One at a time, the table stays as small as it is.
    for key in 0..10_000 {
        send(&mut lanes, key, 0);
        let (lane, _) = lanes.next().unwrap();
        lanes.let_go(lane);
        assert!(lanes.table.0.capacity() <= KEPT);
    }
}
