//! Scopes: children that borrow, and none outlives the block.

use super::*;
use std::cell::RefCell;
use untether::spawn::yield_now;
use untether::task::scope::Child;

#[test]
fn a_scope_ends_when_its_body_and_all_children_have() {
    let (sender, receiver) = oneshot::<u32>();
    let got = Mutex::new(None);
    let mut running = Probe::new(scope(|s| {
        let got = &got;
        drop(s.spawn(async move { *got.lock().unwrap() = receiver.await.ok() }));
        ready("the body")
    }));
    running.assert_pending();
    sender.send(7).unwrap();
    assert_eq!(running.assert_ready(), "the body");
    assert_eq!(*got.lock().unwrap(), Some(7));
}

#[test]
fn the_body_awaits_its_children_while_others_run() {
    let words = ["a", "bc", "def"];
    let mut running = Probe::new(scope(async |s| {
        let children: Vec<Child<usize>> = words
            .iter()
            .map(|word| {
                s.spawn(async move {
                    yield_now().await;
                    word.len()
                })
            })
            .collect();
        let mut sum = 0;
        for child in children {
            sum += child.await;
        }
        sum
    }));
    let sum = loop {
        if let Poll::Ready(sum) = running.poll() {
            break sum;
        }
    };
    assert_eq!(sum, 6);
}

#[test]
fn a_child_spawns_siblings_and_they_theirs() {
    fn grow<'env>(s: &scope::Scope<'env>, left: u32, count: &'env AtomicUsize) {
        count.fetch_add(1, Ordering::Relaxed);
        if left > 0 {
            for _ in 0..2 {
                let own = s.clone();
                drop(s.spawn(async move { grow(&own, left - 1, count) }));
            }
        }
    }
    let count = AtomicUsize::new(0);
    let mut running = Probe::new(scope(async |s| grow(&s, 9, &count)));
    while running.poll().is_pending() {}
    drop(running);
    assert_eq!(count.into_inner(), 1_023);
}

#[test]
fn a_scope_gives_way_after_128_children_have_ended() {
    let ran = AtomicUsize::new(0);
    let mut running = Probe::new(scope(async |s| {
        (0..300).for_each(|_| drop(s.spawn(async { ran.fetch_add(1, Ordering::Relaxed) })));
    }));
    for turn in 1..3 {
        running.assert_pending();
        assert_eq!((ran.load(Ordering::Relaxed), running.wakes() >= turn), (128 * turn, true));
    }
    running.assert_ready();
    assert_eq!(ran.load(Ordering::Relaxed), 300);
}

#[test]
fn dropped_at_any_poll_it_drops_its_body_and_all_children() {
    let alive = Cell::new(0);
    let alive = &alive;
    for polls in 0..4 {
        let mut running = Probe::new(scope_local(|s| async move {
            let _own = Alive::new(alive);
            for _ in 0..10 {
                let spawner = s.clone();
                drop(s.spawn(async move {
                    let _own = Alive::new(alive);
                    yield_now().await;
                    drop(spawner.spawn(async move {
                        let _own = Alive::new(alive);
                        pending::<()>().await;
                    }));
                    pending::<()>().await;
                }));
            }
            pending::<()>().await;
        }));
        (0..polls).for_each(|_| running.assert_pending());
        drop(running);
        assert_eq!(alive.get(), 0);
    }
}

#[test]
fn a_panic_of_a_child_goes_through_the_scope_after_all_others_are_gone() {
    let alive = Cell::new(0);
    let alive = &alive;
    let mut running = Box::pin(scope_local(|s| async move {
        drop(s.spawn(async move {
            let _own = Alive::new(alive);
            pending::<()>().await;
        }));
        drop(s.spawn(async move {
            assert_eq!(alive.get(), 2, "the body and the other are there");
            panic!("on purpose: a child")
        }));
        let _own = Alive::new(alive);
        pending::<()>().await;
    }));
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(panics(|| running.as_mut().poll(&mut cx)), "on purpose: a child");
    assert_eq!(alive.get(), 0);
}

#[test]
fn children_that_panic_as_they_are_dropped_keep_nobody_alive() {
    let alive = Cell::new(0);
    let alive = &alive;
    let mut running = Probe::new(scope_local(|s| async move {
        for n in 0..10 {
            drop(s.spawn(async move {
                let _own = Alive::new(alive);
                let _bomb = (n % 3 == 0).then(|| Bomb);
                pending::<()>().await;
            }));
        }
        pending::<()>().await;
    }));
    running.assert_pending();
    assert_eq!(panics(|| drop(running)), "on purpose: a drop");
    assert_eq!(alive.get(), 0);
}

#[test]
fn a_handle_that_was_carried_out_spawns_nothing_and_gives_the_child_back() {
    let mut kept = None;
    let mut running = Probe::new(scope(|s| {
        kept = Some(s);
        ready(())
    }));
    running.assert_ready();
    let kept = kept.unwrap();
    let ended = kept.try_spawn(ready(7)).unwrap_err();
    assert_eq!(ended.to_string(), "the scope has ended");
    assert_eq!(Probe::new(ended.into_inner()).assert_ready(), 7);
    assert_eq!(panics(|| drop(kept.spawn(ready(7)))), "the scope has ended");
}

#[test]
fn who_awaits_a_child_whose_scope_was_dropped_hears_of_it() {
    let mut kept = None;
    let running = scope(|s| {
        kept = Some(s.spawn(ready(7)));
        pending::<()>()
    });
    drop(running);
    assert_eq!(panics(|| Probe::new(kept.unwrap()).poll()), "the scope of this child is gone");
}

#[test]
fn a_child_that_is_spawned_from_another_task_is_begun() {
    let mut kept = None;
    let (sender, receiver) = oneshot::<()>();
    let mut running = Probe::new(scope(|s| {
        kept = Some(s);
        receiver
    }));
    running.assert_pending();
    let wakes = running.wakes();
    let mut child = Probe::new(kept.unwrap().spawn(ready(7)));
    assert_eq!(running.wakes(), wakes + 1);
    running.assert_pending();
    assert_eq!(child.assert_ready(), 7);
    sender.send(()).unwrap();
    running.assert_ready().unwrap();
}

#[test]
fn children_share_what_is_no_thread_s_but_theirs() {
    let log = RefCell::new(Vec::new());
    let log_of = &log;
    let mut running = Probe::new(scope_local(|s| async move {
        for n in 0..3 {
            let own = Rc::new(n);
            drop(s.spawn(async move { log_of.borrow_mut().push(*own) }));
        }
        log_of.borrow_mut().push(99);
    }));
    running.assert_ready();
    drop(running);
    assert_eq!(log.into_inner(), [99, 0, 1, 2]);
}
