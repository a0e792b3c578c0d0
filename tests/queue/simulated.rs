//! Under every schedule, with fresh wakers and tasks that are dropped at each of their polls: each item goes in once and comes out once.

use super::*;
use futures_util::StreamExt;
use std::sync::Mutex;
use untether::queue::{Receiver, Sender};
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// What became of the items.
#[derive(Default)]
struct Notes {
    made: usize,
    gone: usize,
    /// By who made it, and which of its items it is.
    sent: Vec<(usize, usize)>,
    received: Vec<(usize, usize)>,
}

type Book = Arc<Mutex<Notes>>;

struct Item {
    number: (usize, usize),
    book: Book,
}

impl Item {
    fn new(book: &Book, of: usize, which: usize) -> Self {
        book.lock().unwrap().made += 1;
        Self { number: (of, which), book: book.clone() }
    }

    fn receive(self) {
        self.book.lock().unwrap().received.push(self.number);
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        self.book.lock().unwrap().gone += 1;
    }
}

fn is_sent(book: &Book, number: (usize, usize)) {
    book.lock().unwrap().sent.push(number);
}

/// Sends two, in one of the ways there are.
async fn produce<S: Storage<Item = Item>>(
    sim: Sim,
    sender: Sender<Item, S>,
    book: Book,
    of: usize,
    room: usize,
) {
    match sim.choose(4) {
        0 => {
            for which in 0..2 {
                assert!(sender.send(Item::new(&book, of, which)).await.is_ok());
                is_sent(&book, (of, which));
            }
        }
        1 => {
            for which in 0..2 {
                let mut permit = Queue::reserve_owned(sender.clone(), room).await.unwrap();
                yield_now().await;
                assert!(permit.send(Item::new(&book, of, which)).is_ok() && permit.room() == 0);
                is_sent(&book, (of, which));
            }
        }
        2 => {
            let items = (0..2).map(|which| Item::new(&book, of, which));
            assert!(sender.send_many(items).await.is_ok_and(|sent| sent == 2));
            (0..2).for_each(|which| is_sent(&book, (of, which)));
        }
        _ => {
            use futures_sink::Sink;
            let mut sink = sender.into_sink();
            for which in 0..2 {
                assert!(std::future::poll_fn(|cx| Pin::new(&mut sink).poll_ready(cx)).await.is_ok());
                assert!(Pin::new(&mut sink).start_send(Item::new(&book, of, which)).is_ok());
            }
            assert!(std::future::poll_fn(|cx| Pin::new(&mut sink).poll_close(cx)).await.is_ok());
            (0..2).for_each(|which| is_sent(&book, (of, which)));
        }
    }
}

/// Receives to the end, in one of the ways there are. The last of them changes the order.
async fn consume<S: Storage<Item = Item>>(receiver: Receiver<Item, S>, way: u32) {
    match way {
        0 => {
            while let Some(item) = receiver.recv().await {
                item.receive();
                yield_now().await;
            }
        }
        1 => {
            let mut into = Vec::new();
            while receiver.recv_many(&mut into, 2).await > 0 {
                into.drain(..).for_each(Item::receive);
            }
        }
        2 => {
            let mut stream = receiver.into_stream();
            while let Some(item) = stream.next().await {
                item.receive();
            }
        }
        _ => {
            while let Some(item) = receiver.recv().await {
                item.receive();
                drop(receiver.queue().peek());
                let Some(peek) = receiver.queue().peek() else { continue };
                yield_now().await;
                peek.take().receive();
            }
        }
    }
}

