//! The handle and what runs, on two threads: an executor that has this one task, and whoever holds its [`Task`].

use super::shared::Shared;
use super::tracked::{Answers, Tracked, TrackedBlocking};
use super::{JoinError, Label, Task};
use crate::sys::models::{Held, JoinHandle, Wakes, block_on, held, join, model, thread};
use alloc::sync::Arc;
use core::future::pending;
use core::pin::pin;
use core::task::{Context, Poll};

fn task_of<T>() -> (Task<T>, Arc<Shared<T>>) {
    let shared = Shared::new(Label::here());
    assert!(!shared.abort_requested(), "used once before it is shared");
    (Task::new(shared.clone()), shared)
}

/// Starts an executor for `future`; it ends with its task.
fn start<F: Future + 'static>(future: F) -> (Task<F::Output>, JoinHandle<()>) {
    let (task, shared) = task_of();
    (task, thread::spawn(move || block_on(Tracked::new(future, Answers { shared, observer: () }))))
}

async fn never_with(_held: Held) {
    pending::<()>().await;
}

#[test]
fn an_abort_at_any_time_drops_the_future_and_is_seen_by_the_join() {
    model(|| {
        let (witness, held) = held();
        let (task, executor) = start(never_with(held));
        let outcome = block_on(task.cancel());
        assert!(outcome.is_err_and(|error| error.is_cancelled()));
        assert!(witness.saw_it_go());
        join([executor]);
    });
}

#[test]
fn dropping_the_handle_at_any_time_drops_a_future_that_waits() {
    model(|| {
        let (witness, held) = held();
        let (task, executor) = start(never_with(held));
        drop(task);
        join([executor]);
        assert!(witness.saw_it_go());
    });
}

#[test]
fn two_aborts_at_once_are_one() {
    model(|| {
        let (witness, held) = held();
        let (task, executor) = start(never_with(held));
        let task = Arc::new(task);
        let theirs = task.clone();
        let other = thread::spawn(move || theirs.abort());
        task.abort();
        join([executor, other]);
        let task = Arc::into_inner(task).expect("the other thread has ended");
        assert!(block_on(task).is_err_and(|error| error.is_cancelled()));
        assert!(witness.saw_it_go());
    });
}

#[test]
fn an_abort_that_races_with_the_end_leaves_the_value_or_a_cancel() {
    model(|| {
        let (witness, held) = held();
        let (task, executor) = start(async move { held });
        let outcome = block_on(task.cancel());
        assert!(outcome.as_ref().err().is_none_or(JoinError::is_cancelled));
        assert_eq!(witness.saw_it_go(), outcome.is_err());
        join([executor]);
        drop(outcome);
        assert!(witness.saw_it_go());
    });
}

#[test]
fn whoever_awaits_is_woken_and_gets_the_value() {
    model(|| {
        let (task, executor) = start(async { 7 });
        assert!(block_on(task).is_ok_and(|value| value == 7));
        join([executor]);
    });
}

#[test]
fn the_end_reaches_the_waker_of_the_last_poll() {
    model(|| {
        let (task, executor) = start(async { 7 });
        let mut task = pin!(task);
        let ((old_wakes, old), (new_wakes, new)) = (Wakes::new(), Wakes::new());
        let mut poll = |waker| match task.as_mut().poll(&mut Context::from_waker(waker)) {
            Poll::Ready(outcome) => outcome.ok(),
            Poll::Pending => None,
        };
        let seen = poll(&old).or_else(|| poll(&new));
        join([executor]);
        assert!(seen.is_some() || new_wakes.count() == 1, "the end came later and told another waker");
        assert!(old_wakes.count() + new_wakes.count() <= 1);
        assert_eq!(seen.or_else(|| poll(&new)), Some(7));
    });
}

#[test]
fn whoever_sees_that_it_is_finished_sees_that_the_future_is_gone() {
    model(|| {
        let (witness, held) = held();
        let (task, executor) = start(never_with(held));
        task.abort();
        assert!(!task.is_finished() || witness.saw_it_go());
        join([executor]);
        assert!(task.is_finished() && witness.saw_it_go());
    });
}

#[test]
fn an_executor_that_goes_away_cancels_its_tasks() {
    model(|| {
        let (witness, held) = held();
        let (task, shared) = task_of();
        let executor =
            thread::spawn(move || drop(Tracked::new(never_with(held), Answers { shared, observer: () })));
        assert!(block_on(task).is_err_and(|error| error.is_cancelled()));
        assert!(witness.saw_it_go());
        join([executor]);
    });
}

#[test]
fn a_value_that_nobody_awaits_is_dropped() {
    model(|| {
        let (witness, held) = held();
        let (task, shared) = task_of();
        let theirs = shared.clone();
        let executor = thread::spawn(move || {
            block_on(Tracked::new(async move { held }, Answers { shared: theirs, observer: () }))
        });
        drop(task);
        join([executor]);
        assert!(witness.saw_it_go(), "it is kept by what is left of the task");
        drop(shared);
    });
}

#[test]
fn a_detached_task_runs_to_its_end() {
    model(|| {
        let (ended, waker) = Wakes::new();
        let (task, executor) = start(async move { waker.wake() });
        task.detach();
        join([executor]);
        assert_eq!(ended.count(), 1);
    });
}

#[test]
fn what_detach_with_was_given_is_called_once_with_the_outcome() {
    model(|| {
        let (witness, held) = held();
        let (task, executor) = start(async move { held });
        let (calls, waker) = Wakes::new();
        task.detach_with(move |outcome| {
            if outcome.is_ok() {
                waker.wake();
            }
        });
        join([executor]);
        assert_eq!(calls.count(), 1);
        assert!(witness.saw_it_go());
    });
}

#[test]
fn a_closure_that_is_aborted_has_run_or_never_will() {
    model(|| {
        let ((witness, held), (runs, waker)) = (held(), Wakes::new());
        let (task, shared) = task_of();
        let work = move || {
            waker.wake();
            drop(held);
        };
        let pool = thread::spawn(move || TrackedBlocking::new(work, shared, ()).run());
        let outcome = block_on(task.cancel());
        assert!(witness.saw_it_go());
        assert_eq!(runs.count(), usize::from(outcome.is_ok()));
        join([pool]);
    });
}
