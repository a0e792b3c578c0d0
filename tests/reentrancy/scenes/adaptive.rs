//! The adaptive limit: those who wait for a place, and the end.

use super::*;
use untether::limit::AdaptiveLimit;
use untether::limit::adaptive::{Acquire, Algorithm, Permit, Sample};
use untether::testing::ManualClock;

/// Enough for all who wait, whatever else was taken.
const PLENTY: usize = 1_000;

/// One until it has learned something, and enough from then on.
pub(crate) struct Opens(usize);

impl Algorithm for Opens {
    fn limit(&self) -> usize {
        self.0
    }

    fn on_sample(&mut self, _: &Sample) -> usize {
        self.0 = PLENTY;
        self.0
    }
}

type Limit = AdaptiveLimit<Opens, ManualClock>;

fn touch_limit(limit: &Arc<Limit>) {
    let _ = (limit.stats(), limit.limit(), limit.in_flight(), limit.is_closed(), format!("{limit:?}"));
    drop(limit.try_acquire());
    use_up(limit.acquire());
    use_up(Box::pin(limit.run(async || (), |()| None)));
}

fn nobody_waits(limit: &Limit) -> bool {
    let stats = limit.stats();
    (stats.waiting, stats.granted) == (0, 0)
}

/// It grows, and places come free.
pub(crate) struct OfLimit {
    limit: Arc<Limit>,
    held: Mutex<Option<Permit<Arc<Limit>>>>,
}

impl Scene for OfLimit {
    type Wait = Acquire<Arc<Limit>>;

    const NAME: &'static str = "AdaptiveLimit, a permit's end";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let limit = Arc::new(AdaptiveLimit::new(Opens(1), ManualClock::new()));
        let held = Mutex::new(AdaptiveLimit::try_acquire_owned(limit.clone()).ok());
        Self { limit, held }
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        AdaptiveLimit::acquire_owned(self.limit.clone())
    }

    fn tell(&self) {
        let held = self.held.lock().unwrap().take();
        held.into_iter().for_each(Permit::success);
    }

    fn touch(self: &Arc<Self>) {
        touch_limit(&self.limit);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.limit)
    }
}

/// It is closed.
pub(crate) struct OfClosedLimit(
    Arc<Limit>,
    #[expect(dead_code, reason = "held, and no more")] Permit<Arc<Limit>>,
);

impl Scene for OfClosedLimit {
    type Wait = Acquire<Arc<Limit>>;

    const NAME: &'static str = "AdaptiveLimit, close";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let limit = Arc::new(AdaptiveLimit::new(Opens(1), ManualClock::new()));
        let held = AdaptiveLimit::try_acquire_owned(limit.clone()).unwrap();
        Self(limit, held)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        AdaptiveLimit::acquire_owned(self.0.clone())
    }

    fn tell(&self) {
        self.0.close();
    }

    fn touch(self: &Arc<Self>) {
        touch_limit(&self.0);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.0)
    }
}
