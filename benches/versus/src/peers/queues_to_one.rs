//! Queues that one receiver empties, and crossfire's of every kind. Who may have one receiver only, or one sender, promises less than
//! ours: shown, and a bar only in the rows that name it.

use super::queues::{AT_ONCE, Channel, Ends, Room, Shape};
use crate::row::Kind;
use futures_util::sink::SinkExt as _;
use futures_util::stream::{BoxStream, StreamExt as _};
use std::future::ready;

/// Crossfire has a ring or a list of its own for each number of senders and receivers.
macro_rules! crossfire {
    ($bounded:ident, $unbounded:ident, $name:literal, $kind:ident, $of:ident, $ends:ident, $sender:ident, $plain:ident, $receiver:ident) => {
        pub struct $bounded;

        impl Channel for $bounded {
            const NAME: &'static str = $name;
            const KIND: Kind = Kind::$kind;

            type Sender = crossfire::$sender<crossfire::$of::Array<u64>>;
            type Receiver = crossfire::$receiver<crossfire::$of::Array<u64>>;

            fn open(shape: Shape) -> Ends<Self> {
                let Room::Of(capacity) = shape.room else { return None };
                shape.$ends(crossfire::$of::bounded_async(capacity))
            }

            fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
                sender.send(item)
            }

            fn recv(
                receiver: &mut Self::Receiver,
            ) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
                receiver.recv()
            }

            fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
                sender.try_send(item).is_ok()
            }

            fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
                receiver.try_recv().ok()
            }

            fn stream(receiver: Self::Receiver) -> Option<BoxStream<'static, u64>> {
                Some(receiver.into_stream().boxed())
            }
        }

        pub struct $unbounded;

        impl Channel for $unbounded {
            const NAME: &'static str = $name;
            const KIND: Kind = Kind::$kind;

            type Sender = crossfire::$plain<crossfire::$of::List<u64>>;
            type Receiver = crossfire::$receiver<crossfire::$of::List<u64>>;

            fn open(shape: Shape) -> Ends<Self> {
                let ends = (shape.room == Room::Unbounded).then(crossfire::$of::unbounded_async);
                ends.and_then(|ends| shape.$ends(ends))
            }

            fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
                ready(sender.send(item))
            }

            fn recv(
                receiver: &mut Self::Receiver,
            ) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
                receiver.recv()
            }

            fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
                sender.send(item).is_ok()
            }

            fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
                receiver.try_recv().ok()
            }
        }
    };
}

crossfire!(CrossfireRing, CrossfireList, "crossfire", Peer, mpmc, many, MAsyncTx, MTx, MAsyncRx);
crossfire!(
    CrossfireRingToOne,
    CrossfireListToOne,
    "crossfire's mpsc",
    Shown,
    mpsc,
    to_one,
    MAsyncTx,
    MTx,
    AsyncRx
);
crossfire!(
    CrossfireRingOneToOne,
    CrossfireListOneToOne,
    "crossfire's spsc",
    Shown,
    spsc,
    one_to_one,
    AsyncTx,
    Tx,
    AsyncRx
);

/// The unbounded one: the bounded one stands on a semaphore.
pub struct AsyncbandToOne;

impl Channel for AsyncbandToOne {
    const NAME: &'static str = "asyncband's mpsc";
    const KIND: Kind = Kind::Shown;

    type Sender = asyncband::mpsc::UnboundedSender<u64>;
    type Receiver = asyncband::mpsc::UnboundedReceiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        (shape.room == Room::Unbounded).then(asyncband::mpsc::unbounded).and_then(|ends| shape.to_one(ends))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        ready(sender.send(item))
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

pub struct TokioBounded;

impl Channel for TokioBounded {
    const NAME: &'static str = "tokio's mpsc";
    const KIND: Kind = Kind::Shown;
    const TAKES_MANY: bool = true;

    type Sender = tokio::sync::mpsc::Sender<u64>;
    type Receiver = tokio::sync::mpsc::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let Room::Of(capacity) = shape.room else { return None };
        shape.to_one(tokio::sync::mpsc::channel(capacity))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }

    async fn recv_many(
        receiver: &mut Self::Receiver,
        buffer: &mut Vec<u64>,
        each: impl FnMut(u64) + Send,
    ) -> bool {
        let some = receiver.recv_many(buffer, AT_ONCE).await > 0;
        buffer.drain(..).for_each(each);
        some
    }
}

pub struct TokioUnbounded;

impl Channel for TokioUnbounded {
    const NAME: &'static str = "tokio's mpsc";
    const KIND: Kind = Kind::Shown;

    type Sender = tokio::sync::mpsc::UnboundedSender<u64>;
    type Receiver = tokio::sync::mpsc::UnboundedReceiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let ends = (shape.room == Room::Unbounded).then(tokio::sync::mpsc::unbounded_channel);
        ends.and_then(|ends| shape.to_one(ends))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        ready(sender.send(item))
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

pub struct Tachyonix;

impl Channel for Tachyonix {
    const NAME: &'static str = "tachyonix (mpsc)";
    const KIND: Kind = Kind::Shown;

    type Sender = tachyonix::Sender<u64>;
    type Receiver = tachyonix::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let Room::Of(capacity) = shape.room else { return None };
        shape.to_one(tachyonix::channel(capacity))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

pub struct Thingbuf;

impl Channel for Thingbuf {
    const NAME: &'static str = "thingbuf (mpsc)";
    const KIND: Kind = Kind::Shown;

    type Sender = thingbuf::mpsc::Sender<u64>;
    type Receiver = thingbuf::mpsc::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let Room::Of(capacity) = shape.room else { return None };
        shape.to_one(thingbuf::mpsc::channel(capacity))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

/// It holds one more for each sender.
pub struct FuturesBounded;

impl Channel for FuturesBounded {
    const NAME: &'static str = "futures-channel (mpsc)";
    const KIND: Kind = Kind::Shown;

    type Sender = futures_channel::mpsc::Sender<u64>;
    type Receiver = futures_channel::mpsc::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let Room::Of(capacity) = shape.room else { return None };
        shape.to_one(futures_channel::mpsc::channel(capacity.saturating_sub(shape.senders)))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.next()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

pub struct FuturesUnbounded;

impl Channel for FuturesUnbounded {
    const NAME: &'static str = "futures-channel (mpsc)";
    const KIND: Kind = Kind::Shown;

    type Sender = futures_channel::mpsc::UnboundedSender<u64>;
    type Receiver = futures_channel::mpsc::UnboundedReceiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let ends = (shape.room == Room::Unbounded).then(futures_channel::mpsc::unbounded);
        ends.and_then(|ends| shape.to_one(ends))
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        ready(sender.unbounded_send(item))
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.next()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.unbounded_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}
