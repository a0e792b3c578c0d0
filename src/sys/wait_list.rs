//! Who waits in line, first come first served, each with a payload: the line of semaphores, queues and locks.
//!
//! A waiter is *queued* until the owner of the list grants it its turn; then it leaves the line at once and only its payload stays,
//! *granted*, until the waiting future claims it at its next poll or is dropped. So the head of the line is always somebody who
//! still waits, a grant can be passed on when the future is dropped, and the number of granted but unclaimed turns can be told.
//!
//! The list clones, wakes and drops no waker: it takes clones made outside the lock and hands back what is to be woken or
//! dropped outside of it. A future's poll is: [`poll`](WaitList::poll) → `Stale` → clone the waker outside → lock again →
//! [`poll`](WaitList::poll) once more or [`replace_waker`](WaitList::replace_waker).

use super::arena::{Arena, Key};
use super::wake::{Round, WakeBatch};
use core::task::Waker;

pub(crate) struct WaitList<P> {
    nodes: Arena<Node<P>>,
    /// First and last of the line, as indices of queued nodes.
    head: u32,
    tail: u32,
    queued: usize,
}

struct Node<P> {
    /// Present while queued.
    waker: Option<Waker>,
    /// Left as it was once the node is the first: the first is known by `head`, so that a turn is granted without a look at the next.
    prev: u32,
    next: u32,
    payload: P,
}

const NIL: u32 = u32::MAX;

/// What a waiter finds when it asks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn<P> {
    /// It is its turn; its entry is gone.
    Granted(P),
    /// Still in line, and the right waker is there.
    Waiting,
    /// Still in line, but another waker is there: see [`WaitList::replace_waker`].
    Stale,
    /// The key is not of this list, or was claimed before.
    Unknown,
}

/// What is left of a waiter that gave up.
#[derive(Debug)]
pub(crate) struct Left<P> {
    pub(crate) payload: P,
    /// To be dropped outside the lock. `None` once granted.
    pub(crate) waker: Option<Waker>,
    /// Its turn had come: whoever removed it passes the turn on.
    pub(crate) granted: bool,
}

impl<P> WaitList<P> {
    pub(crate) const fn new() -> Self {
        Self { nodes: Arena::new(), head: NIL, tail: NIL, queued: 0 }
    }

    /// How many are in line.
    pub(crate) const fn queued(&self) -> usize {
        self.queued
    }

    /// How many were granted their turn and have not claimed it.
    pub(crate) const fn granted(&self) -> usize {
        self.nodes.len() - self.queued
    }

    /// How many are there in all.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it was granted its turn and has not claimed it.
    pub(crate) fn is_granted(&self, key: Key) -> bool {
        self.nodes.get(key).is_some_and(|node| node.waker.is_none())
    }

    /// Takes back the turn of one who was granted it: it is the first in line again.
    pub(crate) fn take_back(&mut self, key: Key, waker: Waker) {
        let head = self.head;
        let Some(node) = self.nodes.get_mut(key) else { return };
        debug_assert!(node.waker.is_none(), "it was granted its turn");
        node.waker = Some(waker);
        node.next = head;
        match head {
            NIL => self.tail = key.index(),
            head => self.nodes.at_mut(head).prev = key.index(),
        }
        self.head = key.index();
        self.queued += 1;
    }

    /// Puts a waiter at the end of the line.
    #[inline(always)] // a call would pass the entry through memory
    pub(crate) fn push(&mut self, payload: P, waker: Waker) -> Key {
        let key = self.nodes.insert(Node { waker: Some(waker), prev: self.tail, next: NIL, payload });
        match self.tail {
            NIL => self.head = key.index(),
            tail => self.nodes.at_mut(tail).next = key.index(),
        }
        self.tail = key.index();
        self.queued += 1;
        key
    }

