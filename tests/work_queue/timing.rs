//! What is to be tried later, and what has taken too long.

use super::*;
use untether::time::Clock;

#[test]
fn a_job_that_is_put_in_for_later_is_tried_then() {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.build());
    let mut worker = worker(&queue);
    Probe::new(queue.push_after(1, 2 * SECOND)).assert_ready().unwrap();
    assert_eq!(worker.wakes(), 1, "it has to keep the time");
    worker.assert_pending();
    assert_eq!(places(&queue), [0, 1, 0, 0]);
    clock.advance(2 * SECOND - Duration::from_nanos(1));
    worker.assert_pending();
    clock.advance(Duration::from_nanos(1));
    assert_eq!(worker.wakes(), 2);
    assert_eq!(got(&mut worker).take(), 1);
}

#[test]
fn a_delayed_job_can_be_cancelled() {
    let (builder, clock) = builder();
    let queue = builder.build();
    let id = queue.try_push_after(1, SECOND).unwrap();
    assert_eq!(queue.cancel(id), Some(1));
    clock.advance(SECOND);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
}

#[test]
fn what_is_due_waits_for_nobody_though_something_is_always_ready() {
    let (builder, clock) = builder();
    let queue = builder.build();
    queue.try_push_after(1_000, SECOND).unwrap();
    (0..10).for_each(|job| _ = queue.try_push(job).unwrap());
    clock.advance(SECOND);
    for job in 0..10 {
        assert_eq!(queue.try_lease().unwrap().take(), job);
        queue.try_push(100 + job).unwrap();
    }
    assert_eq!(queue.try_lease().unwrap().take(), 1_000, "it came when the first of them was leased");
}

#[test]
fn a_job_that_fails_comes_again_after_its_pause() {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.attempts(4).backoff([SECOND, 3 * SECOND]).build());
    queue.try_push(1).unwrap();
    for pause in [1, 3, 3] {
        drop(next(&queue));
        assert_eq!(places(&queue), [0, 1, 0, 0]);
        clock.advance(pause * SECOND - Duration::from_nanos(1));
        assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
        clock.advance(Duration::from_nanos(1));
    }
    assert_eq!(next(&queue).attempt(), 4);
}

#[test]
fn any_iterator_of_pauses_will_do() {
    let (builder, clock) = builder();
    let doubled = std::iter::successors(Some(SECOND), |pause| Some(*pause * 2));
    let queue = Arc::new(builder.attempts(9).backoff(doubled).build());
    queue.try_push(1).unwrap();
    for attempt in 1..9 {
        let job = next(&queue);
        assert_eq!(job.attempt(), attempt);
        drop(job);
        clock.advance(2_u32.pow(attempt - 1) * SECOND);
    }
    assert_eq!(next(&queue).attempt(), 9);
}

#[test]
fn one_that_says_when_is_tried_then() {
    let (builder, clock) = builder();
    let queue = Arc::new(builder.backoff([SECOND]).build());
    queue.try_push(1).unwrap();
    next(&queue).nack_after(5 * SECOND);
    clock.advance(4 * SECOND);
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    clock.advance(SECOND);
    assert_eq!(next(&queue).attempt(), 2);
}

#[test]
fn where_there_is_no_delay_the_clock_is_never_asked() {
    let queue: WorkQueue<u32, Broken> = WorkQueue::new(Broken);
    queue.try_push(1).unwrap();
    drop(queue.try_lease());
    assert_eq!(queue.try_lease().unwrap().take(), 1);
}

/// A timer whose clock cannot be asked.
#[derive(Clone)]
struct Broken;

impl Clock for Broken {
    fn now(&self) -> untether::time::Instant {
        panic!("the clock was asked");
    }
}

impl untether::time::Timer for Broken {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: untether::time::Instant) -> Self::Sleep {
        panic!("a sleep was made");
    }
}
