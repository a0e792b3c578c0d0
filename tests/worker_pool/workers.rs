//! The workers: how many there are, and what they are lost by.

use super::*;
use untether::observe::Lines;
use untether::queue::WorkQueue;
use untether::spawn::{BoxTask, Spawn, SpawnError, SpawnErrorKind};

#[test]
fn as_many_run_at_once_as_there_are_workers() {
    in_any_order(async |sim| {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (inside, highest, own) = (running.clone(), most.clone(), sim.clone());
        let pool = WorkerPool::builder(&sim).workers(3).build(move |n: u32| {
            let (inside, highest, own) = (inside.clone(), highest.clone(), own.clone());
            async move {
                highest.fetch_max(inside.fetch_add(1, Ordering::AcqRel) + 1, Ordering::AcqRel);
                own.sleep(SECOND).await;
                inside.fetch_sub(1, Ordering::AcqRel);
                Ok::<_, ()>(n)
            }
        });
        let pool = pool.unwrap();
        let before = sim.now();
        assert_eq!(pool.map(0..9).collect().await.oks().left_out, 0);
        assert_eq!(most.load(Ordering::Acquire), 3);
        assert_eq!(sim.now().saturating_duration_since(before), 3 * SECOND);
    });
}

#[test]
fn a_paused_pool_begins_nothing_and_ends_what_runs() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 2, 10);
        let runs = pool.submit(3).await.unwrap();
        sim.idle().await;
        pool.pause();
        let waits = pool.submit(1).await.unwrap();
        assert_eq!(value(runs.await), 6);
        sim.idle().await;
        assert!(!waits.is_finished());
        assert_eq!((pool.stats().busy, pool.stats().waiting), (0, 1));
        pool.resume();
        assert_eq!(value(waits.await), 2);
    });
}

#[test]
fn a_pool_that_is_resized_grows_at_once_and_shrinks_after_what_runs() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 1, 100);
        let before = sim.now();
        pool.resize(4).unwrap();
        let tickets: Vec<_> = (0..4).map(|_| pool.try_submit(3).unwrap()).collect();
        sim.idle().await;
        assert_eq!(pool.stats().busy, 4);
        pool.resize(1).unwrap();
        let more: Vec<_> = (0..3).map(|_| pool.try_submit(3).unwrap()).collect();
        for ticket in tickets.into_iter().chain(more) {
            assert_eq!(value(ticket.await), 6);
        }
        assert_eq!(sim.now().saturating_duration_since(before), 4 * SECOND);
        sim.idle().await;
        assert_eq!(pool.stats().workers, 1);
        assert!(pool.resize(0).is_err());
    });
}

/// Workers are lost by their executor at any of their polls.
#[test]
fn a_worker_that_panics_or_is_cancelled_leaves_the_count_unchanged() {
    let body = async |sim: Sim| {
        let pool = pool(&sim, 3, 4);
        let (mut done, mut lost) = (0, 0);
        let outcomes = pool.map([1, 2, 11, 3, 7, 4, 22, 5]).collect().await;
        for outcome in outcomes {
            match outcome {
                Outcome::Ok(_) => done += 1,
                Outcome::Cancelled(None) => lost += 1,
                Outcome::Err(_) | Outcome::Panicked(_) => {}
                Outcome::Cancelled(Some(_)) => panic!("nobody says so"),
            }
        }
        assert!(lost <= 1 && done + lost >= 5, "{done} {lost}");
        assert_eq!(pool.stats().workers, 3);
        assert_eq!(value(pool.submit(1).await.unwrap().await), 2);
        let stopped = pool.stop().await;
        let tally = stopped.tally;
        assert_eq!(tally.done + tally.failed + tally.panicked + tally.cancelled, 9);
        assert_eq!(pool.stats().workers, 0);
    };
    for name in ["worker 1", "worker 3"] {
        Check::random(1_000).no_leaks().cancel(name).assert(body);
    }
}

#[test]
fn a_job_whose_worker_is_lost_is_tried_again() {
    let body = async |sim: Sim| {
        let jobs = Arc::new(WorkQueue::new(sim.clone()));
        let own = sim.clone();
        let pool = WorkerPool::builder(&sim).workers(2).work_queue(jobs.clone());
        let pool = pool.build(move |n: u32| work(own.clone(), n)).unwrap();
        for n in [1, 2, 3, 6] {
            jobs.push(n).await.unwrap();
        }
        let report = pool.stop().await;
        assert_eq!((jobs.stats().done, report.tally.done), (4, 4));
    };
    Check::random(1_000).no_leaks().cancel("worker 1").assert(body);
}

#[test]
fn a_panic_stops_the_pool_where_it_was_built_so() {
    in_any_order(async |sim| {
        let own = sim.clone();
        let pool = WorkerPool::builder(&sim).workers(1).on_panic(OnPanic::Stop);
        let pool = pool.build(move |n: u32| work(own.clone(), n)).unwrap();
        pool.pause();
        let tickets = [1, 11, 2, 3].map(|n| pool.try_submit(n).unwrap());
        pool.resume();
        let [one, eleven, two, three] = tickets;
        assert_eq!(value(one.await), 2);
        assert!(matches!(eleven.await, Outcome::Panicked(_)));
        for ticket in [two, three] {
            assert!(matches!(ticket.await, Outcome::Cancelled(None)));
        }
        assert!(pool.is_stopped());
        assert_eq!(pool.stop().await.unstarted, [2, 3]);
    });
}

