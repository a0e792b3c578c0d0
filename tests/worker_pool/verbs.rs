//! Submitting, waiting, reading.

use super::*;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use untether::queue::{Overflow, Queue, WorkQueue};

#[test]
fn each_ticket_gives_its_own_outcome() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 3, 4);
        let mut tickets = Vec::new();
        for n in [1, 7, 11, 6] {
            tickets.push(pool.submit(n).await.unwrap());
        }
        let [one, seven, eleven, six] = <[_; 4]>::try_from(tickets).unwrap();
        assert_eq!(value(one.await), 2);
        assert!(matches!(seven.await, Outcome::Err("seven")));
        let Outcome::Panicked(panicked) = eleven.await else { panic!("it panicked") };
        assert_eq!(panicked.message(), "on purpose");
        assert_eq!(value(six.await), 12);
        let tally = pool.stop().await.tally;
        assert_eq!((tally.done, tally.failed, tally.panicked, tally.cancelled), (2, 1, 1, 0));
    });
}

#[test]
fn a_full_queue_makes_submit_wait() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 1, 2);
        let running = pool.submit(3).await.unwrap();
        while pool.stats().waiting > 0 {
            yield_now().await;
        }
        let waiting = [pool.submit(3).await.unwrap(), pool.submit(3).await.unwrap()];
        let Err(SubmitError::Full(5)) = pool.try_submit(5) else { panic!("it is full") };
        let before = sim.now();
        let last = pool.submit(1).await.unwrap();
        assert_eq!(sim.now().saturating_duration_since(before), SECOND, "until one has ended");
        assert_eq!(value(last.await), 2);
        assert_eq!(value(running.await), 6);
        for ticket in waiting {
            assert_eq!(value(ticket.await), 6);
        }
    });
}

#[test]
fn any_value_is_an_item() {
    in_any_order(async |sim| {
        let pool = WorkerPool::new(&sim, async |n: Option<u32>| Ok::<_, ()>(n)).unwrap();
        for n in [None, Some(0), None, Some(u32::MAX)] {
            assert_eq!(value(pool.submit(n).await.unwrap().await), n);
        }
        pool.wait_idle().await;
        assert_eq!(pool.stop().await.tally.done, 4);
    });
}

#[test]
fn wait_idle_waits_for_all_that_was_accepted_and_for_nothing_else() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 10);
        pool.wait_idle().await;
        let tickets: Vec<_> = [3, 1, 6, 2].map(|n| pool.try_submit(n).unwrap()).into();
        pool.wait_idle().await;
        assert!(tickets.iter().all(Ticket::is_finished));
        assert_eq!(pool.stats().tally.done, 4);
        tickets.into_iter().for_each(Ticket::detach);
    });
}

#[test]
fn the_outcomes_of_a_map_come_as_they_end_and_are_collected_in_order() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 2);
        let outcomes = pool.map(1..=12).collect().await;
        assert_eq!(outcomes.len(), 12);
        for (index, outcome) in outcomes.into_iter().enumerate() {
            match (index + 1, outcome) {
                (7, Outcome::Err("seven")) | (11, Outcome::Panicked(_)) => {}
                (n, outcome) => assert_eq!(value(outcome) as usize, 2 * n),
            }
        }
        let order: Vec<usize> = pool.map([3, 1, 1]).map(|(index, _)| index).collect().await;
        assert_eq!(order.last(), Some(&0), "it sleeps");
    });
}

/// Several submit by hand: their outcomes in the order of the tickets, and as they come.
#[test]
fn tickets_of_several_who_submit_are_gathered_in_their_order_or_as_they_end() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 2);
        let submits = async |numbers: [u32; 3]| {
            let mut tickets = Vec::new();
            for n in numbers {
                tickets.push(pool.submit(n).await.unwrap());
            }
            tickets
        };
        let (some, others) = futures_util::join!(submits([3, 7, 1]), submits([11, 2, 5]));
        let outcomes = untether::task::gather(some.into_iter().chain(others)).await;
        assert!(matches!(outcomes[1], Outcome::Err("seven")));
        assert!(matches!(outcomes[3], Outcome::Panicked(_)));
        assert_eq!(outcomes.oks().values, [6, 2, 4, 10]);
        let mut tickets: FuturesUnordered<_> = submits([3, 1, 1]).await.into_iter().collect();
        let mut order = Vec::new();
        while let Some(outcome) = tickets.next().await {
            order.push(value(outcome));
        }
        assert_eq!(order, [2, 2, 6]);
    });
}

#[test]
fn a_map_pulls_its_inputs_as_there_is_room_and_not_before() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 3);
        let pulled = AtomicUsize::new(0);
        let inputs = std::iter::repeat_with(|| {
            pulled.fetch_add(1, Ordering::Relaxed);
            1
        });
        let mut map = pool.map(inputs);
        for read in 1..=20 {
            assert!(map.next().await.is_some());
            assert!(pulled.load(Ordering::Relaxed) <= read + 2 + 3);
        }
    });
}

