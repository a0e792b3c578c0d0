//! One future, polled step by step, and wakers that tell or do something.

use crate::sys::lock::Lock;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::task::Wake;
use core::fmt;
use core::pin::Pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};

/// A future that is polled by hand, with a waker that counts.
///
/// # Examples
/// ```
/// use untether::spawn::yield_now;
/// use untether::testing::Probe;
///
/// let mut future = Probe::new(async {
///     yield_now().await;
///     7
/// });
/// future.assert_pending();
/// assert_eq!(future.wakes(), 1);
/// assert_eq!(future.assert_ready(), 7);
/// ```
pub struct Probe<F> {
    future: Pin<Box<F>>,
    waker: CountingWaker,
}

impl<F: Future> Probe<F> {
    /// Pins a future.
    pub fn new(future: F) -> Self {
        Self { future: Box::pin(future), waker: CountingWaker::new() }
    }

    /// Polls it with its own waker.
    pub fn poll(&mut self) -> Poll<F::Output> {
        let waker = self.waker.waker();
        self.poll_with(&waker)
    }

    /// Polls it with another waker.
    pub fn poll_with(&mut self, waker: &Waker) -> Poll<F::Output> {
        self.future.as_mut().poll(&mut Context::from_waker(waker))
    }

    /// How often its own waker was woken.
    #[must_use]
    pub fn wakes(&self) -> usize {
        self.waker.wakes()
    }

    /// The future itself.
    pub fn get_mut(&mut self) -> Pin<&mut F> {
        self.future.as_mut()
    }

    /// Polls it once.
    ///
    /// # Panics
    /// If it is ready.
    #[track_caller]
    pub fn assert_pending(&mut self) {
        assert!(self.poll().is_pending(), "the future is ready");
    }

    /// Polls it once and gives its output.
    ///
    /// # Panics
    /// If it is pending.
    #[track_caller]
    pub fn assert_ready(&mut self) -> F::Output {
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("the future is pending"),
        }
    }
}

impl<F> fmt::Debug for Probe<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("waker", &self.waker).finish_non_exhaustive()
    }
}

/// A waker that counts how often it was woken. Clones count together.
#[derive(Clone, Default)]
pub struct CountingWaker(Arc<Count>);

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

impl CountingWaker {
    /// A count of zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A waker that adds to the count.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.0.clone().into()
    }

    /// How often any of its wakers was woken.
    #[must_use]
    pub fn wakes(&self) -> usize {
        self.0.0.load(Ordering::Acquire)
    }
}

impl fmt::Debug for CountingWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CountingWaker").field(&self.wakes()).finish()
    }
}

/// Makes wakers that do something when they are woken or dropped: for instance, call the very thing they wait for again.
///
/// A part that holds a lock while it wakes or drops a waker hangs or panics under them.
///
/// # Examples
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use std::sync::Arc;
/// use untether::testing::HookWaker;
///
/// let dropped = Arc::new(AtomicBool::new(false));
/// let seen = dropped.clone();
/// let waker = HookWaker::new().on_drop(move || seen.store(true, Ordering::Relaxed)).waker();
/// drop(waker);
/// assert!(dropped.load(Ordering::Relaxed));
/// ```
#[derive(Default)]
pub struct HookWaker {
    on_wake: Option<Box<dyn Fn() + Send + Sync>>,
    on_drop: Option<OnDrop>,
}

/// Behind a lock, so that a waker that holds it may be shared.
type OnDrop = Lock<Option<Box<dyn FnOnce() + Send>>>;

impl HookWaker {
    /// A waker that does nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `hook` at every wake.
    #[must_use]
    pub fn on_wake(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_wake = Some(Box::new(hook));
        self
    }

    /// Calls `hook` when the last clone of the waker is dropped.
    #[must_use]
    pub fn on_drop(mut self, hook: impl FnOnce() + Send + 'static) -> Self {
        self.on_drop = Some(Lock::new(Some(Box::new(hook))));
        self
    }

    /// The waker.
    #[must_use]
    pub fn waker(self) -> Waker {
        Arc::new(self).into()
    }
}

impl Wake for HookWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(hook) = &self.on_wake {
            hook();
        }
    }
}

impl Drop for HookWaker {
    fn drop(&mut self) {
        let hook = self.on_drop.take().and_then(Lock::into_inner);
        if let Some(hook) = hook {
            hook();
        }
    }
}

impl fmt::Debug for HookWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookWaker").finish_non_exhaustive()
    }
}
