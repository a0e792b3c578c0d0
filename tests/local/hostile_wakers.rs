//! Wakers that use the owner or its spawners from within their clone, wake and drop.

use super::*;

#[test]
fn the_owners_waker_may_spawn_from_every_hook() {
    let mut local = Local::new();
    let count = Arc::new(AtomicUsize::new(0));
    let budget = Arc::new(AtomicUsize::new(6));
    let hook = || {
        let (spawner, count, budget) = (local.spawner(), count.clone(), budget.clone());
        move || {
            let spend = budget.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if spend.is_ok() {
                let count = count.clone();
                let task = async move { _ = count.fetch_add(1, Ordering::Relaxed) };
                spawner.spawn(task).unwrap();
            }
        }
    };
    let waker = Hooks::new().on_clone(hook()).on_wake(hook()).on_drop(hook()).waker();
    let mut run = Probe::new(local.run_until(pending::<()>()));
    assert!(run.poll_with(&waker).is_pending());
    assert!(run.poll_with(&waker.clone()).is_pending());
    drop(waker);
    // Nothing that was spawned from a hook is lost, nor the wake that goes with it.
    for _ in 0..10 {
        run.assert_pending();
    }
    assert_eq!(budget.load(Ordering::Relaxed), 0, "every hook was called");
    assert_eq!(count.load(Ordering::Relaxed), 6);
}

#[test]
fn an_arrival_during_the_registration_of_the_owners_waker_is_not_missed() {
    let mut local = Local::new();
    let spawner = local.spawner();
    let done = Arc::new(AtomicBool::new(false));
    let (set, once) = (done.clone(), AtomicBool::new(false));
    let waker = Hooks::new().on_clone(move || {
        if !once.swap(true, Ordering::Relaxed) {
            let set = set.clone();
            spawner.spawn(async move { set.store(true, Ordering::Release) }).unwrap();
        }
    });
    let mut run = Probe::new(local.run_until(pending::<()>()));
    assert!(run.poll_with(&waker.waker()).is_pending());
    assert!(done.load(Ordering::Acquire), "it came before the round began");
}
