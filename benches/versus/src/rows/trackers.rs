//! Counting what is in flight: coming and going, alone and from two threads, and waiting for nobody.

use super::lines::poll;
use super::{each, leaked, waker};
use crate::row::Row;
use std::future::ready;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use tokio_util::task::TaskTracker;
use untether::task::InFlight;

#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F) -> bool {
    poll(pin!(future), waker()).is_ready()
}

/// Both threads come and go so many times.
fn on_two_threads<R>(visit: impl Fn() -> R + Sync + 'static) -> impl FnMut(u64) + 'static {
    move |times| {
        let visits = || (0..times).for_each(|_| drop(black_box(visit())));
        thread::scope(|scope| {
            scope.spawn(visits);
            visits();
        });
    }
}

pub fn rows() -> Vec<Row> {
    let (ours, theirs) = (leaked(InFlight::new()), leaked(TaskTracker::new()));
    let shared = leaked(Arc::new(InFlight::new()));
    let (idle, closed) = (leaked(InFlight::new()), leaked(TaskTracker::new()));
    closed.close();
    vec![
        Row::new("tracker: enter and leave", "entry")
            .peer("tokio-util", each(|| theirs.token()))
            .ours("InFlight", each(|| ours.enter()))
            .ours("InFlight in an Arc", each(|| InFlight::enter_owned(shared.clone())))
            .owes(1.0),
        Row::new("tracker: enter and leave, 2 threads", "entry")
            .threads(2)
            .peer("tokio-util", on_two_threads(|| theirs.token()))
            .ours("InFlight", on_two_threads(|| ours.enter()))
            .ours("InFlight in an Arc", on_two_threads(|| InFlight::enter_owned(shared.clone())))
            .owes(1.0),
        Row::new("tracker: a ready future", "future")
            .peer("tokio-util", each(|| poll_once(theirs.track_future(ready(7)))))
            .ours("InFlight", each(|| ours.track(ready(7)).map(poll_once)))
            .ours(
                "InFlight in an Arc",
                each(|| InFlight::track_owned(shared.clone(), ready(7)).map(poll_once)),
            )
            .owes(1.0),
        Row::new("tracker: wait for nobody", "wait")
            .peer("tokio-util, closed", each(|| poll_once(closed.wait())))
            .ours("InFlight", each(|| poll_once(idle.wait_idle())))
            .owes(1.0),
    ]
}
