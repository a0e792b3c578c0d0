//! What it costs to pass something on: where nobody waits, along a line, many at once, and between tasks.

use futures_util::StreamExt as _;
use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use untether::queue::{Queue, Receiver, Sender};
use untether::rt::local::Local;
use untether::spawn::SpawnLocal;
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Polls a future once and drops it.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

/// Lasts as long as the program, as those who wait for it do.
fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn nobody_waiting(waker: &Waker) {
    let (bounded, unbounded) = (Queue::bounded(100), Queue::unbounded());
    let (sender, receiver) = Queue::bounded(100).split();
    let (full, seen) = (Queue::bounded(1), Queue::bounded(1));
    full.try_send(0_u64).expect("there is room");
    seen.try_send(0_u64).expect("there is room");
    Table::new("queue, nobody waiting")
        .case("send + recv", || {
            (poll_once(bounded.send(1_u64), waker).is_ready(), poll_once(bounded.recv(), waker))
        })
        .case("send + recv, halves", || {
            (poll_once(sender.send(1_u64), waker).is_ready(), poll_once(receiver.recv(), waker))
        })
        .case("send + recv, unbounded", || {
            (poll_once(unbounded.send(1_u64), waker).is_ready(), poll_once(unbounded.recv(), waker))
        })
        .case("try_send + try_recv", || (bounded.try_send(1).is_ok(), bounded.try_recv()))
        .case("reserve + send + try_recv", || {
            let Poll::Ready(Ok(mut permit)) = poll_once(bounded.reserve(), waker) else {
                panic!("there is room")
            };
            (permit.send(1).is_ok(), bounded.try_recv())
        })
        .case("force_send into a full one", || full.force_send(1).map(Iterator::count))
        .case("peek", || seen.peek().map(|item| *item))
        .case("recv, queue + cancel", || poll_once(receiver.recv(), waker).is_pending())
        .case("send, queue + cancel", || poll_once(full.send(1), waker).is_pending())
        .case("len", || bounded.len())
        .print();
}

fn other_orders() {
    let lifo = Queue::builder(100).lifo().build();
    let by_weight = Queue::builder(100).weight(|item: &u64| *item as usize).build();
    let among = |items: u64| {
        let queue = Queue::builder(items as usize + 1).priority(|item: &u64| *item).build();
        (0..items).for_each(|item| queue.try_send(item * 1_000_003 % items).expect("there is room"));
        let mut next = 0;
        move || {
            next = (next + 7_919) % items;
            (queue.try_send(next).is_ok(), queue.try_recv())
        }
    };
    Table::new("queue, in another order, try_send + try_recv")
        .case("the freshest first", || (lifo.try_send(1_u64).is_ok(), lifo.try_recv()))
        .case("bound by weight", || (by_weight.try_send(1).is_ok(), by_weight.try_recv()))
        .case("by priority, among 10", among(10))
        .case("by priority, among 1,000", among(1_000))
        .case("by priority, among 100,000", among(100_000))
        .print();
}

/// So many who wait, first come, first in line.
fn line<F: Future + Unpin>(waiters: usize, waker: &Waker, mut wait: impl FnMut() -> F) -> VecDeque<F> {
    let mut line: VecDeque<F> = (0..waiters).map(|_| wait()).collect();
    line.iter_mut().for_each(|waits| assert!(poll_once(Pin::new(waits), waker).is_pending()));
    line
}

/// The first has had its turn and waits again, behind all others.
fn to_the_end<F: Future + Unpin>(line: &mut VecDeque<F>, waker: &Waker, again: F) {
    let mut first = line.pop_front().expect("nobody leaves");
    assert!(poll_once(Pin::new(&mut first), waker).is_ready());
    line.push_back(again);
    let last = line.back_mut().expect("it has just come");
    assert!(poll_once(Pin::new(last), waker).is_pending());
}

