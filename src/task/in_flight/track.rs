//! A future that is counted.

use super::count::InFlight;
use super::entry::Entry;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// A future that is in flight until it has ended or is dropped. Made by [`InFlight::track`] and [`InFlight::track_owned`].
    ///
    /// It is counted from the moment it is made, and the future is gone before it is counted no more. One that panics is counted until it is
    /// dropped, as it is by every executor.
    ///
    /// # Cancel safety
    /// Dropping it drops the future.
    /// # Panics
    /// If it is polled again after it has ended.
    #[must_use = "futures do nothing unless polled"]
    pub struct Track<H, F>
    where
        H: Deref<Target = InFlight>,
    {
        #[pin]
        future: Option<F>,
        // Dropped after the future.
        entry: Option<Entry<H>>,
    }
}

impl<H: Deref<Target = InFlight>, F: Future> Track<H, F> {
    pub(super) const fn new(entry: Entry<H>, future: F) -> Self {
        Self { future: Some(future), entry: Some(entry) }
    }
}

impl<H: Deref<Target = InFlight>, F: Future> Future for Track<H, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let future = this.future.as_mut().as_pin_mut().expect("polled again after it has ended");
        let polled = future.poll(cx);
        if polled.is_ready() {
            this.future.set(None);
            *this.entry = None;
        }
        polled
    }
}

impl<H: Deref<Target = InFlight>, F> fmt::Debug for Track<H, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track").field("has_ended", &self.entry.is_none()).finish_non_exhaustive()
    }
}
