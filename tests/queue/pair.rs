//! A queue and its naive twin, to which the same is done.

use super::model::{Got, Item, Life, Not, Twin, Wants};
use super::*;
use std::collections::BTreeMap;
use untether::queue::{Peek, Permit, Recv, Reserve, Send, Until};
use untether::testing::CountingWaker;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Send(usize),
    TrySend(usize),
    Force(usize),
    SendMany(usize),
    Reserve(usize),
    TryReserve(usize),
    Recv,
    TryRecv,
    RecvMany(usize),
    Empty,
    /// One who waits, with a waker of its own or not.
    Poll(usize),
    Drop(usize),
    SendInto(usize, usize),
    DropPermit(usize),
    Peek,
    PutBack(usize),
    Take(usize),
    Retain(usize),
    Drain,
    SetCapacity(usize),
    Close,
    CloseNow,
}

/// One who waits.
pub(super) enum Future<'q, S: Storage<Item = Item>> {
    Send(Send<&'q Queue<Item, S>>),
    Reserve(Reserve<&'q Queue<Item, S>>),
    Recv(Recv<&'q Queue<Item, S>>),
    Empty(Until<&'q Queue<Item, S>>),
}

pub(super) struct Waiting<'q, S: Storage<Item = Item>> {
    future: Future<'q, S>,
    woken: CountingWaker,
    /// How often it was woken before its last poll.
    seen: usize,
}

pub(super) struct Pair<'q, S: Storage<Item = Item>> {
    queue: &'q Queue<Item, S>,
    counts: bool,
    twin: Twin,
    pub(super) waiting: BTreeMap<usize, Waiting<'q, S>>,
    pub(super) permits: BTreeMap<usize, Permit<&'q Queue<Item, S>>>,
    pub(super) guards: BTreeMap<usize, Peek<&'q Queue<Item, S>>>,
    next: usize,
}

fn why(error: SendError<Item>) -> (Not, usize) {
    let not = match &error {
        SendError::Full(_) => Not::Full,
        SendError::Closed(_) => Not::Closed,
        SendError::TooHeavy(_) => Not::TooHeavy,
        _ => panic!("{error:?}"),
    };
    (not, error.into_inner().number)
}

fn why_no_room(error: ReserveError) -> Not {
    match error {
        ReserveError::Full => Not::Full,
        ReserveError::Closed => Not::Closed,
        ReserveError::TooHeavy => Not::TooHeavy,
        _ => panic!("{error:?}"),
    }
}

fn numbers(items: impl IntoIterator<Item = Item>) -> Vec<usize> {
    items.into_iter().map(|item| item.number).collect()
}

/// One of those there are.
pub(super) fn pick<V>(map: &BTreeMap<usize, V>, which: usize) -> Option<usize> {
    map.keys().copied().nth(which % map.len().max(1))
}

impl<'q, S: Storage<Item = Item>> Pair<'q, S> {
    pub(super) fn new(queue: &'q Queue<Item, S>, counts: bool, twin: Twin) -> Self {
        let (waiting, permits, guards) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { queue, counts, twin, waiting, permits, guards, next: 0 }
    }

    /// A new number, and what weighs so much with it.
    fn item(&mut self, weight: usize) -> (Item, usize, usize) {
        let (number, weight) = (self.id(), if self.counts { 1 } else { weight });
        (Item { number, weight }, number, weight)
    }

    fn id(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn wait(&mut self, id: usize, future: Future<'q, S>) {
        self.waiting.insert(id, Waiting { future, woken: CountingWaker::new(), seen: 0 });
        self.poll(id);
    }

    /// Polls one, for the first time or another, and compares.
    fn poll(&mut self, id: usize) {
        let Waiting { future, woken, seen } = self.waiting.get_mut(&id).unwrap();
        let (waker, twin) = (woken.waker(), &mut self.twin);
        *seen = woken.wakes();
        let answer = twin.answered.remove(&id);
        let is_ready = match future {
            Future::Send(send) => {
                let polled = poll_with(send, &waker).map_err(why);
                match answer {
                    Some((_, true)) => assert_eq!(polled, Poll::Ready(Ok(()))),
                    Some((Wants::Put(number, _), false)) => {
                        assert_eq!(polled, Poll::Ready(Err((Not::Closed, number))));
                    }
                    _ => assert!(polled.is_pending()),
                }
                polled.is_ready()
            }
            Future::Reserve(reserve) => match (poll_with(reserve, &waker), answer) {
                (Poll::Ready(Ok(permit)), Some((Wants::Room(room), true))) => {
                    assert_eq!(permit.room(), room);
                    twin.permits.insert(id, room);
                    self.permits.insert(id, permit);
                    true
                }
                (Poll::Ready(Err(error)), Some((_, false))) => {
                    assert_eq!(error, ReserveError::Closed);
                    true
                }
                (polled, answer) => {
                    assert!(polled.is_pending() && answer.is_none(), "{polled:?}, {answer:?}");
                    false
                }
            },
            Future::Recv(recv) => {
                let polled = poll_with(recv, &waker).map(|item| item.map(|item| item.number));
                assert_eq!(polled, twin.poll_recv(id).map_or(Poll::Pending, Poll::Ready));
                polled.is_ready()
            }
            Future::Empty(empty) => {
                let (polled, is_empty) = (poll_with(empty, &waker), twin.len() == 0);
                assert_eq!(polled.is_ready(), is_empty);
                twin.empty.insert(id, false);
                is_empty
            }
        };
        if is_ready {
            self.twin.empty.remove(&id);
            self.waiting.remove(&id);
        }
    }

    /// Somebody comes who may have to wait.
    fn come(&mut self, step: Step) {
        let id = self.id();
        match step {
            Step::Send(weight) => {
                let (item, number, weight) = self.item(weight);
                match self.twin.send(id, number, weight) {
                    None => self.wait(id, Future::Send(self.queue.send(item))),
                    Some(tried) => {
                        let sent = ready(self.queue.send(item)).map_err(why);
                        assert_eq!(sent, tried.map_err(|not| (not, number)));
                    }
                }
            }
            Step::Reserve(room) => match self.twin.refusal(room) {
                Some(Not::Full) => {
                    self.twin.line.push_back((id, Wants::Room(room)));
                    self.wait(id, Future::Reserve(self.queue.reserve_many(room)));
                }
                refusal => self.permit(id, room, refusal, ready(self.queue.reserve_many(room))),
            },
            Step::Recv => match self.twin.recv(id) {
                // Where its coming lets somebody in, it is told at once.
                None => {
                    let (mut recv, woken) = (self.queue.recv(), CountingWaker::new());
                    assert!(poll_with(&mut recv, &woken.waker()).is_pending());
                    self.waiting.insert(id, Waiting { future: Future::Recv(recv), woken, seen: 0 });
                }
                Some(got) => assert_eq!(ready(self.queue.recv()).map(|item| item.number), got),
            },
            _ => {
                self.twin.empty.insert(id, false);
                self.wait(id, Future::Empty(self.queue.empty()));
            }
        }
    }

    fn permit(
        &mut self,
        id: usize,
        room: usize,
        refusal: Option<Not>,
        permit: Result<Permit<&'q Queue<Item, S>>, ReserveError>,
    ) {
        match permit {
            Ok(permit) => {
                assert_eq!(refusal, None);
                self.twin.permits.insert(id, room);
                self.permits.insert(id, permit);
            }
            Err(error) => assert_eq!(Some(why_no_room(error)), refusal),
        }
    }

    /// One who waits is dropped, or its item is taken back.
    fn go(&mut self, id: usize) {
        let (takes_back, waiting) = (id % 2 == 0, self.waiting.remove(&id).unwrap());
        let place = self.twin.line.iter().find(|(other, _)| *other == id).map(|(_, wants)| *wants);
        let left = match (place, self.twin.answered.get(&id).copied()) {
            (Some(Wants::Put(number, _)), _) | (_, Some((Wants::Put(number, _), false))) => Some(number),
            _ => None,
        };
        match waiting.future {
            Future::Send(send) if takes_back => assert_eq!(send.into_inner().map(|item| item.number), left),
            future => drop(future),
        }
        self.twin.empty.remove(&id);
        self.twin.leave(id);
    }

    /// A call that ends at once.
    fn call(&mut self, step: Step) {
        let (queue, id) = (self.queue, self.id());
        match step {
            Step::TrySend(weight) => {
                let (item, number, weight) = self.item(weight);
                let tried = self.twin.try_send(number, weight);
                assert_eq!(queue.try_send(item).map_err(why), tried.map_err(|not| (not, number)));
            }
            Step::Force(weight) => {
                let (item, number, weight) = self.item(weight);
                let forced = self.twin.force(number, weight);
                assert_eq!(
                    queue.force_send(item).map(numbers).map_err(why),
                    forced.map_err(|not| (not, number))
                );
            }
            Step::SendMany(count) => self.send_many(count),
            Step::TryReserve(room) => self.permit(id, room, self.twin.refusal(room), queue.try_reserve(room)),
            Step::TryRecv => {
                let got: Got = match queue.try_recv() {
                    Ok(item) => Some(Some(item.number)),
                    Err(TryRecvError::Closed) => Some(None),
                    Err(_) => None,
                };
                assert_eq!(got, self.twin.try_recv());
            }
            Step::RecvMany(most) => {
                let mut into = Vec::new();
                let _ = poll(&mut queue.recv_many(&mut into, most));
                assert_eq!(numbers(into), self.twin.recv_many(id, most));
            }
            Step::Peek => {
                let lifted = if self.twin.available() > 0 { self.twin.next() } else { None };
                let peek = queue.peek();
                assert_eq!(peek.as_ref().map(|peek| (peek.number, peek.weight)), lifted);
                self.twin.lifted.extend(lifted.map(|item| (id, item)));
                self.guards.extend(peek.map(|peek| (id, peek)));
            }
            Step::Retain(modulus) => {
                let keep = |number| number % 5 != modulus;
                assert_eq!(queue.retain(|item| keep(item.number)), self.twin.retain(keep));
            }
            Step::Drain => assert_eq!(numbers(queue.drain()), self.twin.drain()),
            Step::SetCapacity(capacity) if capacity > 0 && self.twin.capacity > 0 => {
                queue.set_capacity(capacity);
                self.twin.capacity = capacity;
                self.twin.settle();
            }
            Step::Close => {
                queue.close();
                self.twin.end(Life::Closed);
            }
            Step::CloseNow => {
                let left = numbers(queue.close_now());
                let mut expected: Vec<_> =
                    self.twin.end(Life::Ended).into_iter().map(|(number, _)| number).collect();
                if self.twin.freshest_first {
                    expected.reverse();
                }
                assert_eq!(left, expected);
            }
            _ => {}
        }
    }

    fn send_many(&mut self, count: usize) {
        let items: Vec<_> = (0..count).map(|weight| self.item(weight)).collect();
        let (mut sent, mut rest) = (Ok(0), Vec::new());
        for (_, number, weight) in &items {
            match (sent, rest.is_empty()) {
                (Ok(so_many), true) => match self.twin.send(*number, *number, *weight) {
                    None => {
                        self.twin.leave(*number);
                        rest.push(*number);
                    }
                    Some(Ok(())) => sent = Ok(so_many + 1),
                    Some(Err(not)) => sent = Err((not, *number)),
                },
                _ => rest.push(*number),
            }
        }
        let mut many = self.queue.send_many(items.into_iter().map(|(item, ..)| item));
        let polled = poll(&mut many).map_err(why);
        let waits = sent.is_ok() && !rest.is_empty();
        assert_eq!(polled, if waits { Poll::Pending } else { Poll::Ready(sent) });
        assert_eq!(numbers(many.into_rest()), rest);
    }

    /// Something that is held is used or let go.
    fn hold(&mut self, step: Step) {
        match step {
            Step::SendInto(which, weight) => {
                let Some(id) = pick(&self.permits, which) else { return };
                let (item, number, weight) = self.item(weight);
                let sent = self.permits.get_mut(&id).unwrap().send(item).map_err(why);
                assert_eq!(sent, self.twin.send_into(id, number, weight).map_err(|not| (not, number)));
                assert_eq!(self.permits[&id].room(), self.twin.permits[&id]);
            }
            Step::DropPermit(which) => {
                let Some(id) = pick(&self.permits, which) else { return };
                self.permits.remove(&id);
                self.twin.permits.remove(&id);
            }
            Step::PutBack(which) => {
                let Some(id) = pick(&self.guards, which) else { return };
                self.guards.remove(&id);
                let item = self.twin.lifted.remove(&id).unwrap();
                if self.twin.life != Life::Ended {
                    self.twin.put_back(item);
                }
            }
            Step::Take(which) => {
                let Some(id) = pick(&self.guards, which) else { return };
                let taken = self.guards.remove(&id).unwrap().take();
                assert_eq!((taken.number, taken.weight), self.twin.lifted.remove(&id).unwrap());
            }
            _ => {}
        }
        self.twin.settle();
    }

    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Send(_) | Step::Reserve(_) | Step::Recv | Step::Empty => self.come(step),
            Step::Poll(which) => pick(&self.waiting, which).into_iter().for_each(|id| self.poll(id)),
            Step::Drop(which) => pick(&self.waiting, which).into_iter().for_each(|id| self.go(id)),
            Step::SendInto(..) | Step::DropPermit(_) | Step::PutBack(_) | Step::Take(_) => self.hold(step),
            _ => self.call(step),
        }
        self.compare();
    }

    fn compare(&self) {
        let (stats, twin) = (self.queue.stats(), &self.twin);
        assert_eq!((stats.len, stats.weight, stats.reserved), (twin.len(), twin.used(), twin.reserved()));
        let waiting = (stats.senders_waiting, stats.receivers_waiting, stats.granted);
        assert_eq!(waiting, (twin.line.len(), twin.takers.len(), twin.granted.len()));
        assert_eq!((stats.dropped, stats.closed), (twin.dropped, twin.life != Life::Open));
        // Told once, and only those who can go on.
        for (id, waiting) in &self.waiting {
            let told = waiting.woken.wakes() - waiting.seen;
            assert_eq!(told, usize::from(twin.is_told(*id)), "{id}");
        }
    }
}
