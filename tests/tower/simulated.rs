//! Under thousands of schedules, with tasks that are dropped at each of their polls.

use super::*;
use untether::limit::Bulkhead;
use untether::policy::{Cause, Timeout, stack};
use untether::spawn::Task;
use untether::testing::sim::{Check, Sim};
use untether::time::Timer;
use untether_support::cases;

/// Has a few slots, as [`Strict`], takes its time, and fails as the tape says.
#[derive(Clone)]
struct Slow {
    strict: Strict,
    sim: Sim,
}

impl Service<Request> for Slow {
    type Response = Response;
    type Error = &'static str;
    type Future = Pin<Box<dyn Future<Output = Result<Response, &'static str>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.strict.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (serving, sim) = (self.strict.call(request), self.sim.clone());
        Box::pin(async move {
            match sim.choose(4) {
                0 => {}
                1 => sim.sleep(SECOND).await,
                2 => sim.sleep(3 * SECOND).await,
                _ => return Err("refused"),
            }
            serving.await
        })
    }
}

/// Three clients of a service of two slots, behind a bulkhead whose line has a bound.
async fn a_busy_day(sim: Sim) {
    let slow = Slow { strict: Strict::new(2), sim: sim.clone() };
    let shared = slow.strict.shared.clone();
    let bulkhead = Arc::new(Bulkhead::builder(1).queue(1).max_wait(2 * SECOND, sim.clone()).build());
    let policy = stack((
        Timeout::new(6 * SECOND),
        Retry::new(constant(SECOND)),
        bulkhead.clone(),
        Timeout::new(2 * SECOND),
    ));
    let service = untether::tower::layer(policy, sim.clone()).repeated_by(copied).layer(slow);
    let tasks = ["fickle", "steady", "third"].map(|name| {
        let mut service = service.clone();
        let asks = async move {
            for request in 0..2 {
                match ask(&mut service, request).await {
                    Ok(response) => assert_eq!(response, Response(request)),
                    Err(error) => {
                        let known = matches!(
                            error.cause(),
                            Cause::Failed("refused") | Cause::TimedOut(_) | Cause::Full(_)
                        );
                        assert!(known && error.attempts() <= 3, "{error:?}");
                    }
                }
            }
        };
        Task::builder().name(name).spawn(&sim, asks).unwrap()
    });
    for task in tasks {
        drop(task.await);
    }
    shared.assert_whole();
    let stats = bulkhead.stats();
    assert_eq!((stats.running, stats.waiting, stats.granted), (0, 0, 0));
}

#[test]
fn no_readiness_and_no_place_is_lost_whoever_is_cancelled_at_any_poll() {
    Check::random(cases(1_000).into()).no_leaks().cancel("fickle").assert(a_busy_day);
    Check::random(cases(500).into()).no_leaks().cancel("steady").spurious_polls().assert(a_busy_day);
}

#[test]
fn no_readiness_and_no_place_is_lost_in_thousands_of_schedules() {
    Check::random(cases(2_000).into()).no_leaks().assert(a_busy_day);
    Check::random(cases(500).into()).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(cases(500).into(), 3).no_leaks().assert(a_busy_day);
}
