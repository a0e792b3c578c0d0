//! The queue beside a naive one: a sorted list, a line, and a look at everybody after every step.

use super::*;
use proptest::prelude::*;
use untether_support::cases;

#[derive(Clone, Debug)]
enum Step {
    Insert(u64),
    Remove(usize),
    Reset(usize, u64),
    Wait,
    Poll(usize),
    Drop(usize),
    TryRecv,
    TryMany(usize),
    Advance(u64),
    GoBack(u64),
    Clear,
    Close,
    CloseNow,
}

fn step() -> impl Strategy<Value = Step> {
    // Seconds from now; the last is never.
    let delay = || prop_oneof![9 => 0..6_u64, 1 => Just(u64::MAX)];
    prop_oneof![
        20 => delay().prop_map(Step::Insert),
        6 => any::<usize>().prop_map(Step::Remove),
        8 => (any::<usize>(), delay()).prop_map(|(which, delay)| Step::Reset(which, delay)),
        12 => Just(Step::Wait),
        20 => any::<usize>().prop_map(Step::Poll),
        6 => any::<usize>().prop_map(Step::Drop),
        4 => Just(Step::TryRecv),
        2 => (0..4_usize).prop_map(Step::TryMany),
        12 => (0..4_u64).prop_map(Step::Advance),
        1 => (0..3_u64).prop_map(Step::GoBack),
        1 => Just(Step::Clear),
        1 => Just(Step::Close),
        1 => prop_oneof![9 => Just(Step::TryRecv), 1 => Just(Step::CloseNow)],
    ]
}

struct Entry {
    deadline: Instant,
    item: u32,
    key: DelayKey,
}

struct Waits {
    probe: Waiter,
    /// How often it had been woken when it was polled last.
    woken: usize,
}

impl Waits {
    fn was_woken(&self) -> bool {
        self.probe.wakes() > self.woken
    }
}

struct Pair {
    queue: Arc<Queue>,
    clock: ManualClock,
    /// By deadline; sorting is stable, so equals are by when they came to it.
    entries: Vec<Entry>,
    line: Vec<Waits>,
    closed: bool,
    /// The clock went back: what it showed before may count or not, so what is due is not compared until it is there again.
    went_back_from: Instant,
}

impl Pair {
    fn new() -> Self {
        let (queue, clock) = queue();
        let went_back_from = Instant::from_nanos(0);
        Self { queue, clock, entries: Vec::new(), line: Vec::new(), closed: false, went_back_from }
    }

    fn at(&self, delay: u64) -> Instant {
        self.clock.now().saturating_add(Duration::from_secs(delay))
    }

    fn put(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.entries.sort_by_key(|entry| entry.deadline);
    }

    fn is_over(&self) -> bool {
        self.closed && self.entries.is_empty()
    }

    fn is_odd(&self) -> bool {
        self.clock.now() < self.went_back_from
    }

    fn is_due(&self) -> bool {
        self.entries.first().is_some_and(|first| first.deadline <= self.clock.now())
    }

    /// What one gets that is the first.
    fn take(&mut self, expired: &Expired<u32>) -> Result<(), TestCaseError> {
        prop_assert!(self.is_due() || self.is_odd(), "too early");
        let first = self.entries.remove(0);
        prop_assert_eq!(
            (first.item, first.key, first.deadline),
            (expired.item, expired.key, expired.deadline)
        );
        Ok(())
    }

    /// One is polled that stands at `place`, or is new.
    fn poll(&mut self, place: usize, mut waits: Waits) -> Result<(), TestCaseError> {
        match waits.probe.poll() {
            Poll::Ready(None) => prop_assert!(self.is_over()),
            Poll::Ready(Some(expired)) => {
                prop_assert_eq!(place, 0, "somebody was before it");
                self.take(&expired)?;
            }
            Poll::Pending => {
                prop_assert!(!self.is_over());
                prop_assert!(place > 0 || !self.is_due() || self.is_odd(), "it could have gone on");
                waits.woken = waits.probe.wakes();
                self.line.insert(place, waits);
            }
        }
        Ok(())
    }

