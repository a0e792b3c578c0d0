//! Queues: an item that comes, room that comes, and the end of either.

use super::*;
use futures_core::Stream;
use untether::queue::{Permit, Queue, Recv, RecvMany, RecvStream, Reserve, Send, Until};

/// Enough for all who wait.
const PLENTY: usize = 1_000;

type Shared = &'static Queue<u32>;

fn shared(queue: Queue<u32>) -> Shared {
    Box::leak(Box::new(queue))
}

/// One that is full: who sends has to wait.
fn full() -> Shared {
    let queue = shared(Queue::bounded(1));
    queue.try_send(0).unwrap();
    queue
}

/// One that is empty, with plenty of items that wait for room, which is reserved: they come all at once.
fn promised() -> Shared {
    let queue = shared(Queue::bounded(1));
    std::mem::forget(queue.try_reserve(1));
    for item in 0..PLENTY as u32 {
        let mut send = queue.send(item);
        assert!(!poll(&mut send, Waker::noop()));
        std::mem::forget(send);
    }
    queue
}

fn make_room(queue: Shared) {
    queue.set_capacity(2 * PLENTY);
}

/// Leaves as many items as there were, if nobody else came for them.
fn touch_queue(queue: Shared) {
    let (mut into, mut taken) = (Vec::new(), Vec::new());
    taken.extend(queue.try_recv());
    if let Poll::Ready(Some(item)) =
        std::pin::Pin::new(&mut queue.recv()).poll(&mut Context::from_waker(Waker::noop()))
    {
        taken.push(item);
    }
    use_up(queue.recv_many(&mut into, 2));
    use_up(Next(queue.stream()));
    taken.into_iter().chain(into).for_each(|item| _ = queue.try_send(item));
    let mut send = queue.send(1);
    if poll(&mut send, Waker::noop()) {
        let _ = queue.try_recv();
    } else {
        assert_eq!(send.into_inner(), Some(1));
    }
    use_up(queue.reserve_many(2));
    drop(queue.try_reserve(1));
    drop(queue.peek());
    queue.retain(|_| true);
    use_up(queue.closed());
    use_up(queue.empty());
    let _ = (queue.len(), queue.is_closed(), format!("{queue:?}"));
}

fn no_receiver_waits(queue: Shared) -> bool {
    let stats = queue.stats();
    (stats.receivers_waiting, stats.granted) == (0, 0)
}

fn nobody_waits(queue: Shared) -> bool {
    let stats = queue.stats();
    no_receiver_waits(queue) && (stats.senders_waiting, stats.reserved) == (0, 0)
}

/// The next of a stream, with a place in line that is the stream's.
pub(crate) struct Next(RecvStream<Shared>);

impl Future for Next {
    type Output = Option<u32>;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        std::pin::Pin::new(&mut self.0).poll_next(cx)
    }
}

macro_rules! scene {
    ($scene:ident, $wait:ty, $name:literal, $new:expr, $waits:expr, $tells:expr, $left:expr) => {
        pub(crate) struct $scene(Shared);

        impl Scene for $scene {
            type Wait = $wait;

            const NAME: &'static str = $name;

            fn new() -> Self {
                Self($new)
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                let waits: fn(Shared) -> $wait = $waits;
                waits(self.0)
            }

            fn tell(&self) {
                let tells: fn(Shared) = $tells;
                tells(self.0);
            }

            fn touch(self: &Arc<Self>) {
                touch_queue(self.0);
            }

            fn is_left_by_all(&self) -> bool {
                let left: fn(Shared) -> bool = $left;
                left(self.0)
            }
        }
    };
}

fn recv_many(queue: Shared) -> RecvMany<'static, Shared> {
    queue.recv_many(Box::leak(Box::default()), 2)
}

scene! { OfRecv, Recv<Shared>, "Queue, recv", promised(), Queue::recv, make_room, no_receiver_waits }
scene! { OfRecvMany, RecvMany<'static, Shared>, "Queue, recv_many", promised(), recv_many, make_room, no_receiver_waits }
scene! { OfStream, Next, "Queue, stream", promised(), |queue| Next(queue.stream()), make_room, no_receiver_waits }
scene! { OfRecvAtTheEnd, Recv<Shared>, "Queue, recv at the end", shared(Queue::unbounded()), Queue::recv, Queue::close, nobody_waits }
scene! { OfSend, Send<Shared>, "Queue, send", full(), |queue| queue.send(9), make_room, nobody_waits }
scene! { OfRefusedSend, Send<Shared>, "Queue, send at the end", full(), |queue| queue.send(9), Queue::close, nobody_waits }
scene! { OfReserve, Reserve<Shared>, "Queue, reserve", full(), Queue::reserve, make_room, nobody_waits }
scene! { OfClosed, Until<Shared>, "Queue, closed", full(), Queue::closed, Queue::close, nobody_waits }
scene! { OfEmpty, Until<Shared>, "Queue, empty", full(), Queue::empty, |queue| _ = queue.retain(|_| false), nobody_waits }

/// Room that was reserved comes back.
pub(crate) struct OfReturnedRoom {
    queue: Shared,
    held: Mutex<Option<Permit<Shared>>>,
}

impl Scene for OfReturnedRoom {
    type Wait = Send<Shared>;

    const NAME: &'static str = "Queue, a permit's drop";

    fn new() -> Self {
        let queue = shared(Queue::bounded(PLENTY));
        Self { queue, held: Mutex::new(queue.try_reserve(PLENTY).ok()) }
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.queue.send(9)
    }

    fn tell(&self) {
        let held = self.held.lock().unwrap().take();
        drop(held);
    }

    fn touch(self: &Arc<Self>) {
        touch_queue(self.queue);
    }

    fn is_left_by_all(&self) -> bool {
        let stats = self.queue.stats();
        let held = self.held.lock().unwrap().as_ref().map_or(0, Permit::room);
        (stats.senders_waiting, stats.receivers_waiting, stats.granted, stats.reserved) == (0, 0, 0, held)
    }
}
