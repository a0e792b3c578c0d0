//! A queue in two halves, which are counted.

use super::error::{SendError, TryRecvError};
use super::fifo::Fifo;
use super::holder::{Holder, seal};
use super::many::{RecvMany, SendMany};
use super::queue::Queue;
use super::recv::Recv;
use super::reserve::Reserve;
use super::send::Send;
use super::sink::SendSink;
use super::storage::Storage;
use super::stream::RecvStream;
use super::until::Until;
use crate::sys::atomic::AtomicUsize;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::Ordering;

/// What both halves share.
struct Both<T, S: Storage<Item = T>> {
    queue: Queue<T, S>,
    senders: AtomicUsize,
    receivers: AtomicUsize,
}

pub(super) fn split<T, S: Storage<Item = T>>(queue: Queue<T, S>) -> (Sender<T, S>, Receiver<T, S>) {
    let both = Arc::new(Both { queue, senders: AtomicUsize::new(1), receivers: AtomicUsize::new(1) });
    (Sender(both.clone()), Receiver(both))
}

/// One more, unless there is none left.
fn revive(count: &AtomicUsize) -> bool {
    // ORDERING: Relaxed, nothing is published by a count that goes up.
    count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n > 0).then(|| n + 1)).is_ok()
}

/// One less. `true` for the last one.
fn leave(count: &AtomicUsize) -> bool {
    // ORDERING: AcqRel, so that the last one comes after all that the others did.
    count.fetch_sub(1, Ordering::AcqRel) == 1
}

/// The half of a queue that sends. Made by [`Queue::split`].
///
/// When the last one is dropped, the queue is closed: what is in it is still received.
pub struct Sender<T, S: Storage<Item = T> = Fifo<T>>(Arc<Both<T, S>>);

/// The half of a queue that receives. Made by [`Queue::split`].
///
/// When the last one is dropped, so is what is in the queue, and whoever sends gets its item back.
pub struct Receiver<T, S: Storage<Item = T> = Fifo<T>>(Arc<Both<T, S>>);

/// A [`Sender`] that does not keep the queue open.
pub struct WeakSender<T, S: Storage<Item = T> = Fifo<T>>(Weak<Both<T, S>>);

/// A [`Receiver`] that does not keep what is in the queue.
pub struct WeakReceiver<T, S: Storage<Item = T> = Fifo<T>>(Weak<Both<T, S>>);

impl<T, S: Storage<Item = T>> Sender<T, S> {
    /// See [`Queue::send`].
    pub fn send(&self, item: T) -> Send<&Queue<T, S>> {
        self.0.queue.send(item)
    }

    /// See [`Queue::try_send`].
    ///
    /// # Errors
    /// [`SendError`], with the item.
    #[inline]
    pub fn try_send(&self, item: T) -> Result<(), SendError<T>> {
        self.0.queue.try_send(item)
    }

    /// See [`Queue::send_many`].
    pub fn send_many<I: IntoIterator<Item = T>>(&self, items: I) -> SendMany<&Queue<T, S>, I::IntoIter> {
        self.0.queue.send_many(items)
    }

    /// See [`Queue::reserve`].
    pub fn reserve(&self) -> Reserve<&Queue<T, S>> {
        self.0.queue.reserve()
    }

    /// As a `Sink`: see [`Queue::sink`].
    pub const fn into_sink(self) -> SendSink<Self> {
        SendSink::new(self)
    }

    /// See [`Queue::close`].
    pub fn close(&self) {
        self.0.queue.close();
    }

    /// Waits until the queue is closed, or nobody is left who receives: see [`Queue::closed`].
    pub fn closed(&self) -> Until<&Queue<T, S>> {
        self.0.queue.closed()
    }

    /// How many receivers there are.
    #[must_use]
    pub fn receivers(&self) -> usize {
        self.0.receivers.load(Ordering::Acquire)
    }

    /// The queue itself, with the verbs of both sides.
    #[must_use]
    pub fn queue(&self) -> &Queue<T, S> {
        &self.0.queue
    }

    /// Whether both are of the same queue.
    #[must_use]
    pub fn is_of_same_queue(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// One that does not keep the queue open.
    #[must_use]
    pub fn downgrade(&self) -> WeakSender<T, S> {
        WeakSender(Arc::downgrade(&self.0))
    }
}

impl<T, S: Storage<Item = T>> Receiver<T, S> {
    /// See [`Queue::recv`].
    pub fn recv(&self) -> Recv<&Queue<T, S>> {
        self.0.queue.recv()
    }

