//! On threads: many who submit, workers on all of them, and accounts that add up.

use super::*;
use futures_executor::ThreadPool;
use std::sync::atomic::AtomicU64;
use untether::rt::futures::Futures;
use untether_support::cases;

#[test]
fn what_many_threads_submit_is_done_once_and_what_is_not_comes_back() {
    for round in 0..cases(5) {
        let executor = Futures(ThreadPool::builder().pool_size(3).create().unwrap());
        let sum = Arc::new(AtomicU64::new(0));
        let adds = sum.clone();
        let pool = WorkerPool::builder(&executor).workers(4).capacity(16).build(move |n: u64| {
            let adds = adds.clone();
            async move {
                if n % 3 == 0 {
                    yield_now().await;
                }
                adds.fetch_add(n, Ordering::Relaxed);
                if n % 5 == 0 { Err(n) } else { Ok(n) }
            }
        });
        let pool = pool.unwrap();
        let submitted = std::thread::scope(|scope| {
            let submitters: Vec<_> = (0..4_u64)
                .map(|thread| {
                    let pool = &pool;
                    scope.spawn(move || {
                        let mut submitted = 0;
                        for n in (0..250).map(|n| 4 * n + thread) {
                            match pool.submit(n).wait() {
                                Ok(ticket) if n % 2 == 0 => match ticket.wait() {
                                    Outcome::Ok(same) | Outcome::Err(same) => assert_eq!(same, n),
                                    other => assert!(matches!(other, Outcome::Cancelled(None))),
                                },
                                Ok(ticket) => ticket.detach(),
                                Err(refused) => {
                                    assert_eq!(refused.into_inner(), n);
                                    continue;
                                }
                            }
                            submitted += n;
                        }
                        submitted
                    })
                })
                .collect();
            if round % 2 == 1 {
                let left: u64 = pool.stop_after_running().wait().unstarted.into_iter().sum();
                return submitters.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>() - left;
            }
            submitters.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>()
        });
        pool.wait_idle().wait();
        assert_eq!(sum.load(Ordering::Relaxed), submitted);
        let stopped = pool.stop().wait();
        assert!(stopped.unstarted.is_empty());
        assert_eq!(pool.stats().workers, 0);
    }
}
