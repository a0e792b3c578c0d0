//! What an `Event` promises: who is told, by which verb, and what becomes of it when they do not see it.
#![cfg(all(feature = "std", feature = "testing"))]

mod as_its_twin;
mod cancelling;
mod notifying;
mod simulated;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use untether::sync::Event;
use untether::sync::event::Wait;
use untether::testing::Probe;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

type Waiter = Probe<Wait<Arc<Event>>>;

fn event() -> Arc<Event> {
    Arc::new(Event::new())
}

/// One who is in the line.
#[track_caller]
fn waiter(event: &Arc<Event>) -> Waiter {
    let mut waiter = Probe::new(Event::wait_owned(event.clone()));
    waiter.assert_pending();
    waiter
}

/// Whether it was woken and passes, or was not and does not.
#[track_caller]
fn was_told(waiter: &mut Waiter) -> bool {
    let (wakes, passes) = (waiter.wakes(), waiter.poll().is_ready());
    assert_eq!(wakes, usize::from(passes), "woken and let through are the same");
    passes
}
