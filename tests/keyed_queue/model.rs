//! The queue beside a naive one: lists, searched from the front, and a lot of loops.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use untether_support::cases;

#[derive(Clone, Copy, Debug)]
struct Ask {
    id: usize,
    key: u32,
    value: u32,
    merges: bool,
}

#[derive(Default)]
struct Twin {
    capacity: usize,
    closed: bool,
    lanes: BTreeMap<u32, VecDeque<u32>>,
    round: VecDeque<u32>,
    held: BTreeSet<u32>,
    senders: VecDeque<Ask>,
    /// Let in, and not polled since.
    let_in: BTreeSet<usize>,
    reserved: BTreeMap<usize, Ask>,
    refused: BTreeMap<usize, Ask>,
    takers: VecDeque<usize>,
    granted: BTreeSet<usize>,
    wakes: BTreeMap<usize, usize>,
}

impl Twin {
    fn len(&self) -> usize {
        self.lanes.values().map(VecDeque::len).sum()
    }

    fn is_over(&self) -> bool {
        self.closed && self.len() == 0
    }

    fn has_room(&self) -> bool {
        self.len() + self.reserved.len() < self.capacity
    }

    fn keys(&self) -> usize {
        let asks = self.senders.iter().chain(self.reserved.values()).chain(self.refused.values());
        let keys = self.lanes.keys().chain(&self.held).copied().chain(asks.map(|ask| ask.key));
        keys.collect::<BTreeSet<_>>().len()
    }

    fn push(&mut self, key: u32, value: u32) {
        let lane = self.lanes.entry(key).or_default();
        if lane.is_empty() && !self.held.contains(&key) {
            self.round.push_back(key);
        }
        lane.push_back(value);
    }

    fn next(&mut self) -> Option<(u32, u32)> {
        let key = self.round.pop_front()?;
        let lane = self.lanes.get_mut(&key)?;
        let value = lane.pop_front()?;
        if lane.is_empty() {
            self.lanes.remove(&key);
        }
        self.held.insert(key);
        Some((key, value))
    }

    fn let_go(&mut self, key: u32) {
        self.held.remove(&key);
        if self.lanes.contains_key(&key) {
            self.round.push_back(key);
        }
    }

    fn last_mut(&mut self, key: u32) -> Option<&mut u32> {
        self.lanes.get_mut(&key)?.back_mut()
    }

    fn wake(&mut self, id: usize) {
        *self.wakes.entry(id).or_default() += 1;
    }

    /// Lets everybody go on who can.
    fn settle(&mut self) {
        loop {
            if (self.closed || self.has_room()) && !self.senders.is_empty() {
                let ask = self.senders.pop_front().unwrap();
                self.wake(ask.id);
                if self.closed {
                    self.refused.insert(ask.id, ask);
                } else if ask.merges && self.lanes.contains_key(&ask.key) {
                    self.reserved.insert(ask.id, ask);
                } else {
                    self.push(ask.key, ask.value);
                    self.let_in.insert(ask.id);
                }
            } else if self.round.len() > self.granted.len() && !self.takers.is_empty() {
                let id = self.takers.pop_front().unwrap();
                self.wake(id);
                self.granted.insert(id);
            } else {
                break;
            }
        }
        while self.is_over() && !self.takers.is_empty() {
            let id = self.takers.pop_front().unwrap();
            self.wake(id);
        }
    }

    /// What becomes of one who comes with something.
    fn offer(&mut self, ask: Ask) -> Option<Result<Upserted, SendError<(u32, u32)>>> {
        if self.closed {
            return Some(Err(SendError::Closed((ask.key, ask.value))));
        }
        if let Some(last) = self.last_mut(ask.key).filter(|_| ask.merges) {
            *last += ask.value;
            return Some(Ok(Upserted::Merged));
        }
        (self.senders.is_empty() && self.has_room()).then(|| {
            self.push(ask.key, ask.value);
            Ok(Upserted::Inserted)
        })
    }

    fn poll_sender(&mut self, ask: Ask) -> Option<Result<Upserted, SendError<(u32, u32)>>> {
        if self.let_in.remove(&ask.id) {
            Some(Ok(Upserted::Inserted))
        } else if self.refused.remove(&ask.id).is_some()
            || (self.closed && self.reserved.contains_key(&ask.id))
        {
            self.reserved.remove(&ask.id);
            Some(Err(SendError::Closed((ask.key, ask.value))))
        } else if self.reserved.remove(&ask.id).is_some() {
            match self.last_mut(ask.key) {
                Some(last) => {
                    *last += ask.value;
                    Some(Ok(Upserted::Merged))
                }
                None => {
                    self.push(ask.key, ask.value);
                    Some(Ok(Upserted::Inserted))
                }
            }
        } else {
            None
        }
    }

