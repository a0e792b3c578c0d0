//! The latch: a count for those who bring it down, a crowd behind a lock for those who wait.
//!
//! Whoever brings it to zero does so before the lock is entered to wake the crowd; whoever joins the crowd looks at the count
//! within the lock. So one of the two sees the other.

use super::wait::Wait;
use crate::sys::arena::Key;
use crate::sys::atomic::AtomicUsize;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake;
use core::fmt;
use core::ops::Deref;
use core::sync::atomic::Ordering;
use core::task::Waker;

/// Opens once, when a count has come down to zero; tasks and threads wait for that.
///
/// `const`, without an allocation before somebody waits. It never closes again, and the count never goes up.
///
/// # Examples
/// ```
/// use untether::spawn::SpawnExt;
/// use untether::sync::Latch;
///
/// static STARTED: Latch = Latch::new(3);
///
/// untether::rt::threads::block_on(async |rt| {
///     for _ in 0..3 {
///         rt.spawn_task(async { STARTED.count_down(1) }).unwrap().detach();
///     }
///     STARTED.wait().await;
///     assert_eq!(STARTED.count(), 0);
/// });
/// ```
#[doc(alias = "CountDownLatch")]
#[doc(alias = "WaitGroup")]
pub struct Latch {
    count: AtomicUsize,
    crowd: Lock<WaitSet>,
}

impl Latch {
    /// A latch that opens after `count` steps. With 0 it is open.
    #[must_use]
    pub const fn new(count: usize) -> Self {
        Self { count: AtomicUsize::new(count), crowd: Lock::new(WaitSet::new()) }
    }

    /// Brings the count down by `n`, at most to zero. What brings it there opens the latch and wakes all who wait.
    ///
    /// What was done before is seen by whoever waited.
    pub fn count_down(&self, n: usize) {
        let mut count = self.count.load(Ordering::Relaxed);
        // ORDERING: Release for whoever passes, also if this is one step of many; Acquire so that the last one passes on the others' steps.
        while let Err(now) = self.count.compare_exchange_weak(
            count,
            count.saturating_sub(n),
            Ordering::AcqRel,
            Ordering::Relaxed,
        ) {
            count = now;
        }
        if (1..=n).contains(&count) {
            self.open();
        }
    }

    /// How much is left to count down.
    #[must_use]
    pub fn count(&self) -> usize {
        // ORDERING: Acquire, pairs with the Release of `count_down`.
        self.count.load(Ordering::Acquire)
    }

    /// Whether it is open.
    #[must_use]
    pub fn try_wait(&self) -> bool {
        self.count() == 0
    }

    /// Waits until it is open.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub const fn wait(&self) -> Wait<&Self> {
        Wait::new(self)
    }

    /// As [`wait`](Self::wait), with a holder of its own, such as an `Arc`.
    pub const fn wait_owned<S: Deref<Target = Self>>(holder: S) -> Wait<S> {
        Wait::new(holder)
    }

    fn open(&self) {
        let mut mark = None;
        wake::drain(|batch| {
            self.crowd.with(|crowd| {
                let mark = *mark.get_or_insert_with(|| crowd.mark());
                crowd.take_before(mark, batch)
            })
        });
    }

    pub(super) fn poll_wait(&self, place: &mut Option<Key>, waker: &Waker) -> bool {
        if self.try_wait() {
            self.leave(place);
            return true;
        }
        with_waker(&self.crowd, waker, place.is_none(), |crowd, own| match *place {
            Some(key) => Some(crowd.ask(key, waker, own)? == Turn::Unknown),
            None if self.try_wait() => Some(true),
            None => {
                *place = Some(crowd.register(own.take()?));
                Some(false)
            }
        })
    }

    pub(super) fn leave(&self, place: &mut Option<Key>) {
        if let Some(key) = place.take() {
            let waker = self.crowd.with(|crowd| crowd.remove(key));
            wake::outside(None, waker);
        }
    }
}

impl fmt::Debug for Latch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latch").field("count", &self.count()).finish_non_exhaustive()
    }
}
