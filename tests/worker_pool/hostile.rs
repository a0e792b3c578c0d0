//! Handlers, inputs and observers that panic, and that use the pool they are of.

use super::*;
use futures_util::StreamExt;
use untether::observe::{Event, Observer};
use untether::queue::WorkQueue;

struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("on purpose: a drop");
        }
    }
}

#[test]
fn a_panic_anywhere_in_a_handler_fails_its_input_and_nothing_else() {
    in_any_order(async |sim| {
        let pool = WorkerPool::builder(&sim).workers(1).build(|n: u32| {
            assert_ne!(n, 1, "on purpose: the call");
            let guard = (n == 2).then(|| PanicsOnDrop);
            async move {
                yield_now().await;
                assert_ne!(n, 3, "on purpose: the poll");
                let _guard = guard;
                Ok::<_, ()>(n)
            }
        });
        let pool = pool.unwrap();
        let outcomes = pool.map(0..5).collect().await;
        let words: Vec<_> = outcomes.into_iter().map(|outcome| outcome.into_result().is_ok()).collect();
        assert_eq!(words, [true, false, false, false, true]);
        assert_eq!(pool.stats().workers, 1);
    });
}

#[test]
fn a_future_that_panics_as_it_is_dropped_takes_neither_worker_nor_stop_along() {
    in_any_order(async |sim| {
        let pool = WorkerPool::builder(&sim).workers(2).build(|_: u32| {
            let guard = PanicsOnDrop;
            async move {
                let _guard = guard;
                pending::<Result<(), ()>>().await
            }
        });
        let pool = pool.unwrap();
        let tickets = [1, 2].map(|n| pool.try_submit(n).unwrap());
        sim.idle().await;
        tickets[0].abort();
        sim.idle().await;
        assert_eq!(pool.stats().workers, 2);
        assert_eq!(pool.stop_now().await.tally.panicked, 2);
        for ticket in tickets {
            assert!(matches!(ticket.await, Outcome::Panicked(_)));
        }
    });
}

#[test]
fn inputs_that_panic_as_they_are_dropped_take_nobody_along() {
    struct Input;
    impl Drop for Input {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "on purpose: an input");
        }
    }
    in_any_order(async |sim| {
        let pool = WorkerPool::builder(&sim).workers(1).build(|input: Input| {
            drop(input);
            ready(Ok::<_, ()>(()))
        });
        let pool = pool.unwrap();
        let ticket = pool.submit(Input).await.unwrap();
        assert!(matches!(ticket.await, Outcome::Panicked(_)));
        pool.pause();
        let waits = pool.submit(Input).await.unwrap();
        let aborted = pool.submit(Input).await.unwrap();
        aborted.abort();
        pool.resume();
        assert!(matches!(waits.await, Outcome::Panicked(_)));
        pool.wait_idle().await;
        assert_eq!(pool.stats().workers, 1);
        pool.pause();
        let left = [pool.submit(Input).await.unwrap(), pool.submit(Input).await.unwrap()];
        drop(pool);
        for left in left {
            assert!(matches!(left.await, Outcome::Cancelled(None)));
        }
    });
}

#[test]
fn an_observer_that_panics_is_contained() {
    struct Panics;
    impl Observer for Panics {
        fn on(&self, _: &Event<'_>) {
            panic!("on purpose: an observer");
        }
    }
    in_any_order(async |sim| {
        let pool = WorkerPool::builder(&sim).workers(1).observer(Panics);
        let pool = pool.build(async |n: u32| if n == 0 { Err("zero") } else { Ok(n) }).unwrap();
        pool.submit(0).await.unwrap().detach();
        let late = pool.submit(0).await.unwrap();
        pool.wait_idle().await;
        drop(late);
        assert_eq!(value(pool.submit(1).await.unwrap().await), 1);
        assert_eq!(pool.stats().workers, 1);
    });
}

#[test]
fn a_handler_may_use_its_own_pool() {
    in_any_order(async |sim| {
        let own: Arc<Mutex<Option<Arc<Numbers>>>> = Arc::default();
        let finds = own.clone();
        let pool = WorkerPool::builder(&sim).workers(1).build(move |n: u32| {
            let pool = finds.lock().unwrap().clone();
            async move {
                let pool = pool.ok_or("not yet")?;
                if n > 0 {
                    pool.try_submit(n - 1).map_err(|_| "full")?.detach();
                    pool.resize(n as usize).map_err(|_| "no more")?;
                }
                Ok(n)
            }
        });
        let pool = Arc::new(pool.unwrap());
        *own.lock().unwrap() = Some(pool.clone());
        pool.submit(3).await.unwrap().detach();
        pool.wait_idle().await;
        assert_eq!(pool.stats().tally.done, 4);
        assert_eq!(pool.stats().size, 1);
        *own.lock().unwrap() = None;
    });
}

#[test]
fn a_job_that_panics_as_it_is_cloned_is_tried_again() {
    struct Job(Arc<AtomicUsize>);
    impl Clone for Job {
        fn clone(&self) -> Self {
            assert!(self.0.fetch_add(1, Ordering::AcqRel) > 0, "on purpose: a clone");
            Self(self.0.clone())
        }
    }
    in_any_order(async |sim| {
        let jobs = Arc::new(WorkQueue::new(sim.clone()));
        let pool = WorkerPool::builder(&sim).workers(1).work_queue(jobs.clone());
        let pool = pool.build(async |_: Job| Ok::<_, ()>(())).unwrap();
        jobs.push(Job(Arc::default())).await.unwrap();
        jobs.join().await;
        let tally = pool.stop().await.tally;
        assert_eq!((tally.panicked, tally.done, jobs.stats().dead), (1, 1, 0));
    });
}

/// A handler that is always ready does not keep the others on its thread from running.
#[test]
fn a_worker_whose_inputs_never_wait_lets_others_run() {
    let shelf = allocating::Shelf::default();
    let pool = WorkerPool::builder(&shelf).workers(1).capacity(1_000).build(|n: u32| ready(Ok::<_, ()>(n)));
    let pool = pool.unwrap();
    for n in 0..100 {
        pool.try_submit(n).unwrap().detach();
    }
    shelf.run();
    assert_eq!(pool.stats().tally.done, 32);
    (0..3).for_each(|_| shelf.run());
    assert_eq!(pool.stats().tally.done, 100);
}

#[test]
fn an_unread_value_that_panics_as_it_is_dropped_hides_no_failure_behind_it() {
    struct Counts(Arc<AtomicUsize>);
    impl Observer for Counts {
        fn on(&self, event: &Event<'_>) {
            self.0.fetch_add(usize::from(event.kind() == "unread_failure"), Ordering::AcqRel);
        }
    }
    in_any_order(async |sim| {
        let told = Arc::new(AtomicUsize::new(0));
        let builder = WorkerPool::builder(&sim).workers(1).observer(Counts(told.clone()));
        let pool =
            builder.build(|n: u32| ready(if n < 3 { Ok(PanicsOnDrop) } else { Err("three") })).unwrap();
        let mut map = pool.map([1, 2, 3]);
        let polled = futures_util::future::poll_fn(|cx| std::task::Poll::Ready(map.poll_next_unpin(cx)));
        assert!(polled.await.is_pending());
        pool.wait_idle().await;
        drop(map);
        assert_eq!(told.load(Ordering::Acquire), 1);
    });
}
