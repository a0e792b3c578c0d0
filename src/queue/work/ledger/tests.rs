//! The ledger beside a naive one: one list of all jobs, searched for everything.

use super::*;
use alloc::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

const MOST: u32 = 3;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Since so many steps.
    Ready(u64),
    Blocked,
    /// Until then, told at that step; in front of its key or not.
    Delayed(u64, u64, bool),
    Leased(Option<(u64, u64)>),
}

#[derive(Clone, Debug)]
struct Job {
    key: Key,
    item: u32,
    lane: Option<u32>,
    attempt: u32,
    pause: u64,
    state: State,
}

#[derive(Default)]
struct Twin {
    jobs: Vec<Job>,
    steps: u64,
    dead: Vec<(u32, u32)>,
    dying: usize,
    ended: bool,
}

impl Twin {
    fn step(&mut self) -> u64 {
        self.steps += 1;
        self.steps
    }

    fn has_front(&self, lane: Option<u32>) -> bool {
        lane.is_some()
            && self.jobs.iter().any(|job| {
                job.lane == lane && !matches!(job.state, State::Blocked | State::Delayed(_, _, false))
            })
    }

    fn line_up(&mut self, mut job: Job) {
        job.state = if self.has_front(job.lane) { State::Blocked } else { State::Ready(self.step()) };
        // Those that are blocked are looked for in the order in which they came to be.
        self.jobs.push(job);
    }

    /// A place in front is free.
    fn promote(&mut self, lane: Option<u32>) {
        if lane.is_none() || self.has_front(lane) {
            return;
        }
        let step = self.step();
        if let Some(next) = self.jobs.iter_mut().find(|job| job.lane == lane && job.state == State::Blocked) {
            next.state = State::Ready(step);
        }
    }

    fn take_out(&mut self, key: Key) -> Job {
        let place = self.jobs.iter().position(|job| job.key == key).unwrap();
        self.jobs.remove(place)
    }

    fn let_time_pass(&mut self, now: u64) {
        loop {
            let due = |job: &&Job| match job.state {
                State::Delayed(until, since, _) | State::Leased(Some((until, since))) if until <= now => {
                    Some((until, since))
                }
                _ => None,
            };
            let next = self.jobs.iter().filter(|job| due(job).is_some()).min_by_key(due);
            let Some(Job { key, state, .. }) = next.cloned() else { return };
            match state {
                State::Delayed(_, _, true) => {
                    let step = self.step();
                    self.jobs.iter_mut().find(|job| job.key == key).unwrap().state = State::Ready(step);
                }
                State::Delayed(..) => {
                    let job = self.take_out(key);
                    self.line_up(job);
                }
                State::Leased(Some((until, _))) => {
                    let is_to_come = |again: &u64| *again > now;
                    self.try_again(key, |pause| (pause > 0).then(|| until + pause).filter(is_to_come));
                }
                State::Leased(None) | State::Ready(_) | State::Blocked => unreachable!(),
            }
        }
    }

    fn try_again(&mut self, key: Key, when: impl FnOnce(u64) -> Option<u64>) {
        let step = self.step();
        let ended = self.ended;
        let job = self.jobs.iter_mut().find(|job| job.key == key).unwrap();
        if job.attempt >= MOST || ended {
            let job = self.take_out(key);
            self.dead.push((job.item, job.attempt));
            self.dying += 1;
            self.promote(job.lane);
            return;
        }
        job.state = match when(job.pause) {
            None => State::Ready(step),
            Some(until) => State::Delayed(until, step, true),
        };
    }

    fn lease(&mut self, now: u64) -> Option<(Key, u32, u32)> {
        self.let_time_pass(now);
        let since = |job: &&mut Job| match job.state {
            State::Ready(since) => since,
            _ => unreachable!(),
        };
        let ready = self.jobs.iter_mut().filter(|job| matches!(job.state, State::Ready(_)));
        let job = ready.min_by_key(since)?;
        job.attempt += 1;
        (job.state, job.pause) = (State::Leased(None), 0);
        Some((job.key, job.attempt, job.item))
    }

    fn leased(&mut self, key: Key, attempt: u32) -> Option<&mut Job> {
        let is_it = |job: &&mut Job| {
            job.key == key && job.attempt == attempt && matches!(job.state, State::Leased(_))
        };
        self.jobs.iter_mut().find(is_it)
    }

