//! The queue of wakes, its driver on one thread and its sleeps on others. Nothing is ever late: what is due is woken by a call of
//! `fire` that was promised, or somebody was told to call it.

use super::{Instant, WakeKey, WakeQueue};
use crate::sys::models::{JoinHandle, Wakes, join, model, thread};
use alloc::sync::Arc;
use core::task::Waker;
use loom::sync::{Condvar, Mutex};

/// Time stands still here; what is due is due from the beginning.
const NOW: Instant = Instant::from_nanos(10);
const DUE: Instant = Instant::from_nanos(9);
const LATER: Instant = Instant::from_nanos(20);
const MUCH_LATER: Instant = Instant::from_nanos(30);

fn scheduled(queue: &WakeQueue, at: Instant) -> (WakeKey, Arc<Wakes>) {
    let (wakes, waker) = Wakes::new();
    let mut key = WakeKey::new();
    queue.schedule(at, &mut key, &waker);
    (key, wakes)
}

fn fire_on_a_thread(queue: &Arc<WakeQueue>) -> JoinHandle<Option<Instant>> {
    let queue = queue.clone();
    thread::spawn(move || queue.fire(NOW))
}

#[test]
fn one_that_is_due_while_others_fire_is_fired_with_them_or_told_of() {
    model(|| {
        let queue = Arc::new(WakeQueue::new());
        let others: [_; 3] = core::array::from_fn(|_| scheduled(&queue, DUE).1);
        let driver = fire_on_a_thread(&queue);
        let ((wakes, waker), mut key) = (Wakes::new(), WakeKey::new());
        let told = queue.schedule(DUE, &mut key, &waker);
        let [next] = join([driver]);
        assert!(others.iter().all(|wakes| wakes.count() == 1));
        assert!(next.is_none_or(|next| next <= NOW && wakes.count() == 0));
        assert!(told || next.is_some() || wakes.count() == 1, "it is due, and nobody will fire it");
        queue.fire(NOW);
        assert_eq!(wakes.count(), 1);
    });
}

#[test]
fn one_that_is_sooner_than_the_driver_knows_is_told_of() {
    model(|| {
        let queue = Arc::new(WakeQueue::new());
        let (_due, _much_later) = (scheduled(&queue, DUE), scheduled(&queue, MUCH_LATER));
        let driver = fire_on_a_thread(&queue);
        let told = queue.schedule(LATER, &mut WakeKey::new(), Waker::noop());
        let [next] = join([driver]);
        assert!(told || next == Some(LATER), "the driver sleeps for too long");
        assert_eq!(queue.next_deadline(), Some(LATER));
    });
}

#[test]
fn one_that_is_cancelled_goes_and_takes_nobody_along() {
    for cancelled in 0..4 {
        model(move || {
            let queue = Arc::new(WakeQueue::new());
            let mut sleeps = [DUE, DUE, DUE, LATER].map(|at| scheduled(&queue, at));
            let driver = fire_on_a_thread(&queue);
            queue.cancel(&mut sleeps[cancelled].0);
            assert!(sleeps[cancelled].0.is_empty());
            join([driver]);
            for (place, (_, wakes)) in sleeps.iter().enumerate() {
                let due = usize::from(place < 3);
                assert!(wakes.count() == due || (place == cancelled && wakes.count() < due));
            }
            assert_eq!(queue.next_deadline(), (cancelled != 3).then_some(LATER));
        });
    }
}

#[test]
fn one_that_moves_while_it_fires_still_fires_at_its_new_time() {
    model(|| {
        let queue = Arc::new(WakeQueue::new());
        let ((mut key, old_wakes), _others) =
            (scheduled(&queue, DUE), [(); 2].map(|()| scheduled(&queue, DUE)));
        let driver = fire_on_a_thread(&queue);
        let (wakes, waker) = Wakes::new();
        queue.schedule(LATER, &mut key, &waker);
        join([driver]);
        assert!(old_wakes.count() <= 1);
        assert_eq!((wakes.count(), queue.next_deadline()), (0, Some(LATER)));
        assert_eq!(queue.fire(LATER), None);
        assert_eq!(wakes.count(), 1);
    });
}

#[test]
fn one_that_comes_while_it_fires_hides_nobody_who_was_due() {
    model(|| {
        let queue = Arc::new(WakeQueue::new());
        let sleeps: [_; 3] = core::array::from_fn(|_| scheduled(&queue, DUE));
        let driver = fire_on_a_thread(&queue);
        queue.schedule(Instant::from_nanos(1), &mut WakeKey::new(), Waker::noop());
        join([driver]);
        assert!(sleeps.iter().all(|(_, wakes)| wakes.count() == 1));
    });
}

#[test]
fn two_drivers_at_once_wake_everybody_once() {
    model(|| {
        let queue = Arc::new(WakeQueue::new());
        let sleeps: [_; 3] = core::array::from_fn(|_| scheduled(&queue, DUE));
        let _later = scheduled(&queue, LATER);
        let driver = fire_on_a_thread(&queue);
        assert_eq!(queue.fire(NOW), Some(LATER));
        assert_eq!(join([driver]), [Some(LATER)]);
        assert!(sleeps.iter().all(|(_, wakes)| wakes.count() == 1));
    });
}

/// `rt::threads::timer_thread`, with its event-listener replaced by a count: what is told between `listen` and `wait` is heard,
/// what was told before `listen` is not.
struct TimerThread {
    queue: WakeQueue,
    told: Mutex<usize>,
    changed: Condvar,
}

impl TimerThread {
    fn new() -> Arc<Self> {
        Arc::new(Self { queue: WakeQueue::new(), told: Mutex::new(0), changed: Condvar::new() })
    }

    fn schedule(&self, at: Instant, waker: &Waker) {
        if self.queue.schedule(at, &mut WakeKey::new(), waker) {
            *self.told.lock().expect("loom's is never poisoned") += 1;
            self.changed.notify_all();
        }
    }

    fn listen(&self) -> usize {
        *self.told.lock().expect("loom's is never poisoned")
    }

    fn wait(&self, heard: usize) {
        let mut told = self.told.lock().expect("loom's is never poisoned");
        while *told == heard {
            told = self.changed.wait(told).expect("loom's is never poisoned");
        }
    }

    /// Ends when `wakes` were woken. Time stands still, so a wait ends because it is told, or never.
    fn run(&self, wakes: &Wakes) {
        loop {
            let heard = self.listen();
            let next = self.queue.fire(NOW);
            if wakes.count() > 0 {
                return;
            }
            if next.is_none_or(|next| next > NOW) {
                self.wait(heard);
            }
        }
    }
}

#[test]
fn the_timer_thread_sleeps_past_nobody() {
    model(|| {
        let (timer, (wakes, waker)) = (TimerThread::new(), Wakes::new());
        let _known = scheduled(&timer.queue, DUE);
        let (running, far) = (timer.clone(), timer.clone());
        let threads = [
            thread::spawn(move || running.run(&wakes)),
            thread::spawn(move || far.schedule(LATER, Waker::noop())),
        ];
        timer.schedule(DUE, &waker);
        join(threads);
    });
}
