//! Waiting until all is done.

use super::core::WorkQueue;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::waits::waits;
use crate::sys::wake;
use crate::time::Timer;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

impl<T, Tm: Timer, K> WorkQueue<T, Tm, K> {
    /// Waits until nothing is left to be done: no job is ready, delayed, blocked or leased. It need not be closed for that.
    ///
    /// Where leases [run out](super::Builder::visibility), it sees to that as well, should no worker be there that waits.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub const fn join(&self) -> Join<'_, T, Tm, K> {
        Join { queue: self, place: None, sleep: None }
    }

    /// The clock was asked: lets run out what has.
    fn let_time_pass(&self) {
        let now = self.timer.now();
        self.change(|core| core.ledger.let_time_pass_until(now));
    }
}

pin_project_lite::pin_project! {
    /// Waits until nothing is left to be done. Made by [`WorkQueue::join`].
    ///
    /// # Cancel safety
    /// Nothing is lost.
    #[must_use = "futures do nothing unless polled"]
    pub struct Join<'q, T, Tm, K>
    where
        Tm: Timer,
    {
        queue: &'q WorkQueue<T, Tm, K>,
        place: Option<Key>,
        // There where leases run out.
        #[pin]
        sleep: Option<Tm::Sleep>,
    }

    impl<T, Tm, K> PinnedDrop for Join<'_, T, Tm, K>
    where
        Tm: Timer,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(key) = this.place.take() {
                let waker = this.queue.state.with(|state| state.book.when_idle.remove(key));
                wake::outside(None, waker);
            }
        }
    }
}

impl<T, Tm: Timer<Sleep: Unpin>, K> Join<'_, T, Tm, K> {
    waits!();
}

impl<T, Tm: Timer, K> Future for Join<'_, T, Tm, K> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let (mut this, mut has_slept) = (self.project(), false);
        loop {
            let is_done = with_waker(&this.queue.state, cx.waker(), false, |state, own| {
                let core = &mut state.book;
                if core.ledger.open() == 0 {
                    return Some(true);
                }
                let stands = match *this.place {
                    Some(key) => core.when_idle.ask(key, cx.waker(), own)? == Turn::Waiting,
                    None => false,
                };
                if !stands {
                    *this.place = Some(core.when_idle.register(own.take()?));
                }
                Some(false)
            });
            if is_done {
                return Poll::Ready(());
            }
            let Some(visibility) = &this.queue.rules.visibility else { return Poll::Pending };
            if this.sleep.is_none() {
                // By then a lease that is now under way has run out, or was given up.
                let until = this.queue.timer.now().saturating_add(visibility.limit);
                this.sleep.set(Some(this.queue.timer.sleep_until(until)));
            }
            if let Some(sleep) = this.sleep.as_mut().as_pin_mut() {
                ready!(sleep.poll(cx));
            }
            this.sleep.set(None);
            this.queue.let_time_pass();
            if core::mem::replace(&mut has_slept, true) {
                // A timer that ends too soon, or a limit that is over at once: others are to have their turn.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
    }
}

impl<T, Tm: Timer, K> fmt::Debug for Join<'_, T, Tm, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Join").field("waits", &self.place.is_some()).finish_non_exhaustive()
    }
}
