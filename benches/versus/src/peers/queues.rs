//! Queues from many to many. Those that one receiver only may empty are in `queues_to_one`.

use crate::row::Kind;
use futures_util::stream::{BoxStream, StreamExt as _};
use std::future::ready;

/// How much a queue holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Room {
    Of(usize),
    Unbounded,
    HandToHand,
}

/// What is asked of a queue.
#[derive(Clone, Copy)]
pub struct Shape {
    pub room: Room,
    pub senders: usize,
    pub receivers: usize,
}

/// A handle for each of those who send and for each of those who receive.
pub type Ends<C> = Option<(Vec<<C as Channel>::Sender>, Vec<<C as Channel>::Receiver>)>;

/// What all of them can do. A queue is over when all handles that send are gone.
pub trait Channel: 'static {
    const NAME: &'static str;
    const KIND: Kind = Kind::Peer;
    /// Has a verb that takes all there is at once.
    const TAKES_MANY: bool = false;
    /// Sleeps for a time where spinning did not help: between two threads, fifty times as long as the others take.
    const SLEEPS: bool = false;

    type Sender: Send + 'static;
    type Receiver: Send + 'static;

    /// `None` where it cannot be had.
    fn open(shape: Shape) -> Ends<Self>;
    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send;
    /// Gives nothing once the queue is over.
    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send;
    fn try_send(sender: &mut Self::Sender, item: u64) -> bool;
    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64>;

    /// Waits for one and takes the others with it. `buffer` is for those who want one.
    fn recv_many(
        _receiver: &mut Self::Receiver,
        _buffer: &mut Vec<u64>,
        _each: impl FnMut(u64) + Send,
    ) -> impl Future<Output = bool> + Send {
        async { unreachable!("only who takes many is asked") }
    }

    /// What comes as a `Stream`, where one is to be had.
    fn stream(_receiver: Self::Receiver) -> Option<BoxStream<'static, u64>> {
        None
    }
}

/// What was received; nothing once the queue is over.
pub fn received(output: impl IntoIterator<Item = u64>) -> Option<u64> {
    output.into_iter().next()
}

/// The most that is taken at once by those who ask how many.
pub const AT_ONCE: usize = 100;

impl Shape {
    pub fn many<S: Clone, R: Clone>(self, (sender, receiver): (S, R)) -> Option<(Vec<S>, Vec<R>)> {
        Some((vec![sender; self.senders], vec![receiver; self.receivers]))
    }

    pub fn to_one<S: Clone, R>(self, (sender, receiver): (S, R)) -> Option<(Vec<S>, Vec<R>)> {
        (self.receivers == 1).then(|| (vec![sender; self.senders], vec![receiver]))
    }

    pub fn one_to_one<S, R>(self, (sender, receiver): (S, R)) -> Option<(Vec<S>, Vec<R>)> {
        (self.senders == 1 && self.receivers == 1).then(|| (vec![sender], vec![receiver]))
    }
}

pub struct Ours;

impl Channel for Ours {
    const NAME: &'static str = "Queue";
    const KIND: Kind = Kind::Ours;
    const TAKES_MANY: bool = true;

    type Sender = untether::queue::Sender<u64>;
    type Receiver = untether::queue::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let queue = match shape.room {
            Room::Of(capacity) => untether::queue::Queue::bounded(capacity),
            Room::Unbounded => untether::queue::Queue::unbounded(),
            Room::HandToHand => untether::queue::Queue::rendezvous(),
        };
        shape.many(queue.split())
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

    fn stream(receiver: Self::Receiver) -> Option<BoxStream<'static, u64>> {
        Some(receiver.into_stream().boxed())
    }
}

pub struct AsyncChannel;

impl Channel for AsyncChannel {
    const NAME: &'static str = "async-channel";

    type Sender = async_channel::Sender<u64>;
    type Receiver = async_channel::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        shape.many(match shape.room {
            Room::Of(capacity) => async_channel::bounded(capacity),
            Room::Unbounded => async_channel::unbounded(),
            Room::HandToHand => return None,
        })
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

    fn stream(receiver: Self::Receiver) -> Option<BoxStream<'static, u64>> {
        Some(receiver.boxed())
    }
}

pub struct Flume;

