//! Looking at items without receiving them: they are taken aside, since nothing of the user's is called under the lock.

use super::core::Taken;
use super::holder::Holder;
use super::queue::Queue;
use super::storage::{Entry, Mark, Storage};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

/// The next item, taken aside to be looked at. Made by [`Queue::peek`](super::Queue::peek).
///
/// Dropped, it goes back to the front.
#[must_use = "dropping it puts the item back"]
pub struct Peek<Q: Holder> {
    holder: Q,
    /// Until it is taken.
    entry: Option<Entry<Q::Storage>>,
}

impl<Q: Holder> Peek<Q> {
    pub(super) fn new(holder: Q) -> Option<Self> {
        let entry = holder.queue().core.with(|core| core.lift())?;
        Some(Self { holder, entry: Some(entry) })
    }

    /// Receives it.
    #[must_use]
    pub fn take(mut self) -> Q::Item {
        let Some(entry) = self.entry.take() else { unreachable!("it is taken once") };
        let queue = self.holder.queue();
        let told = queue.core.with(|core| {
            core.lose(1, entry.1.weight());
            core.after_taking()
        });
        queue.hand_over(Taken { entry, told })
    }
}

impl<Q: Holder> Deref for Peek<Q> {
    type Target = Q::Item;

    fn deref(&self) -> &Q::Item {
        let (item, _) = self.entry.as_ref().expect("it was not taken");
        item
    }
}

impl<Q: Holder> Drop for Peek<Q> {
    fn drop(&mut self) {
        if self.entry.is_some() {
            let queue = self.holder.queue();
            queue.core.with(|core| core.lower(&mut self.entry));
            queue.settle();
        }
    }
}

impl<Q: Holder> fmt::Debug for Peek<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peek").finish_non_exhaustive()
    }
}

/// Items that are being judged. Dropped, also by a judge that panics, what is left of them goes back to the front.
struct Judged<'q, T, S: Storage<Item = T>> {
    queue: &'q Queue<T, S>,
    open: S,
    /// The one that is before the judge is the last.
    kept: Vec<Option<Entry<S>>>,
    condemned: usize,
    condemned_weight: usize,
}

/// Keeps the items for which `keep` says so. Gives how many went.
pub(super) fn retain<T, S: Storage<Item = T>>(
    queue: &Queue<T, S>,
    mut keep: impl FnMut(&T) -> bool,
) -> usize {
    let open = queue.core.with(|core| core.lift_all());
    let mut judged = Judged { queue, open, kept: Vec::new(), condemned: 0, condemned_weight: 0 };
    while let Some(entry) = judged.open.pop() {
        judged.kept.push(Some(entry));
        if judged.kept.last().and_then(Option::as_ref).is_some_and(|(item, _)| keep(item)) {
            continue;
        }
        let condemned = judged.kept.pop().flatten();
        judged.condemned += 1;
        judged.condemned_weight += condemned.as_ref().map_or(0, |(_, mark)| mark.weight());
        drop(condemned);
    }
    judged.condemned
}

impl<T, S: Storage<Item = T>> Drop for Judged<'_, T, S> {
    fn drop(&mut self) {
        let Self { queue, open, kept, .. } = self;
        kept.extend(core::iter::from_fn(|| open.pop()).map(Some));
        queue.core.with(|core| {
            core.lose(self.condemned, self.condemned_weight);
            kept.iter_mut().rev().for_each(|entry| core.lower(entry));
        });
        queue.settle();
    }
}
