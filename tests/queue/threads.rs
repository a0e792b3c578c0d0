//! Threads in line with tasks, and a soak that counts every item in and out.

use super::*;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;
use untether::queue::{Receiver, Sender};
use untether::time::{Entropy, Seed};

#[test]
fn threads_wait_in_the_same_line_as_tasks() {
    let (queue, received) = (Queue::bounded(9), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let waits = || {
            let item = queue.recv().wait();
            received.lock().unwrap().extend(item);
        };
        for n in 0..3 {
            scope.spawn(waits);
            while queue.stats().receivers_waiting <= n {
                thread::yield_now();
            }
        }
        let mut task = probe(queue.recv());
        for item in 0..3 {
            queue.try_send(item).unwrap();
        }
        assert_eq!(task.wakes(), 0, "the task came last");
        queue.try_send(3).unwrap();
        assert_eq!(task.wakes(), 1);
        received.lock().unwrap().extend(task.assert_ready());
    });
    let mut received = received.into_inner().unwrap();
    received.sort_unstable();
    assert_eq!(received, [0, 1, 2, 3], "and each has one");
}

#[test]
fn a_thread_waits_for_room_and_for_the_end() {
    let queue = full(0);
    thread::scope(|scope| {
        let sends = scope.spawn(|| queue.send(1).wait());
        let ends = scope.spawn(|| queue.closed().wait());
        assert_eq!((queue.recv().wait(), queue.recv().wait()), (Some(0), Some(1)));
        assert_eq!(sends.join().unwrap(), Ok(()));
        queue.empty().wait();
        queue.close();
        ends.join().unwrap();
        assert_eq!(queue.recv().wait(), None);
    });
}

#[test]
fn a_limit_gives_the_place_in_line_back() {
    let queue = Queue::bounded(1);
    let waiting = queue.recv().wait_timeout(Duration::from_millis(1)).unwrap_err();
    let later = probe(queue.recv());
    queue.try_send(1).unwrap();
    assert_eq!((waiting.wait(), later.wakes()), (Some(1), 0));
    drop(later);
    queue.try_send(2).unwrap();
    let waiting = queue.send(3).wait_timeout(Duration::ZERO).unwrap_err();
    let later = in_line(queue.send(4));
    assert_eq!((queue.try_recv(), waiting.wait(), later.into_inner()), (Ok(2), Ok(()), Some(4)));
}

/// What one end of the soak has seen.
#[derive(Default, Debug, PartialEq)]
struct Tally {
    items: u64,
    sum: u64,
}

impl Tally {
    fn add(&mut self, item: u64) {
        self.items += 1;
        self.sum += item;
    }

    fn merge(self, other: Self) -> Self {
        Self { items: self.items + other.items, sum: self.sum + other.sum }
    }
}

/// Sends so many, each in a way that luck chooses, and takes some back halfway.
fn send_all<S: Storage<Item = u64>>(sender: &Sender<u64, S>, luck: &Seed, count: u64) -> Tally {
    let (mut tally, mut back) = (Tally::default(), Vec::new());
    while tally.items < count {
        let draw = luck.next_u64();
        let item = back.pop().unwrap_or(draw >> 32);
        match draw % 6 {
            0 => match sender.try_send(item) {
                Ok(()) => tally.add(item),
                Err(error) => back.push(error.into_inner()),
            },
            1 => {
                sender.send(item).wait().unwrap();
                tally.add(item);
            }
            // One that gave up may have been let in.
            2 => match sender.send(item).wait_timeout(Duration::ZERO) {
                Ok(sent) => {
                    sent.unwrap();
                    tally.add(item);
                }
                Err(waits) => match waits.into_inner() {
                    Some(item) => back.push(item),
                    None => tally.add(item),
                },
            },
            3 => {
                sender.reserve().wait().unwrap().send(item).unwrap();
                tally.add(item);
            }
            4 => drop(poll(&mut sender.reserve())),
            _ => {
                let items = item..item + (draw >> 8) % 20;
                sender.send_many(items.clone()).wait().unwrap();
                items.for_each(|item| tally.add(item));
            }
        }
    }
    tally
}

/// Receives to the end, and lets go of some that may be granted already.
fn receive_all<S: Storage<Item = u64>>(receiver: &Receiver<u64, S>, luck: &Seed) -> Tally {
    let (mut tally, mut into) = (Tally::default(), Vec::new());
    loop {
        match luck.next_u64() % 7 {
            0 => match receiver.try_recv() {
                Ok(item) => tally.add(item),
                Err(TryRecvError::Closed) => return tally,
                Err(_) => thread::yield_now(),
            },
            1 | 2 => match receiver.recv().wait() {
                Some(item) => tally.add(item),
                None => return tally,
            },
            3 => {
                if let Ok(item) = receiver.recv().wait_timeout(Duration::ZERO) {
                    item.into_iter().for_each(|item| tally.add(item));
                }
            }
            4 => match receiver.queue().peek() {
                Some(peek) if *peek % 2 == 0 => tally.add(peek.take()),
                peek => drop(peek),
            },
            5 => {
                if let Poll::Ready(Some(item)) = poll(&mut receiver.recv()) {
                    tally.add(item);
                }
            }
            _ => {
                if receiver.recv_many(&mut into, 5).wait() == 0 {
                    return tally;
                }
                into.drain(..).for_each(|item| tally.add(item));
            }
        }
    }
}

/// Each item that goes in comes out once, however many threads there are and whatever they let go of.
fn soak<S: Storage<Item = u64> + Send + Sync>(queue: Queue<u64, S>, seed: u64) {
    const THREADS: u64 = 3;
    let count = u64::from(cases(30_000)) / THREADS;
    let (sender, receiver) = queue.split();
    let (went_in, came_out) = thread::scope(|scope| {
        let sends = [0, 1, 2].map(|thread| {
            let sender = sender.clone();
            scope.spawn(move || send_all(&sender, &Seed::new(seed + thread), count))
        });
        let receives = [3, 4, 5].map(|thread| {
            let receiver = receiver.clone();
            scope.spawn(move || receive_all(&receiver, &Seed::new(seed + thread)))
        });
        let went_in = sends.map(|thread| thread.join().unwrap());
        drop(sender);
        (went_in, receives.map(|thread| thread.join().unwrap()))
    });
    let sum = |tallies: [Tally; 3]| tallies.into_iter().fold(Tally::default(), Tally::merge);
    let (went_in, came_out) = (sum(went_in), sum(came_out));
    assert!(went_in.items >= THREADS * count);
    assert_eq!(went_in, came_out);
    let stats = receiver.queue().stats();
    assert_eq!((stats.len, stats.weight, stats.reserved, stats.granted), (0, 0, 0, 0));
    assert_eq!((stats.senders_waiting, stats.receivers_waiting, stats.dropped), (0, 0, 0));
}

#[test]
fn a_soak_counts_every_item_in_and_out() {
    soak(Queue::bounded(1), 10);
    soak(Queue::bounded(16), 20);
    soak(Queue::unbounded(), 30);
    soak(Queue::builder(4).lifo().build(), 40);
}

#[test]
fn a_soak_from_hand_to_hand_does_as_well() {
    soak(Queue::rendezvous(), 50);
}

#[test]
fn a_soak_by_weight_does_as_well() {
    // A permit of one is enough for each of them.
    soak(Queue::builder(4).weight(|item: &u64| (*item % 2) as usize).build(), 60);
}
