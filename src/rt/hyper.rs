//! Any runtime of ours as hyper's.
//!
//! | | implements | by |
//! |---|---|---|
//! | [`Hyper`] | `hyper::rt::Timer` | any [`Timer`] |
//! | | `hyper::rt::Executor` | any [`Spawn`] |
//!
//! Hyper tells the time in std's instants. They stand for moments of the given clock, whichever that is, simulated ones included.
//!
//! At the end: a task that the runtime refuses is dropped, which hyper takes for a connection that ended.

use super::monotonic::machine_now;
use crate::spawn::Spawn;
use crate::sys::exclusive::Exclusive;
use crate::time::{Clock, Instant, Timer};
use alloc::boxed::Box;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use hyper::rt;
use std::time;

/// A runtime of ours for hyper.
///
/// # Examples
/// ```
/// use untether::rt::hyper::Hyper;
///
/// untether::rt::threads::block_on(async |rt| {
///     let hyper_rt = Hyper::new(rt); // for `Builder::new(executor)` and `.timer(timer)`
///     hyper::rt::Timer::sleep(&hyper_rt, std::time::Duration::from_millis(1)).await;
/// });
/// ```
#[derive(Clone, Debug)]
pub struct Hyper<R> {
    rt: R,
    /// The same moment on either clock.
    ours: Instant,
    theirs: time::Instant,
}

impl<R: Clock> Hyper<R> {
    /// For hyper's builders, as executor and as timer.
    #[must_use]
    pub fn new(rt: R) -> Self {
        Self { ours: rt.now(), theirs: machine_now(), rt }
    }

    /// One before this was made is as good as that one: it has passed.
    fn moment(&self, theirs: time::Instant) -> Instant {
        self.ours.saturating_add(theirs.saturating_duration_since(self.theirs))
    }
}

impl<R> Unpin for Hyper<R> {}

impl<R: Timer<Sleep: Send + 'static> + Clone + Send + Sync + 'static> rt::Timer for Hyper<R> {
    fn now(&self) -> time::Instant {
        let after = self.rt.now().saturating_duration_since(self.ours);
        self.theirs.checked_add(after).unwrap_or(self.theirs)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep(Exclusive::new(Box::pin(self.rt.sleep(duration)))))
    }

    fn sleep_until(&self, deadline: time::Instant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep(Exclusive::new(Box::pin(self.rt.sleep_until(self.moment(deadline))))))
    }

    fn reset(&self, sleep: &mut Pin<Box<dyn rt::Sleep>>, deadline: time::Instant) {
        match sleep.as_mut().downcast_mut_pin::<Sleep<R::Sleep>>() {
            Some(ours) => self.rt.reset(ours.get_mut().0.get_mut().as_mut(), self.moment(deadline)),
            None => *sleep = self.sleep_until(deadline),
        }
    }
}

/// Hyper wants it `Sync`, which a sleep need not be.
struct Sleep<S>(Exclusive<Pin<Box<S>>>);

impl<S: Future<Output = ()>> Future for Sleep<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.get_mut().as_mut().poll(cx)
    }
}

impl<S: Future<Output = ()> + Send> rt::Sleep for Sleep<S> {}

impl<R: Spawn, F: Future + Send + 'static> rt::Executor<F> for Hyper<R> {
    fn execute(&self, task: F) {
        let _dropped_if_refused = self.rt.spawn(async move { drop(task.await) });
    }
}
