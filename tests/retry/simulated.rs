//! Under every schedule of the simulator, with fresh wakers, and dropped at each poll.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use untether::retry::budget::TokenQuota;
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};

/// Clients of a service that fails at random, with one budget for all; one of them may be cancelled.
async fn clients(sim: Sim) {
    let quota = Arc::new(TokenQuota::new(60).cost(10));
    let (extra, won) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let clients = ["victim", "steady", "patient"].map(|name| {
        let (sim_of, quota, extra, won) = (sim.clone(), quota.clone(), extra.clone(), won.clone());
        let client = async move {
            for _ in 0..2 {
                let service = |attempt: Attempt| {
                    let (sim, extra, won) = (sim_of.clone(), extra.clone(), won.clone());
                    async move {
                        if !attempt.is_first() {
                            extra.fetch_add(1, Ordering::Relaxed);
                        }
                        yield_now().await;
                        if sim.choose(2) == 0 {
                            return Err("down");
                        }
                        if !attempt.is_first() {
                            won.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(())
                    }
                };
                let schedule = exponential(SECOND).attempts(3);
                let retrying = retry(service, schedule).entropy(sim_of.clone()).budget(quota.clone());
                match retrying.attempt_timeout(5 * SECOND).on(sim_of.clone()).await {
                    Ok(()) => {}
                    Err(error) => {
                        assert!(error.attempts() == 3 || error.reason() == StopReason::Budget, "{error}");
                    }
                }
            }
        };
        Task::builder().name(name).spawn(&sim, client).unwrap()
    });
    for client in clients {
        let _ = client.await;
    }
    // Every extra call cost ten; each that went well brought them back, and first successes one each, at most.
    let (extra, won) = (extra.load(Ordering::Relaxed), won.load(Ordering::Relaxed));
    let (tokens, least) = (quota.tokens() as i64, 60 - 10 * i64::from(extra) + 10 * i64::from(won));
    assert!(tokens >= least && tokens <= (least + 6).min(60), "{tokens} of {least}");
}

#[test]
fn clients_and_their_budget_balance_under_every_schedule() {
    Check::random(2_000).no_leaks().assert(clients);
    Check::pct(500, 3).no_leaks().assert(clients);
}

#[test]
fn clients_and_their_budget_balance_whenever_one_is_cancelled() {
    Check::random(2_000).no_leaks().cancel("victim").assert(clients);
    Check::random(500).no_leaks().cancel("victim").spurious_polls().assert(clients);
}

#[test]
fn the_system_s_randomness_has_no_place_in_a_simulation() {
    let jittered = |sim: Sim| async move {
        let _ = retry(fails(1), Backoff::standard()).on(sim).await;
    };
    let failure = Check::random(1).run(jittered).unwrap_err();
    assert!(
        failure.to_string().contains("the system's randomness was used inside a simulation"),
        "{failure}"
    );
}
