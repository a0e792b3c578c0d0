//! Those who wait for jobs: in order, one woken for each job, and nothing lost with any of them.

use super::*;

#[test]
fn workers_are_served_in_the_order_in_which_they_came() {
    let queue = queue_of([]);
    let mut workers = [(); 3].map(|()| worker(&queue));
    for job in 0..3 {
        queue.try_push(job).unwrap();
    }
    assert_eq!(workers.each_ref().map(Probe::wakes), [1, 1, 1], "one for each job");
    for (job, worker) in (0..3).zip(&mut workers) {
        assert_eq!(got(worker).take(), job);
    }
}

#[test]
fn one_job_wakes_one_of_64_workers() {
    let queue = queue_of([]);
    let workers = [(); 64].map(|()| worker(&queue));
    queue.try_push(1).unwrap();
    assert_eq!(workers.iter().map(Probe::wakes).sum::<usize>(), 1);
    assert_eq!(workers[0].wakes(), 1);
}

#[test]
fn nobody_overtakes_one_who_waits() {
    let queue = queue_of([]);
    let mut first = worker(&queue);
    queue.try_push(1).unwrap();
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    lease(&queue).assert_pending();
    queue.try_push(2).unwrap();
    assert_eq!(queue.try_lease().unwrap().take(), 1, "there is one for each");
    assert_eq!(got(&mut first).take(), 2);
}

#[test]
fn a_lease_that_is_dropped_after_it_was_woken_passes_the_job_on() {
    let queue = queue_of([]);
    let (first, mut second) = (worker(&queue), worker(&queue));
    queue.try_push(1).unwrap();
    assert_eq!(second.wakes(), 0);
    drop(first);
    assert_eq!(second.wakes(), 1);
    let job = got(&mut second);
    assert_eq!(job.attempt(), 1, "who was cancelled while it waited has tried nothing");
}

#[test]
fn a_worker_that_is_forgotten_keeps_one_job_at_most_from_others() {
    let queue = queue_of([]);
    let forgotten = worker(&queue);
    let mut other = worker(&queue);
    queue.try_push(1).unwrap();
    queue.try_push(2).unwrap();
    assert_eq!(got(&mut other).take(), 1);
    queue.try_push(3).unwrap();
    assert_eq!(queue.try_lease().unwrap().take(), 2);
    std::mem::forget(forgotten);
}

#[test]
fn one_that_was_called_in_vain_is_the_first_in_line_again() {
    let queue = queue_of([]);
    let mut workers = [(); 3].map(|()| worker(&queue));
    let ids = [1, 2].map(|job| queue.try_push(job).unwrap());
    assert_eq!(queue.cancel(ids[0]), Some(1));
    assert_eq!(queue.cancel(ids[1]), Some(2));
    workers.iter_mut().for_each(Probe::assert_pending);
    queue.try_push(3).unwrap();
    assert_eq!(got(&mut workers[0]).take(), 3);
    queue.try_push(4).unwrap();
    assert_eq!(got(&mut workers[1]).take(), 4);
    queue.try_push(5).unwrap();
    assert_eq!(got(&mut workers[2]).take(), 5);
}

#[test]
fn the_next_keeps_the_time_when_the_first_has_gone() {
    let queue = queue_of([]);
    let (mut first, mut second) = (worker(&queue), worker(&queue));
    queue.try_push_after(1, SECOND).unwrap();
    first.assert_pending();
    drop(first);
    assert_eq!(second.wakes(), 1);
    second.assert_pending();
    queue.timer().advance(SECOND);
    assert_eq!(second.wakes(), 2);
    assert_eq!(got(&mut second).take(), 1);
}

#[test]
fn a_timeout_around_a_lease_loses_nothing() {
    use untether::time::TimeoutExt;
    let queue = queue_of([]);
    let clock = queue.timer().clone();
    let mut limited = Probe::new(queue.lease().timeout(SECOND, clock.clone()));
    limited.assert_pending();
    queue.try_push(1).unwrap();
    clock.advance(SECOND);
    match limited.assert_ready() {
        Ok(job) => assert_eq!(job.expect("it is open").take(), 1),
        Err(_) => panic!("the job was there"),
    }
    let mut limited = Probe::new(queue.lease().timeout(SECOND, clock.clone()));
    limited.assert_pending();
    clock.advance(SECOND);
    assert!(limited.assert_ready().is_err());
    drop(limited);
    queue.try_push(2).unwrap();
    assert_eq!(queue.try_lease().unwrap().take(), 2);
}

