//! Semaphores: alone, among many who wait, and from hand to hand.

use super::{drive, leaked, waker};
use crate::row::{Kind, Row};
use futures_util::future::join_all;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// What all of them can do.
trait Permits: Sync + 'static {
    const NAME: &'static str;

    fn new(permits: usize) -> Self;
    fn acquire(&'static self, permits: usize) -> impl Future;
    fn try_acquire(&'static self) -> bool;
}

impl Permits for untether::sync::Semaphore {
    const NAME: &'static str = "untether";

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future {
        self.acquire_many(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire().is_ok()
    }
}

impl Permits for tokio::sync::Semaphore {
    const NAME: &'static str = "tokio";

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future {
        self.acquire_many(u32::try_from(permits).expect("few"))
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire().is_ok()
    }
}

impl Permits for asyncband::semaphore::Semaphore {
    const NAME: &'static str = "asyncband";

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future {
        self.acquire(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire(1).is_some()
    }
}

impl Permits for futures_intrusive::sync::Semaphore {
    const NAME: &'static str = "futures-intrusive, fair";

    fn new(permits: usize) -> Self {
        Self::new(true, permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future {
        self.acquire(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire(1).is_some()
    }
}

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// The same case of each of them.
fn of_all(row: Row, each: impl Fn(Row, &dyn Sides) -> Row) -> Row {
    let sides: [&dyn Sides; 4] = [
        &Of::<asyncband::semaphore::Semaphore>::NEW,
        &Of::<futures_intrusive::sync::Semaphore>::NEW,
        &Of::<tokio::sync::Semaphore>::NEW,
        &Of::<untether::sync::Semaphore>::NEW,
    ];
    sides.into_iter().fold(row, each)
}

struct Of<P>(std::marker::PhantomData<P>);

impl<P> Of<P> {
    const NEW: Self = Self(std::marker::PhantomData);
}

/// Makes the cases of one of them.
trait Sides {
    fn name(&self) -> &'static str;
    fn uncontended(&self, permits: usize) -> Box<dyn FnMut(u64)>;
    fn tries(&self) -> Box<dyn FnMut(u64)>;
    fn queue_and_cancel(&self, among: usize) -> Box<dyn FnMut(u64)>;
    fn hand_off(&self, waiters: usize) -> Box<dyn FnMut(u64)>;
    fn contended(&self, tasks: usize, permits: usize) -> Box<dyn FnMut(u64)>;
}

impl<P: Permits> Sides for Of<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn uncontended(&self, permits: usize) -> Box<dyn FnMut(u64)> {
        let (semaphore, waker) = (leaked(P::new(4)), waker());
        Box::new(move |times| {
            for _ in 0..times {
                drop(drive(semaphore.acquire(permits), waker));
            }
        })
    }

    fn tries(&self) -> Box<dyn FnMut(u64)> {
        let semaphore = leaked(P::new(4));
        Box::new(move |times| (0..times).for_each(|_| assert!(semaphore.try_acquire())))
    }

    fn queue_and_cancel(&self, among: usize) -> Box<dyn FnMut(u64)> {
        let (semaphore, waker) = (leaked(P::new(0)), waker());
        let mut others: Vec<_> = (0..among).map(|_| Box::pin(semaphore.acquire(1))).collect();
        others.iter_mut().for_each(|other| assert!(poll(other.as_mut(), waker).is_pending()));
        Box::new(move |times| {
            let _in_line = &others;
            for _ in 0..times {
                let waits = std::pin::pin!(semaphore.acquire(1));
                assert!(poll(waits, waker).is_pending());
            }
        })
    }

    /// One permit goes along a line, whose first goes to its end again.
    fn hand_off(&self, waiters: usize) -> Box<dyn FnMut(u64)> {
        let (semaphore, waker) = (leaked(P::new(1)), waker());
        let mut held = Some(drive(semaphore.acquire(1), waker));
        let mut line: VecDeque<_> = (0..waiters).map(|_| Box::pin(semaphore.acquire(1))).collect();
        line.iter_mut().for_each(|waits| assert!(poll(waits.as_mut(), waker).is_pending()));
        Box::new(move |times| {
            for _ in 0..times {
                drop(held.take());
                let mut first = line.pop_front().expect("nobody leaves");
                let Poll::Ready(permit) = poll(first.as_mut(), waker) else { panic!("it was its turn") };
                held = Some(permit);
                first.set(semaphore.acquire(1));
                assert!(poll(first.as_mut(), waker).is_pending());
                line.push_back(first);
            }
        })
    }

    fn contended(&self, tasks: usize, permits: usize) -> Box<dyn FnMut(u64)> {
        let semaphore = leaked(P::new(permits));
        Box::new(move |times| {
            let each = |_| async {
                for _ in 0..times.div_ceil(tasks as u64) {
                    let permit = semaphore.acquire(1).await;
                    smol::future::yield_now().await;
                    drop(permit);
                }
            };
            smol::block_on(join_all((0..tasks).map(each)));
        })
    }
}

fn row(name: &str, owed: f64, case: impl Fn(&dyn Sides) -> Box<dyn FnMut(u64)>) -> Row {
    let row = of_all(Row::new(format!("semaphore: {name}"), "acquire"), |row, side| {
        let kind = if side.name() == "untether" { Kind::Ours } else { Kind::Peer };
        row.case(side.name(), kind, None, case(side))
    });
    row.owes(owed)
}

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        row("acquire and drop, nobody waiting", 0.9, |side| side.uncontended(1)),
        row("acquire_many(4) and drop, nobody waiting", 0.9, |side| side.uncontended(4)),
        row("try_acquire and drop", 0.92, |side| side.tries()),
        row("64 tasks on 4 permits", 0.8, |side| side.contended(64, 4)),
    ];
    for among in [10, 10_000, 100_000] {
        rows.push(row(&format!("queue a waiter and cancel it, among {among}"), 1.25, |side| {
            side.queue_and_cancel(among)
        }));
        rows.push(row(&format!("hand-off along {among} waiters"), 0.9, |side| side.hand_off(among)));
    }
    rows
}
