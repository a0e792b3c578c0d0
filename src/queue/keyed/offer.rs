//! What all who put something in have in common: an entry that is with its sender, in the line, or in the queue.

use super::core::{Core, Entry};
use super::entering::{Ask, Offered, Refusal};
use super::holder::Holder;
use super::queue::KeyedQueue;
use crate::queue::SendError;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use core::hash::Hash;
use core::task::{Poll, Waker};

/// Dropped, it leaves the line with what it has there.
pub(super) struct Offer<Q: Holder> {
    pub(super) holder: Q,
    pub(super) hash: u64,
    /// While it is neither in line nor in the queue.
    pub(super) entry: Option<Entry<Q::Key, Q::Value>>,
    pub(super) place: Option<Key>,
}

/// What becomes of an offer. A key comes along that is not needed any more; it is dropped outside, when those who are concerned were told.
type Answer<K, V> = (Result<Offered<K, V>, Refusal>, Option<K>);

impl<Q: Holder> Offer<Q> {
    pub(super) const fn new(holder: Q, hash: u64, entry: Entry<Q::Key, Q::Value>) -> Self {
        Self { holder, hash, entry: Some(entry), place: None }
    }

    /// Gives the entry back, unless it is in the queue already.
    pub(super) fn give_up(&mut self) -> Option<Entry<Q::Key, Q::Value>> {
        self.entry.take().or_else(|| self.leave())
    }

    /// Leaves the line with the entry, if that is still there.
    fn leave(&mut self) -> Option<Entry<Q::Key, Q::Value>> {
        let (queue, place) = (&self.holder, self.place.take()?);
        let left = queue.core.with(|core| {
            let left = core.senders.remove(place)?;
            let (entry, key) = match left.payload {
                Ask::Put(lane, entry) | Ask::Merge(lane, entry) => (Some(entry), core.lanes.leave_line(lane)),
                Ask::Room(lane, entry) => {
                    core.unreserve();
                    (Some(entry), core.lanes.leave_line(lane))
                }
                Ask::Granted => (None, None),
            };
            Some((core.after_leaving(), (left.waker, key), entry))
        });
        let (told, dropped, entry) = left?;
        queue.tell_and_drop(told, dropped);
        entry
    }

    /// Asks for its turn. What did not go in is its own again.
    pub(super) fn poll_in_line(&mut self, place: Key, waker: &Waker) -> Poll<Answer<Q::Key, Q::Value>> {
        let Self { holder, entry, .. } = self;
        let answer = with_waker(&holder.core, waker, false, |core, own| {
            Some(Poll::Ready(match core.senders.ask(place, waker, own)? {
                Turn::Waiting | Turn::Stale => return Some(Poll::Pending),
                Turn::Granted(Ask::Granted) | Turn::Unknown => (Ok(Offered::PUT), None),
                // Nobody was there to let it in.
                Turn::Granted(Ask::Put(lane, back) | Ask::Merge(lane, back)) => {
                    *entry = Some(back);
                    (Err(Refusal::Closed), core.lanes.leave_line(lane))
                }
                Turn::Granted(Ask::Room(lane, back)) => {
                    *entry = Some(back);
                    (core.use_room(lane, entry), core.lanes.leave_line(lane))
                }
            }))
        });
        if answer.is_ready() {
            self.place = None;
        }
        answer
    }
}

impl<Q: Holder<Key: Hash + Eq + Clone>> Offer<Q> {
    /// There was no room a moment ago: makes the offer again, and joins the line. The waker, and the key that the lane may need, are cloned
    /// outside of the lock.
    pub(super) fn join(&mut self, waker: &Waker, merges: bool) -> Poll<Answer<Q::Key, Q::Value>> {
        let Self { holder, hash, entry, place } = self;
        let mut own = entry.as_ref().map(|(key, _)| key.clone());
        let answer = with_waker(&holder.core, waker, true, |core, waker| {
            let offered = match merges {
                true => core.offer_or_lift(*hash, entry, &mut own)?,
                false => core.offer(*hash, entry, &mut own)?.map(Offered::Put),
            };
            if offered.as_ref().err() != Some(&Refusal::Full) {
                return Some(Poll::Ready(offered));
            }
            let lane = core.lane_of(*hash, entry.as_ref()?, &mut own)?;
            let (entry, waker) = (entry.take()?, waker.take()?);
            core.lanes.join_line(lane);
            let ask = if merges { Ask::Merge(lane, entry) } else { Ask::Put(lane, entry) };
            *place = Some(core.senders.push(ask, waker));
            Some(Poll::Pending)
        });
        answer.map(|offered| (offered, own))
    }
}

impl<Q: Holder> Drop for Offer<Q> {
    #[inline]
    fn drop(&mut self) {
        if self.place.is_some() {
            drop(self.leave());
        }
    }
}

/// Calls `step` under the lock, with a clone of the key if that costs nothing. A step that opens a lane needs one: it gives `None` if it
/// has none; then the key is cloned outside, and `step` is called once more. What is left of the clone comes back.
#[inline]
pub(super) fn with_key<K: Clone, V, R>(
    queue: &KeyedQueue<K, V>,
    entry: &mut Option<Entry<K, V>>,
    mut step: impl FnMut(&mut Core<K, V>, &mut Option<Entry<K, V>>, &mut Option<K>) -> Option<R>,
) -> (R, Option<K>) {
    let clone = |entry: &Option<Entry<K, V>>| entry.as_ref().map(|(key, _)| key.clone());
    // A key without a drop is like a number, mostly; another one may be a string, and its lane is there already.
    let mut own = if core::mem::needs_drop::<K>() { None } else { clone(entry) };
    let done = queue.core.with(|core| step(core, entry, &mut own)).unwrap_or_else(|| {
        own = clone(entry);
        queue.core.with(|core| step(core, entry, &mut own)).expect("there is a key now")
    });
    (done, own)
}

/// Of an entry that is still there.
pub(super) fn refused<K, V>(refusal: Refusal, entry: &mut Option<Entry<K, V>>) -> SendError<Entry<K, V>> {
    let entry = entry.take().expect("what is refused stays with its sender");
    match refusal {
        Refusal::Full => SendError::Full(entry),
        Refusal::Closed => SendError::Closed(entry),
    }
}