    /// Grants the first in line its turn if `can_go` says so, which may note in the payload what was granted. The waker is to be
    /// fired outside the lock.
    #[must_use = "a granted waiter that is not woken waits for ever"]
    #[inline]
    pub(crate) fn grant_first_if(&mut self, can_go: impl FnOnce(&mut P) -> bool) -> Option<Waker> {
        if self.head == NIL {
            return None;
        }
        let first = self.nodes.at_mut(self.head);
        if !can_go(&mut first.payload) {
            return None;
        }
        let (waker, next) = (first.waker.take(), first.next);
        self.head = next;
        if next == NIL {
            self.tail = NIL;
        }
        self.queued -= 1;
        waker
    }

    /// The payload of the first in line.
    pub(crate) fn first_mut(&mut self) -> Option<&mut P> {
        match self.head {
            NIL => None,
            head => Some(&mut self.nodes.at_mut(head).payload),
        }
    }

    /// Moves wakers of those who came no later than `generation` into the batch, oldest first, until it is full or none is left. They
    /// are taken out altogether.
    pub(crate) fn take_up_to(&mut self, generation: u64, batch: &mut WakeBatch<'_>) -> Round {
        let mut round = Round::More;
        while !batch.is_full() {
            let head = self.head;
            let node = if head == NIL { None } else { self.nodes.up_to_mut(head, generation) };
            let Some(node) = node else {
                round = Round::Last;
                break;
            };
            self.head = node.next;
            self.queued -= 1;
            node.waker.take().into_iter().for_each(|waker| batch.push(waker));
            self.nodes.remove_at(head);
        }
        if self.head == NIL {
            self.tail = NIL;
        }
        round
    }

    /// The generation of the last waiter that came.
    pub(crate) const fn newest(&self) -> u64 {
        self.nodes.generation()
    }

    /// Asks whether it is the turn of `key`, whose future is being polled with `waker`.
    #[inline]
    pub(crate) fn poll(&mut self, key: Key, waker: &Waker) -> Turn<P> {
        if let Some(node) = self.nodes.remove_if(key, |node| node.waker.is_none()) {
            return Turn::Granted(node.payload);
        }
        match self.nodes.get(key).and_then(|node| node.waker.as_ref()) {
            None => Turn::Unknown,
            Some(current) if current.will_wake(waker) => Turn::Waiting,
            Some(_) => Turn::Stale,
        }
    }

    /// As [`poll`](Self::poll), and puts the waker that was cloned for it in the place of a stale one. `None` if it has yet to be cloned.
    #[inline]
    pub(crate) fn ask(&mut self, key: Key, waker: &Waker, own: &mut Option<Waker>) -> Option<Turn<P>> {
        match self.poll(key, waker) {
            Turn::Stale => {
                let new = own.take()?;
                *own = Some(self.replace_waker(key, new));
                // Once is enough: there are wakers that are not even equal to their own clone.
                Some(Turn::Waiting)
            }
            turn => Some(turn),
        }
    }

    /// Puts a new waker in the place of a queued waiter's old one. What comes back is to be dropped outside the lock: the old
    /// waker, or the new one if the waiter is no longer in line.
    #[must_use = "a waker is dropped outside the lock"]
    pub(crate) fn replace_waker(&mut self, key: Key, waker: Waker) -> Waker {
        match self.nodes.get_mut(key).and_then(|node| node.waker.as_mut()) {
            Some(current) => core::mem::replace(current, waker),
            None => waker,
        }
    }

    /// Takes a waiter out, queued or granted.
    #[must_use = "a grant is passed on, a waker dropped outside the lock"]
    #[inline(always)] // as `push`
    pub(crate) fn remove(&mut self, key: Key) -> Option<Left<P>> {
        let node = self.nodes.remove(key)?;
        if node.waker.is_some() {
            self.close_gap(key.index(), node.prev, node.next);
        }
        Some(Left { payload: node.payload, granted: node.waker.is_none(), waker: node.waker })
    }

