//! Under every schedule of the simulator, with fresh wakers, and dropped at each poll.

use super::*;
use std::sync::atomic::{AtomicI64, Ordering};
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// What all clients have of the service together.
#[derive(Default)]
struct Counts {
    extra: AtomicI64,
    won: AtomicI64,
    running: AtomicI64,
}

/// A call that is running as long as this is there.
struct Running(Arc<Counts>);

impl Running {
    fn new(counts: &Arc<Counts>) -> Self {
        counts.running.fetch_add(1, Ordering::Relaxed);
        Self(counts.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Clients of a service that is slow and fails at random, with one budget for all; one of them may be cancelled.
async fn clients(sim: Sim) {
    let quota = Arc::new(TokenQuota::new(60).cost(10));
    let counts = Arc::new(Counts::default());
    let clients = ["victim", "steady", "patient"].map(|name| {
        let (sim, sim_of, quota, counts) = (sim.clone(), sim.clone(), quota.clone(), counts.clone());
        let client = async move {
            for _ in 0..2 {
                let mine = Arc::new(Counts::default());
                let service = |attempt: Attempt| {
                    let (sim, counts) = (sim_of.clone(), counts.clone());
                    let running = (Running::new(&counts), Running::new(&mine));
                    if !attempt.is_first() {
                        counts.extra.fetch_add(1, Ordering::Relaxed);
                    }
                    async move {
                        let _running = running;
                        yield_now().await;
                        let takes = sim.choose(4);
                        sim.sleep(takes * SECOND).await;
                        if sim.choose(2) == 0 { Err(attempt.number()) } else { Ok(attempt.number()) }
                    }
                };
                let hedge = Hedge::after(SECOND).extra(3).budget(quota.clone());
                let answer = hedge.run(service, sim_of.clone()).await;
                assert_eq!(mine.running.load(Ordering::Relaxed), 0, "a loser is left");
                if answer.is_ok_and(|number| number > 1) {
                    counts.won.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        Task::builder().name(name).spawn(&sim, client).unwrap()
    });
    for client in clients {
        let _ = client.await;
    }
    assert_eq!(counts.running.load(Ordering::Relaxed), 0);
    // Every extra attempt cost ten; each that won brought them back, and first successes one each, at most.
    let (extra, won) = (counts.extra.load(Ordering::Relaxed), counts.won.load(Ordering::Relaxed));
    let (tokens, least) = (quota.tokens() as i64, 60 - 10 * extra + 10 * won);
    assert!(tokens >= least.min(60) && tokens <= (least + 6).min(60), "{tokens} of {least}");
}

#[test]
fn hedges_and_their_budget_balance_under_every_schedule() {
    Check::random(2_000).no_leaks().assert(clients);
    Check::pct(500, 3).no_leaks().assert(clients);
}

#[test]
fn hedges_and_their_budget_balance_whoever_is_cancelled_at_any_poll() {
    Check::random(2_000).no_leaks().cancel("victim").assert(clients);
    Check::random(500).no_leaks().cancel("victim").spurious_polls().assert(clients);
}
