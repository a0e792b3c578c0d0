//! A tour in a few seconds, on no runtime at all: `cargo run --example tour`.
//!
//! A weather station answers slowly, wrongly or not at all. It is asked on a beat, each time under a limit, while another task
//! counts and a blocking computation runs on a thread of its own. Every part is given the runtime as a value: with another value
//! the same code runs on another runtime.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::observe::{Event, Observer};
use untether::rt::threads;
use untether::spawn::{Runtime, SpawnBlocking, SpawnExt, Task};
use untether::time::{Deadline, Entropy, Instant, Interval, Seed, Timer};

const BEAT: Duration = Duration::from_millis(250);
const LIMIT: Duration = Duration::from_millis(120);

/// Answers after 10 to 200 ms, and one time in four with an error.
struct Station<R> {
    rt: R,
    luck: Seed,
}

impl<R: Runtime> Station<R> {
    async fn temperature(&self) -> Result<f64, &'static str> {
        let draw = self.luck.next_u64();
        self.rt.sleep(Duration::from_millis(10 + draw % 190)).await;
        if draw % 4 == 0 { Err("the sensor is frozen") } else { Ok(15.0 + (draw % 100) as f64 / 10.0) }
    }
}

/// Prints what the parts tell: here, each limit that passed.
struct Print;

impl Observer for Print {
    fn on(&self, event: &Event<'_>) {
        println!("         observer: {event}");
    }
}

#[derive(Default)]
struct Summary {
    answered: u32,
    failed: u32,
    timed_out: u32,
}

async fn watch<R: Runtime>(rt: &R) -> Summary {
    let station = Station { rt: rt.clone(), luck: Seed::new(4) };
    let mut beat = Interval::new(BEAT, rt).first_at(rt.now());
    let whole = Deadline::after(Duration::from_secs(10), rt).named("the whole watch");
    let mut summary = Summary::default();
    for _ in 0..10 {
        let tick = beat.tick().await;
        // Whichever comes first: this call's limit or what is left of the whole; the error says which one it was.
        let limit = Deadline::after(LIMIT, rt).named("temperature").min(whole);
        let answer = limit.run(station.temperature(), rt).observed(Print).await;
        let waited = since(rt, tick.at);
        match answer {
            Ok(Ok(degrees)) => {
                println!("{waited:>6} {degrees:.1} °C");
                summary.answered += 1;
            }
            Ok(Err(error)) => {
                println!("{waited:>6} {error}");
                summary.failed += 1;
            }
            Err(elapsed) => {
                println!("{waited:>6} {elapsed}");
                summary.timed_out += 1;
            }
        }
    }
    summary
}

/// How long ago a moment was.
fn since(rt: &impl Timer, moment: Instant) -> String {
    format!("{}ms", rt.now().saturating_duration_since(moment).as_millis())
}

async fn tour<R: Runtime + SpawnBlocking>(rt: R) {
    println!("asking every {BEAT:?}, waiting {LIMIT:?} at most\n");
    let start = rt.now();

    // A task that runs beside it, until it is cancelled.
    let beats = Arc::new(AtomicU32::new(0));
    let (timer, counted) = (rt.clone(), beats.clone());
    let counting = Task::builder().name("counter").spawn(&rt, async move {
        let mut fast = Interval::new(Duration::from_millis(10), timer);
        loop {
            fast.tick().await;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let counting = counting.expect("the runtime is running");

    // A computation that would hold up everything else, on a thread where it does not.
    let primes = rt.spawn_blocking_task(|| {
        (2..60_000_u32).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).count()
    });

    let Summary { answered, failed, timed_out } = watch(&rt).await;

    let gone = counting.cancel().await.expect_err("it never ends by itself");
    let primes = primes.expect("the pool has room").await.expect("it does not panic");
    println!("\n{answered} answers, {failed} errors, {timed_out} time-outs in {}", since(&rt, start));
    println!(
        "{} beats counted meanwhile, {primes} primes found on another thread",
        beats.load(Ordering::Relaxed)
    );
    println!("{gone}, and its future is gone");
}

fn main() {
    threads::block_on(tour);
}