    /// Joins the neighbours of a node that left the line.
    #[inline]
    fn close_gap(&mut self, index: u32, prev: u32, next: u32) {
        let is_first = self.head == index;
        if is_first {
            self.head = next;
        } else {
            self.nodes.at_mut(prev).next = next;
        }
        if self.tail == index {
            self.tail = if is_first { NIL } else { prev };
        } else {
            self.nodes.at_mut(next).prev = prev;
        }
        self.queued -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::VecDeque;
    use alloc::sync::Arc;
    use alloc::task::Wake;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    struct Quiet;

    impl Wake for Quiet {
        fn wake(self: Arc<Self>) {}
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push,
        Grant,
        TakeBack(usize),
        Poll(usize),
        Remove(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => Just(Step::Push),
            2 => Just(Step::Grant),
            1 => any::<usize>().prop_map(Step::TakeBack),
            2 => any::<usize>().prop_map(Step::Poll),
            2 => any::<usize>().prop_map(Step::Remove),
        ]
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_deque_and_a_set_of_granted(steps in prop::collection::vec(step(), 0..300)) {
            let waker = Waker::from(Arc::new(Quiet));
            let mut list = WaitList::new();
            let mut line: VecDeque<usize> = VecDeque::new();
            let mut granted: Vec<usize> = Vec::new();
            let mut keys = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Push => {
                        keys.push((list.push(number, waker.clone()), number));
                        line.push_back(number);
                    }
                    Step::Grant => {
                        let first = line.pop_front();
                        prop_assert_eq!(list.first_mut().copied(), first);
                        prop_assert_eq!(list.grant_first_if(|_| true).is_some(), first.is_some());
                        granted.extend(first);
                    }
                    Step::TakeBack(which) if !granted.is_empty() => {
                        let value = granted.remove(which % granted.len());
                        let (key, _) = keys.iter().find(|(_, other)| *other == value).unwrap();
                        prop_assert!(list.is_granted(*key));
                        list.take_back(*key, waker.clone());
                        line.push_front(value);
                    }
                    Step::Poll(which) if !keys.is_empty() => {
                        let (key, value) = keys[which % keys.len()];
                        let expected = if line.contains(&value) {
                            Turn::Waiting
                        } else if let Some(at) = granted.iter().position(|other| *other == value) {
                            Turn::Granted(granted.remove(at))
                        } else {
                            Turn::Unknown
                        };
                        prop_assert_eq!(list.poll(key, &waker), expected);
                    }
                    Step::Remove(which) if !keys.is_empty() => {
                        let (key, value) = keys[which % keys.len()];
                        let (in_line, was_granted) = (line.contains(&value), granted.contains(&value));
                        line.retain(|other| *other != value);
                        granted.retain(|other| *other != value);
                        match list.remove(key) {
                            Some(left) => {
                                prop_assert_eq!((left.payload, left.granted), (value, was_granted));
                                prop_assert_eq!(left.waker.is_some(), in_line);
                            }
                            None => prop_assert!(!in_line && !was_granted),
                        }
                    }
                    Step::TakeBack(_) | Step::Poll(_) | Step::Remove(_) => {}
                }
                prop_assert_eq!((list.queued(), list.granted()), (line.len(), granted.len()));
                prop_assert_eq!(list.len(), line.len() + granted.len());
            }
        }
    }

    #[test]
    fn a_waiter_polled_with_another_waker_is_told_to_replace_it() {
        let (one, other) = (Waker::from(Arc::new(Quiet)), Waker::from(Arc::new(Quiet)));
        let mut list = WaitList::new();
        let key = list.push((), one.clone());
        assert_eq!(list.poll(key, &other), Turn::Stale);
        assert!(list.replace_waker(key, other.clone()).will_wake(&one));
        assert_eq!(list.poll(key, &other), Turn::Waiting);
        assert!(list.grant_first_if(|_| true).is_some_and(|waker| waker.will_wake(&other)));
        assert!(list.replace_waker(key, one.clone()).will_wake(&one), "a granted waiter takes no waker");
    }
}
