//! Wakers and children that use what they are of.

use super::*;
use std::cell::RefCell;
use untether::testing::{CountingWaker, HookWaker};
use untether_support::Hooks;

#[test]
fn a_child_that_wakes_its_siblings_as_it_is_polled_and_dropped_is_heard() {
    type Wakers = RefCell<Vec<Waker>>;
    struct WakesAll<'a>(&'a Wakers);
    impl Drop for WakesAll<'_> {
        fn drop(&mut self) {
            self.0.borrow().iter().for_each(Waker::wake_by_ref);
        }
    }
    for count in [3, 16, 17, 200] {
        let (wakers, polls) = (Wakers::default(), Cell::new(0));
        let (wakers, polls) = (&wakers, &polls);
        let child = |n: usize| {
            let wakes = WakesAll(wakers);
            poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                wakes.0.borrow().iter().for_each(Waker::wake_by_ref);
                if n + 1 < count && polls.get() < 3 * count {
                    wakes.0.borrow_mut().push(cx.waker().clone());
                    return Poll::Pending;
                }
                Poll::Ready(Ok::<usize, ()>(n))
            })
        };
        let mut trying = Probe::new(try_gather((0..count).map(child)));
        let mut turns = 0;
        let values = loop {
            match trying.poll() {
                Poll::Ready(values) => break values,
                Poll::Pending => turns += 1,
            }
            assert!(turns <= trying.wakes(), "whoever waits was woken");
            if turns > 100 * count {
                panic!("it does not end");
            }
        };
        assert_eq!(values, Ok((0..count).collect()));
    }
}

#[test]
fn a_waker_that_tells_children_as_it_is_woken_cloned_and_dropped_hangs_and_loses_nothing() {
    for count in [2, 100] {
        for which in 0..3 {
            let (senders, children) = told(count);
            let senders = Arc::new(Mutex::new(senders));
            let tell = {
                let senders = senders.clone();
                move || {
                    // Out of the lock before it is told, since that comes back here.
                    let sender = senders.try_lock().ok().and_then(|mut senders| senders.pop());
                    if let Some(sender) = sender {
                        _ = sender.send(Ok(1));
                    }
                }
            };
            let hooks = match which {
                0 => Hooks::new().on_wake(tell),
                1 => Hooks::new().on_clone(tell),
                _ => Hooks::new().on_drop(tell),
            };
            let hostile = hooks.waker();
            let mut gathering = Probe::new(gather(children));
            for _ in 0..2 * count {
                if gathering.poll_with(&hostile).is_ready() {
                    break;
                }
                let sender = senders.lock().unwrap().pop();
                if let Some(sender) = sender {
                    sender.send(Ok(2)).unwrap();
                }
            }
            drop(hostile);
            assert!(senders.lock().unwrap().is_empty());
        }
    }
}

#[test]
fn a_wake_may_drop_the_whole() {
    let (mut senders, children) = told(100);
    let place = Arc::new(Mutex::new(None));
    let dropped = place.clone();
    let waker = HookWaker::new().on_wake(move || drop(dropped.lock().unwrap().take())).waker();
    let mut gathering = Box::pin(gather(children));
    assert!(gathering.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    *place.lock().unwrap() = Some(gathering);
    senders.remove(0).send(Ok(1)).unwrap();
    assert!(place.lock().unwrap().is_none());
    assert!(senders.iter().all(Sender::is_closed));
}

#[test]
fn wakers_of_children_that_outlive_it_keep_nothing_of_its_task() {
    let kept = Mutex::new(Vec::new());
    let child = |_| {
        poll_fn(|cx| {
            kept.lock().unwrap().push(cx.waker().clone());
            Poll::<Told>::Pending
        })
    };
    let task = CountingWaker::new();
    let gone = Arc::new(AtomicUsize::new(0));
    let seen = gone.clone();
    let waker = HookWaker::new().on_drop(move || _ = seen.fetch_add(1, Ordering::Relaxed)).waker();
    let mut gathering = Probe::new(gather((0..50).map(child)));
    assert!(gathering.poll_with(&waker).is_pending());
    drop(waker);
    assert_eq!(gone.load(Ordering::Relaxed), 0);
    drop(gathering);
    assert_eq!(gone.load(Ordering::Relaxed), 1);
    kept.lock().unwrap().drain(..).for_each(Waker::wake);
    assert_eq!(task.wakes(), 0);
}

#[test]
fn children_are_woken_from_other_threads_and_none_is_forgotten() {
    for _ in 0..cases(20) {
        let (senders, children) = told(500);
        let threads: Vec<_> = {
            let mut senders = senders.into_iter();
            (0..4).map(|_| senders.by_ref().take(125).collect::<Vec<_>>()).collect()
        };
        std::thread::scope(|scope| {
            for senders in threads {
                scope.spawn(move || senders.into_iter().for_each(|sender| _ = sender.send(Ok(1))));
            }
            let outcomes = untether::rt::threads::block_on(|_| gather(children));
            assert_eq!(outcomes.oks().values.len(), 500);
        });
    }
}