#[test]
fn an_abort_takes_back_what_waits_and_drops_what_runs() {
    in_any_order(async |sim| {
        let pool = pool(&sim, 1, 10);
        let (runs, waits) = (pool.try_submit(13).unwrap(), pool.try_submit(1).unwrap());
        sim.idle().await;
        waits.abort();
        assert!(waits.is_finished());
        assert!(matches!(waits.await, Outcome::Cancelled(None)));
        runs.abort();
        assert!(matches!(runs.await, Outcome::Cancelled(None)));
        let ended = pool.try_submit(1).unwrap();
        sim.idle().await;
        ended.abort();
        assert_eq!(value(ended.await), 2, "too late");
        assert_eq!(pool.stop().await.tally.cancelled, 2);
    });
}

#[test]
fn failures_that_nobody_reads_reach_the_observer() {
    in_any_order(async |sim| {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (own, noted) = (sim.clone(), lines.clone());
        let observer = Lines::new(move |line: &str| noted.lock().unwrap().push(line.to_owned()));
        let pool = WorkerPool::builder(&sim).workers(2).name("printer").observer(observer);
        let pool = pool.build(move |n: u32| work(own.clone(), n)).unwrap();
        for n in [1, 7, 11] {
            pool.submit(n).await.unwrap().detach();
        }
        let late = pool.submit(14).await.unwrap();
        let read = pool.submit(21).await.unwrap();
        let unwanted = pool.submit(13).await.unwrap();
        sim.idle().await;
        unwanted.abort();
        drop((late, unwanted));
        assert!(!read.await.is_ok());
        pool.wait_idle().await;
        let mut lines = lines.lock().unwrap().clone();
        lines.sort();
        let seven = "unread_failure printer error=seven";
        assert_eq!(lines, ["unread_failure printer error=panicked: on purpose", seven, seven]);
    });
}

/// An executor that takes so many tasks and then no more.
#[derive(Clone)]
struct Few(Sim, Arc<AtomicUsize>);

impl Spawn for Few {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        let left = self.1.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
        match left {
            Ok(_) => self.0.spawn_boxed(task),
            Err(_) => Err(SpawnError::new(SpawnErrorKind::Full, task)),
        }
    }

    fn wants_labels(&self) -> bool {
        true
    }
}

#[test]
fn a_pool_whose_workers_cannot_all_be_started_is_not_built() {
    in_any_order(async |sim| {
        let few = Few(sim.clone(), Arc::new(AtomicUsize::new(2)));
        let pool = WorkerPool::builder(&few).workers(3).build(async |n: u32| Ok::<_, ()>(n));
        assert_eq!(pool.unwrap_err(), SpawnErrorKind::Full);
        sim.idle().await;
        let few = Few(sim.clone(), Arc::new(AtomicUsize::new(2)));
        let pool = WorkerPool::builder(&few).workers(2).build(async |n: u32| Ok::<_, ()>(n)).unwrap();
        assert!(pool.resize(3).is_err());
        assert_eq!(pool.stats().size, 2);
        assert_eq!(value(pool.submit(1).await.unwrap().await), 1);
    });
}

#[test]
fn a_pool_whose_workers_are_all_lost_leaves_nobody_waiting() {
    let body = async |sim: Sim| {
        let few = Few(sim.clone(), Arc::new(AtomicUsize::new(1)));
        let own = sim.clone();
        let pool = WorkerPool::builder(&few).workers(1).build(move |n: u32| work(own.clone(), n)).unwrap();
        let tickets = [2, 3, 2].map(|n| pool.try_submit(n));
        let mut ended = 0;
        for ticket in tickets.into_iter().flatten() {
            ended += usize::from(ticket.await.is_ok());
        }
        pool.wait_idle().await;
        let stopped = pool.stop().await;
        assert!(ended + stopped.unstarted.len() <= 3);
        assert!(pool.try_submit(1).is_err());
    };
    Check::random(1_000).no_leaks().cancel("worker 1").assert(body);
}

/// Its jobs fail, panic and are tried again meanwhile, and a worker is lost.
#[test]
fn a_queue_that_its_owner_closes_is_worked_off_and_ends_the_pool() {
    let body = async |sim: Sim| {
        let jobs = Arc::new(WorkQueue::new(sim.clone()));
        let own = sim.clone();
        let pool = WorkerPool::builder(&sim).workers(2).work_queue(jobs.clone());
        let pool = pool.build(move |n: u32| work(own.clone(), n)).unwrap();
        for n in [1, 7, 11, 3] {
            jobs.push(n).await.unwrap();
        }
        jobs.close();
        jobs.join().await;
        sim.idle().await;
        assert_eq!((jobs.stats().done, jobs.stats().dead), (2, 2));
        assert!(pool.is_stopped());
        assert_eq!(pool.stats().workers, 0);
        pool.resize(3).unwrap();
        assert_eq!(pool.stop().await.tally.done, 2);
    };
    Check::random(1_000).no_leaks().assert(body);
    Check::random(1_000).no_leaks().cancel("worker 1").assert(body);
}

