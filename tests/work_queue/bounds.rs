//! A bound on all that has not ended.

use super::*;

fn queue_of_two() -> Arc<Jobs> {
    Arc::new(builder().0.capacity(2).build())
}

/// The same, full of 1 and 2.
fn full() -> Arc<Jobs> {
    let queue = queue_of_two();
    (1..3).for_each(|job| _ = queue.try_push(job).unwrap());
    queue
}

#[test]
fn what_is_leased_takes_its_room_until_it_has_ended() {
    let queue = queue_of_two();
    queue.try_push(1).unwrap();
    queue.try_push(2).unwrap();
    assert_eq!(queue.try_push(3), Err(PushError::Full(3)));
    let job = next(&queue);
    assert_eq!(queue.try_push(3), Err(PushError::Full(3)));
    job.nack();
    assert_eq!(queue.try_push(3), Err(PushError::Full(3)), "it will come again");
    next(&queue).ack();
    assert!(queue.try_push(3).is_ok());
}

#[test]
fn whoever_waits_for_room_gets_it_in_order() {
    let queue = full();
    let mut pushes = [3, 4].map(|job| Probe::new(queue.push(job)));
    pushes.iter_mut().for_each(Probe::assert_pending);
    next(&queue).ack();
    assert_eq!(pushes.each_ref().map(Probe::wakes), [1, 0]);
    assert_eq!(queue.try_push(5), Err(PushError::Full(5)), "nobody overtakes");
    pushes[0].assert_ready().unwrap();
    pushes[1].assert_pending();
    assert_eq!(queue.len(), 2);
}

#[test]
fn every_end_makes_room() {
    let queue = queue_of_two();
    let mut id = queue.try_push(0).unwrap();
    for round in 0..100 {
        queue.try_push(round).unwrap();
        assert!(queue.try_push(round).is_err());
        match round % 4 {
            0 => _ = queue.cancel(id).unwrap(),
            1 => _ = next(&queue).ack(),
            2 => _ = next(&queue).reject("bad"),
            _ => (0..3).for_each(|_| drop(queue.try_lease().unwrap())),
        }
        // Three drops in turn may have hit either.
        while queue.try_push(round).is_ok() {}
        all_done(&queue);
        id = queue.try_push(round).unwrap();
    }
}

#[test]
fn a_push_that_waits_is_dropped_with_its_job_or_gives_it_back() {
    let queue = full();
    let mut push = queue.push(3);
    assert!(
        std::pin::Pin::new(&mut push)
            .poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
            .is_pending()
    );
    assert_eq!(push.into_inner(), Some(3));
    assert_eq!(all_done(&queue), [1, 2]);
    assert!(queue.try_push(4).is_ok());
}

#[test]
fn closing_ends_those_who_wait_for_room_with_their_jobs() {
    let queue = full();
    let mut push = Probe::new(queue.push(3));
    push.assert_pending();
    queue.close();
    assert_eq!(push.wakes(), 1);
    assert_eq!(push.assert_ready(), Err(PushError::Closed(3)));
    assert_eq!(queue.try_push(4), Err(PushError::Closed(4)));
}

#[test]
#[should_panic(expected = "a queue of no jobs would take none")]
fn no_capacity_is_refused() {
    let _ = builder().0.capacity(0);
}

#[test]
#[should_panic(expected = "more jobs than can be counted")]
fn a_capacity_that_cannot_be_counted_is_refused() {
    let _ = builder().0.capacity(usize::MAX);
}
