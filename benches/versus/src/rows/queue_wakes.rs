//! What queues cost those who wait: allocations, wakes and polls of each item, counted by wakers of our own.

use super::lines;
use super::queues::{ALL, BOUNDED};
use super::queues_of_tasks::ITEMS;
use super::sum_below;
use crate::peers::queues::{Channel, Room, Shape, received};
use crate::row::{Kind, Note, Row};
use futures_util::stream::StreamExt as _;
use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use untether_support::stopwatch::{Lap, Watch};

/// Who waits while one item comes.
const CROWD: usize = 64;

/// Who waits.
#[derive(Clone, Copy)]
pub enum Wait {
    /// A crowd, for an item each.
    Receivers,
    /// The same as streams.
    Streams,
    /// A crowd, for room for an item each.
    Senders,
    /// One of each, by turns.
    Both,
}

/// How often tasks were woken and polled, and for how many items.
#[derive(Default)]
pub struct Tally {
    items: Cell<u64>,
    polls: Cell<u64>,
    turns: Arc<Turns>,
}

/// The tasks whose turn it is.
#[derive(Default)]
struct Turns {
    ready: Mutex<VecDeque<usize>>,
    wakes: AtomicU64,
}

struct Woken {
    number: usize,
    is_ready: AtomicBool,
    turns: Arc<Turns>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.turns.wakes.fetch_add(1, Ordering::Relaxed);
        if !self.is_ready.swap(true, Ordering::AcqRel) {
            self.turns.ready.lock().expect("nobody panics").push_back(self.number);
        }
    }
}

/// Tasks on this thread, each with a waker of its own.
struct Tasks {
    tally: Rc<Tally>,
    tasks: Vec<Option<Pin<Box<dyn Future<Output = ()>>>>>,
    wokens: Vec<(Arc<Woken>, Waker)>,
}

impl Tasks {
    fn new(tally: &Rc<Tally>) -> Self {
        tally.turns.ready.lock().expect("nobody panics").clear();
        Self { tally: tally.clone(), tasks: Vec::new(), wokens: Vec::new() }
    }

    /// It is polled for the first time in the next `run`.
    fn start(&mut self, task: impl Future<Output = ()> + 'static) {
        let (number, turns) = (self.tasks.len(), self.tally.turns.clone());
        turns.ready.lock().expect("nobody panics").push_back(number);
        let woken = Arc::new(Woken { number, is_ready: AtomicBool::new(true), turns });
        self.wokens.push((woken.clone(), Waker::from(woken)));
        self.tasks.push(Some(Box::pin(task)));
    }

    /// Until nobody's turn it is.
    fn run(&mut self) {
        let next = || self.tally.turns.ready.lock().expect("nobody panics").pop_front();
        while let Some(number) = next() {
            let (woken, waker) = &self.wokens[number];
            woken.is_ready.store(false, Ordering::Release);
            let Some(task) = &mut self.tasks[number] else { continue };
            self.tally.polls.set(self.tally.polls.get() + 1);
            if task.as_mut().poll(&mut Context::from_waker(waker)).is_ready() {
                self.tasks[number] = None;
            }
        }
    }
}

impl Tally {
    fn reset(&self) {
        self.items.set(0);
        self.polls.set(0);
        self.turns.wakes.store(0, Ordering::Relaxed);
    }
}

/// Tells wakes and polls per item, and whether ours keeps to one wake.
fn note(kind: Kind, tally: Rc<Tally>) -> Note {
    Box::new(move || {
        let items = tally.items.get() as f64;
        let wakes = tally.turns.wakes.load(Ordering::Relaxed) as f64 / items;
        let met = match kind {
            Kind::Ours if wakes <= 1.0 => "; ≤ 1 wake: met",
            Kind::Ours => "; ≤ 1 wake: missed",
            Kind::Peer | Kind::Shown | Kind::Floor => "",
        };
        format!("{wakes:.2} wakes, {:.2} polls{met}", tally.polls.get() as f64 / items)
    })
}

