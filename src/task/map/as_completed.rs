//! The stream in the order in which the items end.

use super::core::{Core, outcome};
use super::work::Work;
use crate::task::Outcome;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::{FusedStream, Stream};

pin_project_lite::pin_project! {
    /// The index of each item and how it ended, as they end. Made by [`Map::as_completed`](super::Map::as_completed).
    #[must_use = "streams do nothing unless polled"]
    pub struct AsCompleted<M: Work> {
        #[pin]
        core: Core<M>,
    }
}

impl<M: Work> AsCompleted<M> {
    pub(super) fn new(work: M) -> Self {
        Self { core: Core::new(work) }
    }
}

impl<M: Work> Stream for AsCompleted<M> {
    type Item = (usize, Outcome<M::Ok, M::Err>);

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut core = self.project().core;
        let has_looked = core.as_mut().look(cx);
        let finished = core.poll_next(has_looked, cx);
        finished.map(|finished| finished.map(|(index, ended)| (index, outcome(ended))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.core.size_hint()
    }
}

impl<M: Work> FusedStream for AsCompleted<M> {
    fn is_terminated(&self) -> bool {
        self.core.is_over()
    }
}

impl<M: Work> fmt::Debug for AsCompleted<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsCompleted").field("core", &self.core).finish()
    }
}
