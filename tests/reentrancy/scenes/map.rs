//! A map, whose item waits for an event: the waker of the task is the map's to keep, behind the wakers of its places.

use super::*;
use std::pin::Pin;
use untether::sync::Event;
use untether::task::map;
use untether::task::map::Tally;

pub(crate) struct OfMap(Arc<Event>);

/// Boxed, so that it can be named.
type Waits = Pin<Box<dyn Future<Output = Tally> + Send>>;

impl Scene for OfMap {
    type Wait = Waits;

    const NAME: &'static str = "map";

    fn new() -> Self {
        Self(Arc::default())
    }

    fn wait(self: &Arc<Self>) -> Waits {
        let event = self.0.clone();
        let waits = map([()], move |()| {
            let waits = Event::wait_owned(event.clone());
            async move {
                waits.await;
                Ok::<(), ()>(())
            }
        });
        Box::pin(waits.tally())
    }

    fn tell(&self) {
        self.0.notify_all();
    }

    fn touch(self: &Arc<Self>) {
        use_up(self.wait());
        let mut waits = [self.wait(), self.wait()];
        waits.iter_mut().for_each(|wait| _ = poll(wait, Waker::noop()));
        drop(waits);
        self.0.notify_all();
    }

    fn is_left_by_all(&self) -> bool {
        self.0.waiting() == 0
    }
}