/// Makes a case, and what it counts.
pub fn counted<C: Channel>(who: Wait) -> Option<(Watch<'static>, Rc<Tally>)> {
    let (room, senders, receivers) = match who {
        Wait::Receivers | Wait::Streams => (BOUNDED, 1, CROWD),
        Wait::Senders => (Room::Of(1), CROWD, 1),
        Wait::Both => (BOUNDED, 1, 1),
    };
    let shape = Shape { room, senders, receivers };
    let (_senders, mut receivers) = C::open(shape)?;
    if matches!(who, Wait::Streams) {
        drop(C::stream(receivers.pop()?)?);
    }
    let tally = Rc::new(Tally::default());
    let watch = match who {
        Wait::Both => one_to_one::<C>(shape, tally.clone()),
        crowd => parked::<C>(crowd, shape, tally.clone()),
    };
    Some((watch, tally))
}

/// One item comes, or one goes, while so many wait for that.
fn parked<C: Channel>(crowd: Wait, shape: Shape, tally: Rc<Tally>) -> Watch<'static> {
    lines::built(move || {
        let (mut senders, mut receivers) = C::open(shape).expect("it could be had before");
        let (mut tasks, passed) = (Tasks::new(&tally), Rc::new(Cell::new(0)));
        match crowd {
            Wait::Senders => senders.drain(..).for_each(|sender| tasks.start(send_on::<C>(sender))),
            Wait::Receivers | Wait::Both => receivers
                .drain(..)
                .for_each(|receiver| tasks.start(receive_on::<C>(receiver, passed.clone()))),
            Wait::Streams => {
                receivers
                    .drain(..)
                    .for_each(|receiver| tasks.start(stream_on::<C>(receiver, passed.clone())));
            }
        }
        tasks.run();
        move |times, lap: &mut Lap| {
            tally.reset();
            let before = passed.get();
            lap.count(|| {
                for _ in 0..times {
                    match receivers.first_mut() {
                        Some(receiver) => {
                            let item = C::try_recv(receiver).expect("somebody waits to send");
                            passed.set(passed.get() + item);
                        }
                        None => assert!(C::try_send(&mut senders[0], 1)),
                    }
                    tasks.run();
                }
            });
            tally.items.set(times);
            assert_eq!(passed.get() - before, times, "{} lost something", C::NAME);
        }
    })
}

/// From one to one, through a queue that is full and empty by turns.
fn one_to_one<C: Channel>(shape: Shape, tally: Rc<Tally>) -> Watch<'static> {
    Watch::new(ITEMS, move |times| {
        tally.reset();
        for _ in 0..times {
            let (mut senders, mut receivers) = C::open(shape).expect("it could be had before");
            let (mut sender, receiver) = (senders.remove(0), receivers.remove(0));
            let (mut tasks, passed) = (Tasks::new(&tally), Rc::new(Cell::new(0)));
            tasks.start(receive_on::<C>(receiver, passed.clone()));
            tasks.start(async move {
                for item in 1..=ITEMS {
                    drop(C::send(&mut sender, item).await);
                }
            });
            tasks.run();
            assert_eq!(passed.get(), sum_below(ITEMS + 1), "{} lost something", C::NAME);
        }
        tally.items.set(times * ITEMS);
    })
}

async fn send_on<C: Channel>(mut sender: C::Sender) {
    loop {
        drop(C::send(&mut sender, 1).await);
    }
}

async fn receive_on<C: Channel>(mut receiver: C::Receiver, passed: Rc<Cell<u64>>) {
    while let Some(item) = received(C::recv(&mut receiver).await) {
        passed.set(passed.get() + item);
    }
}

async fn stream_on<C: Channel>(receiver: C::Receiver, passed: Rc<Cell<u64>>) {
    let mut stream = C::stream(receiver).expect("it could be had before");
    while let Some(item) = stream.next().await {
        passed.set(passed.get() + item);
    }
}

/// Wakes and polls are of each item; allocations stand in the table anyway.
pub fn rows() -> Vec<Row> {
    let rows = [
        ("64 parked receivers, one item", Wait::Receivers),
        ("64 parked streams, one item", Wait::Streams),
        ("64 parked senders, one item goes", Wait::Senders),
        ("wakes and polls, bounded(100), 1 to 1", Wait::Both),
    ];
    let row = |(name, who)| {
        let row = Row::new(format!("queue: {name}"), "item");
        ALL.into_iter().fold(row, |row, side| match side.woken(who) {
            Some((watch, tally)) => row.watch(side.name(), side.kind(), watch).note(note(side.kind(), tally)),
            None => row,
        })
    };
    rows.map(row).into()
}
