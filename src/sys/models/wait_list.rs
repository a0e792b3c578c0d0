//! The line, through the smallest thing that stands on it: turns that are given back and taken in order.

use super::{Wakes, block_on, join, model, thread};
use crate::sys::arena::Key;
use crate::sys::lock::Lock;
use crate::sys::wait_list::{Turn, WaitList};
use alloc::sync::Arc;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

struct Turns(Lock<State>);

struct State {
    free: usize,
    line: WaitList<()>,
}

impl Turns {
    fn new(free: usize) -> Arc<Self> {
        Arc::new(Self(Lock::new(State { free, line: WaitList::new() })))
    }

    fn give(&self) {
        let waker = self.0.with(|state| {
            let waker = state.line.grant_first_if(|()| true);
            state.free += usize::from(waker.is_none());
            waker
        });
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn take(self: &Arc<Self>) -> Take {
        Take { turns: self.clone(), key: None }
    }

    /// What is free, who waits, who was granted and has not claimed.
    fn count(&self) -> (usize, usize, usize) {
        self.0.with(|state| (state.free, state.line.queued(), state.line.granted()))
    }
}

impl State {
    /// `None` if the waker has yet to be put in line.
    fn ask(&mut self, key: Option<Key>, waker: &Waker) -> Option<Poll<()>> {
        match key.map(|key| self.line.poll(key, waker)) {
            Some(Turn::Granted(())) => Some(Poll::Ready(())),
            Some(Turn::Waiting) => Some(Poll::Pending),
            Some(Turn::Stale) => None,
            Some(Turn::Unknown) => unreachable!("the key is given up with its entry"),
            None if self.free > 0 && self.line.queued() == 0 => {
                self.free -= 1;
                Some(Poll::Ready(()))
            }
            None => None,
        }
    }
}

struct Take {
    turns: Arc<Turns>,
    key: Option<Key>,
}

impl Future for Take {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { turns, key } = &mut *self;
        let mut polled = turns.0.with(|state| state.ask(*key, cx.waker()));
        if polled.is_none() {
            let waker = cx.waker().clone();
            let unused = turns.0.with(|state| {
                polled = state.ask(*key, &waker);
                match (polled, *key) {
                    (Some(_), _) => Some(waker),
                    (None, Some(key)) => Some(state.line.replace_waker(key, waker)),
                    (None, None) => {
                        *key = Some(state.line.push((), waker));
                        None
                    }
                }
            });
            drop(unused);
        }
        let polled = polled.unwrap_or(Poll::Pending);
        if polled.is_ready() {
            *key = None;
        }
        polled
    }
}

impl Drop for Take {
    fn drop(&mut self) {
        let left = self.key.and_then(|key| self.turns.0.with(|state| state.line.remove(key)));
        if left.is_some_and(|left| left.granted) {
            self.turns.give();
        }
    }
}

fn poll_once(take: &mut Take, waker: &Waker) -> bool {
    Pin::new(take).poll(&mut Context::from_waker(waker)).is_ready()
}

#[test]
fn a_waiter_that_comes_while_a_turn_is_given_gets_it() {
    model(|| {
        let turns = Turns::new(0);
        let theirs = turns.clone();
        let giver = thread::spawn(move || theirs.give());
        block_on(turns.take());
        join([giver]);
        assert_eq!(turns.count(), (0, 0, 0));
    });
}

#[test]
fn a_grant_that_races_with_a_cancel_is_passed_on() {
    model(|| {
        let turns = Turns::new(0);
        let (mut first, mut second) = (turns.take(), turns.take());
        let ((_, waker), (wakes, next)) = (Wakes::new(), Wakes::new());
        assert!(!poll_once(&mut first, &waker) && !poll_once(&mut second, &next));
        let theirs = turns.clone();
        let threads = [thread::spawn(move || theirs.give()), thread::spawn(move || drop(first))];
        join(threads);
        assert_eq!(wakes.count(), 1);
        assert!(poll_once(&mut second, &next));
        assert_eq!(turns.count(), (0, 0, 0));
    });
}

#[test]
fn a_grant_that_races_with_two_cancels_reaches_a_third_that_waits() {
    model(|| {
        let turns = Turns::new(0);
        let (mut first, mut second) = (turns.take(), turns.take());
        assert!(!poll_once(&mut first, Waker::noop()) && !poll_once(&mut second, Waker::noop()));
        let threads = [thread::spawn(move || drop(first)), thread::spawn(move || drop(second))];
        let theirs = turns.clone();
        let giver = thread::spawn(move || theirs.give());
        block_on(turns.take());
        join(threads);
        join([giver]);
        assert_eq!(turns.count(), (0, 0, 0));
    });
}

#[test]
fn one_turn_goes_to_one_of_those_who_ask_or_stays_free() {
    model(|| {
        let turns = Turns::new(0);
        let ask = |mut take: Take| move || poll_once(&mut take, Waker::noop());
        let threads = [turns.take(), turns.take()].map(|take| thread::spawn(ask(take)));
        turns.give();
        let got = join(threads).into_iter().filter(|got| *got).count();
        let (free, queued, granted) = turns.count();
        assert_eq!((got + free, queued, granted), (1, 0, 0));
    });
}

#[test]
fn a_turn_reaches_the_waker_of_the_last_poll() {
    model(|| {
        let turns = Turns::new(0);
        let mut take = turns.take();
        let ((old_wakes, old), (new_wakes, new)) = (Wakes::new(), Wakes::new());
        assert!(!poll_once(&mut take, &old));
        let theirs = turns.clone();
        let giver = thread::spawn(move || theirs.give());
        let ready = poll_once(&mut take, &new);
        join([giver]);
        assert!(ready || new_wakes.count() == 1, "the turn came after the poll and told another waker");
        assert_eq!(old_wakes.count() + new_wakes.count(), 1);
        assert!(ready || poll_once(&mut take, &new));
    });
}

#[test]
fn two_who_take_turns_on_threads_of_their_own_both_get_one() {
    model(|| {
        let turns = Turns::new(1);
        let go = |turns: Arc<Turns>| {
            move || {
                block_on(turns.take());
                turns.give();
            }
        };
        let other = thread::spawn(go(turns.clone()));
        go(turns.clone())();
        join([other]);
        assert_eq!(turns.count(), (1, 0, 0));
    });
}
