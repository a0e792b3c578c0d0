//! Whole stacks under thousands of schedules, dropped at each of their polls.

use super::*;
use untether::spawn::{Task, yield_now};

/// Clients of a service that is quick, slow, fails or hangs, through everything there is.
async fn clients(sim: Sim) {
    let bulkhead = Arc::new(Bulkhead::builder(2).queue(2).max_wait(3 * SECOND, sim.clone()).build());
    let limiter = Arc::new(RateLimiter::new(Quota::per(1, SECOND).burst(3), sim.clone()));
    let adaptive = Arc::new(AdaptiveLimit::new(Aimd::builder().initial(2).build(), sim.clone()));
    let quota = Arc::new(TokenQuota::new(40).cost(10));
    let retry = Retry::new(constant(SECOND).attempts(3)).budget(quota.clone());
    let (whole, attempt) = (Timeout::new(9 * SECOND).named("whole"), Timeout::new(2 * SECOND));
    let breaker = CircuitBreaker::builder().consecutive(3).open_for(constant(SECOND).unlimited());
    let breaker = Arc::new(breaker.entropy(sim.clone()).build(sim.clone()));
    let hedge = Hedge::after(SECOND).budget(quota.clone());
    let inner = stack((limiter.clone(), bulkhead.clone(), hedge, adaptive.clone(), attempt));
    let policies = (whole, retry, breaker.clone(), inner);
    let calls = stack(policies).on(Env::new(sim.clone()).entropy(sim.clone()));
    let tasks = ["victim", "steady", "third"].map(|name| {
        let (sim_of, calls) = (sim.clone(), calls.clone());
        let client = async move {
            for _ in 0..2 {
                let sim = sim_of.clone();
                let operation = move || {
                    let sim = sim.clone();
                    async move {
                        match sim.choose(5) {
                            0 => return Err("down"),
                            1 => sim.sleep(SECOND).await,
                            2 => pending().await,
                            3 => yield_now().await,
                            _ => {}
                        }
                        Ok(())
                    }
                };
                if let Err(error) = calls.run(operation).await {
                    assert!(error.attempts() <= 3, "{error}");
                    assert!(!matches!(error.cause(), Cause::Full(AcquireError::Closed)), "{error}");
                }
            }
        };
        Task::builder().name(name).spawn(&sim, client).unwrap()
    });
    for task in tasks {
        let _ = task.await;
    }
    // Whoever failed, waited in vain or was dropped: nothing is held.
    let stats = bulkhead.stats();
    assert_eq!((stats.running, stats.waiting, stats.granted), (0, 0, 0), "{stats:?}");
    assert_eq!((adaptive.in_flight(), limiter.stats().waiting), (0, 0));
    assert!(quota.tokens() <= 40);
    // No probe is held: when it is time, one is let through.
    breaker.reset();
    assert!(breaker.try_acquire().is_ok());
}

#[test]
fn a_whole_stack_balances_under_every_schedule() {
    Check::random(1_500).no_leaks().assert(clients);
    Check::pct(500, 3).no_leaks().assert(clients);
    Check::random(500).no_leaks().timer_jitter(SECOND).assert(clients);
}

#[test]
fn a_whole_stack_balances_whenever_one_of_it_is_dropped() {
    Check::random(1_500).no_leaks().cancel("victim").assert(clients);
    Check::random(500).no_leaks().cancel("victim").spurious_polls().assert(clients);
}
