//! The crowd, through a bell: all who came before it rings are woken. With room for two wakers, three take two rounds.

use super::{Wakes, join, model, thread};
use crate::sys::arena::Key;
use crate::sys::lock::Lock;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake;
use alloc::sync::Arc;
use core::task::Waker;

struct Bell(Lock<State>);

struct State {
    rung: bool,
    set: WaitSet,
}

impl Bell {
    /// A bell, and so many who wait for it.
    fn new<const N: usize>() -> (Arc<Self>, [(Key, Arc<Wakes>); N]) {
        let bell = Arc::new(Self(Lock::new(State { rung: false, set: WaitSet::new() })));
        let crowd = core::array::from_fn(|_| {
            let (wakes, waker) = Wakes::new();
            (bell.0.with(|state| state.set.register(waker)), wakes)
        });
        (bell, crowd)
    }

    fn ring(&self) {
        let mark = self.0.with(|state| {
            state.rung = true;
            state.set.mark()
        });
        wake::drain(|batch| self.0.with(|state| state.set.take_before(mark, batch)));
    }

    fn ring_from_another_thread(self: &Arc<Self>) -> thread::JoinHandle<()> {
        let bell = self.clone();
        thread::spawn(move || bell.ring())
    }

    fn waiting(&self) -> usize {
        self.0.with(|state| state.set.len())
    }
}

#[test]
fn one_who_leaves_between_two_rounds_is_woken_or_gets_out_and_the_others_are_woken() {
    for leaver in 0..3 {
        model(move || {
            let (bell, crowd) = Bell::new::<3>();
            let ringer = bell.ring_from_another_thread();
            let left = bell.0.with(|state| state.set.remove(crowd[leaver].0));
            join([ringer]);
            for (place, (_, wakes)) in crowd.iter().enumerate() {
                let got_out = place == leaver && left.is_some();
                assert_eq!(wakes.count(), usize::from(!got_out));
            }
            assert_eq!(bell.waiting(), 0);
        });
    }
}

#[test]
fn one_who_comes_after_the_bell_is_not_woken_and_one_who_came_before_is() {
    model(|| {
        let (bell, crowd) = Bell::new::<3>();
        let ringer = bell.ring_from_another_thread();
        let (late_wakes, waker) = Wakes::new();
        let (key, too_late) = bell.0.with(|state| (state.set.register(waker), state.rung));
        join([ringer]);
        assert!(crowd.iter().all(|(_, wakes)| wakes.count() == 1));
        assert_eq!(late_wakes.count(), usize::from(!too_late));
        assert_eq!(bell.waiting(), usize::from(too_late));
        let turn = bell.0.with(|state| state.set.poll(key, Waker::noop()));
        assert_eq!(turn, if too_late { Turn::Stale } else { Turn::Unknown });
    });
}

#[test]
fn two_who_ring_at_once_wake_everybody_once() {
    model(|| {
        let (bell, crowd) = Bell::new::<3>();
        let ringer = bell.ring_from_another_thread();
        bell.ring();
        join([ringer]);
        assert!(crowd.iter().all(|(_, wakes)| wakes.count() == 1));
        assert_eq!(bell.waiting(), 0);
    });
}

#[test]
fn the_bell_reaches_the_waker_of_the_last_poll() {
    model(|| {
        let (bell, [first, second, third]) = Bell::new::<3>();
        let ringer = bell.ring_from_another_thread();
        let (new_wakes, new) = Wakes::new();
        let (turn, unused) = bell.0.with(|state| match state.set.poll(third.0, &new) {
            Turn::Stale => (Turn::Stale, state.set.replace_waker(third.0, new)),
            turn => (turn, new),
        });
        drop(unused);
        join([ringer]);
        assert!(first.1.count() == 1 && second.1.count() == 1);
        let replaced = turn == Turn::Stale;
        assert_eq!((third.1.count(), new_wakes.count()), (usize::from(!replaced), usize::from(replaced)));
    });
}
