//! The peers' own timers behind our trait, so that a timeout of ours can be measured on the very timer that theirs stand on.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time;
use untether::time::{Clock, Instant, Timer};

fn anchor() -> time::Instant {
    static ANCHOR: std::sync::OnceLock<time::Instant> = std::sync::OnceLock::new();
    *ANCHOR.get_or_init(time::Instant::now)
}

fn to_std(instant: Instant) -> time::Instant {
    anchor() + time::Duration::from_nanos(instant.as_nanos())
}

fn from_std(instant: time::Instant) -> Instant {
    Instant::from_nanos(0).saturating_add(instant.saturating_duration_since(anchor()))
}

pub struct Tokio;

impl Clock for Tokio {
    fn now(&self) -> Instant {
        from_std(tokio::time::Instant::now().into_std())
    }
}

impl Timer for Tokio {
    type Sleep = tokio::time::Sleep;

    fn sleep_until(&self, deadline: Instant) -> tokio::time::Sleep {
        tokio::time::sleep_until(to_std(deadline).into())
    }

    fn sleep(&self, duration: time::Duration) -> tokio::time::Sleep {
        tokio::time::sleep(duration)
    }
}

pub struct AsyncIo;

pub struct AsyncIoSleep(async_io::Timer);

impl Future for AsyncIoSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        ready!(Pin::new(&mut self.0).poll(cx));
        Poll::Ready(())
    }
}

impl Clock for AsyncIo {
    fn now(&self) -> Instant {
        from_std(time::Instant::now())
    }
}

impl Timer for AsyncIo {
    type Sleep = AsyncIoSleep;

    fn sleep_until(&self, deadline: Instant) -> AsyncIoSleep {
        AsyncIoSleep(async_io::Timer::at(to_std(deadline)))
    }

    fn sleep(&self, duration: time::Duration) -> AsyncIoSleep {
        AsyncIoSleep(async_io::Timer::after(duration))
    }
}
