//! Semaphores. All but async-lock's serve first come, first served.

use crate::row::Kind;

/// What all of them can do.
pub trait Permits: Sync + 'static {
    const NAME: &'static str;
    const KIND: Kind = Kind::Peer;

    fn new(permits: usize) -> Self;
    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send;
    fn try_acquire(&'static self) -> bool;
}

impl Permits for untether::sync::Semaphore {
    const NAME: &'static str = "untether";
    const KIND: Kind = Kind::Ours;

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send {
        self.acquire_many(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire().is_ok()
    }
}

impl Permits for tokio::sync::Semaphore {
    const NAME: &'static str = "tokio";

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send {
        self.acquire_many(u32::try_from(permits).expect("few"))
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire().is_ok()
    }
}

impl Permits for asyncband::semaphore::Semaphore {
    const NAME: &'static str = "asyncband";

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send {
        self.acquire(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire(1).is_some()
    }
}

/// It is a bar although it fails two probes: a large request that is cancelled at the head strands those behind it, and of two releases
/// the second wakes nobody.
impl Permits for futures_intrusive::sync::Semaphore {
    const NAME: &'static str = "futures-intrusive, fair (strands on cancel)";

    fn new(permits: usize) -> Self {
        Self::new(true, permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send {
        self.acquire(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire(1).is_some()
    }
}

impl Permits for maitake_sync::Semaphore {
    const NAME: &'static str = "maitake-sync (a spin lock)";
    const KIND: Kind = Kind::Shown;

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send {
        self.acquire(permits)
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire(1).is_ok()
    }
}

impl Permits for async_lock::Semaphore {
    const NAME: &'static str = "async-lock (overtakes, one permit only)";
    const KIND: Kind = Kind::Shown;

    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    fn acquire(&'static self, permits: usize) -> impl Future<Output: Send> + Send {
        assert_eq!(permits, 1);
        self.acquire()
    }

    fn try_acquire(&'static self) -> bool {
        self.try_acquire().is_some()
    }
}
