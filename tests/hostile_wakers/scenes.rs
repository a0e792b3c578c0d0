//! The primitives.

pub(super) use super::delays::{OfDelayClosed, OfDelayed};

use super::*;
use untether::sync::{Barrier, Event, Latch, barrier, event, latch, oneshot, watch};

pub(super) fn use_up<F: Future + Unpin>(mut future: F) {
    let _ = poll(&mut future, Waker::noop());
}

fn touch_event(event: &Arc<Event>) {
    use_up(event.wait());
    let mut waits = [event.wait(), event.wait()];
    waits.iter_mut().for_each(|wait| _ = poll(wait, Waker::noop()));
    event.notify_one();
    let _ = event.pulse_one();
    drop(waits);
    event.notify_all();
    event.set();
    event.clear();
    let _ = (event.try_wait(), event.is_set(), event.waiting());
}

macro_rules! of_event {
    ($name:ident, $tell:expr, $many:literal) => {
        pub(super) struct $name(Arc<Event>);

        impl Scene for $name {
            type Wait = event::Wait<Arc<Event>>;

            fn new() -> Self {
                Self(Arc::default())
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                Event::wait_owned(self.0.clone())
            }

            fn tell(&self) {
                let tell: fn(&Event) = $tell;
                tell(&self.0);
            }

            fn touch(self: &Arc<Self>) {
                touch_event(&self.0);
            }

            const MANY: bool = $many;
        }
    };
}

of_event!(OfEvent, Event::notify_all, true);
of_event!(OfSetEvent, Event::set, true);
of_event!(OfNotifyOne, Event::notify_one, false);

pub(super) struct OfLatch(Arc<Latch>);

impl Scene for OfLatch {
    type Wait = latch::Wait<Arc<Latch>>;

    fn new() -> Self {
        Self(Arc::new(Latch::new(1_000)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Latch::wait_owned(self.0.clone())
    }

    fn tell(&self) {
        self.0.count_down(1_000);
    }

    fn touch(self: &Arc<Self>) {
        use_up(self.0.wait());
        self.0.count_down(1);
        let _ = (self.0.try_wait(), format!("{:?}", self.0));
    }
}

/// A barrier that is never full but for the one who tells: it arrives as many times as it takes.
pub(super) struct OfBarrier(Arc<Barrier>);

impl Scene for OfBarrier {
    type Wait = barrier::Wait<Arc<Barrier>>;

    fn new() -> Self {
        Self(Arc::new(Barrier::new(100)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Barrier::wait_owned(self.0.clone())
    }

    fn tell(&self) {
        let missing = self.0.parties() - self.0.waiting();
        let mut rest: Vec<_> = (0..missing).map(|_| self.0.wait()).collect();
        rest.iter_mut().for_each(|wait| _ = poll(wait, Waker::noop()));
    }

    fn touch(self: &Arc<Self>) {
        use_up(self.0.wait());
        let _ = (self.0.waiting(), self.0.parties(), format!("{:?}", self.0));
    }
}

pub(super) struct OfReceiver(Mutex<Option<oneshot::Sender<u8>>>);

impl Scene for OfReceiver {
    type Wait = oneshot::Receiver<u8>;

    fn new() -> Self {
        Self(Mutex::default())
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        let (sender, receiver) = oneshot();
        let old = self.0.lock().unwrap().replace(sender);
        drop(old);
        receiver
    }

    fn tell(&self) {
        let sender = self.0.lock().unwrap().take().unwrap();
        sender.send(1).unwrap();
    }

    fn touch(self: &Arc<Self>) {
        if let Some(sender) = &mut *self.0.lock().unwrap() {
            let _ = sender.is_closed();
            use_up(sender.closed());
        }
    }

    const MANY: bool = false;
}

/// The other way round: the waker of the sender's side.
pub(super) struct OfClosed(Mutex<Option<oneshot::Receiver<u8>>>);

impl Scene for OfClosed {
    type Wait = oneshot::Closed<'static, u8>;

    fn new() -> Self {
        Self(Mutex::default())
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        let (sender, receiver) = oneshot();
        let old = self.0.lock().unwrap().replace(receiver);
        drop(old);
        Box::leak(Box::new(sender)).closed()
    }

    fn tell(&self) {
        let receiver = self.0.lock().unwrap().take();
        drop(receiver);
    }

    fn touch(self: &Arc<Self>) {
        if let Some(receiver) = &mut *self.0.lock().unwrap() {
            assert!(receiver.try_recv().is_err());
            use_up(receiver);
        }
    }

    const MANY: bool = false;
}

/// A watch, and a receiver that owns its wait.
pub(super) struct OfChanged(watch::Sender<u64>);

/// Waits with the futures of a receiver of its own, which are named by the receiver that they borrow.
pub(super) struct Owning<F: Future + 'static>(F);

impl<F: Future + Unpin> Future for Owning<F> {
    type Output = F::Output;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        std::pin::Pin::new(&mut self.0).poll(cx)
    }
}

/// A receiver for as long as the test runs.
fn leaked(sender: &watch::Sender<u64>) -> &'static mut watch::Receiver<u64> {
    Box::leak(Box::new(sender.subscribe()))
}

fn touch_watch(sender: &watch::Sender<u64>) {
    let mut receiver = sender.subscribe();
    use_up(receiver.changed());
    use_up(receiver.wait_for(|value| *value == u64::MAX));
    sender.send_modify(|value| *value += 1);
    let _ = (sender.get(), receiver.get_and_update(), receiver.has_changed(), sender.clone().sender_count());
    use_up(sender.closed());
}

impl Scene for OfChanged {
    type Wait = Owning<watch::Changed<'static, u64>>;

    fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Owning(leaked(&self.0).changed())
    }

    fn tell(&self) {
        self.0.send_modify(|value| *value += 1);
    }

    fn touch(self: &Arc<Self>) {
        touch_watch(&self.0);
    }
}

pub(super) struct OfWaitFor(watch::Sender<u64>);

impl Scene for OfWaitFor {
    type Wait = Owning<watch::WaitFor<'static, u64, fn(&u64) -> bool>>;

    fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Owning(leaked(&self.0).wait_for(|value| *value >= 1_000))
    }

    fn tell(&self) {
        self.0.send_modify(|value| *value += 1_000);
    }

    fn touch(self: &Arc<Self>) {
        touch_watch(&self.0);
    }
}

pub(super) struct OfWatchClosed(&'static watch::Sender<u64>, Mutex<Option<watch::Receiver<u64>>>);

impl Scene for OfWatchClosed {
    type Wait = watch::Closed<'static, u64>;

    fn new() -> Self {
        let sender: &'static _ = Box::leak(Box::new(watch::Sender::new(0)));
        Self(sender, Mutex::new(Some(sender.subscribe())))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.1.lock().unwrap().get_or_insert_with(|| self.0.subscribe());
        self.0.closed()
    }

    fn tell(&self) {
        let receiver = self.1.lock().unwrap().take();
        drop(receiver);
    }

    fn touch(self: &Arc<Self>) {
        // One more, so that nobody is told but by `tell`.
        let watching = self.0.receiver_count() > 0;
        self.0.send_modify(|value| *value += 1);
        if watching {
            touch_watch(self.0);
        }
    }
}
