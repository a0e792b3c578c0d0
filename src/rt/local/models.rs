//! Tasks of one thread, woken and spawned from others: a wake at any time leads to another poll of that task, which sees what was
//! written before the wake.

use super::Local;
use crate::spawn::{Spawn, SpawnLocal};
use crate::sys::models::{block_on, held, join, model, thread, wait_for};
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::Cell;
use core::future::poll_fn;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};

/// Runs tasks that wait for `N` wakes each, until the last has ended.
fn run_tasks<const N: usize>(mut local: Local, tasks: usize) {
    let left = Rc::new(Cell::new(tasks));
    for _ in 0..tasks {
        let left = left.clone();
        let task = async move {
            wait_for::<N>().await;
            left.set(left.get() - 1);
        };
        assert!(local.local_spawner().spawn_local(task).is_ok());
    }
    block_on(local.run());
    assert_eq!(left.get(), 0);
}

#[test]
fn a_wake_at_any_time_leads_to_another_poll_of_the_task() {
    model(|| run_tasks::<1>(Local::new(), 1));
}

#[test]
fn two_wakes_of_one_task_that_become_one_are_both_seen() {
    model(|| run_tasks::<2>(Local::new(), 1));
}

#[test]
fn two_tasks_that_are_woken_at_once_are_both_polled() {
    model(|| run_tasks::<1>(Local::new(), 2));
}

#[test]
fn a_task_that_is_given_the_waker_around_it_is_polled_again() {
    model(|| run_tasks::<1>(Local::new().pass_waker(), 1));
}

#[test]
fn a_wake_at_any_time_leads_to_another_poll_of_the_future_it_runs_for() {
    model(|| block_on(Local::new().run_until(wait_for::<2>())));
}

#[test]
fn a_wake_between_two_runs_is_seen_by_the_second() {
    model(|| {
        let mut local = Local::new();
        assert!(local.local_spawner().spawn_local(wait_for::<1>()).is_ok());
        assert!(local.poll_run(&mut Context::from_waker(Waker::noop())).is_pending());
        block_on(local.run());
    });
}

/// Runs until the tasks that come from so many threads have run.
fn run_arrivals(threads: usize) {
    let mut local = Local::new();
    let spawner = local.spawner();
    let ran = Arc::new(AtomicUsize::new(0));
    let mut started = false;
    let future = poll_fn(move |cx| {
        let left = threads - ran.load(Ordering::Relaxed);
        if !core::mem::replace(&mut started, true) {
            for _ in 0..threads {
                let (spawner, ran, waker) = (spawner.clone(), ran.clone(), cx.waker().clone());
                let task = async move {
                    // Only the last one wakes, so that no other hides that it was not polled.
                    if ran.fetch_add(1, Ordering::Relaxed) + 1 == threads {
                        waker.wake();
                    }
                };
                thread::spawn(move || assert!(spawner.spawn(task).is_ok()));
            }
        }
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    });
    block_on(local.run_until(future));
}

#[test]
fn a_task_that_comes_from_another_thread_is_polled() {
    model(|| run_arrivals(1));
}

#[test]
fn two_tasks_that_come_at_once_are_both_polled() {
    model(|| run_arrivals(2));
}

#[test]
fn a_task_that_comes_at_the_end_is_handed_back_or_dropped() {
    model(|| {
        let local = Local::new();
        // Kept to the end, so that nothing is dropped only because its last spawner goes.
        let kept = local.spawner();
        let (spawner, (witness, held)) = (kept.clone(), held());
        let other = thread::spawn(move || spawner.spawn(async move { drop(held) }));
        drop(local);
        let [spawned] = join([other]);
        assert_eq!(witness.saw_it_go(), spawned.is_ok());
        drop(spawned);
        assert!(witness.saw_it_go());
        drop(kept);
    });
}

#[test]
fn a_wake_at_the_end_does_no_harm_and_keeps_nothing() {
    model(|| {
        let mut local = Local::new();
        let (witness, held) = held();
        let task = async move {
            wait_for::<1>().await;
            drop(held);
        };
        assert!(local.local_spawner().spawn_local(task).is_ok());
        assert!(local.poll_run(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(local);
        assert!(witness.saw_it_go());
    });
}
