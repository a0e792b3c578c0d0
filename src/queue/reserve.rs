//! Room that is kept free for something that comes later.

use super::core::Ask;
use super::error::{ReserveError, SendError};
use super::holder::Holder;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for room and keeps it free. Made by [`Queue::reserve`](super::Queue::reserve) and its siblings.
///
/// `Unpin`, so it can be polled in place, and kept in a struct.
///
/// # Cancel safety
/// Dropping it gives up its place in line and passes on what was granted.
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Reserve<Q: Holder> {
    /// Taken when it ends.
    holder: Option<Q>,
    room: usize,
    place: Option<Key>,
}

impl<Q: Holder> Reserve<Q> {
    pub(super) const fn new(holder: Q, room: usize) -> Self {
        Self { holder: Some(holder), room, place: None }
    }

    /// As [`poll`](Future::poll), without a pin.
    ///
    /// # Errors
    /// See [`Queue::reserve`](super::Queue::reserve).
    /// # Panics
    /// When called after it was ready.
    pub fn poll_reserve(&mut self, cx: &mut Context<'_>) -> Poll<Result<Permit<Q>, ReserveError>> {
        let (room, place) = (self.room, &mut self.place);
        let queue = self.holder.as_ref().expect("a reserve was polled after it had ended").queue();
        let outcome = with_waker(&queue.core, cx.waker(), false, |core, own| match *place {
            None => Some(match core.refusal(room).map(ReserveError::from) {
                None => {
                    core.reserve(room);
                    Some(Ok(()))
                }
                Some(ReserveError::Full) => {
                    *place = Some(core.senders.push(Ask::Room(room), own.take()?));
                    None
                }
                Some(error) => Some(Err(error)),
            }),
            Some(key) => Some(match core.senders.ask(key, cx.waker(), own)? {
                Turn::Waiting | Turn::Stale => None,
                Turn::Granted(Ask::Granted) => Some(Ok(())),
                Turn::Granted(_) | Turn::Unknown => Some(Err(ReserveError::Closed)),
            }),
        });
        match outcome {
            None => Poll::Pending,
            Some(outcome) => {
                self.place = None;
                let holder = self.holder.take().expect("it was there a moment ago");
                Poll::Ready(outcome.map(|()| Permit { holder, room }))
            }
        }
    }

    waits!();
}

impl<Q: Holder> Unpin for Reserve<Q> {}

impl<Q: Holder> Future for Reserve<Q> {
    type Output = Result<Permit<Q>, ReserveError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_reserve(cx)
    }
}

impl<Q: Holder> Drop for Reserve<Q> {
    fn drop(&mut self) {
        let (Some(holder), Some(place)) = (&self.holder, self.place.take()) else { return };
        let (queue, room) = (holder.queue(), self.room);
        let (left, told) = queue.core.with(|core| {
            let left = core.senders.remove(place);
            if left.as_ref().is_some_and(|left| matches!(left.payload, Ask::Granted)) {
                core.unreserve(room);
            }
            (left.and_then(|left| left.waker), core.after_leaving())
        });
        queue.leave(told, left);
    }
}

impl<Q: Holder> fmt::Debug for Reserve<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reserve")
            .field("room", &self.room)
            .field("in_line", &self.place.is_some())
            .finish_non_exhaustive()
    }
}

/// Room in a queue that is kept free: sending into it neither waits nor fails, unless the queue has ended.
///
/// What is not used is given back when it is dropped. A queue that was closed still takes what has room reserved, and its receivers wait for it.
///
/// # Examples
/// ```
/// use untether::queue::Queue;
///
/// let queue = Queue::bounded(1);
/// let mut permit = queue.try_reserve(1).unwrap();
/// assert!(queue.try_send("no room").is_err());
/// permit.send("made later").unwrap();
/// assert_eq!(queue.try_recv(), Ok("made later"));
/// ```
#[must_use = "dropping it gives the room back"]
pub struct Permit<Q: Holder> {
    holder: Q,
    room: usize,
}

impl<Q: Holder> Permit<Q> {
    pub(super) fn now(holder: Q, room: usize) -> Result<Self, ReserveError> {
        let refusal = holder.queue().core.with(|core| {
            let refusal = core.refusal(room);
            if refusal.is_none() {
                core.reserve(room);
            }
            refusal
        });
        match refusal {
            None => Ok(Self { holder, room }),
            Some(refusal) => Err(refusal.into()),
        }
    }

    pub(super) const fn parts(&mut self) -> (&Q, &mut usize) {
        (&self.holder, &mut self.room)
    }

    /// How much room is left: items, or what they may weigh.
    #[must_use]
    pub const fn room(&self) -> usize {
        self.room
    }

    /// Puts an item into the room.
    ///
    /// # Errors
    /// [`SendError`], with the item: [`TooHeavy`](SendError::TooHeavy) if it takes more room than is left,
    /// [`Closed`](SendError::Closed) if nobody receives any more: the queue was [closed at once](super::Queue::close_now), its last receiver is gone,
    /// or it was closed and no room is left in this permit, so that nobody waits for more.
    pub fn send(&mut self, item: Q::Item) -> Result<(), SendError<Q::Item>> {
        let queue = self.holder.queue();
        let mut entry = Some(queue.mark(item));
        match queue.core.with(|core| core.offer_promised(&mut entry, &mut self.room)) {
            Ok(told) => {
                queue.tell(told);
                Ok(())
            }
            Err(refusal) => Err(SendError::of(refusal, entry)),
        }
    }
}

impl<Q: Holder> Drop for Permit<Q> {
    fn drop(&mut self) {
        if self.room > 0 {
            let queue = self.holder.queue();
            let told = queue.core.with(|core| {
                core.unreserve(self.room);
                core.after_leaving()
            });
            queue.tell(told);
        }
    }
}

impl<Q: Holder> fmt::Debug for Permit<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("room", &self.room).finish_non_exhaustive()
    }
}
