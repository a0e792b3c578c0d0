//! Under every schedule, with waiters that are cancelled at each of their polls.

use super::*;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// A lock made of an event: whoever gets it tells the next when it is done, also when it is cancelled.
#[derive(Default)]
struct Turns {
    taken: AtomicBool,
    free: Event,
}

struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.taken.store(false, Ordering::Relaxed);
        self.0.free.notify_one();
    }
}

impl Turns {
    async fn take(&self) -> Turn<'_> {
        while self.taken.swap(true, Ordering::Relaxed) {
            self.free.wait().await;
        }
        Turn(self)
    }
}

/// Somebody who takes turns may be cancelled at any time; all others get theirs.
async fn take_turns(sim: Sim, others: usize) {
    let turns = Arc::new(Turns::default());
    let go = |name| {
        let turns = turns.clone();
        let go = async move {
            let _turn = turns.take().await;
            yield_now().await;
        };
        Task::builder().name(name).spawn(&sim, go).unwrap()
    };
    let fickle = go("fickle");
    let others: Vec<_> = (0..others).map(|_| go("steady")).collect();
    for other in others {
        other.await.unwrap();
    }
    let _ = fickle.await;
    assert!(!turns.taken.load(Ordering::Relaxed) && turns.free.waiting() == 0);
}

#[test]
fn a_notification_is_never_lost_whoever_is_cancelled() {
    Check::random(10_000).cancel("fickle").no_leaks().assert(|sim| take_turns(sim, 3));
    Check::random(1_000).cancel("fickle").spurious_polls().no_leaks().assert(|sim| take_turns(sim, 3));
    Check::pct(1_000, 3).no_leaks().assert(|sim| take_turns(sim, 4));
}

#[test]
fn nor_in_any_order_of_three() {
    let passed =
        Check::exhaustive(1_000_000).cancel("fickle").no_leaks().run(|sim| take_turns(sim, 2)).unwrap();
    assert!(passed.complete, "cut off after {} schedules", passed.schedules);
}

/// A pulse is for who waits, so whoever is told by one and is cancelled has to hand it on or nobody goes.
async fn pulse(sim: Sim) {
    let event = event();
    let wait = |name| {
        let event = event.clone();
        Task::builder().name(name).spawn(&sim, async move { event.wait().await }).unwrap()
    };
    let (fickle, steady) = (wait("fickle"), wait("steady"));
    while !steady.is_finished() {
        event.pulse_one();
        yield_now().await;
    }
    drop(fickle);
    steady.await.unwrap();
    assert!(!event.try_wait(), "a pulse is never kept");
}

#[test]
fn pulses_reach_whoever_waits() {
    Check::random(10_000).cancel("fickle").no_leaks().assert(pulse);
}

/// Looks, waits, looks again: with whatever tells all.
async fn look_and_wait(sim: Sim, verb: fn(&Event)) {
    let (event, done) = (event(), Arc::new(AtomicUsize::new(0)));
    let watchers: Vec<_> = ["fickle", "steady", "steady"]
        .map(|name| {
            let (event, done) = (event.clone(), done.clone());
            let watch = async move {
                loop {
                    let wait = event.wait();
                    yield_now().await;
                    if done.load(Ordering::Relaxed) == 3 {
                        break;
                    }
                    wait.await;
                    event.clear();
                }
            };
            Task::builder().name(name).spawn(&sim, watch).unwrap()
        })
        .into();
    for _ in 0..3 {
        let (event, done) = (event.clone(), done.clone());
        let step = async move {
            done.fetch_add(1, Ordering::Relaxed);
            verb(&event);
        };
        sim.spawn_task(step).unwrap().detach();
    }
    for watcher in watchers {
        let cancelled = watcher.label().to_string().contains("fickle");
        assert!(watcher.await.is_ok() || cancelled);
    }
}

#[test]
fn whoever_looks_after_making_its_wait_misses_nothing_that_is_told_to_all() {
    for verb in [Event::notify_all, Event::set] {
        Check::random(10_000).cancel("fickle").no_leaks().assert(|sim| look_and_wait(sim, verb));
    }
}
