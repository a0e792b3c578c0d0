//! Under thousands of schedules, with closures that take their time, and with tasks that are dropped at each of their polls.

use super::*;
use std::time::Duration;
use untether::spawn::{SpawnExt, Task};
use untether::testing::sim::{Check, Sim};
use untether::time::{Clock, TimeoutExt, Timer};

const MS: Duration = Duration::from_millis(1);

/// Nobody is there, and every place can be had.
async fn assert_all_there(offload: &Offload<Sim>) {
    let stats = offload.stats();
    assert_eq!((stats.running, stats.waiting, stats.granted), (0, 0, 0), "{stats:?}");
    let all = offload.map(0..stats.limit, |n| n).collect().await.all().unwrap();
    assert!(all.into_iter().eq(0..stats.limit));
}

/// What is left at the runtime ends.
async fn settled(sim: &Sim, offload: &Offload<Sim>) {
    while offload.stats().running > 0 {
        sim.sleep(MS).await;
    }
    assert_all_there(offload).await;
}

/// Panics without a word.
fn fail_if(panics: bool) {
    if panics {
        std::panic::resume_unwind(Box::new("on purpose"));
    }
}

#[derive(Default)]
struct Seen {
    begun: AtomicUsize,
    gone: Gone,
}

async fn calls(sim: Sim, offload: Offload<Sim>, seen: Arc<Seen>) {
    for n in 0..3 {
        let (counts, held, panics) = (seen.clone(), seen.gone.held(), sim.choose(4) == 0);
        let work = move || {
            counts.begun.fetch_add(1, Ordering::AcqRel);
            fail_if(panics);
            (n, held)
        };
        let outcome = offload.run(work).timeout(sim.choose(3) * 20 * MS, &sim).await;
        match outcome {
            Ok(Ok((number, _held))) => assert!(number == n && !panics),
            Ok(Err(failure)) => assert!(matches!(failure, Failure::Panicked(_)) && panics, "{failure}"),
            Err(_elapsed) => {}
        }
        assert!(offload.stats().running <= 2);
    }
}

