//! Leases that run out.

use super::*;

fn queue_with_limit() -> (Arc<Jobs>, ManualClock) {
    let (builder, clock) = builder();
    (Arc::new(builder.visibility(10 * SECOND).build()), clock)
}

#[test]
fn a_lease_that_runs_out_gives_the_job_to_another() {
    let (queue, clock) = queue_with_limit();
    queue.try_push(1).unwrap();
    let hangs = next(&queue);
    let mut other = worker(&queue);
    clock.advance(10 * SECOND - Duration::from_nanos(1));
    other.assert_pending();
    clock.advance(Duration::from_nanos(1));
    let again = got(&mut other);
    assert_eq!((*again, again.attempt()), (1, 2));
    assert_eq!(*hangs, 1, "who was too slow still has it");
    assert!(!hangs.ack(), "but it is not for it to say that it is done");
    assert!(again.ack());
    assert_eq!((queue.len(), queue.stats().run_out, queue.stats().done), (0, 1, 1));
}

#[test]
fn one_that_drops_what_it_has_lost_changes_nothing() {
    let (queue, clock) = queue_with_limit();
    queue.try_push(1).unwrap();
    let lost = next(&queue);
    clock.advance(10 * SECOND);
    let again = next(&queue);
    drop(lost);
    assert_eq!(places(&queue), [0, 0, 0, 1]);
    assert!(again.ack());
    let stats = queue.stats();
    assert_eq!((stats.failed, stats.run_out, stats.dead), (0, 1, 0));
}

#[test]
fn a_lease_that_is_extended_runs_out_later_and_never_sooner() {
    let (queue, clock) = queue_with_limit();
    queue.try_push(1).unwrap();
    let job = next(&queue);
    assert_eq!(job.extend(SECOND), Ok(()));
    clock.advance(9 * SECOND);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady), "a second would be less than it has");
    assert_eq!(job.extend(10 * SECOND), Ok(()));
    clock.advance(10 * SECOND - Duration::from_nanos(1));
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    clock.advance(Duration::from_nanos(1));
    let again = queue.try_lease().unwrap();
    assert!(matches!(job.extend(SECOND), Err(LeaseLost { .. })), "it is somebody else's");
    assert!(again.ack());
}

#[test]
fn without_a_limit_no_lease_is_lost() {
    let queue = queue_of([1]);
    let job = next(&queue);
    queue.timer().advance(1_000_000 * SECOND);
    assert_eq!(job.extend(SECOND), Ok(()));
    assert!(job.ack());
}

#[test]
fn leases_that_run_out_use_up_the_attempts() {
    let (queue, clock) = queue_with_limit();
    queue.try_push(1).unwrap();
    let mut hang = Vec::new();
    for attempt in 1..=3 {
        hang.push(next(&queue));
        assert_eq!(hang.last().unwrap().attempt(), attempt);
        clock.advance(10 * SECOND);
    }
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    assert_eq!(letters(&queue), [(1, 3, Why::Exhausted)]);
    assert!(queue.is_empty());
    assert!(hang.into_iter().all(|job| !job.ack()));
    assert_eq!(queue.stats().done, 0);
}

#[test]
fn join_ends_with_the_last_lease_though_nobody_waits_for_a_job() {
    let (queue, clock) = queue_with_limit();
    queue.try_push(1).unwrap();
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    let hang: Vec<Leased> = (0..3)
        .map(|_| {
            let job = next(&queue);
            join.assert_pending();
            clock.advance(10 * SECOND);
            job
        })
        .collect();
    join.assert_ready();
    assert!(queue.is_empty());
    drop(hang);
}

#[test]
fn a_pause_is_made_after_a_lease_that_ran_out_as_well() {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.visibility(10 * SECOND).backoff([5 * SECOND]).build());
    queue.try_push(1).unwrap();
    let _hangs = next(&queue);
    clock.advance(10 * SECOND);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    assert_eq!(places(&queue), [0, 1, 0, 0]);
    clock.advance(5 * SECOND);
    assert_eq!(next(&queue).attempt(), 2);
}

#[test]
fn what_is_due_since_long_is_leased_at_once_though_its_lease_is_only_now_seen_to_have_run_out() {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.visibility(10 * SECOND).backoff([5 * SECOND]).build());
    queue.try_push(1).unwrap();
    let _hangs = next(&queue);
    clock.advance(15 * SECOND);
    assert_eq!(queue.try_lease().map(|job| job.attempt()), Ok(2));
}

#[test]
fn a_change_stays_if_the_job_fails_and_is_undone_if_its_lease_runs_out() {
    let (queue, clock) = queue_with_limit();
    queue.try_push(1).unwrap();
    *next(&queue) += 10;
    let mut hangs = next(&queue);
    assert_eq!(*hangs, 11);
    *hangs += 10;
    clock.advance(10 * SECOND);
    assert_eq!(*next(&queue), 11);
    assert_eq!(*hangs, 21);
}

#[test]
#[should_panic(expected = "a lease of no time would run out before the job is looked at")]
fn a_lease_of_no_time_is_refused() {
    let _ = builder().0.visibility(Duration::ZERO);
}

#[test]
fn a_lease_that_is_longer_than_can_be_told_never_runs_out() {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.visibility(Duration::MAX).build());
    queue.try_push(1).unwrap();
    let job = next(&queue);
    let mut join = Probe::new(queue.join());
    join.assert_pending();
    clock.advance(1_000_000 * SECOND);
    lease(&queue).assert_pending();
    assert!(job.ack());
    join.assert_ready();
}
