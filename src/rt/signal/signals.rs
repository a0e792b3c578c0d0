//! One who listens.

use super::Signal;
use super::hub::{HUB, Heard};
use crate::rt::os_signal;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::Stream;
use std::io;
use std::sync::OnceLock;

/// Listens from now on, and until what it gives is dropped.
///
/// # Errors
/// If the operating system refuses a thread or a handler; on Windows also where the program has asked for Ctrl-C by other means.
/// # Examples
/// ```no_run
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::rt::signal;
/// use untether::task::Shutdown;
///
/// let shutdown = Shutdown::new();
/// let report = shutdown.run(&rt).signals(signal::signals().unwrap()).await;
/// println!("{report}");
/// std::process::exit(report.exit_code().into());
/// # });
/// ```
#[doc(alias = "add_signal_handler")]
#[doc(alias = "ctrl_c")]
pub fn signals() -> io::Result<Signals> {
    static STARTED: OnceLock<Result<(), Arc<io::Error>>> = OnceLock::new();
    // Before the handlers are there: the first signal after that is told.
    let signals = Signals { seen: HUB.join(), place: None };
    match STARTED.get_or_init(|| os_signal::start().map_err(Arc::new)) {
        Ok(()) => Ok(signals),
        Err(error) => Err(io::Error::new(error.kind(), error.clone())),
    }
}

/// Listens to what the operating system says to a program that is to stop. Made by [`signals`].
///
/// A `Stream` that does not end. While one of these is there, a signal does not end the process by itself.
#[must_use = "while it is there and not polled, signals are lost"]
pub struct Signals {
    seen: Heard,
    place: Option<Key>,
}

impl Signals {
    /// Waits for the next signal that was heard since this was made and was not received yet.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub const fn recv(&mut self) -> Recv<'_> {
        Recv { signals: self }
    }

    /// As [`recv`](Self::recv), by polling.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Signal> {
        HUB.poll(&mut self.seen, &mut self.place, cx.waker()).map_or(Poll::Pending, Poll::Ready)
    }
}

impl Stream for Signals {
    type Item = Signal;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Signal>> {
        self.poll_recv(cx).map(Some)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        HUB.leave(&mut self.place);
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").finish_non_exhaustive()
    }
}

/// Waits for the next signal. Made by [`Signals::recv`].
///
/// # Cancel safety
/// Dropping it loses nothing.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Recv<'a> {
    signals: &'a mut Signals,
}

impl Recv<'_> {
    waits!();
}

impl Future for Recv<'_> {
    type Output = Signal;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Signal> {
        self.signals.poll_recv(cx)
    }
}

impl Drop for Recv<'_> {
    fn drop(&mut self) {
        HUB.stop_waiting(&mut self.signals.place);
    }
}
