//! Cancellation tokens: asked, waited for, handed on, and whole families of them.

use super::{each, leaked, waker};
use crate::row::Row;
use std::pin::pin;
use std::task::Context;
use std::thread;
use tokio_util::sync::CancellationToken;
use untether::sync::CancelToken;

const CHILDREN: u64 = 100_000;

#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F) -> bool {
    pin!(future).poll(&mut Context::from_waker(waker())).is_ready()
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

fn family<T: 'static>(
    make: impl Fn() -> T + 'static,
    child: fn(&T) -> T,
    cancel: fn(&T),
) -> impl FnMut(u64) + 'static {
    move |times| {
        for _ in 0..times {
            let parent = make();
            let children: Vec<T> = (0..CHILDREN).map(|_| child(&parent)).collect();
            cancel(&parent);
            drop(children);
        }
    }
}

pub fn rows() -> Vec<Row> {
    let (ours, theirs) = (leaked(CancelToken::new()), leaked(CancellationToken::new()));
    let (_, guard) = leaked(asyncband::shutdown::new());
    let watch = leaked(guard.watch());
    vec![
        Row::new("token: is_cancelled", "call")
            .peer("asyncband's watch", each(|| watch.is_shutdown_requested()))
            .peer("tokio-util", each(|| theirs.is_cancelled()))
            .ours("CancelToken", each(|| ours.is_cancelled()))
            .owes(1.5),
        Row::new("token: is_cancelled, 2 threads", "call")
            .threads(2)
            .peer("asyncband's watch", on_two_threads(|| watch.is_shutdown_requested()))
            .peer("tokio-util", on_two_threads(|| theirs.is_cancelled()))
            .ours("CancelToken", on_two_threads(|| ours.is_cancelled()))
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
            .owes(1.1),
        Row::new("token: child and drop", "child")
            .peer("tokio-util", each(|| theirs.child_token()))
            .ours("CancelToken", each(|| ours.child()))
            .owes(0.7),
        Row::new("token: 100,000 children made, cancelled and dropped", "child")
            .count(CHILDREN)
            .peer(
                "tokio-util",
                family(CancellationToken::new, CancellationToken::child_token, CancellationToken::cancel),
            )
            .ours(
                "CancelToken",
                family(CancelToken::new, CancelToken::child, |token| assert!(token.cancel())),
            )
            .owes(1.0),
    ]
}
