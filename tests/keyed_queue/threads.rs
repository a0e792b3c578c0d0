//! Threads that send and receive, in the same lines as tasks.

use super::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

#[test]
fn threads_wait_for_values_and_for_room() {
    let queue = Numbers::bounded(1);
    thread::scope(|scope| {
        let received = scope.spawn(|| *queue.recv().wait().unwrap());
        queue.send(1, 10).wait().unwrap();
        assert_eq!(received.join().unwrap(), 10);
        queue.send(1, 11).wait().unwrap();
        let sent = scope.spawn(|| queue.upsert(2, 20, |_, _| ()).wait());
        while queue.stats().senders_waiting == 0 {
            thread::yield_now();
        }
        drop(queue.recv().wait().unwrap());
        assert_eq!(sent.join().unwrap(), Ok(Upserted::Inserted));
        let (_, recv) = (queue.recv().wait(), queue.recv().wait_timeout(Duration::ZERO));
        assert!(recv.is_err(), "nothing came in time");
    });
    queue.close();
    queue.idle().wait();
    queue.closed().wait();
}

#[test]
fn what_goes_in_comes_out_once_in_order_and_never_two_of_a_key_at_a_time() {
    const KEYS: usize = 7;
    const EACH: usize = 4_000;
    let queue = KeyedQueue::<usize, usize>::bounded(16);
    let busy = [const { AtomicBool::new(false) }; KEYS];
    let seen = [const { AtomicUsize::new(0) }; KEYS];
    thread::scope(|scope| {
        let senders: Vec<_> = (0..KEYS)
            .map(|key| {
                let queue = &queue;
                // Each key from one thread, so that its order is known.
                scope.spawn(move || {
                    for n in 0..EACH {
                        if n % 3 > 0 || queue.try_send(key, n).is_err() {
                            queue.send(key, n).wait().unwrap();
                        }
                    }
                })
            })
            .collect();
        for receiver in 0..4 {
            let (queue, busy, seen) = (&queue, &busy, &seen);
            scope.spawn(move || {
                loop {
                    let value = match receiver {
                        0 => queue.try_recv().ok().or_else(|| queue.recv().wait()),
                        1 => queue.recv().wait_timeout(Duration::ZERO).unwrap_or_else(|recv| recv.wait()),
                        _ => queue.recv().wait(),
                    };
                    let Some(value) = value else { break };
                    let key = *value.key();
                    assert!(!busy[key].swap(true, Ordering::AcqRel), "two of one key");
                    assert_eq!(seen[key].fetch_add(1, Ordering::AcqRel), *value, "in order");
                    busy[key].store(false, Ordering::Release);
                }
            });
        }
        senders.into_iter().for_each(|sender| sender.join().unwrap());
        queue.close();
    });
    assert!(seen.iter().all(|seen| seen.load(Ordering::Acquire) == EACH));
    assert_left_by_all(&queue);
}

#[test]
fn what_is_merged_on_many_threads_adds_up() {
    const EACH: u64 = 5_000;
    let queue = KeyedQueue::<u64, u64>::bounded(2);
    let sum = AtomicUsize::new(0);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..4)
            .map(|sender| {
                let queue = &queue;
                scope.spawn(move || {
                    for n in 0..EACH {
                        queue.upsert((n + sender) % 3, 1, |old, new| *old += new).wait().unwrap();
                    }
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(value) = queue.recv().wait() {
                    sum.fetch_add(*value as usize, Ordering::AcqRel);
                }
            });
        }
        senders.into_iter().for_each(|sender| sender.join().unwrap());
        queue.close();
    });
    assert_eq!(sum.load(Ordering::Acquire), 4 * EACH as usize);
    assert_left_by_all(&queue);
}
