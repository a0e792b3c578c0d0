//! Children that are woken by several threads while the task looks who was.

use super::ready::Pass;
use crate::sys::models::{JoinHandle, Wakes, block_on, join, model, thread};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::poll_fn;
use core::sync::atomic::Ordering;
use core::task::{Poll, Waker};
use loom::sync::atomic::AtomicUsize;

/// Past the first round, in which all have their turn; and a waker for each.
fn begun(count: usize) -> (Pass, Vec<Waker>) {
    let mut pass = Pass::new(count);
    pass.begin();
    assert!(core::iter::from_fn(|| pass.next()).eq(0..count));
    let wakers = (0..count).map(|index| {
        let caller = pass.caller();
        caller.of(index);
        caller.into_waker()
    });
    let wakers = wakers.collect();
    pass.register(Waker::noop());
    (pass, wakers)
}

/// Does something that the child is to see, then wakes it.
fn tells(done: &Arc<[AtomicUsize]>, index: usize, waker: Waker) -> JoinHandle<()> {
    let done = done.clone();
    thread::spawn(move || {
        done[index].store(1, Ordering::Relaxed);
        waker.wake();
    })
}

/// Walks until all of those that are there have been seen, each with what was done for it.
fn sees(pass: &mut Pass, done: &Arc<[AtomicUsize]>, which: &[usize]) {
    let mut left = which.to_vec();
    block_on(poll_fn(|cx| {
        pass.register(cx.waker());
        pass.begin();
        while let Some(index) = pass.next() {
            assert_eq!(done[index].load(Ordering::Relaxed), 1, "it sees what was done before its wake");
            left.retain(|other| *other != index);
        }
        if left.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }));
}

fn nothing_done(count: usize) -> Arc<[AtomicUsize]> {
    (0..count).map(|_| AtomicUsize::new(0)).collect()
}

#[test]
fn children_of_one_word_woken_at_the_same_time_are_both_seen() {
    model(|| {
        let ((mut pass, mut wakers), done) = (begun(4), nothing_done(4));
        let threads = [1, 0].map(|index| tells(&done, index, wakers.remove(index)));
        sees(&mut pass, &done, &[0, 1]);
        join(threads);
    });
}

#[test]
fn children_of_two_words_woken_at_the_same_time_are_both_seen() {
    model(|| {
        let ((mut pass, mut wakers), done) = (begun(4), nothing_done(4));
        let threads = [3, 0].map(|index| tells(&done, index, wakers.remove(index)));
        sees(&mut pass, &done, &[0, 3]);
        join(threads);
    });
}

#[test]
fn a_wake_that_comes_as_the_task_forgets_is_for_nobody_or_wakes_it_once() {
    model(|| {
        let ((pass, mut wakers), done) = (begun(2), nothing_done(2));
        let (count, waker) = Wakes::new();
        pass.register(&waker);
        let threads = [tells(&done, 0, wakers.remove(0))];
        drop(pass.forget_task());
        join(threads);
        assert!(count.count() <= 1);
    });
}
