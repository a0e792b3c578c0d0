//! How a child ends, and all of them.

use crate::sys::unwind::{self, Panic};
use core::pin::Pin;
use core::task::{Context, Poll};

/// How a child ended: with what it gives, or with a panic.
pub(in crate::task) type Ended<O> = Result<O, Panic>;

/// Polls a child, and drops it in the same moment in which it ended. Nothing that it does unwinds.
#[inline(always)]
pub(in crate::task) fn poll_child<F: Future>(
    mut child: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Poll<Ended<F::Output>> {
    let Some(running) = child.as_mut().as_pin_mut() else { return Poll::Pending };
    let ended = match unwind::catch(|| running.poll(cx)) {
        Ok(Poll::Pending) => return Poll::Pending,
        Ok(Poll::Ready(output)) => Ok(output),
        Err(panic) => Err(panic),
    };
    let dropped = unwind::catch(|| child.set(None));
    Poll::Ready(match (ended, dropped) {
        (ended, Ok(())) => ended,
        // Of two panics the first is the cause.
        (Err(first), Err(second)) => {
            unwind::discard(second);
            Err(first)
        }
        (Ok(output), Err(panic)) => {
            unwind::keep_going(|| drop(output));
            Err(panic)
        }
    })
}

/// Drops a child; of all panics the first is kept.
pub(super) fn drop_child<F>(mut child: Pin<&mut Option<F>>, panicked: &mut Option<Panic>) {
    if child.is_none() {
        return;
    }
    if let Err(panic) = unwind::catch(|| child.set(None)) {
        match panicked {
            Some(_) => unwind::discard(panic),
            None => *panicked = Some(panic),
        }
    }
}

/// Who ended it all, if anybody did. Panics go on, now that all children are gone: of two the first.
pub(super) fn settle<S>(ended: Ended<Option<S>>, dropped: Option<Panic>) -> Option<S> {
    match (ended, dropped) {
        (Ok(stop), None) => stop,
        (Ok(stop), Some(panic)) => {
            unwind::keep_going(|| drop(stop));
            unwind::resume(panic)
        }
        (Err(panic), dropped) => {
            dropped.into_iter().for_each(unwind::discard);
            unwind::resume(panic)
        }
    }
}
