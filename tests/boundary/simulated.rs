//! Under every schedule of the simulator, with fresh wakers, and dropped at each poll.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// Counts what it is told of.
#[derive(Default)]
struct Counts {
    failed: AtomicU32,
    told: AtomicU32,
    used: AtomicU32,
    fallbacks: AtomicU32,
}

impl Observer for Counts {
    fn on(&self, event: &Event<'_>) {
        let counter = if event.kind() == "failure" { &self.told } else { &self.used };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Callers of a service that answers, fails or hangs at random; one of them may be cancelled.
async fn callers(sim: Sim) {
    let counts = Arc::new(Counts::default());
    let callers = ["victim", "steady"].map(|name| {
        let (sim_of, counts) = (sim.clone(), counts.clone());
        let caller = async move {
            for _ in 0..2 {
                let service = |_: Attempt| {
                    let (sim, counts) = (sim_of.clone(), counts.clone());
                    async move {
                        yield_now().await;
                        match sim.choose(3) {
                            0 => return Ok("an answer"),
                            1 => sim.sleep(60 * SECOND).await,
                            _ => {}
                        }
                        counts.failed.fetch_add(1, Ordering::Relaxed);
                        Err("down")
                    }
                };
                let boundary = Boundary::new("call")
                    .retry(each_second().entropy(sim_of.clone()))
                    .attempt_timeout(5 * SECOND)
                    .on_timeout(Fallback::value("slow"))
                    .otherwise(Fallback::operation(|_: &Failure<&'static str>| async {
                        yield_now().await;
                        Ok("down")
                    }))
                    .observed(counts.clone());
                match boundary.run(service, sim_of.clone()).outcome().await.unwrap() {
                    Outcome::Answer(answer) => assert_eq!(answer, "an answer"),
                    Outcome::Fallback { value, because } => {
                        assert_eq!(value == "slow", because.kind() == Kind::TimedOut);
                        assert_eq!(because.attempts(), 3);
                        counts.fallbacks.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        };
        Task::builder().name(name).spawn(&sim, caller).unwrap()
    });
    for caller in callers {
        let _ = caller.await;
    }
    let count = |counter: &AtomicU32| counter.load(Ordering::Relaxed);
    assert!(count(&counts.told) >= count(&counts.failed), "each failure is told; a time-out is one as well");
    let (used, fallbacks) = (count(&counts.used), count(&counts.fallbacks));
    assert!(
        used >= fallbacks && used <= fallbacks + 1,
        "but for one who was cancelled, each that is used comes out"
    );
}

#[test]
fn every_failure_is_told_and_every_fallback_comes_out_under_every_schedule() {
    Check::random(1_000).no_leaks().assert(callers);
    Check::random(2_000).no_leaks().cancel("victim").assert(callers);
    Check::random(250).no_leaks().cancel("victim").spurious_polls().assert(callers);
}
