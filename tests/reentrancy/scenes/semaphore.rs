//! Semaphores: a permit that comes by each of the ways there are, or the end.

use super::*;
use untether::sync::Semaphore;
use untether::sync::semaphore::{Acquire, Permit};

/// Enough for all who wait, whatever else was taken.
const PLENTY: usize = 1_000;

fn touch_semaphore(semaphore: &Arc<Semaphore>) {
    drop(semaphore.try_acquire());
    use_up(Semaphore::acquire_owned(semaphore.clone()));
    let mut waits = [semaphore.acquire_many(2), semaphore.acquire_up_to(1, 3)];
    waits.iter_mut().for_each(|acquire| _ = poll(acquire, Waker::noop()));
    semaphore.add_permits(1).unwrap();
    drop(waits);
    semaphore.reduce_permits(1).unwrap();
    semaphore.resize(semaphore.stats().capacity).unwrap();
    semaphore.forget_permits(0);
    let _ = (semaphore.available(), semaphore.is_closed(), format!("{semaphore:?}"));
}

fn nobody_waits(semaphore: &Semaphore) -> bool {
    let stats = semaphore.stats();
    (stats.waiting, stats.granted) == (0, 0)
}

/// Permits are added.
pub(crate) struct OfAddedPermits(Arc<Semaphore>);

impl Scene for OfAddedPermits {
    type Wait = Acquire<Arc<Semaphore>>;

    const NAME: &'static str = "Semaphore, add_permits";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Semaphore::acquire_owned(self.0.clone())
    }

    fn tell(&self) {
        self.0.add_permits(PLENTY).unwrap();
    }

    fn touch(self: &Arc<Self>) {
        touch_semaphore(&self.0);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.0)
    }
}

/// Permits come back, to a semaphore that is borrowed by those who wait for two at once.
pub(crate) struct OfReturnedPermits {
    semaphore: &'static Arc<Semaphore>,
    held: Mutex<Option<Permit<&'static Semaphore>>>,
}

impl Scene for OfReturnedPermits {
    type Wait = Acquire<&'static Semaphore>;

    const NAME: &'static str = "Semaphore, a permit's drop";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let semaphore: &'static _ = Box::leak(Box::new(Arc::new(Semaphore::new(PLENTY))));
        Self { semaphore, held: Mutex::new(semaphore.try_acquire_many(PLENTY).ok()) }
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.semaphore.acquire_many(2)
    }

    fn tell(&self) {
        let held = self.held.lock().unwrap().take();
        drop(held);
    }

    fn touch(self: &Arc<Self>) {
        touch_semaphore(self.semaphore);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(self.semaphore)
    }
}

/// There will be no permits: who waits is refused.
pub(crate) struct OfClosedSemaphore(Arc<Semaphore>);

impl Scene for OfClosedSemaphore {
    type Wait = Acquire<Arc<Semaphore>>;

    const NAME: &'static str = "Semaphore, close";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Semaphore::acquire_owned(self.0.clone())
    }

    fn tell(&self) {
        self.0.close();
    }

    fn touch(self: &Arc<Self>) {
        touch_semaphore(&self.0);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.0)
    }
}
