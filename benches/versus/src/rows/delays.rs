//! Delay queues, all on tokio's timer: entries that are taken back, and entries that expire.

use crate::place::OnTokio;
use crate::row::Row;
use futures_util::StreamExt as _;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use untether::queue::DelayQueue;
use untether::rt::tokio::Tokio;

type Ours = DelayQueue<u64, Tokio>;
type Theirs = tokio_util::time::DelayQueue<u64>;

/// Delays that are the same for everybody, and spread over `spread`.
struct Delays {
    state: u64,
    spread: Duration,
}

impl Delays {
    const fn over(spread: Duration) -> Self {
        Self { state: 1, spread }
    }

    fn next(&mut self) -> Duration {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = self.state >> 40; // of 2^24
        Duration::from_nanos((self.spread.as_nanos() as u64 >> 12) * (part >> 12))
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// Puts one in and takes it back, with so many others inside that are due later than in a minute.
fn there_and_back<K>(
    count: u64,
    mut insert: impl FnMut(Duration) -> K + 'static,
    mut remove: impl FnMut(K) + 'static,
    runtime: OnTokio,
) -> impl FnMut(u64) + 'static {
    let mut delays = Delays::over(MINUTE);
    let _context = runtime.0.enter();
    (0..count).for_each(|_| drop(insert(MINUTE + delays.next())));
    move |times| {
        let _context = runtime.0.enter();
        for _ in 0..times {
            let key = insert(MINUTE + delays.next());
            remove(key);
        }
    }
}

/// Puts one in and takes back the oldest, so that there are always so many.
fn in_turn<K: 'static>(
    count: u64,
    mut insert: impl FnMut(Duration) -> K + 'static,
    mut remove: impl FnMut(K) + 'static,
    runtime: OnTokio,
) -> impl FnMut(u64) + 'static {
    let mut delays = Delays::over(MINUTE);
    let _context = runtime.0.enter();
    let mut keys: VecDeque<K> = (0..count).map(|_| insert(MINUTE + delays.next())).collect();
    move |times| {
        let _context = runtime.0.enter();
        for _ in 0..times {
            keys.push_back(insert(MINUTE + delays.next()));
            remove(keys.pop_front().expect("one was put in"));
        }
    }
}

/// Fills one queue after the other with entries that are due within some milliseconds, and empties the one that was filled so many turns
/// ago, when they all are: nobody waits for a moment to come.
struct Conveyor<Q> {
    filled: VecDeque<(Instant, Q)>,
    count: u64,
    ripe: Duration,
}

impl<Q> Conveyor<Q> {
    fn new(count: u64, make: impl FnMut() -> Q) -> Self {
        let (turns, start) = (if count > 10_000 { 8 } else { 64 }, Instant::now());
        let queues = std::iter::repeat_with(make).map(|queue| (start, queue));
        // Those of tokio-util end up to two milliseconds late.
        Self { filled: queues.take(turns).collect(), count, ripe: spread(count) + Duration::from_millis(3) }
    }

    /// Empties the oldest, fills it again, and puts it last.
    async fn turn(&mut self, empty: impl AsyncFnOnce(&mut Q, u64), fill: impl FnOnce(&mut Q, u64)) {
        let (since, mut queue) = self.filled.pop_back().expect("there are several");
        while since.elapsed() < self.ripe {
            std::hint::spin_loop();
        }
        empty(&mut queue, self.count).await;
        fill(&mut queue, self.count);
        self.filled.push_front((Instant::now(), queue));
    }
}

/// A thousand in a millisecond.
const fn spread(count: u64) -> Duration {
    Duration::from_micros(count)
}

fn expires<Q: 'static>(
    count: u64,
    runtime: OnTokio,
    make: impl FnMut() -> Q,
    insert: impl Fn(&mut Q, u64, Duration) + 'static,
    empty: impl AsyncFn(&mut Q, u64) + 'static,
) -> impl FnMut(u64) + 'static {
    let fill = move |queue: &mut Q, count| {
        let mut delays = Delays::over(spread(count));
        (0..count).for_each(|n| insert(queue, n, delays.next()));
    };
    let _context = runtime.0.enter();
    let mut conveyor = Conveyor::new(count, make);
    conveyor.filled.iter_mut().for_each(|(_, queue)| fill(queue, count));
    move |times| {
        runtime.0.block_on(async {
            for _ in 0..times {
                conveyor.turn(&empty, &fill).await;
            }
        });
    }
}

fn ours_expires(
    count: u64,
    runtime: OnTokio,
    empty: impl AsyncFn(&mut Ours, u64) + 'static,
) -> impl FnMut(u64) {
    expires(
        count,
        runtime,
        || DelayQueue::new(Tokio),
        |queue: &mut Ours, n, delay| drop(queue.insert(n, delay)),
        empty,
    )
}

async fn one_by_one(queue: &mut Ours, count: u64) {
    for _ in 0..count {
        assert!(queue.recv().await.is_some());
    }
}

async fn many(queue: &mut Ours, mut count: u64) {
    let mut buffer = Vec::with_capacity(64);
    while count > 0 {
        count -= queue.recv_many(&mut buffer, count.min(64) as usize).await as u64;
        buffer.clear();
    }
}

async fn theirs_one_by_one(queue: &mut Theirs, count: u64) {
    for _ in 0..count {
        assert!(queue.next().await.is_some());
    }
}

fn removing(count: u64, title: &str, runtime: OnTokio, turns: bool) -> Row {
    let row = Row::new(format!("delay: {title} {count} entries"), "entry");
    let ours: &Ours = super::leaked(DelayQueue::new(Tokio));
    let theirs = std::rc::Rc::new(std::cell::RefCell::new({
        let _context = runtime.0.enter();
        Theirs::new()
    }));
    let inserted = move |delay| ours.insert(1, delay).expect("it is open");
    let removed = move |key| assert!(ours.remove(&key).is_some());
    let puts = theirs.clone();
    let insert = move |delay| puts.borrow_mut().insert(1, delay);
    let remove = move |key| drop(theirs.borrow_mut().remove(&key));
    let row = if turns {
        row.peer("tokio-util", in_turn(count, insert, remove, runtime))
            .ours("DelayQueue", in_turn(count, inserted, removed, runtime))
    } else {
        row.peer("tokio-util", there_and_back(count, insert, remove, runtime))
            .ours("DelayQueue", there_and_back(count, inserted, removed, runtime))
    };
    row.owes(1.0)
}

fn expiring(count: u64, runtime: OnTokio) -> Row {
    Row::new(format!("delay: {count} entries put in, and out when they are due"), "entry")
        .count(count)
        .peer(
            "tokio-util",
            expires(
                count,
                runtime,
                Theirs::new,
                |queue, n, delay| drop(queue.insert(n, delay)),
                theirs_one_by_one,
            ),
        )
        .ours("DelayQueue", ours_expires(count, runtime, one_by_one))
        .ours("DelayQueue, recv_many", ours_expires(count, runtime, many))
        .owes(1.0)
}

pub fn rows() -> Vec<Row> {
    let runtime = OnTokio::this_thread();
    [1_000, 100_000]
        .into_iter()
        .flat_map(|count| {
            [
                removing(count, "put one in and take it back, among", runtime, false),
                removing(count, "put one in and take the oldest back, of", runtime, true),
                expiring(count, runtime),
            ]
        })
        .collect()
}