#[test]
fn a_job_that_fails_while_others_wait_goes_to_the_first_of_them() {
    let queue = queue_of([1]);
    let job = next(&queue);
    let (mut first, second) = (worker(&queue), worker(&queue));
    drop(job);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert_eq!(got(&mut first).attempt(), 2);
}

#[test]
fn a_poll_for_nothing_keeps_the_place() {
    let queue = queue_of([]);
    let (mut first, mut second) = (worker(&queue), worker(&queue));
    for _ in 0..10_000 {
        second.assert_pending();
        first.assert_pending();
    }
    assert_eq!(queue.stats().workers_waiting, 2);
    queue.try_push(1).unwrap();
    second.assert_pending();
    assert_eq!(got(&mut first).take(), 1);
}

#[test]
fn many_are_leased_at_once_and_each_ends_by_itself() {
    let queue = queue_of(0..5);
    let mut batch = Vec::new();
    assert_eq!(Probe::new(queue.lease_many(&mut batch, 3)).assert_ready(), 3);
    assert_eq!(places(&queue), [2, 0, 0, 3]);
    let mut jobs = batch.drain(..);
    assert!(jobs.next().unwrap().ack());
    drop(jobs.next());
    assert!(jobs.next().unwrap().reject("bad"));
    drop(jobs);
    assert_eq!(Probe::new(queue.lease_many(&mut batch, 9)).assert_ready(), 3);
    assert_eq!(batch.drain(..).map(Job::take).collect::<Vec<_>>(), [3, 4, 1]);
    queue.close();
    assert_eq!(Probe::new(queue.lease_many(&mut batch, 9)).assert_ready(), 0);
}

#[test]
fn one_that_waits_for_many_is_woken_once_and_leaves_one_to_whoever_was_woken_as_well() {
    let queue = queue_of([]);
    let mut batch = Vec::new();
    let mut many = Probe::new(queue.lease_many(&mut batch, 8));
    many.assert_pending();
    let mut other = worker(&queue);
    (0..4).for_each(|job| _ = queue.try_push(job).unwrap());
    assert_eq!((many.wakes(), other.wakes()), (1, 1));
    assert_eq!(many.assert_ready(), 3);
    assert_eq!(*got(&mut other), 3);
}

#[test]
fn one_that_leases_many_leaves_one_to_each_who_came_before_it() {
    let queue = queue_of([]);
    let mut first = worker(&queue);
    let mut batch = Vec::new();
    let mut many = Probe::new(queue.lease_many(&mut batch, 8));
    many.assert_pending();
    let last = worker(&queue);
    (0..2).for_each(|job| _ = queue.try_push(job).unwrap());
    assert_eq!(many.assert_ready(), 1, "two were woken");
    assert_eq!(got(&mut first).take(), 1);
    assert_eq!(last.wakes(), 0);
    drop(many);
    (2..5).for_each(|job| _ = queue.try_push(job).unwrap());
    assert_eq!(Probe::new(queue.lease_many(&mut batch, 8)).assert_ready(), 2, "it has just come");
    assert_eq!(queue.try_lease().err(), Some(TryLeaseError::NoneReady));
    drop(last);
    assert_eq!(queue.try_lease().unwrap().take(), 4);
}

#[test]
fn many_leases_that_run_out_give_their_jobs_back() {
    let (builder, clock) = builder();
    let queue = builder.visibility(SECOND).build();
    (0..3).for_each(|job| _ = queue.try_push(job).unwrap());
    let mut batch = Vec::new();
    assert_eq!(Probe::new(queue.lease_many(&mut batch, 8)).assert_ready(), 3);
    clock.advance(SECOND);
    assert_eq!(all_done(&queue), [0, 1, 2]);
    assert!(batch.into_iter().all(|job| !job.ack()));
}

#[test]
#[should_panic(expected = "leasing at most 0 jobs would never tell a job from the end")]
fn to_lease_none_is_refused() {
    drop(queue_of([]).lease_many(&mut Vec::new(), 0));
}
