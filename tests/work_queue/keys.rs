//! Of each key one at a time, and in order.

use super::*;

/// Jobs of ten belong together: 10 to 19, 20 to 29.
fn queue_by_tens(jobs: impl IntoIterator<Item = u32>) -> (Arc<Jobs<u32>>, ManualClock) {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.key(|job| job / 10).build());
    jobs.into_iter().for_each(|job| _ = queue.try_push(job).unwrap());
    (queue, clock)
}

#[test]
fn one_of_each_key_is_leased_at_a_time() {
    let (queue, _) = queue_by_tens([11, 12, 21, 13]);
    let (first, other) = (next(&queue), next(&queue));
    assert_eq!((*first, *other), (11, 21));
    assert_eq!(places(&queue), [0, 0, 2, 2]);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    assert!(first.ack());
    assert_eq!(all_done(&queue), [12, 13]);
    assert_eq!(queue.stats().keys, 1);
    assert!(other.ack());
    assert_eq!(queue.stats().keys, 0);
}

#[test]
fn one_that_failed_comes_again_before_the_next_of_its_key() {
    let (queue, _) = queue_by_tens([11, 12, 21]);
    drop(next(&queue));
    assert_eq!(all_done(&queue), [21, 11, 12]);
}

#[test]
fn a_pause_holds_up_its_own_key_and_no_other() {
    let (queue, clock) = queue_by_tens([11, 12, 21]);
    next(&queue).nack_after(SECOND);
    assert_eq!(all_done(&queue), [21]);
    assert_eq!(places(&queue), [0, 1, 1, 0]);
    clock.advance(SECOND);
    assert_eq!(all_done(&queue), [11, 12]);
}

#[test]
fn a_job_for_later_is_not_in_the_way_of_its_key() {
    let (queue, clock) = queue_by_tens([]);
    queue.try_push_after(11, SECOND).unwrap();
    queue.try_push(12).unwrap();
    let leased = next(&queue);
    assert_eq!(*leased, 12);
    clock.advance(SECOND);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady), "12 is under way");
    assert_eq!(places(&queue), [0, 0, 1, 1]);
    assert!(leased.ack());
    assert_eq!(all_done(&queue), [11]);
}

#[test]
fn one_that_dies_lets_the_next_go() {
    let (queue, _) = queue_by_tens([11, 12]);
    assert!(next(&queue).reject("bad"));
    assert_eq!(all_done(&queue), [12]);
}

#[test]
fn one_that_is_cancelled_lets_the_next_go_if_it_was_in_front() {
    let (queue, _) = queue_by_tens([]);
    let ids: Vec<JobId> = (11..15).map(|job| queue.try_push(job).unwrap()).collect();
    assert_eq!(queue.cancel(ids[1]), Some(12), "behind");
    assert_eq!(queue.cancel(ids[0]), Some(11), "in front");
    assert_eq!(places(&queue), [1, 0, 1, 0]);
    assert_eq!(all_done(&queue), [13, 14]);
}

#[test]
fn whoever_waits_is_woken_for_the_next_of_a_key() {
    let (queue, _) = queue_by_tens([11, 12]);
    let job = next(&queue);
    let mut worker = worker(&queue);
    job.ack();
    assert_eq!(worker.wakes(), 1);
    assert_eq!(got(&mut worker).take(), 12);
}

#[test]
fn keys_that_come_and_go_leave_nothing_behind() {
    let (queue, _) = queue_by_tens([]);
    for job in 0..10_000 {
        queue.try_push(job).unwrap();
        next(&queue).ack();
    }
    assert_eq!(queue.stats().keys, 0);
}
