//! Events that let one through. Shown and no bar is who calls wakers under a lock, which saves setting them aside, and deadlocks where
//! a waker comes back.

use crate::row::Kind;
use std::sync::atomic::{AtomicBool, Ordering};

/// What all of them can do.
pub trait Event: 'static {
    const NAME: &'static str;
    const KIND: Kind = Kind::Peer;

    fn new() -> Self;
    fn wait(&'static self) -> impl Future;
    fn notify_one(&self);
}

impl Event for untether::sync::Event {
    const NAME: &'static str = "Event";
    const KIND: Kind = Kind::Ours;

    fn new() -> Self {
        Self::new()
    }

    fn wait(&'static self) -> impl Future {
        self.wait()
    }

    fn notify_one(&self) {
        self.notify_one();
    }
}

impl Event for asyncband::event::AutoResetEvent {
    const NAME: &'static str = "asyncband's AutoResetEvent";

    fn new() -> Self {
        Self::new()
    }

    fn wait(&'static self) -> impl Future {
        self.wait()
    }

    fn notify_one(&self) {
        self.set();
    }
}

impl Event for tokio::sync::Notify {
    const NAME: &'static str = "tokio's Notify";

    fn new() -> Self {
        Self::new()
    }

    fn wait(&'static self) -> impl Future {
        self.notified()
    }

    fn notify_one(&self) {
        self.notify_one();
    }
}

/// It keeps no notification: whoever is woken looks whether what they waited for is so.
pub struct AsyncEvent {
    event: async_event::Event,
    told: AtomicBool,
}

impl Event for AsyncEvent {
    const NAME: &'static str = "async-event + flag (wakes under its lock)";
    const KIND: Kind = Kind::Shown;

    fn new() -> Self {
        Self { event: async_event::Event::new(), told: AtomicBool::new(false) }
    }

    fn wait(&'static self) -> impl Future {
        let told = || self.told.load(Ordering::Relaxed) && self.told.swap(false, Ordering::Acquire);
        self.event.wait_until(move || told().then_some(()))
    }

    fn notify_one(&self) {
        self.told.store(true, Ordering::Release);
        self.event.notify_one();
    }
}

impl Event for event_listener::Event {
    const NAME: &'static str = "event-listener (wakes under its lock)";
    const KIND: Kind = Kind::Shown;

    fn new() -> Self {
        Self::new()
    }

    fn wait(&'static self) -> impl Future {
        self.listen()
    }

    fn notify_one(&self) {
        self.notify(1);
    }
}

impl Event for maitake_sync::WaitQueue {
    const NAME: &'static str = "maitake-sync (a spin lock)";
    const KIND: Kind = Kind::Shown;

    fn new() -> Self {
        Self::new()
    }

    fn wait(&'static self) -> impl Future {
        self.wait()
    }

    fn notify_one(&self) {
        self.wake();
    }
}
