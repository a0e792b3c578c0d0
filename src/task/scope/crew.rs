//! What a scope shares with its handles.

use crate::sys::atomic::AtomicWaker;
use crate::sys::lock::Lock;
use crate::sys::opaque::opaque;
use alloc::vec::Vec;
use core::mem;

/// Children that were spawned and not yet taken over by the scope's future.
#[expect(unnameable_types, reason = "what handles share is nobody else's")]
pub struct Crew<C> {
    inbox: Lock<Inbox<C>>,
    /// Of the task that runs the scope, while it waits.
    pub(super) task: AtomicWaker,
}

opaque!(Crew<C>);

enum Inbox<C> {
    Open {
        children: Vec<C>,
        /// So many are about to be pushed.
        coming: usize,
    },
    Over,
}

impl<C> Crew<C> {
    pub(super) const fn new() -> Self {
        Self { inbox: Lock::new(Inbox::Open { children: Vec::new(), coming: 0 }), task: AtomicWaker::new() }
    }

    /// Announces a child, unless the scope is over: it does not end before the child is pushed, but it may be dropped.
    pub(super) fn announce(&self) -> bool {
        self.inbox.with(|inbox| match inbox {
            Inbox::Open { coming, .. } => {
                *coming += 1;
                true
            }
            Inbox::Over => false,
        })
    }

    /// Takes a child that was announced. It comes back if the scope was dropped meanwhile.
    #[must_use = "a child is dropped outside the lock"]
    pub(super) fn push(&self, child: C) -> Option<C> {
        let refused = self.inbox.with(|inbox| match inbox {
            Inbox::Open { children, coming } => {
                children.push(child);
                *coming -= 1;
                None
            }
            Inbox::Over => Some(child),
        });
        self.task.wake();
        refused
    }

    pub(super) fn is_over(&self) -> bool {
        self.inbox.with(|inbox| matches!(inbox, Inbox::Over))
    }

    /// Whether there are some that came since it was asked last.
    pub(super) fn has_come(&self) -> bool {
        self.inbox.with(|inbox| matches!(inbox, Inbox::Open { children, .. } if !children.is_empty()))
    }

    /// Those that came since it was asked last.
    pub(super) fn take(&self) -> Vec<C> {
        self.inbox.with(|inbox| match inbox {
            Inbox::Open { children, .. } => mem::take(children),
            Inbox::Over => Vec::new(),
        })
    }

    /// The scope is over, unless there is a child that came before.
    pub(super) fn end_if_empty(&self) -> bool {
        self.inbox.with(|inbox| {
            let is_empty = matches!(inbox, Inbox::Open { children, coming: 0 } if children.is_empty());
            if is_empty {
                *inbox = Inbox::Over;
            }
            is_empty
        })
    }

    /// The scope is over. Gives the children that came before, to be dropped where no lock is held.
    #[must_use = "children are dropped outside the lock"]
    pub(super) fn end(&self) -> Vec<C> {
        self.inbox.with(|inbox| match mem::replace(inbox, Inbox::Over) {
            Inbox::Open { children, .. } => children,
            Inbox::Over => Vec::new(),
        })
    }
}

/// A handle of a scope.
#[expect(unnameable_types, reason = "as above")]
pub trait Crewed {
    type Child: Future<Output = ()> + Unpin;

    fn crew(&self) -> &Crew<Self::Child>;
}
