//! The future that counts.

use super::core::{Core, Ended};
use super::work::Work;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// How many items ended how.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[must_use = "failures would be lost"]
pub struct Tally {
    /// So many went well.
    pub ok: usize,
    /// So many failed.
    pub failed: usize,
    /// So many panicked, or could not be begun because that panicked.
    pub panicked: usize,
}

impl Tally {
    /// How many items there were.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.ok.saturating_add(self.failed).saturating_add(self.panicked)
    }

    /// One more, that ended so.
    #[inline]
    fn count<T, E>(&mut self, ended: Ended<T, E>) {
        let Self { ok, failed, panicked } = self;
        // Each is dropped by itself, when it is counted.
        match ended {
            Ok(Ok(_value)) => *ok = ok.saturating_add(1),
            Ok(Err(_error)) => *failed = failed.saturating_add(1),
            Err(_panicked) => *panicked = panicked.saturating_add(1),
        }
    }

    /// Whether all went well.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        self.failed == 0 && self.panicked == 0
    }
}

pin_project_lite::pin_project! {
    /// Counts how the items end. Made by [`Map::tally`](super::Map::tally).
    ///
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Tallying<M: Work> {
        #[pin]
        core: Core<M>,
        tally: Tally,
        is_ready: bool,
    }
}

impl<M: Work> Tallying<M> {
    pub(super) fn new(work: M) -> Self {
        Self { core: Core::new(work), tally: Tally::default(), is_ready: false }
    }
}

impl<M: Work> Future for Tallying<M> {
    type Output = Tally;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Tally> {
        let mut this = self.project();
        assert!(!*this.is_ready, "polled again after it was ready");
        let has_looked = this.core.as_mut().look(cx);
        while let Some((_, ended)) = ready!(this.core.as_mut().poll_next(has_looked, cx)) {
            this.tally.count(ended);
        }
        *this.is_ready = true;
        Poll::Ready(*this.tally)
    }
}

impl<M: Work> fmt::Debug for Tallying<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tallying").field("core", &self.core).field("tally", &self.tally).finish()
    }
}
