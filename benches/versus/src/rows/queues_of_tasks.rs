//! Queues between tasks: from one to one, four to one and four to four, on one thread and on two that share the tasks.
//!
//! A run opens a queue, starts the tasks and passes all items on; the queue is over when the senders are gone. All items are counted.

use super::queues::{BOUNDED, CROSSFIRE, TAKERS, row};
use super::sum_below;
use crate::peers::queues::{AT_ONCE, Channel, Room, Shape, received};
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Bar, Row};
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use untether_support::stopwatch::Watch;

/// What one run passes on, on one thread.
pub const ITEMS: u64 = 10_000;
/// On two, which take a while to share the tasks, and to keep in step.
pub const MANY_ITEMS: u64 = 100_000;

/// How many send, and how many receive.
pub const SHAPES: [(usize, usize); 3] = [(1, 1), (4, 1), (4, 4)];

/// Where those who send and those who receive live.
#[derive(Clone)]
pub enum Where {
    Smol(OnSmol),
    Tokio(OnTokio),
    /// Each on a thread of its own.
    Apart {
        senders: OnSmol,
        receivers: OnSmol,
    },
}

/// What tasks do with queues, once.
pub trait Workload: 'static {
    /// So many operations.
    const OPERATIONS: u64;

    fn once(
        shape: Shape,
        senders_on: impl Place,
        receivers_on: impl Place,
    ) -> impl Future<Output = ()> + Send + 'static;
}

impl Where {
    pub fn watch<W: Workload>(&self, shape: Shape) -> Watch<'static> {
        match self.clone() {
            Self::Smol(place) => watch::<W>(shape, place.clone(), place),
            Self::Tokio(place) => watch::<W>(shape, place, place),
            Self::Apart { senders, receivers } => watch::<W>(shape, senders, receivers),
        }
    }
}

fn watch<W: Workload>(shape: Shape, senders_on: impl Place, receivers_on: impl Place) -> Watch<'static> {
    Watch::new(W::OPERATIONS, move |times| {
        for _ in 0..times {
            receivers_on.run(W::once(shape, senders_on.clone(), receivers_on.clone()));
        }
    })
}

async fn send_all<C: Channel>(mut sender: C::Sender, items: Range<u64>) {
    for item in items {
        drop(C::send(&mut sender, item).await);
    }
}

/// Starts a sender for each handle, then waits for all of them and for those who receive.
async fn pass_on<C: Channel>(
    senders: Vec<C::Sender>,
    items: u64,
    senders_on: impl Place,
    receiving: Vec<impl Future<Output = ()> + Send>,
) {
    let share = items / senders.len() as u64;
    let items = (0..).map(|number| number * share + 1..(number + 1) * share + 1);
    let send = |(sender, items)| senders_on.spawn(send_all::<C>(sender, items));
    let sending: Vec<_> = senders.into_iter().zip(items).map(send).collect();
    for task in sending {
        task.await;
    }
    for task in receiving {
        task.await;
    }
}

/// From senders to receivers, one by one.
pub struct Passing<C, const ITEMS: u64>(PhantomData<C>);

impl<C: Channel, const ITEMS: u64> Workload for Passing<C, ITEMS> {
    const OPERATIONS: u64 = ITEMS;

    async fn once(shape: Shape, senders_on: impl Place, receivers_on: impl Place) {
        let (senders, receivers) = C::open(shape).expect("it could be had before");
        let sum = Arc::new(AtomicU64::new(0));
        let receive = |mut receiver: C::Receiver| {
            let sum = sum.clone();
            receivers_on.spawn(async move {
                let mut own = 0;
                while let Some(item) = received(C::recv(&mut receiver).await) {
                    own += item;
                }
                sum.fetch_add(own, Ordering::Relaxed);
            })
        };
        let receiving = receivers.into_iter().map(receive).collect();
        pass_on::<C>(senders, ITEMS, senders_on, receiving).await;
        assert_eq!(sum.load(Ordering::Relaxed), sum_below(ITEMS + 1), "{} lost something", C::NAME);
    }
}

