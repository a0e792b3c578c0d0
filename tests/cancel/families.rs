//! Children, grandchildren, and tokens with several parents.

use super::*;

#[test]
fn a_child_is_cancelled_with_its_parent_and_alone_without_it() {
    let parent = CancelToken::new();
    let (one, other) = (parent.child(), parent.child());
    assert!(one.cancel_with(Cause::SiblingFailed));
    assert_eq!([&parent, &one, &other].map(|token| token.is_cancelled()), [false, true, false]);
    assert!(parent.cancel_with(Cause::Shutdown));
    assert!(!other.cancel());
    let words = [&parent, &one, &other, &one.child(), &other.child()].map(|token| word(token.cause()));
    assert_eq!(words, ["shutdown", "sibling", "(shutdown)", "(sibling)", "(shutdown)"]);
}

#[test]
fn a_grandchild_is_reached_although_the_token_between_was_dropped() {
    let root = CancelToken::new();
    let grandchild = root.child().child().child();
    root.cancel();
    assert_eq!(word(grandchild.cause()), "(requested)");
}

#[test]
fn one_of_several_parents_is_enough_and_the_first_one_counts() {
    let (a, b) = (CancelToken::new(), CancelToken::new());
    let any = CancelToken::any([&a, &b]);
    let below = any.child();
    assert!(b.cancel_with(Cause::Deadline));
    assert!(any.is_cancelled() && !a.is_cancelled());
    a.cancel_with(Cause::Shutdown);
    assert_eq!([word(any.cause()), word(below.cause())], ["(deadline)", "(deadline)"]);
    assert_eq!(word(CancelToken::any([&a, &b]).cause()), "(shutdown)", "the first in order");
    assert!(!CancelToken::any([] as [CancelToken; 0]).is_cancelled());
    let alone = CancelToken::any([&CancelToken::new()]);
    assert!(alone.cancel() && word(alone.cause()) == "requested");
}

#[test]
fn a_token_of_the_same_parents_twice_and_of_a_parent_and_its_child_is_told_once() {
    let a = CancelToken::new();
    let any = CancelToken::any([&a, &a, &a.child()]);
    let mut waits = Probe::new(any.cancelled());
    waits.assert_pending();
    a.cancel();
    assert_eq!(waits.wakes(), 1);
}

/// Each has two ways to the one above: 2^64 ways to the last.
#[test]
fn diamonds_upon_diamonds_are_walked_once() {
    let top = CancelToken::new();
    let mut all = vec![top.clone()];
    for _ in 0..64 {
        let last = all.last().unwrap();
        all.push(CancelToken::any([last.child(), last.child()]));
    }
    top.cancel();
    assert!(all.iter().all(CancelToken::is_cancelled));
}

#[test]
fn all_below_are_cancelled_before_the_first_waker_or_callback_hears_of_it() {
    let root = CancelToken::new();
    let (left, right) = (root.child(), root.child());
    let below = right.child();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let look = |name: &'static str| {
        let (below, left, seen) = (below.clone(), left.clone(), seen.clone());
        move || lock(&seen).push((name, below.is_cancelled() && left.is_cancelled()))
    };
    let waker = Hooks::new().on_wake(look("waker of the root")).waker();
    let mut waits = root.cancelled();
    assert!(waits.poll_cancelled(&mut Context::from_waker(&waker)).is_pending());
    let calls = [(&below, "below"), (&root, "root"), (&right, "right")].map(|(token, name)| {
        let look = look(name);
        token.on_cancel(move |_| look())
    });
    root.cancel();
    let expected = [("waker of the root", true), ("root", true), ("right", true), ("below", true)];
    assert_eq!(*lock(&seen), expected);
    drop(calls);
}

#[test]
fn in_every_order_of_a_request_above_and_one_below_all_is_cancelled_when_either_returns() {
    every_order(|sim| async move {
        let root = CancelToken::new();
        let child = root.child();
        let grandchild = child.child();
        let tasks = [(root, "(shutdown)"), (child, "(shutdown)")].map(|(token, expected)| {
            let below = grandchild.clone();
            let request = async move {
                token.cancel_with(Cause::Shutdown);
                assert_eq!(word(below.cause()), expected);
            };
            sim.spawn_task(request).unwrap()
        });
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn children_made_in_every_order_with_the_request_are_cancelled_in_the_end() {
    Check::random(10_000).cancel("maker").no_leaks().assert(|sim| async move {
        let (root, other) = (CancelToken::new(), CancelToken::new());
        let makers: Vec<_> = (0..3)
            .map(|which| {
                let (root, other) = (root.clone(), other.clone());
                let maker = async move {
                    yield_now().await;
                    let child =
                        if which == 0 { CancelToken::any([&other, &root]) } else { root.child().child() };
                    yield_now().await;
                    word(Some(child.cancelled().await))
                };
                Task::builder().name("maker").spawn(&sim, maker).unwrap()
            })
            .collect();
        yield_now().await;
        root.cancel_with(Cause::Deadline);
        for maker in makers {
            match maker.await {
                Ok(said) => assert_eq!(said, "(deadline)"),
                Err(error) => assert!(error.is_cancelled()),
            }
        }
    });
}
