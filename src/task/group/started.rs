//! A task that was started in a group, for whoever started it.

use super::ended::TaskId;
use super::seat::Seat;
use crate::spawn::Label;
use alloc::sync::Arc;
use core::fmt;

/// A task that was started in a group: who it is, and a way to be rid of it alone. Dropping it does nothing; what the task gives, the group has.
#[derive(Clone)]
pub struct Started(Arc<Seat>);

impl Started {
    pub(super) const fn new(seat: Arc<Seat>) -> Self {
        Self(seat)
    }

    /// Which one it is: that of its [`Ended`](super::Ended).
    #[must_use]
    pub fn id(&self) -> TaskId {
        TaskId(self.0.index)
    }

    /// Its name, if it has one, and the line that started it.
    #[must_use]
    pub fn label(&self) -> &Label {
        &self.0.label
    }

    /// Has it dropped in place of its next poll. It was cancelled then; to its siblings that is no failure. If it has ended, nothing happens.
    #[doc(alias = "task.cancel")]
    pub fn abort(&self) {
        self.0.abort();
    }
}

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Started").field(&self.0.label).finish()
    }
}
