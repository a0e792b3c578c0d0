//! Callbacks: called once, in order, outside of every lock.

use super::*;

/// Registers something that notes its name.
fn note(token: &CancelToken, notes: &Arc<Mutex<Vec<&'static str>>>, name: &'static str) -> Registration {
    let notes = notes.clone();
    token.on_cancel(move |_| lock(&notes).push(name))
}

#[test]
fn callbacks_are_called_once_in_the_order_in_which_they_were_registered() {
    let (token, notes) = (CancelToken::new(), Arc::default());
    let kept = ["a", "b", "c"].map(|name| note(&token, &notes, name));
    assert!(token.cancel());
    assert!(!token.cancel());
    assert_eq!(*lock(&notes), ["a", "b", "c"]);
    assert!(kept.into_iter().all(|registration| !registration.unregister()));
}

#[test]
fn one_that_comes_too_late_is_called_here_and_now_with_the_cause() {
    let token = CancelToken::new();
    token.cancel_with(Cause::Shutdown);
    let said = Arc::new(Mutex::new(String::new()));
    let says = said.clone();
    let registration = token.child().on_cancel(move |cause| *lock(&says) = word(Some(cause.clone())));
    assert_eq!(*lock(&said), "(shutdown)");
    assert!(!registration.unregister());
}

#[test]
fn one_that_was_unregistered_or_whose_registration_was_dropped_is_not_called_and_gone_at_once() {
    let (token, count) = (CancelToken::new(), Count::default());
    for unregister in [true, false] {
        let (calls, drops) = (count.clone(), count.clone());
        let gone = OnDrop(move || drops.add());
        let registration = token.on_cancel(move |_| {
            let _gone = &gone;
            calls.add();
        });
        if unregister { assert!(registration.unregister()) } else { drop(registration) }
    }
    assert_eq!(count.get(), 2, "dropped");
    token.cancel();
    assert_eq!(count.get(), 2, "not called");
}

#[test]
fn a_detached_one_is_called_or_dropped_with_the_last_of_the_token() {
    let (token, calls, drops) = (CancelToken::new(), Count::default(), Count::default());
    let register = |token: &CancelToken| {
        let (calls, drops) = (calls.clone(), drops.clone());
        let gone = OnDrop(move || drops.add());
        token.on_cancel(move |_| {
            let _gone = &gone;
            calls.add();
        })
    };
    register(&token).detach();
    let child = token.child();
    register(&child).detach();
    drop(child);
    assert_eq!((calls.get(), drops.get()), (0, 1));
    token.cancel();
    assert_eq!((calls.get(), drops.get()), (1, 2));
}

#[test]
fn a_registration_keeps_its_token_so_that_a_parent_reaches_it() {
    let (parent, notes) = (CancelToken::new(), Arc::default());
    let registration = note(&parent.child(), &notes, "child");
    parent.cancel();
    assert_eq!(*lock(&notes), ["child"]);
    drop(registration);
}

#[test]
fn a_callback_that_panics_keeps_nobody_from_being_told_and_the_first_panic_goes_on() {
    let (token, notes) = (CancelToken::new(), Arc::default());
    let child = token.child();
    let mut waits = Probe::new(child.cancelled());
    waits.assert_pending();
    let bomb = |text: &'static str| token.on_cancel(move |_| panic!("{text}"));
    let kept = (bomb("first"), note(&token, &notes, "a"), bomb("second"), note(&child, &notes, "b"));
    assert_eq!(panic_of(|| token.cancel()).as_deref(), Some("first"));
    assert_eq!(*lock(&notes), ["a", "b"]);
    assert!(child.is_cancelled() && waits.wakes() == 1);
    assert_eq!(panic_of(|| token.cancel()), None);
    drop(kept);
}

#[test]
fn a_waker_that_panics_keeps_neither_callbacks_nor_children_from_being_told() {
    let (token, notes) = (CancelToken::new(), Arc::default());
    let child = token.child();
    let waker = Hooks::new().on_wake(|| panic!("waker")).waker();
    let mut waits = token.cancelled();
    assert!(waits.poll_cancelled(&mut Context::from_waker(&waker)).is_pending());
    let mut other = Probe::new(child.cancelled());
    other.assert_pending();
    let kept =
        (note(&token, &notes, "a"), token.on_cancel(|_| panic!("callback")), note(&child, &notes, "b"));
    assert_eq!(panic_of(|| token.cancel()).as_deref(), Some("waker"));
    assert_eq!((lock(&notes).as_slice(), other.wakes()), (["a", "b"].as_slice(), 1));
    drop(kept);
}

