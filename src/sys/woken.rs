//! Which of many places in one task were woken: each place has a waker of its own, so that only what was woken is polled.
//!
//! A waker of a place puts its number on a list under a lock and wakes the task, the first time since the task has looked. The task takes the
//! whole list at once and goes through it in that order, each place once, however often it was woken. What a place that was filled again
//! is woken for by whoever still has its waker is one poll too many, and no more.
//!
//! # Memory
//! Per place one waker, made when the place is first used, and its number twice.

use super::lock::Lock;
use super::two_steps::with_waker;
use super::unwind;
use super::wake;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::mem;
use core::task::Waker;

pub(crate) struct Woken {
    shared: Arc<Lock<Shared>>,
    wakers: Vec<Waker>,
    /// The list that was taken last: whose turn it is to be polled, each place once. It changes places with the next.
    turns: Vec<usize>,
    /// How many of them have had it.
    had: usize,
}

struct Shared {
    /// The waker of the task, until the first place is woken.
    task: Option<Waker>,
    /// Those that were woken since the task has looked.
    list: Vec<usize>,
    /// In which look each place was put on the list: the present one, if it is on it.
    listed: Vec<u64>,
    look: u64,
}

impl Shared {
    /// Puts a place on the list, once. Gives the task to be woken, if there is one that does not know yet.
    fn put(&mut self, place: usize) -> Option<Waker> {
        if mem::replace(&mut self.listed[place], self.look) == self.look {
            return None;
        }
        self.list.push(place);
        self.task.take()
    }

    /// Remembers the waker of the task. `None` if that needs a waker of its own and there is none.
    fn remember(&mut self, waker: &Waker, own: &mut Option<Waker>) -> Option<()> {
        if !self.task.as_ref().is_some_and(|task| task.will_wake(waker)) {
            let new = own.take()?;
            *own = self.task.replace(new);
        }
        Some(())
    }
}

struct Place {
    number: usize,
    shared: Arc<Lock<Shared>>,
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let task = self.shared.with(|shared| shared.put(self.number));
        if task.is_some() {
            wake::outside(task, None);
        }
    }
}

impl Woken {
    pub(crate) fn new() -> Self {
        let shared = Shared { task: None, list: Vec::new(), listed: Vec::new(), look: 1 };
        Self { shared: Arc::new(Lock::new(shared)), wakers: Vec::new(), turns: Vec::new(), had: 0 }
    }

    /// The waker of a place. A new place has the number that comes next.
    #[inline]
    pub(crate) fn waker(&mut self, place: usize) -> &Waker {
        if place == self.wakers.len() {
            self.add();
        }
        &self.wakers[place]
    }

    #[cold]
    fn add(&mut self) {
        let (number, shared) = (self.wakers.len(), self.shared.clone());
        self.wakers.push(Waker::from(Arc::new(Place { number, shared })));
        // Here, and not where somebody is woken.
        self.turns.reserve(self.wakers.len() - self.turns.len());
        self.shared.with(|shared| {
            shared.listed.push(0);
            shared.list.reserve(shared.listed.len() - shared.list.len());
        });
    }

    /// Whether it is nobody's turn.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.had == self.turns.len()
    }

    /// The next whose turn it is, and its waker.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<(usize, &Waker)> {
        let place = *self.turns.get(self.had)?;
        self.had += 1;
        Some((place, &self.wakers[place]))
    }

    /// Gives a turn to all that were woken since the last look, when all of those have had theirs. Whoever is woken from now on wakes the
    /// task by this waker.
    pub(crate) fn look(&mut self, waker: &Waker) {
        debug_assert!(self.is_idle(), "those that were woken first have their turn first");
        self.turns.clear();
        self.had = 0;
        let Self { shared, turns, .. } = self;
        with_waker(shared, waker, true, |shared, own| {
            shared.remember(waker, own)?;
            mem::swap(&mut shared.list, turns);
            shared.look += 1;
            Some(())
        });
    }

    /// Has the task woken by this waker, also if somebody was woken since the last look.
    pub(crate) fn wait(&self, waker: &Waker) {
        let late = with_waker(&self.shared, waker, false, |shared, own| {
            if !shared.list.is_empty() {
                return Some(true);
            }
            shared.remember(waker, own)?;
            Some(false)
        });
        if late {
            waker.wake_by_ref();
        }
    }
}

impl Woken {
    /// Lets the waker of the task go: there is nothing more to wake it for. If its drop panics, that goes no further: there is a result.
    pub(crate) fn leave(&self) {
        let task = self.shared.with(|shared| shared.task.take());
        unwind::keep_going(|| drop(task));
    }
}

/// Who still has the waker of a place keeps no task by it.
impl Drop for Woken {
    fn drop(&mut self) {
        let task = self.shared.with(|shared| shared.task.take());
        wake::outside(None, task);
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use core::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn task() -> (Arc<Count>, Waker) {
        let count = Arc::new(Count::default());
        (count.clone(), count.into())
    }

    fn places(count: usize) -> Woken {
        let mut woken = Woken::new();
        (0..count).for_each(|place| _ = woken.waker(place));
        woken
    }

    fn turns(woken: &mut Woken) -> Vec<usize> {
        core::iter::from_fn(|| woken.next().map(|(place, _)| place)).collect()
    }

    #[test]
    fn those_that_were_woken_have_one_turn_each_in_that_order_and_the_task_is_woken_once() {
        let ((count, waker), mut woken) = (task(), places(4));
        woken.look(&waker);
        for place in [2, 0, 2, 3, 0] {
            woken.wakers[place].wake_by_ref();
        }
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        woken.look(&waker);
        woken.wakers[0].wake_by_ref();
        woken.wakers[1].wake_by_ref();
        assert_eq!(turns(&mut woken), [2, 0, 3]);
        woken.look(&waker);
        assert_eq!(turns(&mut woken), [0, 1]);
        assert_eq!(count.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn the_task_is_woken_by_the_last_waker_that_it_came_with() {
        let ((first, old), (last, new), mut woken) = (task(), task(), places(1));
        woken.look(&old);
        woken.wait(&new);
        woken.wakers[0].wake_by_ref();
        assert_eq!((first.0.load(Ordering::Relaxed), last.0.load(Ordering::Relaxed)), (0, 1));
    }

    #[test]
    fn one_who_was_woken_before_the_task_waits_wakes_it_at_once() {
        let ((first, old), (last, new), mut woken) = (task(), task(), places(1));
        woken.look(&old);
        woken.wakers[0].wake_by_ref();
        woken.wait(&new);
        assert_eq!((first.0.load(Ordering::Relaxed), last.0.load(Ordering::Relaxed)), (1, 1));
        woken.look(&new);
        assert_eq!(turns(&mut woken), [0]);
    }

    #[test]
    fn the_waker_of_a_place_that_is_gone_keeps_no_task() {
        let ((count, waker), mut woken) = (task(), places(1));
        woken.look(&waker);
        let left = woken.wakers[0].clone();
        drop((woken, waker));
        assert_eq!(Arc::strong_count(&count), 1);
        left.wake();
        assert_eq!(count.0.load(Ordering::Relaxed), 0);
    }
}