    /// See [`Queue::try_recv`].
    ///
    /// # Errors
    /// [`TryRecvError`] if there is nothing for it now.
    #[inline]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.0.queue.try_recv()
    }

    /// See [`Queue::recv_many`].
    ///
    /// # Panics
    /// If `most` is 0.
    pub fn recv_many<'v>(&self, into: &'v mut Vec<T>, most: usize) -> RecvMany<'v, &Queue<T, S>> {
        self.0.queue.recv_many(into, most)
    }

    /// What comes, as a `Stream`: see [`Queue::stream`].
    pub fn stream(&self) -> RecvStream<&Queue<T, S>> {
        self.0.queue.stream()
    }

    /// As [`stream`](Self::stream), owned.
    pub const fn into_stream(self) -> RecvStream<Self> {
        RecvStream::new(self)
    }

    /// See [`Queue::close`].
    pub fn close(&self) {
        self.0.queue.close();
    }

    /// How many senders there are.
    #[must_use]
    pub fn senders(&self) -> usize {
        self.0.senders.load(Ordering::Acquire)
    }

    /// The queue itself, with the verbs of both sides.
    #[must_use]
    pub fn queue(&self) -> &Queue<T, S> {
        &self.0.queue
    }

    /// Whether both are of the same queue.
    #[must_use]
    pub fn is_of_same_queue(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// One that does not keep what is in the queue.
    #[must_use]
    pub fn downgrade(&self) -> WeakReceiver<T, S> {
        WeakReceiver(Arc::downgrade(&self.0))
    }
}

impl<T, S: Storage<Item = T>> WeakSender<T, S> {
    /// A sender, unless the last one is gone: a queue that was closed so stays closed.
    #[must_use]
    pub fn upgrade(&self) -> Option<Sender<T, S>> {
        self.0.upgrade().filter(|both| revive(&both.senders)).map(Sender)
    }
}

impl<T, S: Storage<Item = T>> WeakReceiver<T, S> {
    /// A receiver, unless the last one is gone, and with it what was in the queue.
    #[must_use]
    pub fn upgrade(&self) -> Option<Receiver<T, S>> {
        self.0.upgrade().filter(|both| revive(&both.receivers)).map(Receiver)
    }
}

impl<T, S: Storage<Item = T>> Clone for Sender<T, S> {
    fn clone(&self) -> Self {
        self.0.senders.fetch_add(1, Ordering::Relaxed);
        Self(self.0.clone())
    }
}

impl<T, S: Storage<Item = T>> Clone for Receiver<T, S> {
    fn clone(&self) -> Self {
        self.0.receivers.fetch_add(1, Ordering::Relaxed);
        Self(self.0.clone())
    }
}

impl<T, S: Storage<Item = T>> Clone for WeakSender<T, S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T, S: Storage<Item = T>> Clone for WeakReceiver<T, S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T, S: Storage<Item = T>> Drop for Sender<T, S> {
    fn drop(&mut self) {
        if leave(&self.0.senders) {
            self.0.queue.close();
        }
    }
}

impl<T, S: Storage<Item = T>> Drop for Receiver<T, S> {
    fn drop(&mut self) {
        if leave(&self.0.receivers) {
            self.0.queue.end();
        }
    }
}

impl<T, S: Storage<Item = T>> seal::Holds for Sender<T, S> {}

impl<T, S: Storage<Item = T>> Holder for Sender<T, S> {
    type Item = T;
    type Storage = S;

    fn queue(&self) -> &Queue<T, S> {
        &self.0.queue
    }
}

impl<T, S: Storage<Item = T>> seal::Holds for Receiver<T, S> {}

impl<T, S: Storage<Item = T>> Holder for Receiver<T, S> {
    type Item = T;
    type Storage = S;

    fn queue(&self) -> &Queue<T, S> {
        &self.0.queue
    }
}

impl<T, S: Storage<Item = T>> fmt::Debug for Sender<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.0.queue).finish()
    }
}

impl<T, S: Storage<Item = T>> fmt::Debug for Receiver<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Receiver").field(&self.0.queue).finish()
    }
}

impl<T, S: Storage<Item = T>> fmt::Debug for WeakSender<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakSender")
    }
}

impl<T, S: Storage<Item = T>> fmt::Debug for WeakReceiver<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakReceiver")
    }
}
