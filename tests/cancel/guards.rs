//! Guards that cancel.

use super::*;

#[test]
fn a_guard_cancels_when_it_is_dropped_unless_it_was_disarmed() {
    let token = CancelToken::new();
    let kept: CancelToken = token.clone().guard_owned().disarm();
    let _: &CancelToken = token.guard().disarm();
    assert!(!kept.is_cancelled());
    let guard: CancelGuard<CancelToken> = kept.guard_owned();
    let moved = thread::spawn(move || drop(guard));
    moved.join().unwrap();
    assert_eq!(word(token.cause()), "requested");
}

#[test]
fn a_guard_cancels_when_its_task_is_dropped_at_any_poll() {
    Check::random(1_000).cancel("work").no_leaks().assert(|sim| async move {
        let token = CancelToken::new();
        let (guard, timer) = (token.clone().guard_owned(), sim.clone());
        let work = async move {
            let _guard = guard;
            yield_now().await;
            timer.sleep(SECOND).await;
        };
        let work = Task::builder().name("work").spawn(&sim, work).unwrap();
        token.cancelled().await;
        let _ = work.await;
    });
}

#[test]
fn a_guard_that_is_dropped_by_a_panic_tells_all_and_a_callback_that_panics_then_ends_nothing() {
    let (token, count) = (CancelToken::new(), Count::default());
    let calls = count.clone();
    let kept = (token.on_cancel(|_| panic!("callback")), token.on_cancel(move |_| calls.add()));
    let text = panic_of(|| {
        let _guard = token.guard();
        panic!("work");
    });
    assert_eq!((text.as_deref(), count.get()), (Some("work"), 1));
    drop(kept);
    let flag = CancelFlag::new();
    let waker = Hooks::new().on_wake(|| panic!("waker")).waker();
    let mut waits = flag.cancelled();
    assert!(waits.poll_cancelled(&mut Context::from_waker(&waker)).is_pending());
    let text = panic_of(|| {
        let _cancels = OnDrop(|| _ = flag.cancel());
        panic!("work");
    });
    assert_eq!(text.as_deref(), Some("work"));
}

#[test]
fn a_guard_whose_callback_panics_panics_where_nothing_else_did() {
    let token = CancelToken::new();
    token.on_cancel(|_| panic!("callback")).detach();
    assert_eq!(panic_of(|| drop(token.guard())).as_deref(), Some("callback"));
}
