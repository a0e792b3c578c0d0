//! On real threads.

use super::*;

#[test]
fn a_thread_waits_for_its_turn_and_for_what_it_runs() {
    let bulkhead = Bulkhead::new(1);
    let first = held(&bulkhead);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| bulkhead.run(says(7)).wait().unwrap());
        while bulkhead.stats().waiting == 0 {
            std::thread::yield_now();
        }
        drop(first);
        assert_eq!(waits.join().unwrap(), 7);
    });
    drop(bulkhead.acquire().wait().unwrap());
    assert_whole(&bulkhead);
}

/// Callers who run, give up and are refused, while the size changes: never more than may, neither of those who run nor of those who wait.
#[test]
fn threads_that_do_anything_at_all_keep_both_bounds_and_leave_it_whole() {
    let bulkhead = Bulkhead::builder(2).queue(2).build();
    let (running, called) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (bulkhead, running, called) = (&bulkhead, &running, &called);
    let rounds = untether_support::cases(5_000) as usize;
    std::thread::scope(|scope| {
        for thread in 0..6 {
            scope.spawn(move || {
                for round in 0..rounds {
                    if (round + thread) % 7 == 0 {
                        // It comes, and gives up wherever it is.
                        _ = Probe::new(bulkhead.run(pending::<()>)).poll();
                        continue;
                    }
                    let operation = || {
                        assert!(running.fetch_add(1, Ordering::AcqRel) < 4);
                        called.fetch_add(1, Ordering::Relaxed);
                        running.fetch_sub(1, Ordering::AcqRel);
                        ready(())
                    };
                    if let Err(rejected) = bulkhead.run(operation).wait() {
                        assert_eq!(rejected.reason(), AcquireError::Full);
                    }
                    let stats = bulkhead.stats();
                    assert!(stats.waiting <= 2 && stats.running <= 4, "{stats:?}");
                }
            });
        }
        scope.spawn(move || (0..rounds).for_each(|round| bulkhead.resize(1 + round % 4)));
    });
    assert!(called.load(Ordering::Relaxed) > 0);
    assert_whole(bulkhead);
}
