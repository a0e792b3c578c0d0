//! What is in flight. A shutdown waits by this and by tokens, and in no line of its own.

use super::*;
use untether::task::in_flight::{Entry, InFlight, WaitIdle};

/// One is in, until all are told.
pub(crate) struct OfIdle(Arc<InFlight>, Mutex<Option<Entry<Arc<InFlight>>>>);

impl Scene for OfIdle {
    type Wait = WaitIdle<Arc<InFlight>>;

    const NAME: &'static str = "InFlight";

    fn new() -> Self {
        let in_flight = Arc::new(InFlight::new());
        let entry = InFlight::enter_owned(in_flight.clone()).unwrap();
        Self(in_flight, Mutex::new(Some(entry)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        InFlight::wait_idle_owned(self.0.clone())
    }

    fn tell(&self) {
        let entry = self.1.lock().unwrap().take();
        drop(entry);
    }

    fn touch(self: &Arc<Self>) {
        use_up(self.0.wait_idle());
        drop(self.0.enter());
        self.0.close();
        self.0.reopen();
        let _ = (self.0.len(), format!("{:?}", self.0));
    }
}
