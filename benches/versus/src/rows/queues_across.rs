//! Queues from one thread to another, where no task moves; and to and fro.

use super::queues::{BOUNDED, CROSSFIRE, row};
use super::queues_of_tasks::{At, SHAPES, Where, Workload};
use crate::peers::queues::{Channel, Room, Shape, received};
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Bar, Kind, Row};
use std::marker::PhantomData;

/// An item goes to another task and comes back before the next one goes.
pub struct PingPong<C>(PhantomData<C>);

/// How often in one run.
const ROUND_TRIPS: u64 = 20_000;

impl<C: Channel> Workload for PingPong<C> {
    const OPERATIONS: u64 = ROUND_TRIPS;

    async fn once(shape: Shape, senders_on: impl Place, receivers_on: impl Place) {
        let open = || {
            let (mut senders, mut receivers) = C::open(shape).expect("it could be had before");
            (senders.pop().expect("one"), receivers.pop().expect("one"))
        };
        let ((mut ping, mut pinged), (mut pong, mut ponged)) = (open(), open());
        let other = receivers_on.spawn(async move {
            while let Some(item) = received(C::recv(&mut pinged).await) {
                drop(C::send(&mut pong, item).await);
            }
        });
        let one = senders_on.spawn(async move {
            for item in 0..ROUND_TRIPS {
                drop(C::send(&mut ping, item).await);
                let back = received(C::recv(&mut ponged).await);
                assert_eq!(back, Some(item), "{} lost something", C::NAME);
            }
        });
        one.await;
        other.await;
    }
}

fn apart() -> Vec<Row> {
    const TO_ONE: Bar = Bar::Some {
        called: "thingbuf, futures-channel, loole",
        names: &["thingbuf (mpsc)", "futures-channel (mpsc)", "loole"],
    };
    let place = Where::Apart { senders: OnSmol::another_thread(), receivers: OnSmol::this_thread() };
    let at = At { name: "each side on its thread", threads: 2, place };
    let bounded = SHAPES.map(|shape| at.passing(shape, BOUNDED).owes_bar(TO_ONE, 1.0));
    let unbounded = SHAPES.map(|shape| at.passing(shape, Room::Unbounded).owes_bar(CROSSFIRE, 1.0));
    bounded.into_iter().chain(unbounded).collect()
}

fn to_and_fro() -> [Row; 4] {
    let shape = Shape { room: BOUNDED, senders: 1, receivers: 1 };
    let row = |at: &str, threads, place: Where| {
        let row = row(&format!("ping-pong, {at}"), "round trip", |side| side.ping_pong(shape, &place));
        row.threads(threads).owes_bar(Bar::All(Kind::Peer), 1.0)
    };
    [
        row("smol, 1 thread", 1, Where::Smol(OnSmol::this_thread())),
        row("tokio, 1 thread", 1, Where::Tokio(OnTokio::this_thread())),
        row("smol, 2 threads", 2, Where::Smol(OnSmol::two_threads())),
        row("tokio, 2 threads", 2, Where::Tokio(OnTokio::threads(2))),
    ]
}

pub fn rows() -> Vec<Row> {
    let mut rows = apart();
    rows.extend(to_and_fro());
    rows
}
