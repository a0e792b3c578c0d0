//! Under every schedule of the simulator, with fresh wakers, and dropped at each poll.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// Callers of a service that fails at random, with a cache that does so as well; one of them may be cancelled.
async fn callers(sim: Sim) {
    let counts = Arc::new([(); 3].map(|()| AtomicU32::new(0)));
    let callers = ["victim", "steady"].map(|name| {
        let (counts, sim_of) = (counts.clone(), sim.clone());
        let caller = async move {
            for _ in 0..3 {
                let [failed, asked, used] = &*counts;
                let service = async {
                    yield_now().await;
                    sim_of.sleep(sim_of.choose(2) * SECOND).await;
                    if sim_of.choose(2) == 0 {
                        return Ok(1);
                    }
                    failed.fetch_add(1, Ordering::Relaxed);
                    Err("down")
                };
                let cache = Fallback::operation(|_: &&str| async {
                    asked.fetch_add(1, Ordering::Relaxed);
                    yield_now().await;
                    if sim_of.choose(2) == 0 { Ok(2) } else { Err("empty") }
                });
                match cache.run(service).outcome().await {
                    Ok(Outcome::Answer(value)) => assert_eq!(value, 1),
                    Ok(Outcome::Fallback { value, because }) => {
                        assert_eq!((value, because), (2, "down"));
                        used.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(error) => assert_eq!(error, "empty"),
                }
            }
        };
        Task::builder().name(name).spawn(&sim, caller).unwrap()
    });
    for caller in callers {
        let _ = caller.await;
    }
    let [failed, asked, used] = &*counts;
    assert_eq!(failed.load(Ordering::Relaxed), asked.load(Ordering::Relaxed), "each failure asks once");
    assert!(used.load(Ordering::Relaxed) <= asked.load(Ordering::Relaxed));
}

#[test]
fn a_fallback_is_asked_once_for_each_failure_and_for_nothing_else() {
    Check::random(2_000).no_leaks().assert(callers);
    Check::random(2_000).no_leaks().cancel("victim").assert(callers);
    Check::random(500).no_leaks().cancel("victim").spurious_polls().assert(callers);
}
