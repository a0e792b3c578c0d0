//! Tasks inside one future: who is polled, how often, in which order, and what is left when the owner goes.
#![cfg(all(feature = "std", feature = "testing"))]

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::{Cell, RefCell};
use core::future::{pending, poll_fn, ready};
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use untether::rt::local::{Local, LocalSpawner, Spawner};
use untether::rt::threads::block_on;
use untether::spawn::{Spawn, SpawnErrorKind, SpawnExt, SpawnLocal, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether::time::Timer;
use untether_support::{Hooks, allocations};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Polls an owner until nothing happens any more; says whether its tasks are done.
fn settle(local: &mut Local) -> bool {
    let mut run = Probe::new(local.run());
    let mut seen = None;
    while seen != Some(run.wakes()) {
        seen = Some(run.wakes());
        if run.poll().is_ready() {
            return true;
        }
    }
    false
}

/// A task that waits to be woken by hand: its waker, and how often it was polled.
#[derive(Clone, Default)]
struct Sleeper {
    waker: Rc<RefCell<Option<Waker>>>,
    polls: Rc<Cell<usize>>,
    done: Rc<Cell<bool>>,
}

impl Sleeper {
    fn task(&self) -> impl Future<Output = ()> + use<> {
        let this = self.clone();
        poll_fn(move |cx| {
            this.polls.set(this.polls.get() + 1);
            if this.done.get() {
                return Poll::Ready(());
            }
            let mut waker = this.waker.borrow_mut();
            match &mut *waker {
                Some(waker) => waker.clone_from(cx.waker()),
                None => *waker = Some(cx.waker().clone()),
            }
            Poll::Pending
        })
    }

    fn wake(&self) {
        self.waker.borrow().as_ref().unwrap().wake_by_ref();
    }

    fn polls(&self) -> usize {
        self.polls.get()
    }
}

fn sleepers(spawner: &LocalSpawner, count: usize) -> Vec<Sleeper> {
    let all: Vec<Sleeper> = (0..count).map(|_| Sleeper::default()).collect();
    all.iter().for_each(|sleeper| spawner.spawn_local(sleeper.task()).unwrap());
    all
}

mod ending;
mod fairness;
mod hostile_wakers;
mod passing_the_waker;
mod running;
mod under_fresh_wakers;
mod waking;