/// Three who send and two who receive, one of each fickle.
async fn pass_on<S: Storage<Item = Item> + Send + 'static>(
    sim: Sim,
    queue: Queue<Item, S>,
    in_order: bool,
    weigh: fn(usize) -> usize,
) {
    let ((sender, receiver), book) = (queue.split(), Book::default());
    let producers: Vec<_> = ["steady", "steady", "fickle"]
        .into_iter()
        .enumerate()
        .map(|(of, name)| {
            let task = produce(sim.clone(), sender.clone(), book.clone(), of, weigh(of));
            Task::builder().name(name).spawn(&sim, task).unwrap()
        })
        .collect();
    drop(sender);
    let mut in_order = in_order;
    let consumers = ["constant", "volatile"].map(|name| {
        let way = sim.choose(4);
        in_order &= way < 3;
        Task::builder().name(name).spawn(&sim, consume(receiver.clone(), way)).unwrap()
    });
    drop(receiver);
    let mut ended = Vec::new();
    for task in producers.into_iter().chain(consumers) {
        ended.push(task.await.is_ok());
    }
    assert!(ended[0] && ended[1] && ended[3], "those who were not cancelled came to their end");
    let notes = book.lock().unwrap();
    let mut sent = notes.sent.iter();
    assert!(sent.all(|number| notes.received.contains(number)), "{:?}, {:?}", notes.sent, notes.received);
    for (at, number) in notes.received.iter().enumerate() {
        let rest = &notes.received[at + 1..];
        assert!(!rest.contains(number), "{number:?} was received twice");
        assert!(
            !in_order || rest.iter().all(|later| later.0 != number.0 || later.1 > number.1),
            "{:?}",
            notes.received
        );
    }
    assert_eq!(notes.made, notes.gone, "items are kept");
}

async fn pass_on_through_any(sim: Sim) {
    match sim.choose(6) {
        0 => pass_on(sim, Queue::bounded(1), true, |_| 1).await,
        1 => pass_on(sim, Queue::bounded(3), true, |_| 1).await,
        2 => pass_on(sim, Queue::unbounded(), true, |_| 1).await,
        3 => pass_on(sim, Queue::rendezvous(), true, |_| 1).await,
        4 => pass_on(sim, Queue::builder(2).lifo().build(), false, |_| 1).await,
        _ => {
            let by_weight = Queue::builder(3).weight(|item: &Item| 1 + item.number.0 % 2);
            pass_on(sim, by_weight.build(), true, |of| 1 + of % 2).await;
        }
    }
}

#[test]
fn every_item_comes_out_once_whoever_is_cancelled() {
    for name in ["fickle", "volatile"] {
        Check::random(1_000).cancel(name).no_leaks().assert(pass_on_through_any);
    }
    Check::random(1_000).cancel("volatile").spurious_polls().no_leaks().assert(pass_on_through_any);
    Check::pct(1_000, 3).no_leaks().assert(pass_on_through_any);
}

/// Two who send and two who receive, in few steps.
async fn few_items(sim: Sim, queue: Queue<usize>, names: [&'static str; 4]) {
    let ((sender, receiver), received) = (queue.split(), Book::default());
    let sends = |name, items: std::ops::Range<usize>| {
        let sender = sender.clone();
        let task = async move {
            for item in items {
                sender.send(item).await.unwrap();
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    };
    let receives = |name| {
        let (receiver, received) = (receiver.clone(), received.clone());
        let task = async move {
            while let Some(item) = receiver.recv().await {
                received.lock().unwrap().received.push((0, item));
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    };
    let sends = [sends(names[0], 0..2), sends(names[1], 2..3)];
    let receives = [receives(names[2]), receives(names[3])];
    drop((sender, receiver));
    let mut sent = Vec::new();
    for (task, items) in sends.into_iter().zip([0..2, 2..3]) {
        if task.await.is_ok() {
            sent.extend(items);
        }
    }
    for task in receives {
        let _ = task.await;
    }
    let received: Vec<_> = received.lock().unwrap().received.iter().map(|(_, item)| *item).collect();
    assert!(sent.iter().all(|item| received.contains(item)) && received.len() <= 3, "{sent:?}, {received:?}");
    let place = |item| received.iter().position(|other| *other == item);
    assert!(place(1).is_none_or(|second| place(0).is_some_and(|first| first < second)), "{received:?}");
}

#[test]
fn three_items_and_four_tasks_in_every_order_with_every_cancellation() {
    for victim in 0..3 {
        let mut names = ["steady"; 4];
        names[victim] = "fickle";
        for queue in [Queue::rendezvous, || Queue::bounded(1), Queue::unbounded] {
            let check = Check::exhaustive(1_000_000).cancel("fickle").no_leaks();
            let passed = check.run(|sim| few_items(sim, queue(), names)).unwrap();
            assert!(passed.complete && passed.schedules > 100, "{passed:?}");
        }
    }
}
