//! Trees and chains of 100,000, on a thread with a small stack: nothing recurses.

use super::*;

const MANY: usize = 100_000;

fn on_a_small_stack(body: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(128 * 1024).spawn(body).unwrap();
    if let Err(panic) = thread.join() {
        resume_unwind(panic);
    }
}

/// Each is the child of the one before.
fn chain() -> Vec<CancelToken> {
    let mut tokens = vec![CancelToken::new()];
    for last in 0..MANY {
        let child = tokens[last].child();
        tokens.push(child);
    }
    tokens
}

#[test]
fn a_chain_is_cancelled_and_dropped_from_either_end() {
    on_a_small_stack(|| {
        for last_first in [true, false] {
            for cancel in [true, false] {
                let mut tokens = chain();
                if cancel {
                    tokens[0].cancel();
                    assert!(tokens.iter().all(CancelToken::is_cancelled));
                }
                if last_first {
                    tokens.reverse();
                }
                drop(tokens);
            }
        }
    });
}

#[test]
fn a_chain_that_only_its_last_link_keeps_is_cancelled_and_dropped() {
    on_a_small_stack(|| {
        for cancel in [true, false] {
            let mut tokens = chain();
            let (last, first) = (tokens.pop().unwrap(), tokens.swap_remove(0));
            drop(tokens);
            if cancel {
                let mut waits = Probe::new(last.cancelled());
                waits.assert_pending();
                first.cancel_with(Cause::Shutdown);
                assert_eq!((waits.wakes(), word(last.cause())), (1, "(shutdown)".to_string()));
            }
            drop(first);
            drop(last);
        }
    });
}

#[test]
fn a_chain_that_the_walk_itself_drops_last_is_taken_apart() {
    on_a_small_stack(|| {
        let mut tokens = chain();
        let (last, first) = (tokens.pop().unwrap(), tokens.swap_remove(0));
        drop(tokens);
        let slot = Arc::new(Mutex::new(Some(last)));
        let takes = slot.clone();
        // When it is woken nobody has the chain but the walk.
        let waker = Hooks::new().on_wake(move || drop(lock(&takes).take())).waker();
        let mut waits = first.cancelled();
        assert!(waits.poll_cancelled(&mut Context::from_waker(&waker)).is_pending());
        first.cancel();
        assert!(lock(&slot).is_none());
    });
}

#[test]
fn a_chain_of_tokens_with_several_parents_is_cancelled_and_dropped() {
    on_a_small_stack(|| {
        let (first, other) = (CancelToken::new(), CancelToken::new());
        let mut last = first.clone();
        for _ in 0..MANY {
            last = CancelToken::any([&last, &other]);
        }
        let again = CancelToken::any([&last, &other, &first]);
        first.cancel();
        assert!(again.is_cancelled() && last.is_cancelled() && !other.is_cancelled());
        drop(last);
        drop(again);
        drop(other);
    });
}

#[test]
fn a_tree_of_one_parent_is_cancelled_and_dropped_and_everybody_is_told_once() {
    on_a_small_stack(|| {
        let (root, count) = (CancelToken::new(), Count::default());
        let children: Vec<_> = (0..MANY).map(|_| root.child()).collect();
        let kept: Vec<_> = children
            .iter()
            .map(|child| {
                child.on_cancel({
                    let count = count.clone();
                    move |_| count.add()
                })
            })
            .collect();
        root.cancel();
        assert!(children.iter().all(CancelToken::is_cancelled));
        assert_eq!(count.get(), MANY);
        drop((children, kept));
    });
}

/// A request that finds its part cancelled goes no further.
#[test]
fn a_chain_whose_links_are_all_cancelled_one_by_one_is_not_walked_each_time() {
    on_a_small_stack(|| {
        let tokens = chain();
        assert_eq!(tokens.iter().filter(|token| token.cancel()).count(), 1);
        // From below each is the first, and leaves what is cancelled already to the one before.
        let tokens = chain();
        assert!(tokens.iter().rev().all(CancelToken::cancel));
        assert!(tokens.iter().all(|token| matches!(token.cause(), Some(Cause::Requested))));
    });
}
