//! A limit on a future, which may not be there.

use crate::time::MaybeTimer;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

pin_project_lite::pin_project! {
    /// A future with a limit. It is polled before the timer is asked; [`Duration::MAX`] is no limit, and asks no timer.
    pub(super) struct Limited<'t, F, Tm: MaybeTimer> {
        #[pin]
        future: F,
        limit: Duration,
        timer: &'t Tm,
        // Armed at the first pending poll.
        #[pin]
        wait: Option<Tm::Wait>,
    }
}

impl<'t, F: Future, Tm: MaybeTimer> Limited<'t, F, Tm> {
    #[inline]
    pub(super) const fn new(future: F, limit: Duration, timer: &'t Tm) -> Self {
        Self { future, limit, timer, wait: None }
    }
}

impl<F: Future, Tm: MaybeTimer> Future for Limited<'_, F, Tm> {
    /// `None` when the limit has passed.
    type Output = Option<F::Output>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Some(output));
        }
        if this.wait.is_none() && *this.limit != Duration::MAX {
            this.wait.set(Some(this.timer.start(*this.limit)));
        }
        match this.wait.as_pin_mut().map(|wait| wait.poll(cx)) {
            Some(Poll::Ready(())) => Poll::Ready(None),
            _ => Poll::Pending,
        }
    }
}
