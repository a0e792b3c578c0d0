//! Delay queues, all on tokio's timer: entries that are taken back, and entries that come out when they are due.
//!
//! futures-delay-queue, which spawns a task for each entry and has a timer thread, takes two microseconds and more for the same, and is not
//! among the peers: its thread runs on beside the rows that follow.

use super::leaked;
use crate::place::OnTokio;
use crate::row::Row;
use futures_util::StreamExt as _;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::hint::spin_loop;
use std::time::{Duration, Instant};
use untether::queue::DelayQueue;
use untether::rt::tokio::Tokio;

type Ours = DelayQueue<u64, Tokio>;
type Theirs = tokio_util::time::DelayQueue<u64>;

const MINUTE: Duration = Duration::from_secs(60);

/// Delays from `least` on, spread over as much again as `spread`; the same ones for everybody.
fn delays(least: Duration, spread: Duration) -> impl FnMut() -> Duration {
    let (mut state, spread) = (1_u64, u128::from(spread.as_nanos() as u64));
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        least + Duration::from_nanos((u128::from(state) * spread >> u64::BITS) as u64)
    }
}

/// Puts one in and takes one back, with so many others inside that are due later than in a minute: the same one, or the oldest.
fn taken_back<K: 'static>(
    count: u64,
    oldest: bool,
    runtime: OnTokio,
    mut insert: impl FnMut(Duration) -> K + 'static,
    mut remove: impl FnMut(K) + 'static,
) -> impl FnMut(u64) + 'static {
    let _context = runtime.0.enter();
    let mut delay = delays(MINUTE, MINUTE);
    let mut keys: VecDeque<K> = (0..count).map(|_| insert(delay())).collect();
    if !oldest {
        keys.clear();
    }
    move |times| {
        let _context = runtime.0.enter();
        for _ in 0..times {
            keys.push_back(insert(delay()));
            remove(keys.pop_front().expect("one was put in"));
        }
    }
}

fn taking_back(count: u64, oldest: bool, runtime: OnTokio) -> Row {
    let what = if oldest { "put one in and take the oldest back, of" } else { "insert + remove among" };
    let ours: &Ours = leaked(DelayQueue::new(Tokio));
    let theirs: &RefCell<Theirs> = {
        let _context = runtime.0.enter();
        leaked(RefCell::new(Theirs::new()))
    };
    Row::new(format!("delay: {what} {count} entries"), "entry")
        .peer("tokio-util", {
            let insert = |delay| theirs.borrow_mut().insert(1, delay);
            taken_back(count, oldest, runtime, insert, |key| _ = theirs.borrow_mut().remove(&key))
        })
        .ours("DelayQueue", {
            let insert = |delay| ours.insert(1, delay).expect("it is open");
            taken_back(count, oldest, runtime, insert, |key| _ = ours.remove(&key).expect("it is there"))
        })
        .owes(1.0)
}

/// Fills one queue after the other with entries that are due within some milliseconds, and empties the one that was filled so many turns
/// ago, when they all are: nobody has to wait for a moment to come, or to measure one that waits.
struct Conveyor<Q> {
    filled: VecDeque<(Instant, Q)>,
    ripe: Duration,
}

impl<Q> Conveyor<Q> {
    fn new(spread: Duration, turns: usize, mut make: impl FnMut() -> Q) -> Self {
        let filled = (0..turns).map(|_| (Instant::now(), make())).collect();
        // Those of tokio-util end up to two milliseconds late.
        Self { filled, ripe: spread + Duration::from_millis(3) }
    }

    /// Empties the oldest, fills it again, and puts it last.
    async fn turn(&mut self, empty: impl AsyncFnOnce(&mut Q), fill: impl FnOnce(&mut Q)) {
        let (since, mut queue) = self.filled.pop_front().expect("there are several");
        while since.elapsed() < self.ripe {
            spin_loop();
        }
        empty(&mut queue).await;
        fill(&mut queue);
        self.filled.push_back((Instant::now(), queue));
    }
}

/// So many entries are put in, due within so many microseconds, and received.
fn come_out<Q: 'static>(
    count: u64,
    runtime: OnTokio,
    make: impl Fn() -> Q,
    insert: impl Fn(&mut Q, u64, Duration) + 'static,
    receive: impl AsyncFn(&mut Q, u64) + 'static,
) -> impl FnMut(u64) + 'static {
    let _context = runtime.0.enter();
    let spread = Duration::from_micros(count);
    let fill = move |queue: &mut Q| {
        let mut delay = delays(Duration::ZERO, spread);
        (0..count).for_each(|n| insert(queue, n, delay()));
    };
    let filled = || {
        let mut queue = make();
        fill(&mut queue);
        queue
    };
    let mut conveyor = Conveyor::new(spread, if count > 10_000 { 8 } else { 64 }, filled);
    move |times| {
        runtime.0.block_on(async {
            for _ in 0..times {
                conveyor.turn(async |queue| receive(queue, count).await, &fill).await;
            }
        });
    }
}

/// A queue in use: one entry stays.
fn ours() -> Ours {
    let queue = DelayQueue::new(Tokio);
    queue.insert(0, 365 * 24 * 60 * MINUTE).expect("it is open");
    queue
}

fn theirs() -> Theirs {
    let mut queue = Theirs::new();
    queue.insert(0, 365 * 24 * 60 * MINUTE);
    queue
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

fn coming_out(count: u64, runtime: OnTokio) -> Row {
    let put = |queue: &mut Ours, n, delay| _ = queue.insert(n, delay);
    Row::new(format!("delay: insert then expire, {count} entries at once"), "entry")
        .count(count)
        .peer("tokio-util", {
            let put = |queue: &mut Theirs, n, delay| _ = queue.insert(n, delay);
            come_out(count, runtime, theirs, put, theirs_one_by_one)
        })
        .ours("DelayQueue", come_out(count, runtime, ours, put, one_by_one))
        .ours("DelayQueue, recv_many", come_out(count, runtime, ours, put, many))
        .owes(1.0)
}

pub fn rows() -> Vec<Row> {
    let runtime = OnTokio::this_thread();
    let of = |count| {
        [taking_back(count, false, runtime), taking_back(count, true, runtime), coming_out(count, runtime)]
    };
    [1_000, 100_000].into_iter().flat_map(of).collect()
}
