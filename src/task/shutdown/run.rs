//! A future that takes part, and is dropped when it is aborted.
//!
//! An abort is a token: asked before the future is polled, and again when the waker was registered, so one between the two is not missed. The
//! future is gone before its end is told.

use super::ending::Ending;
use super::members::End;
use super::participant::{Participant, end_of};
use crate::spawn::Panicked;
use crate::sync::CancelToken;
use crate::sync::cancel::WhenCancelled;
use crate::sys::unwind;
use crate::task::Failure;
use alloc::boxed::Box;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// Runs a future as a participant, to its end or until it is aborted. Made by [`Participant::run`].
    ///
    /// How it ended is in the report; a panic is caught, where panics unwind. Once ready it stays ready.
    ///
    /// # Cancel safety
    /// Dropping it drops the future, and then the participant is done.
    #[must_use = "futures do nothing unless polled"]
    pub struct Run<F> {
        #[pin]
        future: Option<F>,
        aborted: WhenCancelled<CancelToken>,
        participant: Option<Participant>,
    }

    impl<F> PinnedDrop for Run<F> {
        fn drop(this: Pin<&mut Self>) {
            this.end(Ok(End::Dropped));
        }
    }
}

impl<F> Run<F> {
    pub(super) const fn new(
        future: F,
        aborted: WhenCancelled<CancelToken>,
        participant: Participant,
    ) -> Self {
        Self { future: Some(future), aborted, participant: Some(participant) }
    }

    /// Who it is, until it has ended.
    pub const fn participant(&self) -> Option<&Participant> {
        self.participant.as_ref()
    }

    /// Drops the future and says how it ended. Of two panics the first is the cause.
    fn end(self: Pin<&mut Self>, came: Result<End, unwind::Panic>) {
        let mut this = self.project();
        let Some(mut participant) = this.participant.take() else { return };
        let dropped = unwind::catch(|| this.future.set(None));
        let end = match (came, dropped) {
            (Ok(end), Ok(())) => end,
            (Ok(_), Err(panic)) => panicked(panic),
            (Err(panic), dropped) => {
                dropped.unwrap_or_else(unwind::discard);
                panicked(panic)
            }
        };
        participant.end(end);
    }
}

fn panicked(panic: unwind::Panic) -> End {
    End::Failed(Failure::Panicked(Box::new(Panicked::new(panic))))
}

impl<F: Future<Output: Ending>> Future for Run<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.as_mut().project();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Ready(()) };
        if this.aborted.token().is_cancelled() {
            self.end(Ok(End::Aborted));
            return Poll::Ready(());
        }
        let polled = unwind::catch(|| future.poll(cx).map(Ending::into_failure));
        let came = match polled {
            Ok(Poll::Ready(failure)) => Ok(end_of(failure)),
            Ok(Poll::Pending) if this.aborted.poll_cancelled(cx).is_pending() => return Poll::Pending,
            Ok(Poll::Pending) => Ok(End::Aborted),
            Err(panic) => Err(panic),
        };
        self.end(came);
        Poll::Ready(())
    }
}

impl<F> fmt::Debug for Run<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("participant", &self.participant).finish_non_exhaustive()
    }
}