#[test]
fn what_panics_as_it_is_dropped_with_an_error_or_a_callback_is_no_harm_to_others() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    let (token, notes) = (CancelToken::new(), Arc::default());
    let bomb = Bomb;
    let kept = (
        token.on_cancel(move |_| {
            let _bomb = bomb;
        }),
        note(&token, &notes, "a"),
    );
    assert_eq!(panic_of(|| token.cancel()).as_deref(), Some("dropped"));
    assert_eq!(*lock(&notes), ["a"]);
    drop(kept);

    let token = CancelToken::new();
    let bomb = Bomb;
    let registration = token.on_cancel(move |_| {
        let _bomb = &bomb;
    });
    assert_eq!(panic_of(|| registration.unregister()).as_deref(), Some("dropped"));
    assert!(token.cancel());
}

#[test]
fn a_callback_may_do_everything_with_its_own_token() {
    let (token, count) = (CancelToken::new(), Count::default());
    let own: Arc<Mutex<Option<Registration>>> = Arc::default();
    let (uses, calls, slot) = (token.clone(), count.clone(), own.clone());
    let registration = token.on_cancel(move |cause| {
        assert!(matches!(cause, Cause::Requested));
        assert!(uses.is_cancelled() && !uses.cancel() && uses.child().is_cancelled());
        let (again, own) = (calls.clone(), uses.clone());
        drop(uses.on_cancel(move |_| {
            assert!(own.cause().is_some());
            again.add();
        }));
        let taken = lock(&slot).take();
        assert!(!taken.unwrap().unregister(), "it is being called");
        assert!(uses.cancelled().wait_timeout(Duration::ZERO).is_ok());
        assert!(CancelToken::any([&uses]).is_cancelled());
        calls.add();
    });
    *lock(&own) = Some(registration);
    token.cancel();
    assert_eq!(count.get(), 2);
}

#[test]
fn what_a_callback_owns_may_use_the_token_as_it_is_dropped() {
    let (parent, count) = (CancelToken::new(), Count::default());
    let register = |token: &CancelToken| {
        let (uses, drops) = (parent.clone(), count.clone());
        let gone = OnDrop(move || {
            let _ = (uses.child(), uses.on_cancel(|_| ()), uses.cause());
            drops.add();
        });
        token.on_cancel(move |_| {
            let _gone = &gone;
        })
    };
    assert!(register(&parent).unregister());
    drop(register(&parent));
    let child = parent.child();
    register(&child).detach();
    drop(child);
    assert_eq!(count.get(), 3);
    let called = register(&parent);
    parent.cancel();
    let late = register(&parent);
    assert_eq!(count.get(), 5);
    drop((called, late));
}

#[test]
fn a_callback_may_unregister_those_that_would_come_after_it() {
    let (token, notes) = (CancelToken::new(), Arc::default());
    let later: Arc<Mutex<Vec<Registration>>> = Arc::default();
    let takes = later.clone();
    let first = token.on_cancel(move |_| {
        for registration in core::mem::take(&mut *lock(&takes)) {
            assert!(registration.unregister());
        }
    });
    let child = token.child();
    *lock(&later) = vec![note(&token, &notes, "later"), note(&child, &notes, "below")];
    token.cancel();
    assert!(lock(&notes).is_empty());
    drop(first);
}

#[test]
fn a_callback_may_cancel_its_parent_and_others_and_all_are_told_once() {
    let (parent, other, notes) = (CancelToken::new(), CancelToken::new(), Arc::default());
    let (child, sibling) = (parent.child(), parent.child());
    let (up, across) = (parent.clone(), other.clone());
    let kept = [
        child.on_cancel(move |_| {
            up.cancel_with(Cause::SiblingFailed);
            across.cancel();
        }),
        note(&child, &notes, "child"),
        note(&sibling, &notes, "sibling"),
        note(&other, &notes, "other"),
        note(&parent, &notes, "parent"),
    ];
    child.cancel();
    assert_eq!(*lock(&notes), ["parent", "sibling", "other", "child"]);
    assert_eq!(word(sibling.cause()), "(sibling)");
    drop(kept);
}

#[test]
fn a_callback_may_drop_the_last_of_the_token() {
    let slot: Arc<Mutex<Option<CancelToken>>> = Arc::default();
    let parent = CancelToken::new();
    let child = parent.child();
    let takes = slot.clone();
    child.on_cancel(move |_| drop(lock(&takes).take())).detach();
    *lock(&slot) = Some(child);
    parent.cancel();
    assert!(lock(&slot).is_none());
}

#[test]
fn a_thread_that_unregisters_while_another_cancels_is_told_the_truth() {
    for _ in 0..500 {
        let (token, count) = (CancelToken::new(), Count::default());
        let calls = count.clone();
        let registration = token.on_cancel(move |_| calls.add());
        let cancels = token.clone();
        let canceller = thread::spawn(move || cancels.cancel());
        let in_time = registration.unregister();
        assert!(canceller.join().unwrap());
        assert_eq!(count.get(), usize::from(!in_time));
    }
}