/// From senders to receivers that take all there is.
pub struct PassingMany<C>(PhantomData<C>);

impl<C: Channel> Workload for PassingMany<C> {
    const OPERATIONS: u64 = ITEMS;

    async fn once(shape: Shape, senders_on: impl Place, receivers_on: impl Place) {
        let (senders, receivers) = C::open(shape).expect("it could be had before");
        let sum = Arc::new(AtomicU64::new(0));
        let receive = |mut receiver: C::Receiver| {
            let sum = sum.clone();
            receivers_on.spawn(async move {
                let (mut own, mut buffer) = (0, Vec::with_capacity(AT_ONCE));
                while C::recv_many(&mut receiver, &mut buffer, |item| own += item).await {}
                sum.fetch_add(own, Ordering::Relaxed);
            })
        };
        let receiving = receivers.into_iter().map(receive).collect();
        pass_on::<C>(senders, ITEMS, senders_on, receiving).await;
        assert_eq!(sum.load(Ordering::Relaxed), sum_below(ITEMS + 1), "{} lost something", C::NAME);
    }
}

/// What a queue of so much room is called.
pub fn called(room: Room) -> String {
    match room {
        Room::Of(capacity) => format!("bounded({capacity})"),
        Room::Unbounded => String::from("unbounded"),
        Room::HandToHand => String::from("hand to hand"),
    }
}

/// Where it lives, and how many threads that is.
pub struct At {
    pub name: &'static str,
    pub threads: usize,
    pub place: Where,
}

impl At {
    pub fn passing(&self, (senders, receivers): (usize, usize), room: Room) -> Row {
        let shape = Shape { room, senders, receivers };
        let name = format!("{}, {senders} to {receivers}, {}", called(room), self.name);
        row(&name, "item", |side| side.passing(shape, self)).threads(self.threads)
    }
}

fn taking_many(at: &At) -> Row {
    let shape = Shape { room: BOUNDED, senders: 1, receivers: 1 };
    let name = format!("recv_many of bounded(100), 1 to 1, {}", at.name);
    row(&name, "item", |side| side.passing_many(shape, &at.place)).owes_bar(TAKERS, 0.75)
}

pub fn rows() -> Vec<Row> {
    const MANY_TO_MANY: Bar =
        Bar::Some { called: "crossfire, flume, loole", names: &["crossfire", "flume", "loole"] };
    const ASYNC_CHANNEL: Bar = Bar::Some { called: "async-channel", names: &["async-channel"] };
    let one_thread = [
        At { name: "smol, 1 thread", threads: 1, place: Where::Smol(OnSmol::this_thread()) },
        At { name: "tokio, 1 thread", threads: 1, place: Where::Tokio(OnTokio::this_thread()) },
    ];
    let two_threads = [
        At { name: "smol, 2 threads", threads: 2, place: Where::Smol(OnSmol::two_threads()) },
        At { name: "tokio, 2 threads", threads: 2, place: Where::Tokio(OnTokio::threads(2)) },
    ];
    let mut rows = Vec::new();
    for room in [BOUNDED, Room::Unbounded] {
        for at in &one_thread {
            rows.extend(SHAPES.map(|shape| at.passing(shape, room).owes_bar(MANY_TO_MANY, 1.0)));
        }
        for at in &two_threads {
            let row = |shape| at.passing(shape, room).owes_bar(CROSSFIRE, 1.2).owes_bar(ASYNC_CHANNEL, 0.5);
            rows.extend(SHAPES.map(row));
        }
    }
    rows.extend(one_thread.iter().map(taking_many));
    for room in [Room::Of(1), Room::HandToHand] {
        for at in [&one_thread[0], &two_threads[0]] {
            rows.extend([(1, 1), (4, 4)].map(|shape| at.passing(shape, room)));
        }
    }
    rows
}