    fn step(&mut self, name: u32, step: &Step, keys: &mut Vec<DelayKey>) -> Result<(), TestCaseError> {
        match *step {
            Step::Insert(delay) => {
                let inserted = self.queue.insert(name, Duration::from_secs(delay));
                prop_assert_eq!(inserted.is_err(), self.closed);
                if let Ok(key) = inserted {
                    keys.push(key);
                    self.put(Entry { deadline: self.at(delay), item: name, key });
                }
            }
            Step::Remove(which) if !keys.is_empty() => {
                let key = keys[which % keys.len()];
                let place = self.entries.iter().position(|entry| entry.key == key);
                prop_assert_eq!(self.queue.remove(&key), place.map(|place| self.entries.remove(place).item));
            }
            Step::Reset(which, delay) if !keys.is_empty() => {
                let key = keys[which % keys.len()];
                let place = self.entries.iter().position(|entry| entry.key == key);
                prop_assert_eq!(self.queue.reset(&key, Duration::from_secs(delay)), place.is_some());
                let deadline = self.at(delay);
                if let Some(place) = place.filter(|place| self.entries[*place].deadline != deadline) {
                    let entry = self.entries.remove(place);
                    self.put(Entry { deadline, ..entry });
                }
            }
            Step::Wait => {
                let waits = Waits { probe: recv(&self.queue), woken: 0 };
                self.poll(self.line.len(), waits)?;
            }
            Step::Poll(which) if !self.line.is_empty() => {
                let place = which % self.line.len();
                let waits = self.line.remove(place);
                self.poll(place, waits)?;
            }
            Step::Drop(which) if !self.line.is_empty() => {
                drop(self.line.remove(which % self.line.len()));
            }
            Step::TryRecv => match self.queue.try_recv() {
                Ok(expired) => {
                    prop_assert!(self.line.is_empty());
                    self.take(&expired)?;
                }
                Err(TryRecvError::Closed) => prop_assert!(self.is_over()),
                Err(_) => prop_assert!(!self.line.is_empty() || !self.is_due() || self.is_odd()),
            },
            Step::TryMany(max) => {
                let mut taken = Vec::new();
                prop_assert_eq!(self.queue.try_recv_many(&mut taken, max), taken.len());
                prop_assert!(taken.len() <= max && (taken.is_empty() || self.line.is_empty()));
                for expired in &taken {
                    self.take(expired)?;
                }
                let more = taken.len() < max && self.line.is_empty() && self.is_due();
                prop_assert!(!more || self.is_odd());
            }
            Step::Advance(seconds) => self.clock.advance(Duration::from_secs(seconds)),
            Step::GoBack(seconds) => {
                self.went_back_from = self.went_back_from.max(self.clock.now());
                self.clock.step_back(Duration::from_secs(seconds));
            }
            Step::Clear => {
                self.queue.clear();
                self.entries.clear();
            }
            Step::Close => {
                self.queue.close();
                self.closed = true;
            }
            Step::CloseNow => {
                let left: Vec<_> = self.queue.close_now().collect();
                let all: Vec<_> = self.entries.drain(..).map(|entry| (entry.deadline, entry.item)).collect();
                prop_assert_eq!(left, all);
                self.closed = true;
            }
            Step::Remove(_) | Step::Reset(..) | Step::Poll(_) | Step::Drop(_) => {}
        }
        Ok(())
    }

    /// Nobody is woken but the first, unless all are; and the first is, if it can go on.
    fn look(&self) -> Result<(), TestCaseError> {
        prop_assert!(self.clock.sleepers() <= 1);
        prop_assert_eq!(self.queue.len(), self.entries.len());
        let first = self.entries.first().map(|first| (first.key, first.deadline));
        prop_assert_eq!(self.queue.peek(), first);
        if self.is_over() {
            prop_assert!(self.line.iter().all(Waits::was_woken));
            return Ok(());
        }
        prop_assert_eq!(self.queue.waiting(), self.line.len());
        if let Some((first, others)) = self.line.split_first() {
            prop_assert!(!others.iter().any(Waits::was_woken), "woken before its turn");
            prop_assert!(
                !self.is_due() || first.was_woken() || self.is_odd(),
                "asleep, though an item is due"
            );
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(300)))]
    #[test]
    fn it_does_what_a_naive_one_does_and_wakes_whoever_can_go_on(steps in prop::collection::vec(step(), 0..120)) {
        let (mut pair, mut keys) = (Pair::new(), Vec::new());
        for (name, step) in (0..).zip(&steps) {
            pair.step(name, step, &mut keys)?;
            pair.look()?;
        }
    }
}
