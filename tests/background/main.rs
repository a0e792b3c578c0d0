//! Background: named jobs that run again and again.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod asking;
mod beats;
mod driven;
mod failing;
mod hostile;
mod overlapping;
mod panicking;
mod pausing;
mod shutting_down;
mod simulated;
mod starting;
mod stopping;
mod watched;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use untether::observe::{Event, Observer};
use untether::task::Background;
use untether::task::background::{JobHandle, OnFailure, Overlap, RunError, StartErrorKind, State, Status};
use untether::testing::sim::{Check, Sim};
use untether::time::{Clock, Instant, Missed, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);

/// Under some schedules, with a leak as a failure.
fn simulated<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) {
    Check::random(30).no_leaks().assert(body);
}

fn background(sim: &Sim) -> Background<Sim, Sim> {
    Background::new(sim.clone()).entropy(sim.clone())
}

/// When runs began and ended, in milliseconds.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(&'static str, u64)>>>);

impl Log {
    fn note(&self, what: &'static str, sim: &Sim) {
        self.0.lock().unwrap().push((what, now(sim)));
    }

    fn at(&self, what: &str) -> Vec<u64> {
        let noted = self.0.lock().unwrap();
        noted.iter().filter(|(noted, _)| *noted == what).map(|(_, at)| *at).collect()
    }

    fn begun(&self) -> Vec<u64> {
        self.at("begun")
    }

    /// A job that takes so long.
    fn takes(&self, took: Duration, sim: &Sim) -> Job {
        self.fails_while(|_| false, took, sim)
    }

    /// The same; the n-th run fails where that says so. The first is 1.
    fn fails_while(&self, fails: impl Fn(u32) -> bool + Send + 'static, took: Duration, sim: &Sim) -> Job {
        let (log, sim, mut run) = (self.clone(), sim.clone(), 0);
        Box::new(move || {
            run += 1;
            let (log, sim, fails) = (log.clone(), sim.clone(), fails(run));
            Box::pin(async move {
                log.note("begun", &sim);
                if !took.is_zero() {
                    sim.sleep(took).await;
                }
                log.note("ended", &sim);
                if fails { Err("broken".to_owned()) } else { Ok(()) }
            })
        })
    }
}

type Job = Box<dyn FnMut() -> std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send>;

/// What was told, as lines.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Told {
    fn on(&self, event: &Event<'_>) {
        self.0.lock().unwrap().push(event.to_string());
    }
}

/// When a simulation begins.
const START: Instant = Instant::from_nanos(86_400 * 1_000_000_000);

/// In milliseconds from there, as all moments here.
fn ms(moment: Instant) -> u64 {
    u64::try_from(moment.saturating_duration_since(START).as_millis()).unwrap()
}

fn now(sim: &Sim) -> u64 {
    ms(sim.now())
}

async fn until(sim: &Sim, ms: u64) {
    sim.sleep_until(START.saturating_add(Duration::from_millis(ms))).await;
}
