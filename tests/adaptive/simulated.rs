//! Under thousands of schedules, with tasks that are dropped at each of their polls.

use super::*;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::{TimeoutExt, Timer};

type Simulated = AdaptiveLimit<Aimd, Sim>;

/// What holds at each moment.
fn assert_sound(limit: &Simulated, most: usize) {
    let stats = limit.stats();
    assert!((1..=most).contains(&stats.limit) && stats.limit == limit.limit(), "{stats:?}");
    assert!(stats.in_flight <= most && limit.in_flight() <= most, "{stats:?}");
}

async fn calls(sim: Sim, limit: Arc<Simulated>) {
    for _ in 0..4 {
        let Ok(permit) = limit.acquire().timeout(3 * SECOND, &sim).await else { continue };
        let permit = permit.unwrap();
        assert_sound(&limit, 4);
        match sim.choose(3) {
            0 => {}
            1 => yield_now().await,
            _ => sim.sleep(sim.choose(4) * SECOND).await,
        }
        match sim.choose(4) {
            0 => drop(permit),
            1 => permit.overload(),
            _ => permit.success(),
        }
        assert_sound(&limit, 4);
    }
}

/// Four callers of up to four places; then all is there.
async fn a_busy_day(sim: Sim) {
    let aimd = Aimd::builder().initial(2).max(4).backoff(0.5).timeout(2 * SECOND).build();
    let limit = Arc::new(AdaptiveLimit::new(aimd, sim.clone()));
    let tasks = ["fickle", "steady", "third", "fourth"].map(|name| {
        let task = calls(sim.clone(), limit.clone());
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for task in tasks {
        drop(task.await);
    }
    assert_whole(&limit);
    assert_eq!(limit.stats().missed, 0);
}

#[test]
fn a_limit_keeps_its_counts_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "steady"] {
        Check::random(1_500).no_leaks().cancel(name).assert(a_busy_day);
    }
    Check::random(1_000).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_day);
}

#[test]
fn a_limit_keeps_its_counts_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().assert(a_busy_day);
    Check::random(1_000).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(1_000, 3).no_leaks().assert(a_busy_day);
}

/// Three callers of one place that becomes two and one again; the fickle one may be cancelled.
async fn three_on_one(sim: Sim) {
    let limit = Arc::new(AdaptiveLimit::new(Aimd::builder().initial(1).max(2).build(), sim.clone()));
    let tasks = [("fickle", Outcome::Success), ("steady", Outcome::Overload), ("third", Outcome::Success)];
    let tasks = tasks.map(|(name, outcome)| {
        let limit = limit.clone();
        let task = async move {
            let permit = limit.acquire().await.unwrap();
            assert_sound(&limit, 2);
            yield_now().await;
            permit.record(outcome);
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    let [fickle, steady, third] = tasks;
    drop(fickle.await);
    steady.await.unwrap();
    third.await.unwrap();
    assert_whole(&limit);
}

#[test]
fn three_callers_of_a_limit_that_grows_and_shrinks_under_every_schedule_and_every_cancellation() {
    let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle").run(three_on_one).unwrap();
    assert!(passed.complete && passed.schedules > 50, "{passed:?}");
}

#[test]
fn everybody_is_served_in_the_order_in_which_they_came() {
    Check::random(1_000).no_leaks().assert(async |sim: Sim| {
        let aimd = Aimd::builder().initial(1).max(3).build();
        let limit = Arc::new(AdaptiveLimit::new(aimd, sim.clone()));
        let order = Arc::new(Mutex::new((Vec::new(), Vec::new())));
        let tasks = [0, 1, 2, 3].map(|id| {
            let (limit, order) = (limit.clone(), order.clone());
            let task = async move {
                order.lock().unwrap().0.push(id);
                let permit = limit.acquire().await.unwrap();
                order.lock().unwrap().1.push((id, limit.stats().granted));
                yield_now().await;
                permit.success();
            };
            sim.spawn_task(task).unwrap()
        });
        for task in tasks {
            task.await.unwrap();
        }
        // Two who were admitted at the same time may come for it in either order.
        let order = order.lock().unwrap();
        for (place, (id, granted)) in order.1.iter().enumerate() {
            let came = order.0.iter().position(|other| other == id).unwrap();
            assert!(came <= place + granted, "{order:?}");
        }
    });
}