    /// What one who comes to receive gets, if it need not wait.
    fn receive(&mut self) -> Option<Option<(u32, u32)>> {
        if self.round.len() > self.takers.len() + self.granted.len() {
            Some(self.next())
        } else {
            self.is_over().then_some(None)
        }
    }

    fn poll_taker(&mut self, id: usize) -> Option<Option<(u32, u32)>> {
        if self.granted.contains(&id) && self.round.is_empty() && !self.is_over() {
            self.granted.remove(&id);
            self.takers.push_front(id);
            return None;
        }
        if self.takers.contains(&id) {
            return None;
        }
        self.granted.remove(&id);
        Some(self.next())
    }

    fn forget(&mut self, id: usize) {
        self.senders.retain(|ask| ask.id != id);
        self.takers.retain(|other| *other != id);
        self.let_in.remove(&id);
        self.reserved.remove(&id);
        self.refused.remove(&id);
        self.granted.remove(&id);
    }
}

#[derive(Clone, Debug)]
enum Step {
    TrySend(u32),
    TryUpsert(u32),
    Send { key: u32, merges: bool },
    TryRecv,
    Recv,
    Poll(usize),
    Drop(usize),
    Done(usize),
    Remove(u32),
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..5_u32;
    prop_oneof![
        20 => key.clone().prop_map(Step::TrySend),
        10 => key.clone().prop_map(Step::TryUpsert),
        30 => (key.clone(), any::<bool>()).prop_map(|(key, merges)| Step::Send { key, merges }),
        20 => Just(Step::TryRecv),
        30 => Just(Step::Recv),
        60 => any::<usize>().prop_map(Step::Poll),
        10 => any::<usize>().prop_map(Step::Drop),
        40 => any::<usize>().prop_map(Step::Done),
        5 => key.prop_map(Step::Remove),
        1 => Just(Step::Close),
    ]
}