/// Those who hand in `&mut inputs` have the rest back.
#[test]
fn a_map_of_inputs_without_a_known_end_pulls_no_more_once_the_pool_was_stopped() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 3);
        let pulled = AtomicUsize::new(0);
        let mut inputs = std::iter::repeat_with(|| pulled.fetch_add(1, Ordering::Relaxed)).map(|_| 1);
        let mut map = pool.map(&mut inputs);
        assert!(map.next().await.is_some());
        let stopped = pool.stop_after_running().await;
        let at_the_stop = pulled.load(Ordering::Relaxed);
        let (mut read, mut cancelled) = (1, 0);
        while let Some((_, outcome)) = map.next().await {
            read += 1;
            cancelled += usize::from(matches!(outcome, Outcome::Cancelled(_)));
            assert!(read <= 100, "it never ends");
        }
        assert!(map.next().await.is_none());
        drop(map);
        assert!(pulled.load(Ordering::Relaxed) <= at_the_stop + 1);
        assert_eq!(read, pulled.load(Ordering::Relaxed), "as many outcomes as were pulled");
        assert!(cancelled > stopped.unstarted.len(), "the one that was refused as well");
        // Where the end is known there are as many outcomes as inputs all the same.
        let mut told = Vec::new();
        let outcomes = pool.map(1..=20).progress(|completed, total| told.push((completed, total)));
        assert_eq!(outcomes.collect().await.len(), 20);
        assert_eq!(told.last(), Some(&(20, 20)));
    });
}

#[test]
fn progress_that_is_asked_for_late_counts_what_was_read_before() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 3);
        let mut map = pool.map([1, 2, 3]);
        assert!(map.next().await.is_some());
        let mut told = Vec::new();
        let map = map.progress(|completed, total| told.push((completed, total)));
        assert_eq!(map.count().await, 2);
        assert_eq!(told, [(2, 3), (3, 3)]);
    });
}

#[test]
fn progress_is_told_once_for_each_and_never_backwards_and_a_panic_in_it_is_contained() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 3);
        let mut told = Vec::new();
        let outcomes = pool.map([1, 7, 3, 11, 2]).progress(|completed, total| {
            told.push((completed, total));
            assert_ne!(completed, 2, "on purpose: progress");
        });
        assert_eq!(outcomes.collect().await.len(), 5);
        assert_eq!(told, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
    });
}

#[test]
fn the_most_urgent_is_begun_first() {
    in_any_order(async |sim| {
        let order = Arc::new(Mutex::new(Vec::new()));
        let noted = order.clone();
        let queue = Queue::builder(10).priority(|n: &Submission<u32, (), ()>| **n).build();
        let pool = WorkerPool::builder(&sim).workers(1).queue(queue).build(move |n| {
            noted.lock().unwrap().push(n);
            ready(Ok(()))
        });
        let pool = pool.unwrap();
        pool.pause();
        for n in [5, 1, 9, 3] {
            pool.submit(n).await.unwrap().detach();
        }
        pool.resume();
        pool.wait_idle().await;
        assert_eq!(*order.lock().unwrap(), [1, 3, 5, 9]);
    });
}

#[test]
fn an_input_that_a_queue_drops_for_want_of_room_is_cancelled() {
    in_any_order(async |sim| {
        let queue = Queue::builder(1).overflow(Overflow::DropOldest).build();
        let pool = WorkerPool::builder(&sim).workers(1).queue(queue).build(async |n: u32| Ok::<_, ()>(n));
        let pool = pool.unwrap();
        pool.pause();
        let old = pool.submit(1).await.unwrap();
        let new = pool.submit(2).await.unwrap();
        assert!(matches!(old.await, Outcome::Cancelled(None)));
        pool.resume();
        assert_eq!(value(new.await), 2);
    });
}

#[test]
fn a_job_that_fails_is_tried_again_and_then_laid_aside() {
    in_any_order(async |sim| {
        let jobs = Arc::new(WorkQueue::new(sim.clone()));
        let own = sim.clone();
        let pool = WorkerPool::builder(&sim).workers(2).work_queue(jobs.clone());
        let pool = pool.build(move |n: u32| work(own.clone(), n)).unwrap();
        for n in [1, 7, 11, 3] {
            jobs.push(n).await.unwrap();
        }
        jobs.join().await;
        let report = pool.stop().await;
        assert!(report.unstarted.is_empty());
        assert_eq!((report.tally.done, report.tally.failed, report.tally.panicked), (2, 3, 3));
        assert_eq!((jobs.stats().done, jobs.stats().dead), (2, 2));
    });
}

#[test]
fn an_input_that_was_not_accepted_is_taken_back() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 1, 1);
        pool.pause();
        pool.submit(1).await.unwrap().detach();
        let mut waits = pool.submit(5);
        assert!(Probe::new(&mut waits).poll().is_pending());
        assert_eq!(waits.into_inner(), Some(5));
        let mut waits = pool.submit(6);
        assert!(Probe::new(&mut waits).poll().is_pending());
        pool.resume();
        pool.wait_idle().await;
        assert_eq!(waits.into_inner(), None, "it was accepted meanwhile, and done");
        assert_eq!(pool.stats().tally.done, 2);
    });
}
