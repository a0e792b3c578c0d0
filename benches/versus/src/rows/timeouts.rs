//! Timeouts: around what is ready, around what is pending once, and very many of them; polled by hand and inside of a task.
//!
//! Rows compare on one timer. Our threads stand beside async-io, whose timer needs no runtime either.

use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Kind, Row, Run};
use smol_timeout::TimeoutExt as _;
use std::future::poll_fn;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::rt::smol::Smol;
use untether::rt::threads::Threads;
use untether::rt::tokio::{Tokio, TokioOn};
use untether::testing::CountingWaker;
use untether::time::timeout;

const MINUTE: Duration = Duration::from_secs(60);

/// What the timeouts are around.
#[derive(Clone, Copy)]
enum Work {
    Ready,
    /// Wakes itself.
    PendingOnce,
    Never,
}

impl Future for Work {
    type Output = u32;

    #[inline(always)] // as a future of one's own would be
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        match *self {
            Self::Ready => return Poll::Ready(1),
            Self::PendingOnce => {
                *self = Self::Ready;
                cx.waker().wake_by_ref();
            }
            Self::Never => {}
        }
        Poll::Pending
    }
}

/// What is done to them.
#[derive(Clone, Copy)]
enum Load {
    Ready,
    PendingOnce,
    AtOnce(usize),
}

impl Load {
    const ALL: [Self; 4] = [Self::Ready, Self::PendingOnce, Self::AtOnce(1_000), Self::AtOnce(100_000)];

    fn row(self, place: &str) -> Row {
        let title = match self {
            Self::Ready => "around a ready future",
            Self::PendingOnce => "around a future pending once",
            Self::AtOnce(1_000) => "1,000 at once",
            Self::AtOnce(_) => "100,000 at once",
        };
        let row = Row::new(format!("timeout: {title}, {place}"), "timeout");
        match self {
            Self::Ready => row.owes(0.05),
            Self::PendingOnce => row.owes(1.0),
            Self::AtOnce(count) => row.count(count as u64).owes(1.0),
        }
    }
}

/// Boxes that stay, so that the allocator's luck with one size or another is not measured.
struct Boxes<F>(Arc<Mutex<Vec<Slot<F>>>>);

type Slot<F> = Pin<Box<Option<F>>>;

impl<F: Future> Boxes<F> {
    fn of(load: Load) -> Self {
        let count = if let Load::AtOnce(count) = load { count } else { 0 };
        Self(Arc::new(Mutex::new((0..count).map(|_| Box::pin(None)).collect())))
    }

    /// Fills all, polls each once, sees it pending, and empties all.
    fn at_once(&self, cx: &mut Context<'_>, make: impl Fn(Work) -> F) {
        let mut boxes = self.0.lock().expect("nobody panics");
        boxes.iter_mut().for_each(|place| place.set(Some(make(Work::Never))));
        for place in &mut *boxes {
            let future = place.as_mut().as_pin_mut().expect("filled in the line above");
            assert!(future.poll(cx).is_pending());
        }
        boxes.iter_mut().for_each(|place| place.set(None));
    }
}

impl<F> Clone for Boxes<F> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Polled by hand, with tokio's context around.
fn by_hand<F: Future + 'static>(runtime: OnTokio, load: Load, make: impl Fn(Work) -> F + 'static) -> Run {
    let (waker, boxes) = (CountingWaker::new().waker(), Boxes::of(load));
    Box::new(move |times| {
        let _context = runtime.0.enter();
        for _ in 0..times {
            match load {
                Load::Ready => assert!(poll_once(make(Work::Ready), &waker)),
                Load::PendingOnce => assert!(!poll_once(make(Work::Never), &waker)),
                Load::AtOnce(_) => boxes.at_once(&mut Context::from_waker(&waker), &make),
            }
        }
    })
}

#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> bool {
    pin!(future).poll(&mut Context::from_waker(waker)).is_ready()
}

