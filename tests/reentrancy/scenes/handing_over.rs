//! Oneshots and watches: either side may wait for the other.

use super::*;
use untether::sync::{oneshot, watch};

pub(crate) struct OfReceiver(Mutex<Option<oneshot::Sender<u8>>>);

impl Scene for OfReceiver {
    type Wait = oneshot::Receiver<u8>;

    const NAME: &'static str = "oneshot, the receiver";

    const MANY: bool = false;

    const ALL: bool = false;

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
}

/// The other way round: the waker of the sender's side.
pub(crate) struct OfOneshotClosed(Mutex<Option<oneshot::Receiver<u8>>>);

impl Scene for OfOneshotClosed {
    type Wait = oneshot::Closed<'static, u8>;

    const NAME: &'static str = "oneshot, closed";

    const MANY: bool = false;

    const ALL: bool = false;

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
}

/// A watch, and a receiver that owns its wait.
pub(crate) struct OfChanged(watch::Sender<u64>);

/// Waits with the futures of a receiver of its own, which are named by the receiver that they borrow.
pub(crate) struct Owning<F: Future + 'static>(F);

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

    const NAME: &'static str = "watch, changed";

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

pub(crate) struct OfWaitFor(watch::Sender<u64>);

impl Scene for OfWaitFor {
    type Wait = Owning<watch::WaitFor<'static, u64, fn(&u64) -> bool>>;

    const NAME: &'static str = "watch, wait_for";

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

pub(crate) struct OfWatchClosed(&'static watch::Sender<u64>, Mutex<Option<watch::Receiver<u64>>>);

impl Scene for OfWatchClosed {
    type Wait = watch::Closed<'static, u64>;

    const NAME: &'static str = "watch, closed";

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
