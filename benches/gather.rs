//! What children cost, inside one future, beside what else does the same: those that are ready, that give way, that wait, and one woken of many.

use futures_util::StreamExt;
use futures_util::future::{join, join_all};
use futures_util::stream::FuturesUnordered;
use std::cell::RefCell;
use std::future::pending;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether::spawn::yield_now;
use untether::task::{gather, scope, try_gather};
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const CHILDREN: u64 = 10_000;

type Told = Result<u64, ()>;

/// Polls until it is ready; everything here wakes itself.
fn drive<F: Future>(future: F, waker: &Waker) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
    }
}

async fn unordered<F: Future>(children: impl Iterator<Item = F>) -> usize {
    children.collect::<FuturesUnordered<F>>().count().await
}

/// The waker of each child that waits: told all together.
#[derive(Default)]
struct Line {
    wakers: RefCell<Vec<Waker>>,
    told: RefCell<Vec<bool>>,
}

impl Line {
    async fn wait(&self, number: u64) -> Told {
        std::future::poll_fn(|cx| {
            if self.told.borrow()[number as usize] {
                return Poll::Ready(Ok(number));
            }
            self.wakers.borrow_mut().push(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn of(children: u64) -> Self {
        let told = RefCell::new(vec![false; children as usize]);
        let wakers = RefCell::new(Vec::with_capacity(children as usize));
        Self { wakers, told }
    }

    /// Polls until all wait, tells them, and polls until all have ended.
    fn run<F: Future>(&self, future: F, waker: &Waker) -> F::Output {
        let mut future = pin!(future);
        let mut cx = Context::from_waker(waker);
        while self.wakers.borrow().len() < self.told.borrow().len() {
            assert!(future.as_mut().poll(&mut cx).is_pending());
        }
        self.told.borrow_mut().fill(true);
        let wakers = std::mem::take(&mut *self.wakers.borrow_mut());
        wakers.into_iter().for_each(Waker::wake);
        drive(future, waker)
    }
}

/// Per child: ten thousand of them, again and again.
fn per_child(mut run: impl FnMut(u64)) -> impl FnMut(u64) {
    move |times| {
        let mut left = times;
        while left > 0 {
            let children = left.min(CHILDREN);
            run(children);
            left -= children;
        }
    }
}

fn ready(waker: &Waker) {
    let many = |children| (0..children).map(|number| async move { Ok::<u64, ()>(black_box(number)) });
    Table::new("children that are ready, per child")
        .batch("FuturesUnordered", per_child(|n| _ = black_box(drive(unordered(many(n)), waker))))
        .batch("join_all", per_child(|n| drop(black_box(drive(join_all(many(n)), waker)))))
        .batch("gather", per_child(|n| drop(black_box(drive(gather(many(n)), waker)))))
        .batch("try_gather", per_child(|n| drop(black_box(drive(try_gather(many(n)), waker)))))
        .batch(
            "scope",
            per_child(|n| drive(scope(async |s| many(n).for_each(|child| drop(s.spawn(child)))), waker)),
        )
        .print();
}

fn giving_way(waker: &Waker) {
    let child = async |number| {
        yield_now().await;
        Ok::<u64, ()>(black_box(number))
    };
    let many = |children| (0..children).map(child);
    Table::new("children that give way once, per child")
        .batch("FuturesUnordered", per_child(|n| _ = black_box(drive(unordered(many(n)), waker))))
        .batch("join_all", per_child(|n| drop(black_box(drive(join_all(many(n)), waker)))))
        .batch("gather", per_child(|n| drop(black_box(drive(gather(many(n)), waker)))))
        .print();
}

fn waiting(waker: &Waker) {
    Table::new("children that wait and are told, per child")
        .batch(
            "FuturesUnordered",
            per_child(|n| {
                let line = Line::of(n);
                line.run(unordered((0..n).map(|number| line.wait(number))), waker);
            }),
        )
        .batch(
            "join_all",
            per_child(|n| {
                let line = Line::of(n);
                drop(black_box(line.run(join_all((0..n).map(|number| line.wait(number))), waker)));
            }),
        )
        .batch(
            "gather",
            per_child(|n| {
                let line = Line::of(n);
                drop(black_box(line.run(gather((0..n).map(|number| line.wait(number))), waker)));
            }),
        )
        .print();
}

/// One of so many gives way again and again.
async fn one_of<F: Future<Output = Told>>(never: impl Fn(u64) -> F, which: u64, number: u64) -> Told {
    if number == which {
        loop {
            yield_now().await;
        }
    }
    never(number).await
}

fn one_woken(waker: &Waker) {
    fn polls<'a, F: Future + 'a>(future: F, waker: &'a Waker) -> impl FnMut() + 'a {
        let mut future = Box::pin(future);
        move || assert!(future.as_mut().poll(&mut Context::from_waker(waker)).is_pending())
    }
    let child = |number| one_of(|_| pending::<Told>(), 70, number);
    Table::new("one woken of many that wait, per wake")
        .case("FuturesUnordered of 10,000", polls(unordered((0..10_000).map(child)), waker))
        .case("gather of 100", polls(gather((0..100).map(child)), waker))
        .case("gather of 10,000", polls(gather((0..10_000).map(child)), waker))
        .case("gather of 100,000", polls(gather((0..100_000).map(child)), waker))
        .print();
}

fn few(waker: &Waker) {
    let child = |number: u64| async move { Ok::<u64, ()>(black_box(number)) };
    Table::new("two and eight that are ready, per call")
        .case("join of two", || drive(join(child(1), child(2)), waker))
        .case("gather of a tuple of two", || drive(gather((child(1), child(2))), waker))
        .case("try_gather of a tuple of two", || drive(try_gather((child(1), child(2))), waker))
        .case("join_all of eight", || drive(join_all((0..8).map(child)), waker))
        .case("gather of eight", || drive(gather((0..8).map(child)), waker))
        .print();
}

fn main() {
    let waker = CountingWaker::new().waker();
    ready(&waker);
    giving_way(&waker);
    waiting(&waker);
    one_woken(&waker);
    few(&waker);
}
