//! A queue with keys: those who receive, those who send, and those who wait for its end.

use super::*;
use untether::queue::KeyedQueue;
use untether::queue::keyed::{Recv, Send, Until};

type Numbers = KeyedQueue<u32, u32>;

/// For as long as the process runs, as the futures are that borrow it.
fn leaked(queue: Numbers) -> &'static Numbers {
    Box::leak(Box::new(queue))
}

/// Uses all that leaves everything as it is.
fn look_at(queue: &'static Numbers) {
    let _ = (queue.len(), queue.keys(), queue.len_of(&9), format!("{queue:?}"), queue.try_recv().is_ok());
    use_up(queue.recv());
    use_up(queue.closed());
    use_up(queue.idle());
    assert_eq!(queue.remove(&9), []);
}

fn is_left_by_all(queue: &Numbers) -> bool {
    let stats = queue.stats();
    stats.receivers_waiting == 0 && stats.senders_waiting == 0 && stats.granted == 0
}

/// Receives what is sent.
pub(crate) struct OfKeyedRecv(&'static Numbers);

impl Scene for OfKeyedRecv {
    type Wait = Recv<&'static Numbers>;

    const NAME: &'static str = "KeyedQueue, recv";

    const ALL: bool = false;

    fn new() -> Self {
        Self(leaked(Numbers::unbounded()))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.0.recv()
    }

    fn tell(&self) {
        // Of a key of its own, so that one more can be received.
        self.0.try_send(self.0.stats().keys as u32, 1).unwrap();
    }

    fn touch(self: &Arc<Self>) {
        look_at(self.0);
        self.0.try_send(1, 1).unwrap();
        let _ = self.0.try_upsert(1, 1, |old, new| *old += new).unwrap();
        assert!(!self.0.remove(&1).is_empty());
    }

    fn is_left_by_all(&self) -> bool {
        is_left_by_all(self.0)
    }
}

/// Receives the next of a key when the one in flight is done.
pub(crate) struct OfKeyInFlight(
    &'static Numbers,
    Mutex<Option<untether::queue::keyed::InFlight<&'static Numbers>>>,
);

impl Scene for OfKeyInFlight {
    type Wait = Recv<&'static Numbers>;

    const NAME: &'static str = "KeyedQueue, one in flight";

    const ALL: bool = false;

    fn new() -> Self {
        let queue = leaked(Numbers::unbounded());
        (0..1_000).for_each(|n| queue.try_send(1, n).unwrap());
        let first = queue.try_recv().unwrap();
        Self(queue, Mutex::new(Some(first)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.0.recv()
    }

    fn tell(&self) {
        let first = self.1.lock().unwrap().take();
        drop(first);
    }

    fn touch(self: &Arc<Self>) {
        look_at(self.0);
        assert!(self.0.len_of(&1) > 0);
    }

    fn is_left_by_all(&self) -> bool {
        is_left_by_all(self.0)
    }
}

/// Sends when there is room.
pub(crate) struct OfKeyedSend(&'static Numbers);

impl Scene for OfKeyedSend {
    type Wait = Send<&'static Numbers>;

    const NAME: &'static str = "KeyedQueue, send";

    const ALL: bool = false;

    fn new() -> Self {
        let queue = leaked(Numbers::bounded(1));
        queue.try_send(1, 1).unwrap();
        Self(queue)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.0.send(1, 1)
    }

    fn tell(&self) {
        drop(self.0.try_recv());
    }

    fn touch(self: &Arc<Self>) {
        look_at(self.0);
        use_up(self.0.send(2, 2));
        use_up(self.0.upsert(1, 1, |old, new| *old += new));
    }

    fn is_left_by_all(&self) -> bool {
        is_left_by_all(self.0)
    }
}

/// Waits until all is done.
pub(crate) struct OfKeyedIdle(&'static Numbers);

impl Scene for OfKeyedIdle {
    type Wait = Until<&'static Numbers>;

    const NAME: &'static str = "KeyedQueue, idle";

    const DROP_PANIC_GOES_ON: bool = false;

    fn new() -> Self {
        let queue = leaked(Numbers::unbounded());
        queue.try_send(1, 1).unwrap();
        Self(queue)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.0.idle()
    }

    fn tell(&self) {
        drop(self.0.try_recv());
    }

    fn touch(self: &Arc<Self>) {
        let _ = (self.0.len(), self.0.keys(), format!("{:?}", self.0));
        use_up(self.0.empty());
        use_up(self.0.idle());
        drop(self.0.try_recv());
    }
}
