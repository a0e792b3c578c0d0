//! Threads in the same line, on the timer of a thread.

use super::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use untether::rt::threads::Threads;

const MILLISECOND: Duration = Duration::from_millis(1);

#[test]
fn threads_wait_for_what_is_due() {
    let queue = DelayQueue::new(Threads::new().unwrap());
    let start = queue.timer().now();
    queue.insert(2, 4 * MILLISECOND).unwrap();
    queue.insert(1, 2 * MILLISECOND).unwrap();
    for item in [1, 2] {
        let expired = queue.recv().wait().unwrap();
        assert_eq!(expired.item, item);
        assert!(queue.timer().now() >= expired.deadline && expired.deadline > start, "not early");
    }
    let mut taken = Vec::new();
    queue.insert(3, MILLISECOND).unwrap();
    assert_eq!(queue.recv_many(&mut taken, 5).wait(), 1);
    queue.close();
    assert_eq!(queue.recv().wait(), None);
}

#[test]
fn a_limit_gives_the_place_in_line_back() {
    let queue = DelayQueue::new(Threads::new().unwrap());
    queue.insert(1, Duration::MAX).unwrap();
    let waiting = queue.recv().wait_timeout(MILLISECOND).unwrap_err();
    assert_eq!(queue.waiting(), 1);
    queue.insert(2, MILLISECOND).unwrap();
    assert_eq!(waiting.wait().map(Expired::into_inner), Some(2));
}

#[test]
fn a_task_and_a_thread_wait_in_the_same_line() {
    let queue = DelayQueue::new(Threads::new().unwrap());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| queue.recv().wait());
        while queue.waiting() == 0 {
            thread::yield_now();
        }
        let mut task = Probe::new(queue.recv());
        task.assert_pending();
        queue.insert(1, Duration::ZERO).unwrap();
        queue.insert(2, Duration::ZERO).unwrap();
        assert_eq!(waiting.join().unwrap().map(Expired::into_inner), Some(1));
        assert_eq!(task.assert_ready().map(Expired::into_inner), Some(2));
    });
}

/// Four put in, take back and put off; four receive, one of them by limits that pass.
#[test]
fn many_threads_lose_nothing_get_nothing_twice_and_nothing_early() {
    const EACH: usize = 2_000;
    let queue = DelayQueue::new(Threads::new().unwrap());
    let (received, removed) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let receive = |patient: bool| {
        let mut own = Vec::new();
        loop {
            let expired = match patient {
                true => queue.recv().wait(),
                false => match queue.recv().wait_timeout(MILLISECOND / 10) {
                    Ok(expired) => expired,
                    Err(given_up) => {
                        drop(given_up);
                        continue;
                    }
                },
            };
            let Some(expired) = expired else { break };
            assert!(queue.timer().now() >= expired.deadline, "early");
            own.push(expired.item);
        }
        received.lock().unwrap().extend(own);
    };
    let produce = |producer: usize| {
        for n in 0..EACH {
            let item = producer * EACH + n;
            let key = queue.insert(item, Duration::from_micros((item % 997) as u64)).unwrap();
            let taken_back = n % 5 == 0 && queue.remove(&key).is_some();
            removed.fetch_add(usize::from(taken_back), Ordering::Relaxed);
            if n % 7 == 0 {
                queue.reset(&key, Duration::from_micros((item % 331) as u64));
            }
        }
    };
    thread::scope(|scope| {
        let receivers = [true, true, true, false].map(|patient| scope.spawn(move || receive(patient)));
        let producers = [0, 1, 2, 3].map(|producer| scope.spawn(move || produce(producer)));
        producers.into_iter().for_each(|producer| producer.join().unwrap());
        queue.close();
        receivers.into_iter().for_each(|receiver| receiver.join().unwrap());
    });
    let mut received = received.into_inner().unwrap();
    assert_eq!(received.len() + removed.into_inner(), 4 * EACH);
    received.sort_unstable();
    received.dedup();
    assert!(received.len() >= 4 * EACH * 4 / 5, "nothing twice");
    assert_eq!((queue.len(), queue.waiting()), (0, 0));
}
