//! Waiting until a queue with keys is closed, empty, or idle.

use super::core::Core;
use super::holder::Holder;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::waits::waits;
use crate::sys::wake;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits until a queue is closed, nothing waits in it, or nothing is in flight either. Made by
/// [`KeyedQueue::closed`](super::KeyedQueue::closed), [`empty`](super::KeyedQueue::empty) and [`idle`](super::KeyedQueue::idle).
///
/// # Cancel safety
/// Nothing is lost.
#[must_use = "futures do nothing unless polled"]
pub struct Until<Q: Holder> {
    holder: Q,
    what: What,
    place: Option<Key>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Closed,
    Empty,
    Idle,
}

impl What {
    fn is_so<K, V>(self, core: &Core<K, V>) -> bool {
        match self {
            Self::Closed => core.is_closed(),
            Self::Empty => core.is_empty(),
            Self::Idle => core.is_idle(),
        }
    }

    const fn waiting<K, V>(self, core: &mut Core<K, V>) -> &mut WaitSet {
        match self {
            Self::Closed => &mut core.when_closed,
            Self::Empty => &mut core.when_empty,
            Self::Idle => &mut core.when_idle,
        }
    }
}

impl<Q: Holder> Until<Q> {
    pub(super) const fn new(holder: Q, what: What) -> Self {
        Self { holder, what, place: None }
    }

    waits!();
}

impl<Q: Holder> Unpin for Until<Q> {}

impl<Q: Holder> Future for Until<Q> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { holder, what, place } = self.get_mut();
        with_waker(&holder.core, cx.waker(), false, |core, own| {
            if what.is_so(core) {
                return Some(Poll::Ready(()));
            }
            let waiting = what.waiting(core);
            let stands = match *place {
                Some(key) => waiting.ask(key, cx.waker(), own)? == Turn::Waiting,
                None => false,
            };
            if !stands {
                // It was woken, but it is no longer so; or it comes only now.
                *place = Some(waiting.register(own.take()?));
            }
            Some(Poll::Pending)
        })
    }
}

impl<Q: Holder> Drop for Until<Q> {
    fn drop(&mut self) {
        if let Some(key) = self.place.take() {
            let waker = self.holder.core.with(|core| self.what.waiting(core).remove(key));
            wake::outside(None, waker);
        }
    }
}

impl<Q: Holder> fmt::Debug for Until<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until")
            .field("what", &self.what)
            .field("waits", &self.place.is_some())
            .finish_non_exhaustive()
    }
}
