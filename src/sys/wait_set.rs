//! Who waits for the same thing: all are woken together, and being woken is being gone.
//!
//! Waking many takes several rounds, the lock left between them. [`mark`](WaitSet::mark) is taken when the event happens and
//! only those who were there by then are woken, so a waiter who comes between two rounds waits for the next event.

use super::arena::Key;
use super::wait_list::{Turn, WaitList};
use super::wake::{Round, WakeBatch};
use core::task::Waker;

pub(crate) struct WaitSet(WaitList<()>);

/// The moment of an event: everybody who came before it is woken.
#[derive(Clone, Copy)]
pub(crate) struct Mark(u64);

impl WaitSet {
    pub(crate) const fn new() -> Self {
        Self(WaitList::new())
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.queued()
    }

    #[inline]
    pub(crate) fn register(&mut self, waker: Waker) -> Key {
        self.0.push((), waker)
    }

    /// `Waiting` or `Stale` for one who still waits, `Unknown` for one who was woken.
    pub(crate) fn poll(&mut self, key: Key, waker: &Waker) -> Turn<()> {
        self.0.poll(key, waker)
    }

    /// See [`WaitList::ask`].
    pub(crate) fn ask(&mut self, key: Key, waker: &Waker, own: &mut Option<Waker>) -> Option<Turn<()>> {
        match self.poll(key, waker) {
            Turn::Stale => {
                let new = own.take()?;
                *own = Some(self.replace_waker(key, new));
                Some(Turn::Waiting)
            }
            turn => Some(turn),
        }
    }

    /// See [`WaitList::replace_waker`].
    #[must_use = "a waker is dropped outside the lock"]
    pub(crate) fn replace_waker(&mut self, key: Key, waker: Waker) -> Waker {
        self.0.replace_waker(key, waker)
    }

    /// Takes a waiter out; its waker is to be dropped outside the lock.
    #[must_use = "a waker is dropped outside the lock"]
    #[inline]
    pub(crate) fn remove(&mut self, key: Key) -> Option<Waker> {
        self.0.remove(key)?.waker
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.0.newest())
    }

    /// Moves wakers of all who are there into the batch, oldest first, until it is full or none is left.
    pub(crate) fn take_all(&mut self, batch: &mut WakeBatch) -> Round {
        self.take_before(self.mark(), batch)
    }

    /// Moves wakers of those who came before `mark` into the batch, oldest first, until it is full or none is left.
    pub(crate) fn take_before(&mut self, mark: Mark, batch: &mut WakeBatch) -> Round {
        self.0.take_up_to(mark.0, batch)
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use crate::sys::wake;
    use alloc::sync::Arc;
    use alloc::task::Wake;
    use alloc::vec::Vec;
    use core::sync::atomic::{AtomicUsize, Ordering};

    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn waking_all_takes_as_many_rounds_as_it_needs_and_spares_who_comes_later() {
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let mut set = WaitSet::new();
        let keys: Vec<Key> = (0..100).map(|_| set.register(count.clone().into())).collect();
        drop(set.remove(keys[50]));
        let (mark, mut rounds) = (set.mark(), 0);
        wake::drain(|batch| {
            rounds += 1;
            set.register(Waker::noop().clone());
            set.take_before(mark, batch)
        });
        assert_eq!(count.0.load(Ordering::Relaxed), 99);
        assert_eq!((rounds, set.len()), (8, 8), "one, then sixteen at a time");
        assert_eq!(set.poll(keys[0], Waker::noop()), Turn::Unknown);
    }

    #[test]
    fn one_who_waits_is_woken_through_the_waker_of_its_last_poll() {
        let (first, last) = (Arc::new(Count(AtomicUsize::new(0))), Arc::new(Count(AtomicUsize::new(0))));
        let mut set = WaitSet::new();
        let key = set.register(first.clone().into());
        let waker = Waker::from(last.clone());
        assert_eq!(set.poll(key, &waker), Turn::Stale);
        drop(set.replace_waker(key, waker));
        let mark = set.mark();
        wake::drain(|batch| set.take_before(mark, batch));
        assert_eq!((first.0.load(Ordering::Relaxed), last.0.load(Ordering::Relaxed)), (0, 1));
    }

    #[cfg(feature = "std")] // a panic that is caught
    #[test]
    fn a_waker_that_panics_does_not_keep_the_others_asleep() {
        struct Bomb;
        impl Wake for Bomb {
            fn wake(self: Arc<Self>) {
                panic!("on purpose");
            }
        }
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let mut set = WaitSet::new();
        set.register(Arc::new(Bomb).into());
        for _ in 0..40 {
            set.register(count.clone().into());
        }
        let mark = set.mark();
        let caught = crate::sys::unwind::catch(|| wake::drain(|batch| set.take_before(mark, batch)));
        assert!(caught.is_err(), "the panic goes on");
        assert_eq!(count.0.load(Ordering::Relaxed), 40);
    }
}