fn in_task<F, P>(place: &P, load: Load, make: impl Fn(Work) -> F + Send + Sync + Copy + 'static) -> Run
where
    F: Future + Send + 'static,
    P: Place,
{
    let (place, boxes) = (place.clone(), Boxes::of(load));
    Box::new(move |times| {
        let boxes = boxes.clone();
        place.run(async move {
            for _ in 0..times {
                match load {
                    Load::Ready => drop(black_box(make(Work::Ready).await)),
                    Load::PendingOnce => drop(black_box(make(Work::PendingOnce).await)),
                    Load::AtOnce(_) => {
                        poll_fn(|cx| {
                            boxes.at_once(cx, make);
                            Poll::Ready(())
                        })
                        .await;
                    }
                }
            }
        });
    })
}

/// Adds a case, with the size of its future.
macro_rules! case {
    ($row:ident, $kind:ident, $name:literal, $run:ident($place:expr, $load:expr), $make:expr) => {
        let make = $make;
        let size = size_of_val(&make(Work::Never));
        $row = $row.case($name, Kind::$kind, Some(size), $run($place, $load, make));
    };
}

/// The race that a program without any crate for it writes.
fn race(work: Work) -> impl Future<Output = Option<u32>> + Send {
    let limit = async {
        async_io::Timer::after(MINUTE).await;
        None
    };
    futures_lite::future::or(async move { Some(work.await) }, limit)
}

/// It polls the work first and makes the timer when it comes to it: around what is ready there is no less, and no more.
const fn race_is(load: Load) -> Kind {
    if matches!(load, Load::Ready) { Kind::Floor } else { Kind::Peer }
}

fn tokio_by_hand(load: Load, runtime: OnTokio) -> Row {
    let on: &TokioOn = Box::leak(Box::new(TokioOn(runtime.0.handle().clone())));
    let mut row = load.row("tokio's timer");
    case!(row, Peer, "tokio::time::timeout", by_hand(runtime, load), |work| tokio::time::timeout(
        MINUTE, work
    ));
    case!(row, Ours, "timeout, Tokio", by_hand(runtime, load), |work| timeout(MINUTE, work, Tokio));
    case!(row, Ours, "timeout, &TokioOn", by_hand(runtime, load), move |work| timeout(MINUTE, work, on));
    row
}

fn async_io_by_hand(load: Load, runtime: OnTokio, threads: &'static Threads) -> Row {
    let mut row = load.row("async-io's timer");
    case!(row, Peer, "smol-timeout", by_hand(runtime, load), |work: Work| work.timeout(MINUTE));
    let size = size_of_val(&race(Work::Never));
    row = row.case("async-io + or", race_is(load), Some(size), by_hand(runtime, load, race));
    case!(row, Ours, "timeout, Smol", by_hand(runtime, load), |work| timeout(MINUTE, work, Smol));
    case!(row, Ours, "timeout, &Threads", by_hand(runtime, load), move |work| timeout(MINUTE, work, threads));
    row
}

fn in_tokios_task(load: Load, place: OnTokio) -> Row {
    let mut row = load.row("in a task of tokio");
    case!(row, Peer, "tokio::time::timeout", in_task(&place, load), |work| tokio::time::timeout(
        MINUTE, work
    ));
    case!(row, Ours, "timeout, Tokio", in_task(&place, load), |work| timeout(MINUTE, work, Tokio));
    bare(row, load, &place)
}

fn in_smols_task(load: Load, place: &OnSmol, threads: &'static Threads) -> Row {
    let mut row = load.row("in a task of smol");
    case!(row, Peer, "smol-timeout", in_task(place, load), |work: Work| work.timeout(MINUTE));
    let size = size_of_val(&race(Work::Never));
    row = row.case("async-io + or", race_is(load), Some(size), in_task(place, load, race));
    case!(row, Ours, "timeout, Smol", in_task(place, load), |work| timeout(MINUTE, work, Smol));
    case!(row, Ours, "timeout, &Threads", in_task(place, load), move |work| timeout(MINUTE, work, threads));
    bare(row, load, place)
}

/// The same without a timeout, where there is such a thing.
fn bare(row: Row, load: Load, place: &impl Place) -> Row {
    match load {
        Load::Ready | Load::PendingOnce => {
            row.case("no timeout", Kind::Floor, None, in_task(place, load, |work| work))
        }
        Load::AtOnce(_) => row,
    }
}

pub fn rows() -> Vec<Row> {
    let (on_tokio, on_smol) = (OnTokio::this_thread(), OnSmol::this_thread());
    let threads: &'static Threads = Box::leak(Box::new(Threads::new().expect("a thread")));
    let _context = on_tokio.0.enter(); // tokio's timeouts cannot be made without, not even to see their size
    let of = |load| {
        [
            tokio_by_hand(load, on_tokio),
            async_io_by_hand(load, on_tokio, threads),
            in_tokios_task(load, on_tokio),
            in_smols_task(load, &on_smol, threads),
        ]
    };
    Load::ALL.into_iter().flat_map(of).collect()
}
