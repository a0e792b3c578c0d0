//! The end: what is still done, what comes back, and who learns of it.

use super::*;

#[test]
fn close_drains_and_tries_again() {
    let queue = queue_of([1, 2]);
    queue.close();
    assert_eq!(queue.try_push(3), Err(PushError::Closed(3)));
    drop(next(&queue));
    assert_eq!(next(&queue).take(), 2);
    let last = next(&queue);
    let mut waits = worker(&queue);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady), "it may come again");
    last.ack();
    assert_eq!(waits.wakes(), 1);
    assert!(waits.assert_ready().is_none());
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::Closed));
}

#[test]
fn close_wakes_every_consumer() {
    let queue = queue_of([]);
    let mut workers = [(); 3].map(|()| worker(&queue));
    queue.close();
    for worker in &mut workers {
        assert_eq!(worker.wakes(), 1);
        assert!(worker.assert_ready().is_none());
    }
}

#[test]
fn close_twice_is_close_once() {
    let queue = queue_of([1]);
    queue.close();
    queue.close();
    assert_eq!(queue.close_now().collect::<Vec<_>>(), [1]);
    assert_eq!(queue.close_now().len(), 0);
    assert!(queue.is_closed());
}

#[test]
fn a_workers_failure_in_the_last_job_wakes_another() {
    let queue = queue_of([1]);
    let job = next(&queue);
    queue.close();
    let mut other = worker(&queue);
    drop(job);
    assert_eq!(other.wakes(), 1);
    assert_eq!(got(&mut other).take(), 1);
}

#[test]
fn close_now_gives_back_what_is_not_leased_as_it_was_put_in() {
    let (builder, _) = builder();
    let queue = Arc::new(builder.key(|job| job % 10).build());
    queue.try_push(1).unwrap();
    queue.try_push_after(2, SECOND).unwrap();
    queue.try_push(11).unwrap();
    queue.try_push(21).unwrap();
    let leased = next(&queue);
    let mut waits = worker(&queue);
    let left: Vec<u32> = queue.close_now().collect();
    assert_eq!(left, [2, 11, 21]);
    assert_eq!(waits.assert_ready().map(Job::take), None);
    assert_eq!(places(&queue), [0, 0, 0, 1]);
    assert!(leased.ack());
    assert!(queue.is_empty());
}

#[test]
fn join_returns_after_close_now_when_every_lease_has_ended_and_not_before() {
    let queue = queue_of([1, 2, 3]);
    let leases = [(); 2].map(|()| next(&queue));
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    drop(queue.close_now());
    join.assert_pending();
    let [first, second] = leases;
    first.ack();
    join.assert_pending();
    drop(second);
    join.assert_ready();
    assert_eq!(letters(&queue), [(2, 1, Why::Exhausted)], "what failed then is not lost");
}

#[test]
fn join_returns_after_close() {
    let queue = queue_of([1]);
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    queue.close();
    join.assert_pending();
    assert_eq!(all_done(&queue), [1]);
    assert_eq!(join.wakes(), 1);
    join.assert_ready();
}

#[test]
fn join_returns_at_once_where_nothing_is_to_be_done_and_again_and_again() {
    let queue = queue_of([]);
    Probe::new(queue.join()).assert_ready();
    queue.try_push(1).unwrap();
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    let job = next(&queue);
    queue.try_push(2).unwrap();
    job.ack();
    join.assert_pending();
    assert_eq!(all_done(&queue), [2]);
    join.assert_ready();
}

#[test]
fn a_thread_waits_for_the_end_as_well() {
    let queue = queue_of([1]);
    let join = queue.join().wait_timeout(Duration::ZERO).unwrap_err();
    assert_eq!(all_done(&queue), [1]);
    join.wait();
}

#[test]
fn a_join_that_is_dropped_leaves_nothing_behind() {
    let queue = queue_of([1]);
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    drop(join);
    assert_eq!(all_done(&queue), [1]);
}

#[test]
fn the_dead_letters_end_when_nothing_can_come_into_them_any_more() {
    let queue = queue_of([1]);
    let mut reads = Probe::new(queue.dead_letters().recv());
    reads.assert_pending();
    let job = next(&queue);
    drop(queue.close_now());
    reads.assert_pending();
    assert!(job.reject("bad"));
    assert_eq!(reads.assert_ready().map(|letter| letter.item), Some(1));
    assert!(Probe::new(queue.dead_letters().recv()).assert_ready().is_none());
}
