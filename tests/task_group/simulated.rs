//! Under thousands of schedules: every task that was taken has exactly one end, and is counted once.

use super::*;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;
use untether::spawn::{SpawnExt, Task};
use untether::sync::cancel::Cause;
use untether::task::group::Handle;
use untether::time::{TimeoutExt, Timer};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Default)]
struct Account(Arc<Mutex<BTreeMap<u64, &'static str>>>);

/// What became of a task, as its own future saw it.
struct Witness {
    account: Account,
    number: u64,
    saw: &'static str,
}

impl Account {
    fn witness(&self, number: u64) -> Witness {
        Witness { account: self.clone(), number, saw: "dropped" }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let seen = self.account.0.lock().unwrap().insert(self.number, self.saw);
        assert_eq!(seen, None, "one end for each");
    }
}

type Boxed = Pin<Box<dyn Future<Output = Result<u64, u64>> + Send>>;

fn does_anything(
    sim: Sim,
    witness: Witness,
    handle: Handle<Sim, u64, u64>,
    account: Account,
    depth: u32,
) -> Boxed {
    Box::pin(async move {
        let mut witness = witness;
        let number = witness.number;
        match sim.choose(8) {
            0 => yield_now().await,
            1 => sim.sleep(SECOND * sim.choose(3)).await,
            2 if depth < 2 => {
                let witness = account.witness(number * 10);
                // It may be full; then the child was never begun.
                let child = does_anything(sim.clone(), witness, handle.clone(), account.clone(), depth + 1);
                drop(handle.try_spawn(child));
            }
            _ => {}
        }
        witness.saw = "done";
        match sim.choose(6) {
            0 => {
                witness.saw = "failed";
                Err(number)
            }
            1 => {
                witness.saw = "panicked";
                panic!("{number}")
            }
            _ => Ok(number),
        }
    })
}

async fn a_busy_group(sim: Sim) {
    let account = Account::default();
    let builder = TaskGroup::builder(sim.clone()).limit(2 + sim.choose(2) as usize);
    let continues = sim.choose(2) == 0;
    let builder = if continues { builder.continue_on_failure() } else { builder };
    let mut group = builder.collecting::<u64>();
    let handle = group.handle();
    let (spawns, notes, on) = (handle.clone(), account.clone(), sim.clone());
    let fickle = Task::builder()
        .name("fickle")
        .spawn(&sim, async move {
            for number in [1, 2, 3, 4] {
                let task = does_anything(on.clone(), notes.witness(number), spawns.clone(), notes.clone(), 0);
                let _ = spawns.spawn(task).timeout(4 * SECOND, &on).await;
            }
        })
        .unwrap();
    let (ends, on) = (handle.clone(), sim.clone());
    let canceller = sim
        .spawn_task(async move {
            on.sleep(SECOND * on.choose(4)).await;
            match on.choose(6) {
                0 => ends.cancel(Cause::Requested),
                1 => ends.abort_all(),
                2 => ends.close(),
                _ => {}
            }
        })
        .unwrap();
    let (mut words, mut reads) = (BTreeMap::new(), sim.choose(4));
    let mut note = |ended: Ended<u64, u64>| {
        let word = match ended.outcome {
            Outcome::Ok(_) => "done",
            Outcome::Err(_) => "failed",
            Outcome::Panicked(_) => "panicked",
            Outcome::Cancelled(None) => "dropped",
            Outcome::Cancelled(Some(_)) => panic!("nobody has the token"),
        };
        assert_eq!(words.insert(ended.id.index(), word), None, "each is given once");
    };
    while reads > 0 {
        reads -= 1;
        match group.join_next().await {
            Some(ended) => note(ended),
            None => yield_now().await,
        }
    }
    let _ = fickle.await;
    canceller.await.unwrap();
    while let Some(ended) = group.join_next().await {
        note(ended);
    }
    let stats = group.stats();
    assert_eq!((stats.running, stats.waiting, stats.unread), (0, 0, 0), "{stats:?}");
    assert_eq!(stats.succeeded + stats.failed + stats.cancelled, words.len());
    let told = |word| words.values().filter(|told| **told == word).count();
    assert_eq!(
        (told("done"), told("failed") + told("panicked"), told("dropped")),
        (stats.succeeded, stats.failed, stats.cancelled)
    );
    drop((group, handle));
    let seen = account.0.lock().unwrap();
    let saw = |word| seen.values().filter(|saw| **saw == word).count();
    // Those that were never let in were dropped as well.
    assert_eq!(
        (saw("done"), saw("failed"), saw("panicked")),
        (told("done"), told("failed"), told("panicked"))
    );
    assert!(saw("dropped") >= told("dropped"));
}

#[test]
fn every_task_has_one_end_whatever_happens() {
    Check::random(2_000).no_leaks().assert(a_busy_group);
    Check::random(500).no_leaks().timer_jitter(SECOND).assert(a_busy_group);
    Check::pct(500, 3).no_leaks().assert(a_busy_group);
}

#[test]
fn every_task_has_one_end_whoever_is_cancelled_at_any_poll() {
    Check::random(1_000).no_leaks().cancel("fickle").assert(a_busy_group);
    Check::random(400).no_leaks().cancel("fickle").spurious_polls().assert(a_busy_group);
}

/// A failure and a success race with a join, a close and a parent that is cancelled.
async fn a_race(sim: Sim) {
    let group = Group::collecting(sim.clone());
    group.spawn(async { Err("bad") }).await.unwrap();
    let second = group
        .spawn_with(|token| async move {
            token.cancelled().await;
            Ok(2)
        })
        .await;
    let third = group.spawn(pending()).await;
    let error = group.join_all().await.unwrap_err();
    assert_eq!(said(&error), ["bad"]);
    assert_eq!(error.succeeded(), usize::from(second.is_ok()));
    assert_eq!(error.cancelled(), usize::from(third.is_ok()));
}

#[test]
fn a_failure_beside_a_spawn_under_every_schedule() {
    let passed = Check::exhaustive(500_000).no_leaks().run(a_race).unwrap();
    assert!(passed.complete && passed.schedules > 3, "{passed:?}");
}
