//! Under thousands of schedules, with tasks that are dropped at each of their polls.

use super::*;
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};

async fn works(in_flight: Arc<InFlight>, inside: Arc<AtomicUsize>, closed: Arc<AtomicUsize>) {
    struct Inside(Arc<AtomicUsize>);
    impl Drop for Inside {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::AcqRel);
        }
    }
    for _ in 0..3 {
        let (inside, closed) = (inside.clone(), closed.clone());
        let tracked = InFlight::track_owned(in_flight.clone(), async move {
            inside.fetch_add(1, Ordering::AcqRel);
            let _inside = Inside(inside);
            assert_eq!(closed.load(Ordering::Acquire), 0, "nobody begins after the end");
            yield_now().await;
        });
        match tracked {
            Ok(tracked) => tracked.await,
            Err(_) => return,
        }
    }
}

async fn a_day_with_an_end(sim: Sim) {
    let in_flight = Arc::new(InFlight::new());
    let (inside, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks = ["fickle", "steady", "third"].map(|name| {
        let work = works(in_flight.clone(), inside.clone(), closed.clone());
        Task::builder().name(name).spawn(&sim, work).unwrap()
    });
    let waits = {
        let in_flight = in_flight.clone();
        async move { in_flight.wait_idle().await }
    };
    let waits = Task::builder().name("waits").spawn(&sim, waits).unwrap();
    for _ in 0..sim.choose(4) {
        yield_now().await;
    }
    in_flight.close();
    in_flight.wait_idle().await;
    assert_eq!(inside.load(Ordering::Acquire), 0);
    closed.store(1, Ordering::Release);
    for task in tasks {
        drop(task.await);
    }
    drop(waits.await);
    assert_eq!((in_flight.len(), in_flight.is_closed()), (0, true));
}

#[test]
fn closed_and_idle_is_the_end_in_thousands_of_schedules_whoever_is_cancelled() {
    Check::random(2_000).no_leaks().assert(a_day_with_an_end);
    Check::pct(1_000, 3).no_leaks().assert(a_day_with_an_end);
    for name in ["fickle", "waits"] {
        Check::random(1_500).no_leaks().cancel(name).spurious_polls().assert(a_day_with_an_end);
    }
}

#[test]
fn two_who_are_in_and_one_who_waits_under_every_schedule_and_every_cancellation() {
    let passed = Check::exhaustive(1_000_000).no_leaks().cancel("fickle").run(async |sim: Sim| {
        let in_flight = Arc::new(InFlight::new());
        let tasks = ["fickle", "steady"].map(|name| {
            let work = InFlight::track_owned(in_flight.clone(), async { yield_now().await }).unwrap();
            Task::builder().name(name).spawn(&sim, work).unwrap()
        });
        in_flight.wait_idle().await;
        assert!(in_flight.is_empty());
        for task in tasks {
            drop(task.await);
        }
    });
    let passed = passed.unwrap();
    assert!(passed.complete && passed.schedules > 10, "{passed:?}");
}
