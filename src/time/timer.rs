//! The two traits everything that waits is generic over.

use super::Instant;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::pin::Pin;
use core::time::Duration;

/// Knows the time.
///
/// # Examples
/// ```
/// use untether::time::{Clock, Instant};
///
/// struct Stopped;
/// impl Clock for Stopped {
///     fn now(&self) -> Instant {
///         Instant::from_nanos(42)
///     }
/// }
/// assert_eq!((&Stopped).now().as_nanos(), 42);
/// ```
pub trait Clock {
    /// The present moment. Parts of this crate tolerate a clock that steps back: they wait longer, and never panic.
    fn now(&self) -> Instant;
}

/// Knows the time and can wait for it. What its sleeps promise stands at the [module](crate::time#what-a-sleep-promises).
///
/// `Sleep` has no `Send`, `Unpin` or `'static` bound: whether a future built on it can be spawned is decided by auto traits, and
/// [`Runtime`](crate::spawn::Runtime) asks for all of it at once. Implemented by the adapters in [`rt`](crate::rt), by
/// [`DriverTimer`](super::DriverTimer) for any [`Driver`](super::Driver), by [`AnyTimer`](super::AnyTimer), and for `&T`, `Rc<T>`,
/// `Arc<T>` and `Box<T>`.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use core::time::Duration;
/// use untether::rt::threads::Threads;
/// use untether::time::{Clock, Timer};
///
/// async fn twice<T: Timer>(timer: &T) {
///     timer.sleep(Duration::from_millis(1)).await;
///     timer.sleep_until(timer.now()).await;
/// }
/// Threads::new()?.block_on(|rt| async move { twice(&rt).await });
/// # Ok(()) }
/// ```
pub trait Timer: Clock {
    /// The future of a wait.
    type Sleep: Future<Output = ()>;

    /// Waits until the clock shows `deadline`.
    ///
    /// # Cancel safety
    /// Dropping the sleep deregisters it.
    fn sleep_until(&self, deadline: Instant) -> Self::Sleep;

    /// Waits for `duration`, counted from this call.
    ///
    /// # Cancel safety
    /// Dropping the sleep deregisters it.
    fn sleep(&self, duration: Duration) -> Self::Sleep {
        self.sleep_until(self.now().saturating_add(duration))
    }

    /// As [`sleep`](Self::sleep), for those who poll it in the same breath: a timer may take this call and that poll for one
    /// moment and ask its clock once instead of twice. Polled later it is not early either, but maybe later than `sleep` would be.
    ///
    /// # Cancel safety
    /// Dropping the sleep deregisters it.
    fn start_sleep(&self, duration: Duration) -> Self::Sleep {
        self.sleep(duration)
    }

    /// Gives a sleep of this timer another deadline, also after it has fired. It is armed at its next poll. A sleep of another
    /// timer may stay on that one, or move to this one.
    fn reset(&self, mut sleep: Pin<&mut Self::Sleep>, deadline: Instant) {
        sleep.set(self.sleep_until(deadline));
    }
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<T: Clock + ?Sized> Clock for $holder {
            fn now(&self) -> Instant {
                (**self).now()
            }
        }

        impl<T: Timer + ?Sized> Timer for $holder {
            type Sleep = T::Sleep;

            fn sleep_until(&self, deadline: Instant) -> Self::Sleep {
                (**self).sleep_until(deadline)
            }

            fn sleep(&self, duration: Duration) -> Self::Sleep {
                (**self).sleep(duration)
            }

            fn start_sleep(&self, duration: Duration) -> Self::Sleep {
                (**self).start_sleep(duration)
            }

            fn reset(&self, sleep: Pin<&mut Self::Sleep>, deadline: Instant) {
                (**self).reset(sleep, deadline);
            }
        }
    )*};
}

forward!(&T, Rc<T>, Arc<T>, Box<T>);
