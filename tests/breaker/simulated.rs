//! Under thousands of schedules, with tasks that are dropped at each of their polls.

use super::*;
use futures_util::StreamExt;
use std::collections::BTreeMap;
use std::sync::Mutex;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::Timer;

type Simulated = CircuitBreaker<Sim, Backoff<Constant>, Sim>;

/// What is known of the probes, by what the calls do themselves: by generation, how many are under way, and how many have said something.
#[derive(Default)]
struct Probes(Mutex<BTreeMap<u64, (usize, usize)>>);

const PROBES: usize = 2;

/// One that was let through: as a probe it is counted, also where it is dropped.
struct Inside<'p> {
    probes: &'p Probes,
    generation: Option<u64>,
}

impl<'p> Inside<'p> {
    fn enter(probes: &'p Probes, permit: &Permit<Arc<Simulated>>) -> Self {
        let generation = permit.is_probe().then(|| permit.generation());
        if let Some(generation) = generation {
            let mut all = probes.0.lock().unwrap();
            let (out, said) = all.entry(generation).or_default();
            *out += 1;
            assert!(*out + *said <= PROBES, "{} probe in generation {generation}", *out + *said);
        }
        Self { probes, generation }
    }

    fn leave(mut self, says: bool) {
        if let Some(generation) = self.generation.take() {
            let mut all = self.probes.0.lock().unwrap();
            let (out, said) = all.entry(generation).or_default();
            (*out, *said) = (*out - 1, *said + usize::from(says));
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        if let Some(generation) = self.generation.take() {
            self.probes.0.lock().unwrap().entry(generation).or_default().0 -= 1;
        }
    }
}

async fn calls(sim: Sim, breaker: Arc<Simulated>, probes: Arc<Probes>) {
    for _ in 0..4 {
        let Ok(permit) = CircuitBreaker::try_acquire_owned(breaker.clone()) else {
            sim.sleep(SECOND).await;
            continue;
        };
        // Dropped before its permit is, which is what makes the place free.
        let inside = Inside::enter(&probes, &permit);
        match sim.choose(3) {
            0 => yield_now().await,
            1 => sim.sleep(SECOND).await,
            _ => {}
        }
        let (generation, before) = (permit.generation(), breaker.stats());
        let fate = sim.choose(3);
        inside.leave(fate < 2);
        let told = match fate {
            0 => permit.failure(),
            1 => permit.success(),
            _ => permit.record(Verdict::Ignore),
        };
        if generation != before.generation {
            assert_eq!((told, breaker.stats()), (None, before), "a late word was heard");
        }
        if let Some(told) = told {
            assert_eq!(told.generation, generation + 1, "it moved another generation than its own");
        }
    }
}

/// Four callers, one who forces and isolates, one who follows.
async fn a_busy_day(sim: Sim) {
    let schedule = constant(3 * SECOND).jitter(Jitter::EQUAL);
    let plan = CircuitBreaker::builder().open_for(schedule).entropy(sim.clone());
    let plan = plan.consecutive(2).probes(PROBES as u32, 1).probe_max_wait(4 * SECOND);
    let (breaker, probes) = (Arc::new(plan.build(sim.clone())), Arc::new(Probes::default()));
    let mut follows = CircuitBreaker::transitions_owned(breaker.clone());
    let follower = Task::builder().name("follower").spawn(&sim, async move {
        let mut last = None;
        while let Some(told) = follows.next().await {
            if let Some((state, generation)) = last {
                assert_eq!((told.from, told.generation), (state, generation + 1));
            }
            last = Some((told.to, told.generation));
        }
    });
    let tasks = ["fickle", "steady", "third", "fourth"].map(|name| {
        let task = calls(sim.clone(), breaker.clone(), probes.clone());
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for _ in 0..3 {
        sim.sleep(sim.choose(3) * SECOND).await;
        match sim.choose(6) {
            0 => breaker.force_open(),
            1 => breaker.force_closed(),
            2 => {
                let isolation = breaker.isolate();
                sim.sleep(SECOND).await;
                drop(isolation);
            }
            3 => breaker.reset(),
            _ => {}
        }
    }
    for task in tasks {
        drop(task.await);
    }
    drop(follower);
    // Whatever has become of it, it can be closed by those who come from now on.
    if matches!(breaker.state(), State::ForcedOpen | State::ForcedClosed) {
        breaker.reset();
    }
    let mut patience = 0..100;
    while breaker.state() != State::Closed {
        assert!(patience.next().is_some(), "{:?}", breaker.stats());
        match breaker.try_acquire() {
            Ok(permit) => drop(permit.success()),
            Err(_) => sim.sleep(SECOND).await,
        }
    }
}

#[test]
fn no_more_probe_than_may_and_no_late_word_is_heard_in_thousands_of_schedules() {
    Check::random(2_000).no_leaks().assert(a_busy_day);
    Check::random(1_000).no_leaks().timer_jitter(SECOND).assert(a_busy_day);
    Check::pct(1_000, 3).no_leaks().assert(a_busy_day);
}

#[test]
fn so_it_is_whoever_is_cancelled_at_any_poll() {
    for name in ["fickle", "steady", "follower"] {
        Check::random(1_000).no_leaks().cancel(name).assert(a_busy_day);
    }
    Check::random(1_000).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_day);
}

/// Three come when it is time; one of them may be cancelled, and one hangs until it is dropped.
async fn three_for_one_place(sim: Sim) {
    let schedule = constant(Duration::ZERO).jitter(Jitter::NONE);
    let breaker: Arc<Simulated> = Arc::new(
        CircuitBreaker::builder().open_for(schedule).entropy(sim.clone()).consecutive(1).build(sim.clone()),
    );
    breaker.try_acquire().unwrap().failure();
    let tasks = ["fickle", "steady", "third"].map(|name| {
        let operation = async || {
            yield_now().await;
            Ok::<_, ()>(())
        };
        let run = CircuitBreaker::run_owned(breaker.clone(), operation, EveryError);
        Task::builder().name(name).spawn(&sim, async move { run.await.is_ok() }).unwrap()
    });
    for task in tasks {
        drop(task.await);
    }
    let closes = sim.spawn_task({
        let breaker = breaker.clone();
        async move {
            if let Ok(permit) = breaker.try_acquire() {
                permit.success();
            }
        }
    });
    closes.unwrap().await.unwrap();
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn three_who_want_one_place_under_every_order_and_every_cancellation() {
    let passed = Check::exhaustive(2_000_000).no_leaks().cancel("fickle").run(three_for_one_place).unwrap();
    assert!(passed.complete && passed.schedules > 20, "{passed:?}");
}
