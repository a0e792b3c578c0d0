//! How often a job is tried, and what becomes of it then.

use super::*;

#[test]
fn a_job_that_is_done_is_gone() {
    let queue = queue_of([1, 2]);
    let job = next(&queue);
    assert_eq!((*job, job.attempt()), (1, 1));
    assert_eq!(places(&queue), [1, 0, 0, 1]);
    assert!(job.ack());
    assert_eq!(places(&queue), [1, 0, 0, 0]);
    assert_eq!(next(&queue).take(), 2);
    assert!(queue.is_empty());
    assert_eq!((queue.stats().done, queue.stats().failed), (2, 0));
}

#[test]
fn a_job_that_is_dropped_comes_again_behind_those_that_are_ready() {
    let queue = queue_of([1, 2]);
    drop(next(&queue));
    assert_eq!(places(&queue), [2, 0, 0, 0]);
    assert_eq!(next(&queue).take(), 2);
    let again = next(&queue);
    assert_eq!((*again, again.attempt()), (1, 2));
}

#[test]
fn three_attempts_are_made_and_no_more() {
    let queue = queue_of([7]);
    for attempt in 1..=3 {
        let job = next(&queue);
        assert_eq!((*job, job.attempt()), (7, attempt));
        job.nack();
    }
    lease(&queue).assert_pending();
    assert_eq!(letters(&queue), [(7, 3, Why::Exhausted)]);
    assert!(queue.is_empty());
    assert_eq!((queue.stats().failed, queue.stats().dead), (3, 1));
}

#[test]
fn one_attempt_is_what_the_guides_do() {
    let (builder, _) = builder();
    let queue = Arc::new(builder.attempts(1).build());
    queue.try_push(1).unwrap();
    queue.try_push(2).unwrap();
    drop(next(&queue));
    assert_eq!(next(&queue).take(), 2, "reported, dropped, gone on");
    assert_eq!(letters(&queue), [(1, 1, Why::Exhausted)]);
}

#[test]
fn join_returns_after_items_times_attempts_calls_though_all_fail() {
    let queue = queue_of(0..50);
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    let mut calls = 0;
    while let Ok(job) = queue.try_lease() {
        calls += 1;
        drop(job);
    }
    assert_eq!(calls, 150);
    assert_eq!(join.wakes(), 1);
    join.assert_ready();
    assert_eq!(letters(&queue).len(), 50);
}

#[test]
fn a_worker_that_panics_has_failed() {
    let queue = queue_of([1]);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _job = next(&queue);
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert_eq!(next(&queue).attempt(), 2);
}

#[test]
fn what_is_rejected_is_not_tried_again() {
    let queue = queue_of([1]);
    assert!(next(&queue).reject("no such customer"));
    assert!(queue.is_empty());
    let [(item, attempts, why)] = letters(&queue).try_into().unwrap();
    assert_eq!((item, attempts, &*why.to_string()), (1, 1, "rejected: no such customer"));
}

#[test]
fn the_last_thousand_dead_letters_are_kept() {
    let (builder, _) = builder();
    let queue = Arc::new(builder.attempts(1).dead_letters(3).build());
    for job in 0..10 {
        queue.try_push(job).unwrap();
        drop(next(&queue));
    }
    let items: Vec<u32> = letters(&queue).into_iter().map(|(item, ..)| item).collect();
    assert_eq!(items, [7, 8, 9]);
    assert_eq!(queue.stats().dead, 10, "those that had to go are counted");
    assert_eq!(queue_of([]).dead_letters().capacity(), Some(1_000));
}

#[test]
fn a_change_stays_for_the_next_attempt() {
    let queue = queue_of([1]);
    *next(&queue) += 10;
    assert_eq!(*next(&queue), 11);
}

#[test]
fn a_job_that_is_leaked_stays_leased() {
    let queue = queue_of([1]);
    std::mem::forget(next(&queue));
    assert_eq!(places(&queue), [0, 0, 0, 1]);
    Probe::new(queue.join()).assert_pending();
}

#[test]
fn a_job_is_cancelled_unless_it_is_leased() {
    let queue = queue_of([]);
    let ids: Vec<JobId> = (1..4).map(|job| queue.try_push(job).unwrap()).collect();
    assert_eq!(queue.cancel(ids[1]), Some(2));
    assert_eq!(queue.cancel(ids[1]), None);
    let job = next(&queue);
    assert_eq!(job.id(), ids[0]);
    assert_eq!(queue.cancel(ids[0]), None);
    drop(job);
    assert_eq!(queue.cancel(ids[0]), Some(1), "between two attempts it may");
    assert_eq!(all_done(&queue), [3]);
    assert_eq!(queue.cancel(ids[2]), None);
    assert_eq!(queue_of([5]).cancel(ids[2]), None, "nor is it the name of a job of another queue");
}

#[test]
#[should_panic(expected = "a job that may not be tried would never end")]
fn no_attempts_is_refused() {
    let _ = builder().0.attempts(0);
}

#[test]
#[should_panic(expected = "a dead letter has to lie somewhere")]
fn no_dead_letters_is_refused() {
    let _ = builder().0.dead_letters(0);
}