/// An executor that takes so many tasks, and then says that it takes them and drops them.
#[derive(Clone)]
struct Drops(Sim, Arc<AtomicUsize>, Arc<AtomicUsize>);

impl Spawn for Drops {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        assert!(self.2.fetch_add(1, Ordering::AcqRel) < 100, "tried without an end");
        let left = self.1.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
        if left.is_ok() {
            return self.0.spawn_boxed(task);
        }
        drop(task);
        Ok(())
    }
}

#[test]
fn an_executor_that_drops_what_it_takes_is_not_asked_without_an_end() {
    in_any_order(async |sim| {
        let drops = Drops(sim.clone(), Arc::new(AtomicUsize::new(1)), Arc::default());
        let pool = WorkerPool::builder(&drops).workers(3).build(async |n: u32| Ok::<_, ()>(n)).unwrap();
        assert_eq!((pool.stats().workers, pool.stats().size), (1, 3));
        pool.resize(4).unwrap();
        assert_eq!(value(pool.submit(1).await.unwrap().await), 1);
        assert_eq!(pool.stop().await.tally.done, 1);
    });
}

#[test]
fn a_future_that_was_aborted_is_not_polled_again() {
    in_any_order(async |sim| {
        let polls = Arc::new(AtomicUsize::new(0));
        let counts = polls.clone();
        let pool = WorkerPool::builder(&sim).workers(1).build(move |_: u32| {
            let counts = counts.clone();
            // Ready, if it is polled once more.
            std::future::poll_fn(move |_| match counts.fetch_add(1, Ordering::AcqRel) {
                0 => std::task::Poll::Pending,
                _ => std::task::Poll::Ready(Ok::<_, ()>(())),
            })
        });
        let pool = pool.unwrap();
        let ticket = pool.submit(1).await.unwrap();
        while polls.load(Ordering::Acquire) == 0 {
            yield_now().await;
        }
        ticket.abort();
        assert!(matches!(ticket.await, Outcome::Cancelled(None)));
        assert_eq!(polls.load(Ordering::Acquire), 1);
    });
}

/// The number of a worker is in its name, and told to a handler that asks.
#[test]
fn a_handler_learns_which_worker_calls_it() {
    in_any_order(async |sim| {
        let own = sim.clone();
        let pool = WorkerPool::builder(&sim).workers(3).build_numbered(move |worker, ()| {
            let own = own.clone();
            async move {
                own.sleep(SECOND).await;
                Ok::<_, ()>(worker)
            }
        });
        let mut workers = pool.unwrap().map([(), (), ()]).collect().await.oks().values;
        workers.sort_unstable();
        assert_eq!(workers, [1, 2, 3]);
    });
}

fn assert_source<Q: Source>() {}

#[test]
fn a_field_of_a_struct_can_be_a_pool() {
    struct Program {
        pool: Numbers,
    }
    assert_source::<Tickets<u32, u32, &'static str>>();
    in_any_order(async |sim| {
        let program = Program { pool: pool(&sim, 1, 1) };
        assert_eq!(value(program.pool.submit(1).await.unwrap().await), 2);
    });
}

/// Its workers stood in line when it was paused.
#[test]
fn a_paused_pool_keeps_no_job_from_another_one() {
    in_any_order(async |sim| {
        let jobs = Arc::new(WorkQueue::new(sim.clone()));
        let [paused, other] = [(), ()].map(|()| {
            let pool = WorkerPool::builder(&sim).workers(1).work_queue(jobs.clone());
            pool.build(async |_: u32| Ok::<_, ()>(())).unwrap()
        });
        sim.idle().await;
        paused.pause();
        for n in 0..4 {
            jobs.push(n).await.unwrap();
        }
        jobs.join().await;
        assert_eq!((paused.stats().tally.done, other.stats().tally.done), (0, 4));
    });
}

/// Also where its errors have a lifetime, if only `'static`: then what a future names twice is compared as if it could differ.
#[test]
fn a_task_may_use_all_verbs_of_a_pool() {
    in_any_order(async |sim| {
        let (pool, own) = (Arc::new(pool(&sim, 2, 4)), sim.clone());
        let task = sim.spawn_task(async move {
            let outcomes = pool.map([1, 7]).progress(|_, _| ()).collect().await;
            assert_eq!(outcomes.oks().left_out, 1);
            assert_eq!(value(pool.submit(1).await.unwrap().await), 2);
            pool.wait_idle().await;
            drop(pool.stop().await);
            pool.stop_within(SECOND, own).await.tally.done
        });
        assert_eq!(task.unwrap().await.unwrap(), 2);
    });
}