/// Four callers of two places, each with a limit on its patience; then all is there, and everything is gone.
async fn a_busy_day(sim: Sim) {
    let (offload, seen) = (Offload::builder(sim.clone()).limit(2).build(), Arc::new(Seen::default()));
    let tasks = ["fickle", "steady", "third", "fourth"].map(|name| {
        let task = calls(sim.clone(), offload.clone(), seen.clone());
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for task in tasks {
        drop(task.await);
    }
    settled(&sim, &offload).await;
    assert_eq!(Arc::strong_count(&seen.gone.0), 1, "something is held still");
}

#[test]
fn no_place_and_no_closure_is_lost_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().unseen_panics_pass().blocking_takes(50 * MS).assert(a_busy_day);
    Check::random(500).no_leaks().unseen_panics_pass().assert(a_busy_day);
    Check::pct(500, 3).no_leaks().unseen_panics_pass().blocking_takes(50 * MS).assert(a_busy_day);
}

#[test]
fn nor_whoever_is_cancelled_at_any_poll() {
    Check::random(1_000)
        .no_leaks()
        .unseen_panics_pass()
        .blocking_takes(50 * MS)
        .cancel("fickle")
        .assert(a_busy_day);
    Check::random(500).no_leaks().unseen_panics_pass().cancel("steady").spurious_polls().assert(a_busy_day);
}

/// One that reads up to a point of its own choice; what it was given is the beginning of what there is.
async fn reads(sim: Sim, offload: Offload<Sim>, gone: Gone, panics_at: Option<u32>) -> u32 {
    let held = gone.held();
    let ahead = 1 + sim.choose(4) as usize;
    let open = move || {
        (0..12).inspect(move |n| {
            let _held = &held;
            fail_if(Some(*n) == panics_at);
        })
    };
    let mut stream = offload.stream(open).ahead(ahead);
    let wants = sim.choose(14);
    let mut read = 0;
    while read < wants {
        match stream.next().await {
            Some(Ok(item)) => assert_eq!(item, read),
            Some(Err(failure)) => {
                assert!(matches!(failure, Failure::Panicked(_)) && panics_at == Some(read), "{failure}");
                assert!(stream.next().await.is_none());
                return read;
            }
            None => {
                assert_eq!(read, 12, "the end came early");
                return read;
            }
        }
        assert!(stream.len() <= ahead);
        read += 1;
        if sim.choose(3) == 0 {
            sim.sleep(sim.choose(3) * 10 * MS).await;
        }
    }
    read
}

/// Streams and closures in one line of two places.
async fn a_day_of_reading(sim: Sim) {
    let offload = Offload::builder(sim.clone()).limit(2).build();
    let gone = Gone::default();
    let tasks = [("fickle", None), ("steady", None), ("ill-starred", Some(5))].map(|(name, panics_at)| {
        let task = reads(sim.clone(), offload.clone(), gone.clone(), panics_at);
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    let beside = offload.map(0..3, |n| n).collect().await;
    assert_eq!(beside.all().unwrap(), [0, 1, 2]);
    for task in tasks {
        drop(task.await);
    }
    settled(&sim, &offload).await;
    while Arc::strong_count(&gone.0) > 1 {
        sim.sleep(MS).await;
    }
}

#[test]
fn every_item_comes_once_and_in_order_and_every_iterator_goes_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().blocking_takes(20 * MS).assert(a_day_of_reading);
    Check::random(1_000).no_leaks().assert(a_day_of_reading);
    Check::pct(500, 3).no_leaks().assert(a_day_of_reading);
}

#[test]
fn so_it_is_whoever_is_cancelled_at_any_poll() {
    Check::random(500).no_leaks().blocking_takes(20 * MS).cancel("fickle").assert(a_day_of_reading);
    Check::random(300).no_leaks().cancel("fickle").spurious_polls().assert(a_day_of_reading);
}

async fn maps(offload: Offload<Sim>, gone: Gone) {
    let work = move |(n, _held): (usize, Held)| n * 2;
    let items = (0..6).map(|n| (n, gone.held()));
    let mut map = offload.map(items, work);
    let mut sum = 0;
    while let Some((index, outcome)) = map.next().await {
        assert_eq!(outcome.ok(), Some(index * 2));
        sum += index;
    }
    assert_eq!(sum, 15);
}

#[test]
fn a_map_gives_each_outcome_once_whoever_is_cancelled_at_any_poll() {
    let day = async |sim: Sim| {
        let (offload, gone) = (Offload::builder(sim.clone()).limit(2).build(), Gone::default());
        let tasks = ["fickle", "steady"].map(|name| {
            let task = maps(offload.clone(), gone.clone());
            Task::builder().name(name).spawn(&sim, task).unwrap()
        });
        for task in tasks {
            drop(task.await);
        }
        settled(&sim, &offload).await;
        assert_eq!(Arc::strong_count(&gone.0), 1);
    };
    Check::random(1_000).no_leaks().blocking_takes(20 * MS).assert(day);
    Check::random(300).no_leaks().blocking_takes(20 * MS).cancel("fickle").assert(day);
    Check::random(200).no_leaks().cancel("fickle").spurious_polls().assert(day);
}

/// e-8 to the nanosecond: 50 ms are 50 ms, however long the closure takes.
#[test]
fn who_gives_up_after_50_ms_is_back_after_50_ms() {
    let gave_up = AtomicUsize::new(0);
    Check::random(500).no_leaks().blocking_takes(500 * MS).assert(async |sim: Sim| {
        let (offload, start) = (Offload::new(sim.clone()), sim.now());
        let outcome = offload.run(|| 7).timeout(50 * MS, &sim).await;
        let took = sim.now().saturating_duration_since(start);
        match outcome {
            Ok(value) => assert!(value.unwrap() == 7 && took <= 50 * MS),
            Err(_elapsed) => {
                gave_up.fetch_add(1, Ordering::Relaxed);
                assert_eq!(took, 50 * MS);
            }
        }
        settled(&sim, &offload).await;
    });
    assert!(gave_up.load(Ordering::Relaxed) > 300);
}

/// Two who want the one place, and one of them may go, under every order there is.
#[test]
fn two_who_want_one_place_under_every_schedule_and_every_cancellation() {
    let two = async |sim: Sim| {
        let offload = Offload::builder(sim.clone()).limit(1).build();
        let ran = Arc::new(AtomicUsize::new(0));
        let tasks = ["fickle", "steady"].map(|name| {
            let counts = ran.clone();
            let run = offload.run(move || counts.fetch_add(1, Ordering::AcqRel));
            Task::builder().name(name).spawn(&sim, run).unwrap()
        });
        for (task, name) in tasks.into_iter().zip(["fickle", "steady"]) {
            match task.await {
                Ok(outcome) => _ = outcome.unwrap(),
                Err(cancelled) => assert!(cancelled.is_cancelled() && name == "fickle"),
            }
        }
        let last = sim.spawn_task(offload.run(|| 7)).unwrap();
        assert!(matches!(last.await, Ok(Ok(7))));
        assert_eq!(offload.stats().running, 0);
    };
    let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle").run(two).unwrap();
    assert!(passed.complete && passed.schedules > 50, "{passed:?}");
}

/// A reader of two items with a buffer of one, who may go at any moment.
#[test]
fn a_short_stream_under_every_schedule_and_every_cancellation() {
    let reads = async |sim: Sim| {
        let offload = Offload::builder(sim.clone()).limit(1).build();
        let gone = Gone::default();
        let held = gone.held();
        let mut stream = offload.stream(move || (0..2).inspect(move |_| _ = &held)).ahead(1);
        let reader = async move {
            let items = [stream.next().await, stream.next().await];
            assert!(matches!(items, [Some(Ok(0)), Some(Ok(1))]));
            assert!(stream.next().await.is_none());
        };
        let reader = Task::builder().name("fickle").spawn(&sim, reader).unwrap();
        drop(reader.await);
        settled(&sim, &offload).await;
    };
    let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle").run(reads).unwrap();
    assert!(passed.complete && passed.schedules > 20, "{passed:?}");
}
