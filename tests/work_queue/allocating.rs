//! Nothing is allocated in steady state.

use super::*;
use untether_support::allocations;

#[test]
fn to_put_in_to_lease_and_to_end_a_job_allocates_nothing() {
    let queue = queue_of(0..10);
    let (builder, _) = builder();
    let keyed = builder.key(|job| job % 3).build();
    (0..10).for_each(|job| _ = keyed.try_push(job).unwrap());
    let before = allocations();
    for job in 0..1_000 {
        queue.try_push(job).unwrap();
        drop(queue.try_lease().unwrap());
        queue.try_lease().unwrap().ack();
        keyed.try_push(job).unwrap();
        keyed.try_lease().unwrap().ack();
    }
    assert_eq!(allocations() - before, 0);
}

#[test]
fn an_empty_queue_allocates_nothing() {
    let clock = ManualClock::new();
    let before = allocations();
    let queue: Jobs = WorkQueue::new(clock);
    assert_eq!(queue.len(), 0);
    assert_eq!(allocations() - before, 0);
}
