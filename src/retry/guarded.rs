//! One attempt, kept within a time and from unwinding.

use super::attempt::{Attempt, Numbered, Operation, Plain, Repeat};
use crate::spawn::Panicked;
use crate::sys::unwind::{self, Panic};
use crate::time::{Elapsed, Timeout, Timer, timeout};
use core::error::Error;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// Why a guarded attempt failed. See [`Retry::attempt_timeout`](super::Retry::attempt_timeout) and
/// [`Retry::catch_panic`](super::Retry::catch_panic).
#[derive(Debug)]
#[non_exhaustive]
pub enum AttemptError<E> {
    /// The operation's own error.
    Failed(E),
    /// It took longer than an attempt may.
    TimedOut(Elapsed),
    /// It panicked.
    Panicked(Panicked),
}

impl<E> AttemptError<E> {
    /// The operation's own error, if it is one.
    #[must_use]
    pub fn failed(&self) -> Option<&E> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl<E: fmt::Display> fmt::Display for AttemptError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::TimedOut(elapsed) => elapsed.fmt(f),
            Self::Panicked(panicked) => panicked.fmt(f),
        }
    }
}

impl<E: Error + 'static> Error for AttemptError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::TimedOut(_) | Self::Panicked(_) => None,
        }
    }
}

/// An operation whose attempts are guarded.
#[derive(Clone, Copy, Debug)]
pub struct Guarded<O> {
    pub(crate) operation: O,
    pub(crate) limit: Duration,
    pub(crate) catches: bool,
}

/// What can be guarded, also once more.
pub trait Guard: Operation + Sized {
    /// Without its guard.
    type Bare: Operation;

    /// With one that does nothing yet.
    fn guarded(self) -> Guarded<Self::Bare>;
}

macro_rules! guard {
    ($($bare:ident)*) => {$(
        impl<F> Guard for $bare<F>
        where
            Self: Operation,
        {
            type Bare = Self;

            fn guarded(self) -> Guarded<Self> {
                Guarded { operation: self, limit: Duration::MAX, catches: false }
            }
        }
    )*};
}

guard!(Numbered Plain);

impl<O: Operation> Guard for Guarded<O> {
    type Bare = O;

    fn guarded(self) -> Self {
        self
    }
}

impl<O: Operation> Operation for Guarded<O> {
    type Ok = O::Ok;
    type Err = AttemptError<O::Err>;
}

impl<O: Repeat<T>, T: Timer + Clone> Repeat<T> for Guarded<O> {
    type Future = GuardedAttempt<O::Future, T>;

    fn start(&mut self, attempt: Attempt, timer: &T) -> Self::Future {
        // A panic of the call itself is kept for the poll.
        let Self { operation, limit, catches } = self;
        let called = if *catches {
            unwind::catch(|| operation.start(attempt, timer)).map_err(Panicked::new)
        } else {
            Ok(operation.start(attempt, timer))
        };
        let (future, panicked) = match called {
            Ok(future) => (Some(timeout(*limit, future, timer.clone())), None),
            Err(panicked) => (None, Some(panicked)),
        };
        GuardedAttempt { future, panicked, catches: *catches }
    }

    fn can_start(&self) -> bool {
        self.operation.can_start()
    }

    fn finish(&mut self, output: Result<<O::Future as Future>::Output, Stopped>) -> Result<O::Ok, Self::Err> {
        match output {
            Ok(output) => self.operation.finish(output).map_err(AttemptError::Failed),
            Err(Stopped::TimedOut(elapsed)) => Err(AttemptError::TimedOut(elapsed)),
            Err(Stopped::Panicked(panicked)) => Err(AttemptError::Panicked(panicked)),
        }
    }
}

/// Why a guarded attempt came to no result of its own.
#[derive(Debug)]
pub enum Stopped {
    /// It took too long.
    TimedOut(Elapsed),
    /// It panicked.
    Panicked(Panicked),
}

pin_project_lite::pin_project! {
    /// The future of one guarded attempt.
    #[must_use = "futures do nothing unless polled"]
    pub struct GuardedAttempt<F, T: Timer> {
        #[pin]
        future: Option<Timeout<F, T>>,
        panicked: Option<Panicked>,
        catches: bool,
    }
}

impl<F: Future, T: Timer> Future for GuardedAttempt<F, T> {
    type Output = Result<F::Output, Stopped>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            let panicked = this.panicked.take().expect("polled again after it was ready");
            return Poll::Ready(Err(Stopped::Panicked(panicked)));
        };
        let polled = if *this.catches { caught(this.future, cx) } else { Ok(future.poll(cx)) };
        match polled {
            Ok(polled) => polled.map_err(Stopped::TimedOut),
            Err(panic) => Poll::Ready(Err(Stopped::Panicked(Panicked::new(panic)))),
        }
    }
}

/// Polls it, and drops it when it has ended: a panic of its `Drop` is one of the attempt as well.
pub(crate) fn caught<F: Future>(
    mut future: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Result<Poll<F::Output>, Panic> {
    let polled = unwind::catch(|| future.as_mut().as_pin_mut().expect("it has not ended").poll(cx));
    if matches!(polled, Ok(Poll::Pending)) {
        return polled;
    }
    let dropped = unwind::catch(|| future.set(None));
    // Of two panics the first is the cause.
    match (polled, dropped) {
        (Ok(_), Err(panic)) => Err(panic),
        (polled, dropped) => {
            dropped.map_or_else(unwind::discard, |()| ());
            polled
        }
    }
}

impl<F, T: Timer> fmt::Debug for GuardedAttempt<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedAttempt").finish_non_exhaustive()
    }
}
