//! Cancellation tokens: asked, waited for, handed on, and whole families of them.

use super::lines::{self, poll};
use super::{each, leaked, waker};
use crate::row::{Kind, Row};
use std::pin::pin;
use std::thread;
use tokio_util::sync::CancellationToken;
use untether::sync::{CancelFlag, CancelToken};
use untether_support::stopwatch::{Lap, Watch};

/// The members of a family, its head not counted.
const CHILDREN: u64 = 100_000;
/// The same as a tree: ten children each, five generations.
const TREE: u64 = 10 + 100 + 1_000 + 10_000 + 100_000;

#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F) -> bool {
    poll(pin!(future), waker()).is_ready()
}

/// Both threads ask so many times.
fn on_two_threads(ask: impl Fn() -> bool + Sync + 'static) -> impl FnMut(u64) + 'static {
    move |times| {
        let asks = || (0..times).for_each(|_| assert!(!std::hint::black_box(ask())));
        thread::scope(|scope| {
            scope.spawn(asks);
            asks();
        });
    }
}

/// How a family is made and ended.
struct Family<T> {
    head: fn() -> T,
    child: fn(&T) -> T,
    cancel: fn(&T),
}

const OURS: Family<CancelToken> =
    Family { head: CancelToken::new, child: CancelToken::child, cancel: |token| assert!(token.cancel()) };

const THEIRS: Family<CancellationToken> = Family {
    head: CancellationToken::new,
    child: CancellationToken::child_token,
    cancel: CancellationToken::cancel,
};

impl<T> Family<T> {
    fn children(&self, of: &T) -> Vec<T> {
        (0..CHILDREN).map(|_| (self.child)(of)).collect()
    }

    fn tree(&self, of: &T) -> Vec<T> {
        let mut family: Vec<T> = (0..10).map(|_| (self.child)(of)).collect();
        for parent in 0..TREE as usize / 10 - 1 {
            family.extend((0..10).map(|_| (self.child)(&family[parent])).collect::<Vec<_>>());
        }
        family
    }
}

/// Only to cancel it counts.
fn cancel<T: 'static>(family: Family<T>, members: u64, make: fn(&Family<T>, &T) -> Vec<T>) -> Watch<'static> {
    Watch::of_parts(members, move |times, lap: &mut Lap| {
        for _ in 0..times {
            let head = (family.head)();
            let all = make(&family, &head);
            lap.count(|| (family.cancel)(&head));
            drop(all);
        }
    })
}

/// To make it and to drop it counts as well.
fn life<T: 'static>(family: Family<T>) -> Watch<'static> {
    Watch::new(CHILDREN, move |times| {
        for _ in 0..times {
            let head = (family.head)();
            let all = family.children(&head);
            (family.cancel)(&head);
            drop(all);
        }
    })
}

fn families() -> [Row; 3] {
    let row = |name: &str| Row::new(format!("token: {name}"), "child").owes(1.0);
    [
        row("cancel of 100,000 children")
            .watch("tokio-util", Kind::Peer, cancel(THEIRS, CHILDREN, Family::children))
            .watch("CancelToken", Kind::Ours, cancel(OURS, CHILDREN, Family::children)),
        row("cancel of a tree of 111,110, ten children each")
            .watch("tokio-util", Kind::Peer, cancel(THEIRS, TREE, Family::tree))
            .watch("CancelToken", Kind::Ours, cancel(OURS, TREE, Family::tree)),
        row("100,000 children made, cancelled and dropped")
            .watch("tokio-util", Kind::Peer, life(THEIRS))
            .watch("CancelToken", Kind::Ours, life(OURS)),
    ]
}

/// No peer's figure is owed here: what counts is that the length of the line does not.
fn among(length: usize) -> Row {
    let (ours, flag) = (leaked(CancelToken::new()), leaked(CancelFlag::new()));
    let (theirs, (_, guard)) = (leaked(CancellationToken::new()), leaked(asyncband::shutdown::new()));
    let watch = leaked(guard.watch());
    let wait = "token: queue in cancelled() and leave, among";
    Row::new(format!("{wait} {length}"), "wait")
        .watch(
            "asyncband's watch",
            Kind::Peer,
            lines::queue_and_cancel(length, || watch.shutdown_requested()),
        )
        .watch("tokio-util", Kind::Peer, lines::queue_and_cancel(length, || theirs.cancelled()))
        .watch("CancelToken", Kind::Ours, lines::queue_and_cancel(length, || ours.cancelled()))
        .watch("CancelFlag", Kind::Ours, lines::queue_and_cancel(length, || flag.cancelled()))
}

pub fn rows() -> Vec<Row> {
    let (ours, theirs) = (leaked(CancelToken::new()), leaked(CancellationToken::new()));
    let (_, guard) = leaked(asyncband::shutdown::new());
    let watch = leaked(guard.watch());
    let flag = leaked(CancelFlag::new());
    let mut rows = vec![
        Row::new("token: is_cancelled", "call")
            .peer("asyncband's watch", each(|| watch.is_shutdown_requested()))
            .peer("tokio-util", each(|| theirs.is_cancelled()))
            .ours("CancelToken", each(|| ours.is_cancelled()))
            .ours("CancelFlag", each(|| flag.is_cancelled()))
            .owes(1.5),
        Row::new("token: is_cancelled, 2 threads", "call")
            .threads(2)
            .peer("asyncband's watch", on_two_threads(|| watch.is_shutdown_requested()))
            .peer("tokio-util", on_two_threads(|| theirs.is_cancelled()))
            .ours("CancelToken", on_two_threads(|| ours.is_cancelled()))
            .ours("CancelFlag", on_two_threads(|| flag.is_cancelled()))
            .owes(1.5),
        Row::new("token: clone and drop", "token")
            .peer("asyncband's watch", each(|| watch.clone()))
            .peer("tokio-util", each(|| theirs.clone()))
            .ours("CancelToken", each(|| ours.clone()))
            .owes(1.0),
        Row::new("token: cancelled() polled and dropped", "wait")
            .peer("asyncband's watch", each(|| poll_once(watch.shutdown_requested())))
            .peer("tokio-util", each(|| poll_once(theirs.cancelled())))
            .ours("CancelToken", each(|| poll_once(ours.cancelled())))
            .ours("CancelFlag", each(|| poll_once(flag.cancelled())))
            .owes(1.1),
        Row::new("token: child and drop", "child")
            .peer("tokio-util", each(|| theirs.child_token()))
            .ours("CancelToken", each(|| ours.child()))
            .owes(0.7),
    ];
    rows.extend(families());
    rows.extend(lines::LENGTHS.map(among));
    rows
}
