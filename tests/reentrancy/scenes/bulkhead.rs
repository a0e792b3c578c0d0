//! The bulkhead: those who wait to run, and the end.

use super::*;
use std::future::{Ready, ready};
use untether::limit::Bulkhead;
use untether::limit::bulkhead::{Acquire, Permit, Run};

/// Enough for all who wait, whatever else was taken.
const PLENTY: usize = 100;

type Operation = fn() -> Ready<()>;

fn touch_bulkhead(bulkhead: &Arc<Bulkhead>) {
    let _ = (bulkhead.stats(), bulkhead.is_closed(), format!("{bulkhead:?}"));
    drop(bulkhead.try_acquire());
    use_up(bulkhead.acquire());
    use_up(bulkhead.run(|| ready(())));
    bulkhead.resize(PLENTY + 1);
    bulkhead.resize(PLENTY);
}

fn nobody_waits(bulkhead: &Bulkhead) -> bool {
    let stats = bulkhead.stats();
    (stats.waiting, stats.granted) == (0, 0)
}

/// Places come free.
pub(crate) struct OfRun {
    bulkhead: Arc<Bulkhead>,
    held: Mutex<Vec<Permit<Arc<Bulkhead>>>>,
}

impl Scene for OfRun {
    type Wait = Run<Arc<Bulkhead>, Operation, Ready<()>>;

    const NAME: &'static str = "Bulkhead, a permit's drop";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let bulkhead = Arc::new(Bulkhead::new(PLENTY));
        let held = (0..PLENTY).map(|_| Bulkhead::try_acquire_owned(bulkhead.clone()).unwrap()).collect();
        Self { bulkhead, held: Mutex::new(held) }
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Bulkhead::run_owned(self.bulkhead.clone(), || ready(()))
    }

    fn tell(&self) {
        let held = std::mem::take(&mut *self.held.lock().unwrap());
        drop(held);
    }

    fn touch(self: &Arc<Self>) {
        touch_bulkhead(&self.bulkhead);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.bulkhead)
    }
}

/// It is closed.
pub(crate) struct OfClosedBulkhead(
    Arc<Bulkhead>,
    #[expect(dead_code, reason = "held, and no more")] Vec<Permit<Arc<Bulkhead>>>,
);

impl Scene for OfClosedBulkhead {
    type Wait = Acquire<Arc<Bulkhead>>;

    const NAME: &'static str = "Bulkhead, close";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let bulkhead = Arc::new(Bulkhead::new(PLENTY));
        let held = (0..PLENTY).map(|_| Bulkhead::try_acquire_owned(bulkhead.clone()).unwrap()).collect();
        Self(bulkhead, held)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Bulkhead::acquire_owned(self.0.clone())
    }

    fn tell(&self) {
        self.0.close();
    }

    fn touch(self: &Arc<Self>) {
        touch_bulkhead(&self.0);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.0)
    }
}
