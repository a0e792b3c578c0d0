//! Wakers that use the token from within their clone, wake and drop. Locks panic on re-entry in debug builds, so a hook that is called
//! under one shows.

use super::*;

/// Does everything that can be done with a token, and ends with its cancellation.
fn everything(token: &CancelToken) {
    drop(token.child());
    drop(CancelToken::any([token, token]));
    drop(token.on_cancel(|_| ()));
    let _ = token.cancelled().poll_cancelled(&mut Context::from_waker(Waker::noop()));
    let _ = (token.cause(), token.check().is_ok(), format!("{token:?}"));
    token.cancel();
}

#[test]
fn a_request_made_while_the_waker_is_cloned_is_not_missed() {
    let token = CancelToken::new();
    let uses = token.clone();
    let waker = Hooks::new().on_clone(move || everything(&uses)).waker();
    assert!(token.cancelled().poll_cancelled(&mut Context::from_waker(&waker)).is_ready());
}

#[test]
fn a_request_made_while_a_new_waker_is_cloned_for_a_place_that_is_there_is_not_missed() {
    let token = CancelToken::new();
    let mut waits = Probe::new(token.cancelled());
    waits.assert_pending();
    let uses = token.clone();
    let waker = Hooks::new().on_clone(move || everything(&uses)).waker();
    assert!(waits.poll_with(&waker).is_ready());
    assert_eq!(waits.wakes(), 1, "the old waker was still there");
}

#[test]
fn a_request_made_while_the_old_waker_is_dropped_is_not_missed() {
    let token = CancelToken::new();
    let (uses, armed) = (token.clone(), Arc::new(AtomicBool::new(false)));
    let when = armed.clone();
    let old = Hooks::new()
        .on_drop(move || {
            if when.load(Ordering::Acquire) {
                everything(&uses);
            }
        })
        .waker();
    let mut waits = Probe::new(token.cancelled());
    assert!(waits.poll_with(&old).is_pending());
    armed.store(true, Ordering::Release);
    waits.assert_ready();
}

#[test]
fn a_waker_may_use_the_token_from_its_wake_and_everybody_else_is_woken() {
    let token = CancelToken::new();
    let uses = token.clone();
    let hostile = Hooks::new().on_wake(move || everything(&uses)).waker();
    let (child, mut first) = (token.child(), token.cancelled());
    assert!(first.poll_cancelled(&mut Context::from_waker(&hostile)).is_pending());
    let mut others: Vec<_> = [&token, &child].map(|token| Probe::new(token.cancelled())).into();
    others.iter_mut().for_each(Probe::assert_pending);
    token.cancel_with(Cause::Shutdown);
    assert!(others.iter().all(|other| other.wakes() == 1));
    assert_eq!(word(token.cause()), "shutdown");
}

#[test]
fn a_future_that_is_dropped_may_cancel_from_the_drop_of_its_waker() {
    let token = CancelToken::new();
    let uses = token.clone();
    let hostile = Hooks::new().on_drop(move || everything(&uses)).waker();
    let mut other = Probe::new(token.cancelled());
    other.assert_pending();
    let mut waits = token.cancelled();
    assert!(waits.poll_cancelled(&mut Context::from_waker(&hostile)).is_pending());
    drop(waits);
    assert!(token.is_cancelled() && other.wakes() == 1);
}

#[test]
fn a_waker_may_drop_futures_that_wait_and_the_last_token_from_its_wake() {
    let token = CancelToken::new();
    let slot: Arc<Mutex<Vec<WhenCancelled<CancelToken>>>> = Arc::default();
    let takes = slot.clone();
    let hostile = Hooks::new()
        .on_wake(move || {
            let futures = core::mem::take(&mut *lock(&takes));
            drop(futures);
        })
        .waker();
    for _ in 0..20 {
        let mut waits = token.child().cancelled_owned();
        assert!(waits.poll_cancelled(&mut Context::from_waker(&hostile)).is_pending());
        lock(&slot).push(waits);
    }
    token.cancel();
    assert!(lock(&slot).is_empty());
}

#[test]
fn a_waker_may_poll_the_future_that_it_wakes() {
    let token = CancelToken::new();
    let slot: Arc<Mutex<Option<WhenCancelled<CancelToken>>>> = Arc::default();
    let (takes, got) = (slot.clone(), Count::default());
    let counts = got.clone();
    let hostile = Hooks::new()
        .on_wake(move || {
            let mut waits = lock(&takes).take().unwrap();
            if waits.poll_cancelled(&mut Context::from_waker(Waker::noop())).is_ready() {
                counts.add();
            }
        })
        .waker();
    let mut waits = token.clone().cancelled_owned();
    assert!(waits.poll_cancelled(&mut Context::from_waker(&hostile)).is_pending());
    *lock(&slot) = Some(waits);
    token.cancel();
    assert_eq!(got.get(), 1);
}

#[test]
fn wakers_that_panic_in_each_hook_leave_the_token_as_it_should_be() {
    for hook in ["clone", "wake", "drop"] {
        let (token, armed) = (CancelToken::new(), Arc::new(AtomicBool::new(hook == "clone")));
        let when = armed.clone();
        let bomb = move || {
            if when.swap(false, Ordering::AcqRel) {
                panic_any("hook");
            }
        };
        let hooks = Hooks::new();
        let hostile = match hook {
            "clone" => hooks.on_clone(bomb),
            "wake" => hooks.on_wake(bomb),
            _ => hooks.on_drop(bomb),
        };
        let hostile = hostile.waker();
        let mut other = Probe::new(token.cancelled());
        other.assert_pending();
        let mut waits = token.cancelled();
        let polled = panic_of(|| waits.poll_cancelled(&mut Context::from_waker(&hostile)).is_ready());
        assert_eq!(polled.as_deref(), (hook == "clone").then_some("hook"));
        let mut last = Probe::new(token.cancelled());
        last.assert_pending();
        armed.store(hook != "clone", Ordering::Release);
        let cancelled = panic_of(|| token.cancel());
        assert_eq!(cancelled.as_deref(), (hook != "clone").then_some("hook"), "{hook}");
        assert!(token.is_cancelled() && other.wakes() == 1 && last.wakes() == 1, "{hook}");
        assert!(waits.poll_cancelled(&mut Context::from_waker(Waker::noop())).is_ready());
    }
}