impl Channel for Flume {
    const NAME: &'static str = "flume";
    const TAKES_MANY: bool = true;

    type Sender = flume::Sender<u64>;
    type Receiver = flume::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        shape.many(match shape.room {
            Room::Of(capacity) => flume::bounded(capacity),
            Room::Unbounded => flume::unbounded(),
            Room::HandToHand => flume::bounded(0),
        })
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send_async(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv_async()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }

    async fn recv_many(
        receiver: &mut Self::Receiver,
        _: &mut Vec<u64>,
        mut each: impl FnMut(u64) + Send,
    ) -> bool {
        let first = receiver.recv_async().await;
        let some = first.is_ok();
        first.into_iter().for_each(&mut each);
        receiver.drain().for_each(each);
        some
    }

    fn stream(receiver: Self::Receiver) -> Option<BoxStream<'static, u64>> {
        Some(receiver.into_stream().boxed())
    }
}

pub struct Loole;

impl Channel for Loole {
    const NAME: &'static str = "loole";
    const TAKES_MANY: bool = true;

    type Sender = loole::Sender<u64>;
    type Receiver = loole::Receiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        shape.many(match shape.room {
            Room::Of(capacity) => loole::bounded(capacity),
            Room::Unbounded => loole::unbounded(),
            Room::HandToHand => loole::bounded(0),
        })
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send_async(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv_async()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }

    async fn recv_many(
        receiver: &mut Self::Receiver,
        _: &mut Vec<u64>,
        mut each: impl FnMut(u64) + Send,
    ) -> bool {
        let first = receiver.recv_async().await;
        let some = first.is_ok();
        first.into_iter().for_each(&mut each);
        receiver.drain().for_each(each);
        some
    }

    fn stream(receiver: Self::Receiver) -> Option<BoxStream<'static, u64>> {
        Some(receiver.into_stream().boxed())
    }
}

/// What is received is lost with the future that is dropped, and its lead is that of a spin lock.
pub struct Kanal;

impl Channel for Kanal {
    const NAME: &'static str = "kanal (loses items on cancel, a spin lock)";
    const KIND: Kind = Kind::Shown;
    const TAKES_MANY: bool = true;
    const SLEEPS: bool = true;

    type Sender = kanal::AsyncSender<u64>;
    type Receiver = kanal::AsyncReceiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        shape.many(match shape.room {
            Room::Of(capacity) => kanal::bounded_async(capacity),
            Room::Unbounded => kanal::unbounded_async(),
            Room::HandToHand => kanal::bounded_async(0),
        })
    }

    fn send(sender: &mut Self::Sender, item: u64) -> impl Future<Output: Send> + Send {
        sender.send(item)
    }

    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output: IntoIterator<Item = u64> + Send> + Send {
        receiver.recv()
    }

    fn try_send(sender: &mut Self::Sender, item: u64) -> bool {
        sender.try_send(item) == Ok(true)
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok().flatten()
    }

    async fn recv_many(
        receiver: &mut Self::Receiver,
        buffer: &mut Vec<u64>,
        mut each: impl FnMut(u64) + Send,
    ) -> bool {
        let first = receiver.recv().await;
        let some = first.is_ok();
        first.into_iter().for_each(&mut each);
        let _ = receiver.drain_into(buffer);
        buffer.drain(..).for_each(each);
        some
    }
}

pub struct AsyncbandBounded;

impl Channel for AsyncbandBounded {
    const NAME: &'static str = "asyncband";

    type Sender = asyncband::mpmc::BoundedSender<u64>;
    type Receiver = asyncband::mpmc::BoundedReceiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        let Room::Of(capacity) = shape.room else { return None };
        shape.many(asyncband::mpmc::bounded(capacity))
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

pub struct AsyncbandUnbounded;

impl Channel for AsyncbandUnbounded {
    const NAME: &'static str = "asyncband";

    type Sender = asyncband::mpmc::UnboundedSender<u64>;
    type Receiver = asyncband::mpmc::UnboundedReceiver<u64>;

    fn open(shape: Shape) -> Ends<Self> {
        (shape.room == Room::Unbounded).then(asyncband::mpmc::unbounded).and_then(|ends| shape.many(ends))
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
