//! async-io's sleep, with the promises of ours: for smol and async-std alike.
//!
//! async-io's own never ends when it is polled after its end.

use crate::rt::monotonic;
use crate::sys::simulated;
use crate::time::Instant;
use async_io::Timer;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

/// A sleep on async-io's timer: works on any executor, by async-io's thread if nobody else drives it.
///
/// # Cancel safety
/// Dropping it deregisters it.
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    timer: Timer,
    done: bool,
}

impl Sleep {
    pub(super) fn until(deadline: Instant) -> Self {
        simulated::assert_outside("a sleep of smol or async-std");
        Self { timer: monotonic::to_std(deadline).map_or_else(Timer::never, Timer::at), done: false }
    }

    pub(super) fn after(duration: Duration) -> Self {
        simulated::assert_outside("a sleep of smol or async-std");
        Self { timer: Timer::after(duration), done: false }
    }

    pub(super) fn reset(&mut self, deadline: Instant) {
        self.done = false;
        match monotonic::to_std(deadline) {
            Some(at) => self.timer.set_at(at),
            None => self.timer = Timer::never(),
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.done {
            ready!(Pin::new(&mut self.timer).poll(cx));
            self.done = true;
        }
        Poll::Ready(())
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("done", &self.done).finish_non_exhaustive()
    }
}

/// Makes a `Timer` of a type: one that stands on async-io.
macro_rules! timer_on_async_io {
    ($($adapter:ty),*) => {$(
        impl $crate::time::Clock for $adapter {
            fn now(&self) -> $crate::time::Instant {
                $crate::rt::monotonic::now()
            }
        }

        impl $crate::time::Timer for $adapter {
            type Sleep = $crate::rt::async_io::Sleep;

            fn sleep_until(&self, deadline: $crate::time::Instant) -> Self::Sleep {
                $crate::rt::async_io::Sleep::until(deadline)
            }

            fn sleep(&self, duration: core::time::Duration) -> Self::Sleep {
                $crate::rt::async_io::Sleep::after(duration)
            }

            fn reset(&self, mut sleep: core::pin::Pin<&mut Self::Sleep>, deadline: $crate::time::Instant) {
                sleep.reset(deadline);
            }
        }
    )*};
}
pub(super) use timer_on_async_io;
