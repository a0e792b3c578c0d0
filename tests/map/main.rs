//! Map: the same done with each of many items, so many at a time, in one task.
#![cfg(all(feature = "std", feature = "testing"))]

mod verbs;

use futures_core::{FusedStream, Stream};
use std::cell::Cell;
use std::future::{pending, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::task::{Failure, Outcome, map};
use untether::testing::{ManualClock, Probe};
use untether::time::{Clock, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// A stream as a future of its next item.
fn next<S: Stream>(stream: Pin<&mut S>) -> Poll<Option<S::Item>> {
    stream.poll_next(&mut Context::from_waker(Waker::noop()))
}

/// All that a stream gives without being pending.
fn all<S: Stream>(stream: S) -> Vec<S::Item> {
    let mut stream = Box::pin(stream);
    std::iter::from_fn(|| match next(stream.as_mut()) {
        Poll::Ready(item) => item,
        Poll::Pending => panic!("the stream is pending"),
    })
    .collect()
}

/// Those that are there at the same time, and how many there were at most.
#[derive(Clone, Default)]
struct Crowd(Rc<(Cell<usize>, Cell<usize>)>);

impl Crowd {
    fn enter(&self) -> InCrowd {
        let (now, most) = &*self.0;
        now.set(now.get() + 1);
        most.set(most.get().max(now.get()));
        InCrowd(self.clone())
    }

    fn now(&self) -> usize {
        self.0.0.get()
    }

    fn most(&self) -> usize {
        self.0.1.get()
    }
}

struct InCrowd(Crowd);

impl Drop for InCrowd {
    fn drop(&mut self) {
        let now = &self.0.0.0;
        now.set(now.get() - 1);
    }
}

/// Moves the clock from event to event until it is ready: the output, and how many seconds it took.
fn run<F: Future>(clock: &ManualClock, future: F) -> (F::Output, u64) {
    let (start, mut probe) = (clock.now(), Probe::new(future));
    for _ in 0..10_000 {
        if let Poll::Ready(output) = probe.poll() {
            return (output, clock.now().saturating_duration_since(start).as_secs());
        }
        clock.advance_to_next();
    }
    panic!("it never ends");
}
