//! What closures that block are promised: see [`SpawnBlocking`].

use super::tasks::{LIMIT, Watch, until};
use crate::spawn::{SpawnBlocking, SpawnExt};
use crate::time::{TimeoutExt, Timer};
use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::time::Duration;

type Flag = Arc<AtomicBool>;

/// And its handle is a task like any other.
pub async fn a_closure_gives_its_result<R: Timer + SpawnBlocking>(rt: R) {
    let task = rt.spawn_blocking_task(|| 6 * 7).expect("there is room");
    assert_eq!(task.timeout(LIMIT, &rt).await.expect("it ends in time").expect("it ends"), 42);
}

/// Fifty that are spawned and forgotten all run: none is tied to a handle that was dropped.
pub async fn a_closure_without_a_handle_runs<R: Timer + SpawnBlocking>(rt: R) {
    let count = Arc::new(AtomicUsize::new(0));
    for _ in 0..50 {
        let count = count.clone();
        let work = move || {
            count.fetch_add(1, Ordering::AcqRel);
        };
        rt.spawn_blocking(work).expect("there is room");
    }
    until(&rt, "50 closures run", || count.load(Ordering::Acquire) == 50).await;
}

/// The thread goes on.
pub async fn a_panic_comes_back_to_who_awaits<R: Timer + SpawnBlocking>(rt: R) {
    let work = || panic!("on purpose: a conformance test sees what becomes of it");
    let task = rt.spawn_blocking_task(work).expect("there is room");
    let outcome: Result<(), _> = task.timeout(LIMIT, &rt).await.expect("it ends in time");
    assert!(outcome.expect_err("it panicked").is_panic());
    a_closure_gives_its_result(rt).await;
}

/// The thread goes on, or another does in its place.
pub async fn a_panic_without_a_handle_harms_nobody<R: Timer + SpawnBlocking>(rt: R) {
    for _ in 0..20 {
        let work = || panic!("on purpose: a conformance test sees that others go on");
        rt.spawn_blocking_task(work).expect("there is room").detach();
    }
    a_closure_without_a_handle_runs(rt).await;
}

/// Two thousand at once: a pool may be full, and then says so. None is lost.
pub async fn a_burst_is_run_or_handed_back<R: Timer + SpawnBlocking>(rt: R) {
    let run = Arc::new(AtomicUsize::new(0));
    let mut refused = 0;
    for _ in 0..2_000 {
        let count = run.clone();
        let work = move || {
            count.fetch_add(1, Ordering::AcqRel);
        };
        if let Err(error) = rt.spawn_blocking(work) {
            refused += 1;
            drop(error.into_inner());
        }
    }
    until(&rt, "every closure is gone", || Arc::strong_count(&run) == 1).await;
    assert_eq!(run.load(Ordering::Acquire) + refused, 2_000, "{refused} were handed back");
}

/// A closure that waits for a task does not hold that task up.
pub async fn tasks_run_while_a_closure_blocks<R: Timer + SpawnBlocking>(rt: R) {
    let go_on = Flag::default();
    let told = go_on.clone();
    let task = rt.spawn_blocking_task(move || {
        while !told.load(Ordering::Acquire) {
            core::hint::spin_loop();
        }
    });
    let task = task.expect("there is room");
    rt.sleep(Duration::from_millis(10)).await;
    assert!(!task.is_finished());
    go_on.store(true, Ordering::Release);
    task.timeout(LIMIT, &rt).await.expect("it ends in time").expect("it ends");
}

/// What runs cannot be taken back: it is finished, and what it holds is dropped.
pub async fn a_closure_that_began_runs_on_without_its_handle<R: Timer + SpawnBlocking>(rt: R) {
    let (watch, began, go_on) = (Watch::default(), Flag::default(), Flag::default());
    let (bomb, begin, told) = (watch.bomb(), began.clone(), go_on.clone());
    let task = rt.spawn_blocking_task(move || {
        let _bomb = bomb;
        begin.store(true, Ordering::Release);
        while !told.load(Ordering::Acquire) {
            core::hint::spin_loop();
        }
    });
    until(&rt, "the closure begins", || began.load(Ordering::Acquire)).await;
    drop(task.expect("there is room"));
    assert!(!watch.went_off());
    go_on.store(true, Ordering::Release);
    until(&rt, "the closure ends", || watch.went_off()).await;
}
