//! Map: the same done with each of many items, so many at a time, in one task.
#![cfg(all(feature = "std", feature = "testing"))]

mod allocating;
mod as_its_twin;
mod dropping;
mod giving_way;
mod panicking;
mod pulling;
mod simulated;
mod telling;
mod verbs;
mod waking;

use futures_core::{FusedStream, Stream};
use std::cell::{Cell, RefCell};
use std::future::{Ready, pending, poll_fn, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::spawn::yield_now;
use untether::task::map::Tally;
use untether::task::{Failure, Outcome, map, map_stream};
use untether::testing::{CountingWaker, ManualClock, Probe};
use untether::time::{Clock, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Polls a stream with a waker that does nothing.
fn next<S: Stream>(stream: Pin<&mut S>) -> Poll<Option<S::Item>> {
    stream.poll_next(&mut Context::from_waker(Waker::noop()))
}

/// All that a stream gives, polled again where it gives way.
fn all<S: Stream>(stream: S) -> Vec<S::Item> {
    let (mut stream, mut given) = (Box::pin(stream), Vec::new());
    for _ in 0..100_000 {
        match next(stream.as_mut()) {
            Poll::Ready(Some(item)) => given.push(item),
            Poll::Ready(None) => return given,
            Poll::Pending => {}
        }
    }
    panic!("it never ends");
}

/// Polls a future until it is ready, which it comes to be by waking itself.
#[track_caller]
fn drive<F: Future>(future: F) -> F::Output {
    let mut probe = Probe::new(future);
    for polls in 1..1_000_000 {
        match probe.poll() {
            Poll::Ready(output) => return output,
            Poll::Pending => assert!(probe.wakes() >= polls, "it is pending and has not woken itself"),
        }
    }
    panic!("it never ends");
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

/// Places that are let go by hand, and can be woken without: each with the waker of its last poll.
#[derive(Clone, Default)]
struct Gates(Rc<RefCell<Vec<Gate>>>);

#[derive(Default)]
struct Gate {
    is_open: bool,
    polls: usize,
    waker: Option<Waker>,
}

impl Gates {
    /// Waits for the gate of that number.
    fn wait(&self, number: usize) -> impl Future<Output = Result<usize, usize>> + use<> {
        let gates = self.0.clone();
        poll_fn(move |cx| {
            let mut gates = gates.borrow_mut();
            if gates.len() <= number {
                gates.resize_with(number + 1, Gate::default);
            }
            let gate = &mut gates[number];
            gate.polls += 1;
            gate.waker = Some(cx.waker().clone());
            if gate.is_open { Poll::Ready(Ok(number)) } else { Poll::Pending }
        })
    }

    fn open(&self, number: usize) {
        self.0.borrow_mut()[number].is_open = true;
        self.waker(number).wake();
    }

    fn waker(&self, number: usize) -> Waker {
        self.0.borrow()[number].waker.clone().expect("it was polled")
    }

    fn polls(&self) -> Vec<usize> {
        self.0.borrow().iter().map(|gate| gate.polls).collect()
    }
}