    fn end(&mut self, key: Key, attempt: u32) -> bool {
        let Some(job) = self.leased(key, attempt).cloned() else { return false };
        self.take_out(key);
        self.promote(job.lane);
        true
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(Option<u32>, Option<u64>),
    Lease,
    Lend(usize, u64, u64),
    Done(usize),
    Failed(usize, Option<u64>),
    Reject(usize),
    Extend(usize, u64),
    Cancel(usize),
    Pass(u64),
    Bury,
    End,
}

fn step() -> impl Strategy<Value = Step> {
    let which = any::<usize>;
    prop_oneof![
        30 => (prop::option::of(0..3_u32), prop::option::weighted(0.3, 0..20_u64)).prop_map(|(lane, at)| Step::Push(lane, at)),
        40 => Just(Step::Lease),
        15 => (which(), 0..20_u64, 0..4_u64).prop_map(|(which, at, pause)| Step::Lend(which, at, pause)),
        12 => which().prop_map(Step::Done),
        15 => (which(), prop::option::of(0..10_u64)).prop_map(|(which, after)| Step::Failed(which, after)),
        4 => which().prop_map(Step::Reject),
        5 => (which(), 0..30_u64).prop_map(|(which, at)| Step::Extend(which, at)),
        8 => which().prop_map(Step::Cancel),
        20 => (0..5_u64).prop_map(Step::Pass),
        5 => Just(Step::Bury),
        1 => Just(Step::End),
    ]
}

#[derive(Default)]
struct World {
    now: u64,
    next: u32,
    /// Every lease there ever was.
    leases: Vec<(Key, u32, u32)>,
    jobs: Vec<Key>,
    ends: bool,
}

fn lane_of(ledger: &mut Ledger<u32, u32>, lane: Option<u32>) -> u32 {
    let Some(key) = lane else { return NIL };
    let hash = u64::from(key % 2);
    ledger.keys.find(hash, |other| *other == key).unwrap_or_else(|| ledger.keys.open(hash, key))
}

fn take(world: &mut World, ledger: &mut Ledger<u32, u32>, twin: &mut Twin, step: Step) -> TestCaseResult {
    let now = world.now;
    let at = Instant::from_nanos;
    let lease = |which: usize| (!world.leases.is_empty()).then(|| world.leases[which % world.leases.len()]);
    match step {
        Step::Push(..) if world.ends => {}
        Step::Push(lane, delay) => {
            world.next += 1;
            let (item, place) = (world.next, lane_of(ledger, lane));
            let job = |key, state| Job { key, item, lane, attempt: 0, pause: 0, state };
            match delay {
                None => {
                    let key = ledger.push(item, place);
                    twin.line_up(job(key, State::Blocked));
                    world.jobs.push(key);
                }
                Some(after) => {
                    let key = ledger.push_at(item, place, at(now + after));
                    let since = twin.step();
                    twin.jobs.push(job(key, State::Delayed(now + after, since, false)));
                    world.jobs.push(key);
                }
            }
        }
        Step::Lease => {
            ledger.note(at(now));
            let leased = ledger.lease().map(|leased| (leased.key, leased.attempt, leased.item));
            prop_assert_eq!(leased, twin.lease(now));
            world.leases.extend(leased);
        }
        Step::Lend(which, after, pause) => {
            let Some((key, attempt, item)) = lease(which) else { return Ok(()) };
            let since = twin.step();
            let Some(job) = twin.leased(key, attempt).filter(|job| job.state == State::Leased(None)) else {
                return Ok(());
            };
            (job.state, job.pause) = (State::Leased(Some((now + after, since))), pause);
            prop_assert_eq!(ledger.lend(key, item, at(now + after), pause), None);
        }
        Step::Done(which) => {
            let Some((key, attempt, item)) = lease(which) else { return Ok(()) };
            let was_lent =
                twin.leased(key, attempt).is_some_and(|job| matches!(job.state, State::Leased(Some(_))));
            let done = ledger.done(key, attempt);
            prop_assert_eq!(done.is_some(), twin.end(key, attempt));
            prop_assert_eq!(done.and_then(|ended| ended.item), was_lent.then_some(item));
        }
        Step::Failed(which, after) => {
            let Some((key, attempt, item)) = lease(which) else { return Ok(()) };
            let state = twin.leased(key, attempt).map(|job| job.state);
            let back = ledger.failed(key, attempt, item, after.map(|after| at(now + after)));
            match state {
                None => prop_assert_eq!(back, Some(item)),
                Some(state) => {
                    prop_assert_eq!(back.is_some(), matches!(state, State::Leased(Some(_))));
                    twin.try_again(key, |_| after.map(|after| now + after));
                }
            }
        }
        Step::Reject(which) => {
            let Some((key, attempt, _)) = lease(which) else { return Ok(()) };
            let was_leased = twin.end(key, attempt);
            twin.dying += usize::from(was_leased);
            prop_assert_eq!(ledger.reject(key, attempt).is_some(), was_leased);
            if was_leased {
                ledger.buried(1);
                twin.dying -= 1;
            }
        }
        Step::Extend(which, after) => {
            let Some((key, attempt, _)) = lease(which) else { return Ok(()) };
            let since = twin.step();
            let found = twin.leased(key, attempt).map(|job| {
                if let State::Leased(Some((until, _))) = job.state {
                    if until < now + after {
                        job.state = State::Leased(Some((now + after, since)));
                    }
                }
            });
            prop_assert_eq!(ledger.extend(key, attempt, at(now + after)), found.is_some());
        }
        Step::Cancel(which) if !world.jobs.is_empty() => {
            let key = world.jobs[which % world.jobs.len()];
            let job = twin.jobs.iter().find(|job| job.key == key && !matches!(job.state, State::Leased(_)));
            let item = job.map(|job| job.item);
            if item.is_some() {
                let job = twin.take_out(key);
                twin.promote(job.lane);
            }
            prop_assert_eq!(ledger.cancel(key).and_then(|ended| ended.item), item);
        }
        Step::Pass(time) => {
            world.now += time;
            ledger.let_time_pass_until(at(world.now));
            twin.let_time_pass(world.now);
        }
        Step::Bury => {
            let (_, dead) = ledger.take_news();
            let dead: Vec<_> = dead.into_iter().map(|dead| (dead.item, dead.attempts)).collect();
            ledger.buried(dead.len());
            twin.dying -= dead.len();
            prop_assert_eq!(dead, core::mem::take(&mut twin.dead));
        }
        Step::End => {
            world.ends = true;
            twin.ended = true;
            let left: Vec<u32> = ledger.end().into_iter().filter_map(|ended| ended.item).collect();
            let is_leased = |job: &Job| matches!(job.state, State::Leased(_));
            let mut expected: Vec<u32> =
                twin.jobs.iter().filter(|job| !is_leased(job)).map(|job| job.item).collect();
            expected.sort_unstable();
            twin.jobs.retain(is_leased);
            prop_assert_eq!(left, expected, "as they were put in");
        }
        Step::Cancel(_) => {}
    }
    Ok(())
}

fn compare(ledger: &mut Ledger<u32, u32>, twin: &Twin) -> TestCaseResult {
    let count = |is_so: fn(&State) -> bool| twin.jobs.iter().filter(|job| is_so(&job.state)).count();
    prop_assert_eq!(ledger.open(), twin.jobs.len() + twin.dying);
    prop_assert_eq!(ledger.ready(), count(|state| matches!(state, State::Ready(_))));
    let Counts { blocked, delayed, leased, .. } = ledger.counts;
    prop_assert_eq!(blocked, count(|state| *state == State::Blocked));
    prop_assert_eq!(delayed, count(|state| matches!(state, State::Delayed(..))));
    prop_assert_eq!(leased, count(|state| matches!(state, State::Leased(_))));
    let mut lanes: Vec<u32> = twin.jobs.iter().filter_map(|job| job.lane).collect();
    lanes.sort_unstable();
    lanes.dedup();
    prop_assert_eq!(ledger.keys.len(), lanes.len());
    for lane in lanes {
        let in_front = |job: &&Job| !matches!(job.state, State::Blocked | State::Delayed(_, _, false));
        let front = twin.jobs.iter().filter(|job| job.lane == Some(lane)).filter(in_front).count();
        prop_assert!(front <= 1, "{} of {}", front, lane);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn it_behaves_as_a_list_of_jobs_that_is_searched(steps in prop::collection::vec(step(), 0..150)) {
        let mut ledger = Ledger::new(NonZeroU32::new(MOST).unwrap());
        let (mut twin, mut world) = (Twin::default(), World::default());
        for step in steps {
            take(&mut world, &mut ledger, &mut twin, step)?;
            compare(&mut ledger, &twin)?;
        }
    }
}