/// Somebody who waits.
enum Waits<'q> {
    Send(Send<&'q Numbers>),
    Upsert(Upsert<&'q Numbers, fn(&mut u32, u32)>),
    Recv(Recv<&'q Numbers>),
}

struct World<'q> {
    queue: &'q Numbers,
    twin: Twin,
    waiting: Vec<(usize, Waits<'q>, CountingWaker, Ask)>,
    in_flight: Vec<InFlight<&'q Numbers>>,
    next: u32,
}

/// What was received is in flight.
fn take<'q>(
    in_flight: &mut Vec<InFlight<&'q Numbers>>,
    found: Option<InFlight<&'q Numbers>>,
) -> Option<(u32, u32)> {
    let entry = found.as_ref().map(|value| (*value.key(), **value));
    in_flight.extend(found);
    entry
}

impl<'q> World<'q> {
    fn ask(&mut self, key: u32, merges: bool) -> Ask {
        self.next += 1;
        Ask { id: self.next as usize, key, value: self.next, merges }
    }

    fn step(&mut self, step: &Step) -> TestCaseResult {
        let queue = self.queue;
        match *step {
            Step::TrySend(key) | Step::TryUpsert(key) => {
                let merges = matches!(step, Step::TryUpsert(_));
                let ask = self.ask(key, merges);
                let full = Err(SendError::Full((key, ask.value)));
                let sent = match merges {
                    true => queue.try_upsert(key, ask.value, |old, new| *old += new),
                    false => queue.try_send(key, ask.value).map(|()| Upserted::Inserted),
                };
                prop_assert_eq!(sent, self.twin.offer(ask).unwrap_or(full));
            }
            Step::Send { key, merges } => {
                let ask = self.ask(key, merges);
                let add: fn(&mut u32, u32) = |old, new| *old += new;
                let waits = match merges {
                    true => Waits::Upsert(queue.upsert(key, ask.value, add)),
                    false => Waits::Send(queue.send(key, ask.value)),
                };
                let expected = self.twin.offer(ask);
                if expected.is_none() {
                    self.twin.senders.push_back(ask);
                }
                self.waiting.push((ask.id, waits, CountingWaker::new(), ask));
                self.poll_sender(self.waiting.len() - 1, expected)?;
            }
            Step::TryRecv => {
                let received = take(&mut self.in_flight, queue.try_recv().ok());
                prop_assert_eq!(received, self.twin.receive().flatten());
            }
            Step::Recv => {
                let ask = self.ask(0, false);
                let expected = self.twin.receive();
                if expected.is_none() {
                    self.twin.takers.push_back(ask.id);
                }
                self.waiting.push((ask.id, Waits::Recv(queue.recv()), CountingWaker::new(), ask));
                self.poll_taker(self.waiting.len() - 1, expected)?;
            }
            Step::Poll(which) if !self.waiting.is_empty() => {
                let which = which % self.waiting.len();
                let (id, waits, _, ask) = &self.waiting[which];
                if let Waits::Recv(_) = waits {
                    let expected = self.twin.poll_taker(*id);
                    self.poll_taker(which, expected)?;
                } else {
                    let expected = self.twin.poll_sender(*ask);
                    self.poll_sender(which, expected)?;
                }
            }
            Step::Drop(which) if !self.waiting.is_empty() => {
                let (id, ..) = self.waiting.remove(which % self.waiting.len());
                self.twin.forget(id);
            }
            Step::Done(which) if !self.in_flight.is_empty() => {
                let value = self.in_flight.remove(which % self.in_flight.len());
                self.twin.let_go(*value.key());
            }
            Step::Remove(key) => {
                self.twin.round.retain(|other| *other != key);
                let expected: Vec<u32> = self.twin.lanes.remove(&key).into_iter().flatten().collect();
                prop_assert_eq!(queue.remove(&key), expected);
            }
            Step::Close => {
                queue.close();
                self.twin.closed = true;
            }
            Step::Poll(_) | Step::Drop(_) | Step::Done(_) => {}
        }
        self.twin.settle();
        self.compare()
    }

    fn poll_sender(
        &mut self,
        which: usize,
        expected: Option<Result<Upserted, SendError<(u32, u32)>>>,
    ) -> TestCaseResult {
        let (_, waits, waker, _) = &mut self.waiting[which];
        let polled = match waits {
            Waits::Send(send) => poll_with(send, &waker.waker()).map_ok(|()| Upserted::Inserted),
            Waits::Upsert(upsert) => poll_with(upsert, &waker.waker()),
            Waits::Recv(_) => unreachable!("it sends"),
        };
        prop_assert_eq!(polled, expected.map_or(Poll::Pending, Poll::Ready));
        if expected.is_some() {
            self.waiting.remove(which);
        }
        Ok(())
    }

    fn poll_taker(&mut self, which: usize, expected: Option<Option<(u32, u32)>>) -> TestCaseResult {
        let (_, waits, waker, _) = &mut self.waiting[which];
        let Waits::Recv(recv) = waits else { unreachable!("it receives") };
        let received = poll_with(recv, &waker.waker()).map(|found| take(&mut self.in_flight, found));
        prop_assert_eq!(received, expected.map_or(Poll::Pending, Poll::Ready));
        if expected.is_some() {
            self.waiting.remove(which);
        }
        Ok(())
    }

    fn compare(&self) -> TestCaseResult {
        let (stats, twin) = (self.queue.stats(), &self.twin);
        prop_assert_eq!((stats.len, stats.ready, stats.keys), (twin.len(), twin.round.len(), twin.keys()));
        prop_assert_eq!((stats.in_flight, stats.reserved), (twin.held.len(), twin.reserved.len()));
        prop_assert_eq!((stats.granted, stats.receivers_waiting), (twin.granted.len(), twin.takers.len()));
        prop_assert_eq!((stats.senders_waiting, stats.closed), (twin.senders.len(), twin.closed));
        for (id, _, waker, _) in &self.waiting {
            prop_assert_eq!(waker.wakes(), twin.wakes.get(id).copied().unwrap_or(0), "wakes of {}", id);
        }
        for key in 0..5 {
            prop_assert_eq!(self.queue.len_of(&key), twin.lanes.get(&key).map_or(0, VecDeque::len));
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500)))]
    #[test]
    fn it_behaves_as_lists_that_are_searched(
        capacity in 1_usize..6,
        steps in prop::collection::vec(step(), 0..200),
    ) {
        let queue = KeyedQueue::bounded(capacity);
        let twin = Twin { capacity, ..Twin::default() };
        let mut world = World { queue: &queue, twin, waiting: Vec::new(), in_flight: Vec::new(), next: 0 };
        for step in steps {
            world.step(&step)?;
        }
        let World { waiting, in_flight, mut twin, .. } = world;
        drop((waiting, in_flight));
        let mut left: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        queue.close_now().for_each(|(key, value)| left.entry(key).or_default().push(value));
        // What was in the line went in as those before it went; it is what the queue held that is compared.
        twin.lanes.retain(|_, lane| !lane.is_empty());
        for (key, lane) in &twin.lanes {
            let left = left.get(key).cloned().unwrap_or_default();
            prop_assert_eq!(&left[..lane.len()], lane.iter().copied().collect::<Vec<_>>());
        }
        assert_left_by_all(&queue);
    }
}
