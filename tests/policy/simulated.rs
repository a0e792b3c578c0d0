//! Whole stacks under thousands of schedules, dropped at each of their polls.

use super::*;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
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

/// One more that runs, until it is dropped: never more than there are places, and no cell is used twice.
struct Runs(Arc<Bounds>);

#[derive(Default)]
struct Bounds {
    running: AtomicUsize,
    begun: AtomicUsize,
}

impl Runs {
    fn new(bounds: &Arc<Bounds>, places: usize) -> Self {
        let running = bounds.running.fetch_add(1, Relaxed) + 1;
        assert!(running <= places, "{running} run in {places} places");
        bounds.begun.fetch_add(1, Relaxed);
        Self(bounds.clone())
    }
}

impl Drop for Runs {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Relaxed);
    }
}

/// Clients whose calls fail, hang and panic, behind a hedge, a breaker that counts by a function, a line and a fallback.
async fn clients_of_two_places(sim: Sim) {
    let (began, bounds) = (sim.now(), Arc::new(Bounds::default()));
    let bulkhead = Arc::new(Bulkhead::new(2));
    let limiter = Arc::new(RateLimiter::new(Quota::per(1, SECOND).burst(2), sim.clone()));
    let breaker = CircuitBreaker::builder().consecutive(2).open_for(constant(SECOND).unlimited());
    let breaker = Arc::new(breaker.entropy(sim.clone()).build(sim.clone()));
    let verdict = |result: &Result<u32, Error<&str>>| match result.as_ref().map_err(Error::kind) {
        Ok(_) => Verdict::Success,
        Err(Kind::Refused) => Verdict::Ignore,
        Err(_) => Verdict::Failure,
    };
    let outer =
        stack((Fallback::value(0), Timeout::new(20 * SECOND), every_second(3), Hedge::after(2 * SECOND)));
    let inner = stack((counting(breaker.clone(), verdict), limiter.clone(), bulkhead.clone()));
    let calls = stack((outer, inner, CatchPanic, Timeout::new(3 * SECOND)));
    let calls = calls.on(Env::new(sim.clone()).entropy(sim.clone()));
    let tasks = ["victim", "steady", "third"].map(|name| {
        let (sim_of, bounds, calls) = (sim.clone(), bounds.clone(), calls.clone());
        let client = async move {
            let operation = move || {
                let (sim, runs) = (sim_of.clone(), Runs::new(&bounds, 2));
                async move {
                    let _runs = runs;
                    match sim.choose(5) {
                        0 => return Err("down"),
                        1 => sim.sleep(2 * SECOND).await,
                        2 => pending().await,
                        3 => std::panic::resume_unwind(Box::new("a bug")),
                        _ => yield_now().await,
                    }
                    Ok(7)
                }
            };
            assert!(matches!(calls.run(operation).await, Ok(0 | 7)));
        };
        Task::builder().name(name).spawn(&sim, client).unwrap()
    });
    for task in tasks {
        let _ = task.await;
    }
    let stats = bulkhead.stats();
    assert_eq!(
        (stats.running, stats.waiting, stats.granted, bounds.running.load(Relaxed)),
        (0, 0, 0, 0),
        "{stats:?}"
    );
    // What was begun had a cell of its own, and nobody who gave up kept one: all are there again in time.
    let seconds = sim.now().saturating_duration_since(began).as_secs() as usize;
    let begun = bounds.begun.load(Relaxed);
    assert!(begun <= 2 + seconds, "{begun} in {seconds} s");
    sim.sleep(2 * SECOND).await;
    assert_eq!((limiter.stats().waiting, limiter.peek()), (0, 2));
    breaker.reset();
    assert!(breaker.try_acquire().is_ok());
}

#[test]
fn no_more_run_than_there_are_places_under_every_schedule_and_whoever_is_dropped() {
    Check::random(700).no_leaks().assert(clients_of_two_places);
    Check::random(700).no_leaks().cancel("victim").assert(clients_of_two_places);
    Check::pct(300, 3).no_leaks().cancel("victim").spurious_polls().assert(clients_of_two_places);
}
