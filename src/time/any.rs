//! A timer without a type parameter.

use super::{Clock, Instant, Timer};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// Any timer that is `Clone + Send + Sync`, with its type erased.
///
/// For a struct that keeps a timer and does not want to be generic over it. Its sleeps are boxed at their first poll and re-armed
/// in place; a timeout around a future that is ready at once never gets there. Where a type parameter is no burden, use the timer
/// itself: it costs no box.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use core::time::Duration;
/// use untether::rt::threads::Threads;
/// use untether::time::{AnyTimer, Timer};
///
/// struct Client {
///     timer: AnyTimer,
/// }
/// let threads = Threads::new()?;
/// let client = Client { timer: AnyTimer::new(threads.clone()) };
/// threads.block_on(|_| async move { client.timer.sleep(Duration::from_millis(1)).await });
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct AnyTimer(Arc<dyn ErasedTimer + Send + Sync>);

impl AnyTimer {
    /// Erases the type of `timer`.
    pub fn new<T>(timer: T) -> Self
    where
        T: Timer<Sleep: Send + 'static> + Clone + Send + Sync + 'static,
    {
        Self(Arc::new(timer))
    }
}

trait ErasedTimer: Clock {
    fn boxed(&self, deadline: Instant) -> Pin<Box<dyn ErasedSleep + Send>>;
}

impl<T> ErasedTimer for T
where
    T: Timer<Sleep: Send + 'static> + Clone + Send + Sync + 'static,
{
    fn boxed(&self, deadline: Instant) -> Pin<Box<dyn ErasedSleep + Send>> {
        Box::pin(Armed { timer: self.clone(), sleep: self.sleep_until(deadline) })
    }
}

trait ErasedSleep: Future<Output = ()> {
    fn reset(self: Pin<&mut Self>, deadline: Instant);
}

pin_project_lite::pin_project! {
    /// A sleep beside the timer that can re-arm it.
    struct Armed<T: Timer> {
        timer: T,
        #[pin]
        sleep: T::Sleep,
    }
}

impl<T: Timer> Future for Armed<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().sleep.poll(cx)
    }
}

impl<T: Timer> ErasedSleep for Armed<T> {
    fn reset(self: Pin<&mut Self>, deadline: Instant) {
        let this = self.project();
        this.timer.reset(this.sleep, deadline);
    }
}

impl Clock for AnyTimer {
    fn now(&self) -> Instant {
        self.0.now()
    }
}

impl Timer for AnyTimer {
    type Sleep = AnySleep;

    fn sleep_until(&self, deadline: Instant) -> AnySleep {
        AnySleep { timer: self.clone(), deadline, armed: None }
    }

    fn sleep(&self, duration: Duration) -> AnySleep {
        // An infinite wait needs no clock.
        if duration == Duration::MAX {
            return self.sleep_until(Instant::FAR_FUTURE);
        }
        self.sleep_until(self.now().saturating_add(duration))
    }

    fn reset(&self, mut sleep: Pin<&mut AnySleep>, deadline: Instant) {
        sleep.deadline = deadline;
        if let Some(armed) = &mut sleep.armed {
            armed.as_mut().reset(deadline);
        }
    }
}

/// The sleep of an [`AnyTimer`]: boxed at its first poll, re-armed in place.
///
/// # Cancel safety
/// Dropping it deregisters the wake.
#[must_use = "futures do nothing unless polled"]
pub struct AnySleep {
    timer: AnyTimer,
    deadline: Instant,
    armed: Option<Pin<Box<dyn ErasedSleep + Send>>>,
}

impl Future for AnySleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if this.armed.is_none() && this.deadline.is_far_future() {
            return Poll::Pending;
        }
        this.armed.get_or_insert_with(|| this.timer.0.boxed(this.deadline)).as_mut().poll(cx)
    }
}

impl fmt::Debug for AnyTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyTimer").finish_non_exhaustive()
    }
}

impl fmt::Debug for AnySleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnySleep").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
