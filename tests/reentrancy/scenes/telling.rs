//! Events, latches and barriers.

use super::*;
use untether::sync::{Barrier, Event, Latch, barrier, event, latch};

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
    ($name:ident, $verb:literal, $tell:expr, $all:literal) => {
        pub(crate) struct $name(Arc<Event>);

        impl Scene for $name {
            type Wait = event::Wait<Arc<Event>>;

            const NAME: &'static str = concat!("Event, ", $verb);

            const ALL: bool = $all;

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

            fn is_left_by_all(&self) -> bool {
                self.0.waiting() == 0
            }
        }
    };
}

of_event!(OfNotifyAll, "notify_all", Event::notify_all, true);
of_event!(OfSet, "set", Event::set, true);
of_event!(OfNotifyOne, "notify_one", Event::notify_one, false);
of_event!(OfPulseOne, "pulse_one", |event| _ = event.pulse_one(), false);

pub(crate) struct OfLatch(Arc<Latch>);

impl Scene for OfLatch {
    type Wait = latch::Wait<Arc<Latch>>;

    const NAME: &'static str = "Latch";

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
pub(crate) struct OfBarrier(Arc<Barrier>);

impl Scene for OfBarrier {
    type Wait = barrier::Wait<Arc<Barrier>>;

    const NAME: &'static str = "Barrier";

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

    fn is_left_by_all(&self) -> bool {
        self.0.waiting() == 0
    }
}