fn in_line(waker: &Waker) {
    let to_receivers = |waiters| {
        let queue = leaked(Queue::bounded(100));
        let mut line = line(waiters, waker, || queue.recv());
        move || {
            queue.try_send(1_u64).expect("there is room");
            to_the_end(&mut line, waker, queue.recv());
        }
    };
    let from_senders = |waiters| {
        let queue = leaked(Queue::bounded(1));
        queue.try_send(1_u64).expect("there is room");
        let mut line = line(waiters, waker, || queue.send(1));
        move || {
            queue.try_recv().expect("somebody waits to send");
            to_the_end(&mut line, waker, queue.send(1));
        }
    };
    let cancel = |waiters| {
        let queue = leaked(Queue::<u64>::bounded(1));
        let others = line(waiters, waker, || queue.recv());
        move || (poll_once(queue.recv(), waker).is_pending(), others.len())
    };
    Table::new("queue, in line")
        .case("an item to the first of 10 receivers", to_receivers(10))
        .case("of 1,000", to_receivers(1_000))
        .case("of 100,000", to_receivers(100_000))
        .case("an item of the first of 10 senders", from_senders(10))
        .case("of 1,000", from_senders(1_000))
        .case("of 100,000", from_senders(100_000))
        .case("recv, queue + cancel, among 10", cancel(10))
        .case("among 1,000", cancel(1_000))
        .case("among 100,000", cancel(100_000))
        .print();
}

fn many_at_once(waker: &Waker) {
    const MANY: u64 = 100;
    let (queue, burst) = (Queue::unbounded(), Queue::unbounded());
    let mut taken = Vec::new();
    let send_each = || (0..MANY).for_each(|item| queue.try_send(item).expect("it has no bound"));
    Table::new("queue, many at once, per item")
        .batch("100 × try_send, then try_recv", |times| {
            for _ in 0..times.div_ceil(MANY) {
                send_each();
                (0..MANY).for_each(|item| assert_eq!(queue.try_recv(), Ok(item)));
            }
        })
        .batch("100 × try_send, recv_many", |times| {
            for _ in 0..times.div_ceil(MANY) {
                send_each();
                assert_eq!(poll_once(queue.recv_many(&mut taken, 1_000), waker), Poll::Ready(MANY as usize));
                taken.clear();
            }
        })
        .batch("send_many of 100, drain", |times| {
            for _ in 0..times.div_ceil(MANY) {
                assert!(poll_once(queue.send_many(0..MANY), waker).is_ready());
                assert_eq!(queue.drain().count(), MANY as usize);
            }
        })
        .batch("100,000 × try_send, then try_recv", |times| {
            for round in 0..times.div_ceil(100_000) {
                let items = (times - round * 100_000).min(100_000);
                (0..items).for_each(|item| burst.try_send(item).expect("it has no bound"));
                (0..items).for_each(|item| assert_eq!(burst.try_recv(), Ok(item)));
            }
        })
        .print();
}

async fn send_all(sender: Sender<u64>, items: u64) {
    for item in 0..items {
        sender.send(item).await.expect("somebody receives");
    }
}

async fn receive_all(receiver: Receiver<u64>) {
    while receiver.recv().await.is_some() {}
}

async fn stream_all(receiver: Receiver<u64>) {
    let mut stream = receiver.into_stream();
    while stream.next().await.is_some() {}
}

/// Tasks of one `Local`, so many on each side.
fn tasks<F: Future<Output = ()> + 'static>(
    sides: u64,
    open: fn() -> Queue<u64>,
    receive: fn(Receiver<u64>) -> F,
    waker: &Waker,
) -> impl FnMut(u64) {
    move |times| {
        let mut local = Local::new();
        let (spawner, (sender, receiver)) = (local.local_spawner(), open().split());
        for _ in 0..sides {
            spawner.spawn_local(send_all(sender.clone(), times.div_ceil(sides))).expect("it is there");
            spawner.spawn_local(receive(receiver.clone())).expect("it is there");
        }
        drop((sender, receiver));
        let mut run = pin!(local.run());
        while poll_once(run.as_mut(), waker).is_pending() {}
    }
}

fn between_tasks(waker: &Waker) {
    Table::new("queue, between tasks of a Local, per item")
        .batch("bounded(100), 1 to 1", tasks(1, || Queue::bounded(100), receive_all, waker))
        .batch("bounded(100), 1 to 1, a stream", tasks(1, || Queue::bounded(100), stream_all, waker))
        .batch("bounded(100), 4 to 4", tasks(4, || Queue::bounded(100), receive_all, waker))
        .batch("unbounded, 4 to 4", tasks(4, Queue::unbounded, receive_all, waker))
        .batch("bounded(1), 1 to 1", tasks(1, || Queue::bounded(1), receive_all, waker))
        .batch("bounded(1), 4 to 4", tasks(4, || Queue::bounded(1), receive_all, waker))
        .batch("hand to hand, 1 to 1", tasks(1, Queue::rendezvous, receive_all, waker))
        .print();
}

fn main() {
    let waker = CountingWaker::new().waker();
    nobody_waiting(&waker);
    other_orders();
    in_line(&waker);
    many_at_once(&waker);
    between_tasks(&waker);
}
