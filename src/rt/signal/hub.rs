//! What was heard in this process, and who listens: one for all.

use super::Signal;
use crate::sys::arena::Key;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::unwind;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake;
use core::task::Waker;

/// How many may be told and not taken before one ends the process.
const PATIENCE: u32 = 2;

/// How many of each were heard: SIGINT, SIGTERM.
pub(super) type Heard = [u64; 2];

pub(super) struct Hub(Lock<State>);

struct State {
    heard: Heard,
    listeners: usize,
    /// Told since somebody last took one.
    untaken: u32,
    crowd: WaitSet,
}

pub(super) static HUB: Hub = Hub::new();

/// One has come. `false` if nobody takes care of it: then it is to do what it does without us.
pub(in crate::rt) fn note(signal: Signal) -> bool {
    HUB.note(signal)
}

impl Hub {
    pub(super) const fn new() -> Self {
        Self(Lock::new(State { heard: [0; 2], listeners: 0, untaken: 0, crowd: WaitSet::new() }))
    }

    /// One more who listens, to what comes from now on.
    pub(super) fn join(&self) -> Heard {
        self.0.with(|state| {
            state.listeners += 1;
            state.untaken = 0;
            state.heard
        })
    }

    pub(super) fn leave(&self, place: &mut Option<Key>) {
        self.0.with(|state| state.listeners -= 1);
        self.stop_waiting(place);
    }

    pub(super) fn note(&self, signal: Signal) -> bool {
        let is_told = self.0.with(|state| {
            if state.listeners == 0 || state.untaken >= PATIENCE {
                return false;
            }
            state.untaken += 1;
            state.heard[index(signal)] += 1;
            true
        });
        if is_told {
            let mut mark = None;
            let tell = || {
                wake::drain(|batch| {
                    self.0.with(|state| {
                        let mark = *mark.get_or_insert_with(|| state.crowd.mark());
                        state.crowd.take_before(mark, batch)
                    })
                });
            };
            // The thread that tells outlives a waker that panics.
            unwind::keep_going(tell);
        }
        is_told
    }

    pub(super) fn poll(&self, seen: &mut Heard, place: &mut Option<Key>, waker: &Waker) -> Option<Signal> {
        let taken = with_waker(&self.0, waker, place.is_none(), |state, own| {
            if let Some(signal) = state.take(seen) {
                return Some(Some(signal));
            }
            if let Some(key) = *place {
                if state.crowd.ask(key, waker, own)? == Turn::Waiting {
                    return Some(None);
                }
            }
            *place = Some(state.crowd.register(own.take()?));
            Some(None)
        });
        if taken.is_some() {
            // What was taken is not lost with a waker whose drop panics.
            unwind::keep_going(|| self.stop_waiting(place));
        }
        taken
    }

    pub(super) fn stop_waiting(&self, place: &mut Option<Key>) {
        if let Some(key) = place.take() {
            let waker = self.0.with(|state| state.crowd.remove(key));
            wake::outside(None, waker);
        }
    }
}

impl State {
    fn take(&mut self, seen: &mut Heard) -> Option<Signal> {
        let missed = [Signal::Interrupt, Signal::Terminate].into_iter();
        let signal = missed.into_iter().find(|signal| seen[index(*signal)] < self.heard[index(*signal)])?;
        seen[index(signal)] += 1;
        self.untaken = 0;
        Some(signal)
    }
}

const fn index(signal: Signal) -> usize {
    match signal {
        Signal::Interrupt => 0,
        Signal::Terminate => 1,
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use alloc::sync::Arc;
    use alloc::task::Wake;

    fn take(hub: &Hub, seen: &mut Heard) -> Option<Signal> {
        let mut place = None;
        let taken = hub.poll(seen, &mut place, Waker::noop());
        hub.stop_waiting(&mut place);
        taken
    }

    #[test]
    fn what_nobody_listens_to_is_left_to_the_system() {
        let hub = Hub::new();
        assert!(!hub.note(Signal::Interrupt));
        let mut seen = hub.join();
        assert!(hub.note(Signal::Terminate));
        assert_eq!(take(&hub, &mut seen), Some(Signal::Terminate), "and nothing from before");
        assert_eq!(take(&hub, &mut seen), None);
        hub.leave(&mut None);
        assert!(!hub.note(Signal::Interrupt));
    }

    #[test]
    fn all_who_listen_are_told_of_each() {
        let hub = Hub::new();
        let mut seen = [hub.join(), hub.join()];
        hub.note(Signal::Interrupt);
        hub.note(Signal::Terminate);
        for seen in &mut seen {
            assert_eq!(take(&hub, seen), Some(Signal::Interrupt));
            assert_eq!(take(&hub, seen), Some(Signal::Terminate));
            assert_eq!(take(&hub, seen), None);
        }
    }

    /// Panics when the last one is dropped.
    struct Bomb;

    impl Wake for Bomb {
        fn wake(self: Arc<Self>) {
            core::mem::forget(self);
        }
    }

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }

    fn wait_with_a_bomb(hub: &Hub, seen: &mut Heard) -> Option<Key> {
        let (mut place, bomb) = (None, Waker::from(Arc::new(Bomb)));
        assert_eq!(hub.poll(seen, &mut place, &bomb), None);
        place
    }

    #[test]
    fn one_who_leaves_a_waker_that_panics_is_gone_all_the_same() {
        let hub = Hub::new();
        let mut place = wait_with_a_bomb(&hub, &mut hub.join());
        assert!(unwind::catch(|| hub.leave(&mut place)).is_err());
        assert!(!hub.note(Signal::Interrupt), "nobody listens");
    }

    #[test]
    fn the_third_that_nobody_takes_is_left_to_the_system() {
        let hub = Hub::new();
        let mut seen = hub.join();
        let noted = [(); 4].map(|()| hub.note(Signal::Interrupt));
        assert_eq!(noted, [true, true, false, false]);
        assert_eq!(take(&hub, &mut seen), Some(Signal::Interrupt));
        assert!(hub.note(Signal::Interrupt));
    }
}
