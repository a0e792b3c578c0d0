//! Under every schedule, with tasks that are dropped at each of their polls.

use super::*;
use std::cell::Cell;
use std::sync::Mutex;
use std::time::Duration;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::{TimeoutExt, Timer};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Notes {
    /// Who came and was neither served nor dropped, in order.
    waiting: Vec<usize>,
    held: usize,
}

/// A task among others: it leaves the notes when it ends, however that comes.
struct Present {
    notes: Arc<Mutex<Notes>>,
    id: usize,
    holds: usize,
}

impl Present {
    fn new(notes: &Arc<Mutex<Notes>>, id: usize) -> Self {
        notes.lock().unwrap().waiting.push(id);
        Self { notes: notes.clone(), id, holds: 0 }
    }

    /// Whoever came earlier and was not served yet has at least been granted what it needs.
    fn is_served(&mut self, permits: usize, semaphore: &Semaphore) {
        let mut notes = self.notes.lock().unwrap();
        let place = notes.waiting.iter().position(|id| *id == self.id).unwrap();
        assert!(place <= semaphore.stats().granted, "served before {:?}", &notes.waiting[..place]);
        notes.waiting.remove(place);
        notes.held += permits;
        assert!(notes.held <= 2, "{} permits are held", notes.held);
        self.holds = permits;
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut notes = self.notes.lock().unwrap();
        notes.waiting.retain(|id| *id != self.id);
        notes.held -= self.holds;
    }
}

/// Three tasks on two permits: never more than there are, in the order in which they came, and all there again at the end.
async fn three_on_two(sim: Sim) {
    let semaphore = Arc::new(Semaphore::new(2));
    let notes = Arc::new(Mutex::new(Notes::default()));
    let tasks = [(0, 1, "victim"), (1, 2, "large"), (2, 1, "small")].map(|(id, permits, name)| {
        let (semaphore, notes) = (semaphore.clone(), notes.clone());
        let task = async move {
            // The permit is given back before the notes say so no longer: they are never behind.
            let permit;
            let mut present = Present::new(&notes, id);
            permit = semaphore.acquire_many(permits).await.unwrap();
            present.is_served(permits, &semaphore);
            yield_now().await;
            drop(present);
            drop(permit);
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    let mut ended = Vec::new();
    for task in tasks {
        ended.push(task.await.is_ok());
    }
    assert!(ended[1] && ended[2], "those who were not cancelled were served");
    let stats = semaphore.stats();
    assert_eq!((stats.available, stats.waiting, stats.granted), (2, 0, 0));
}

#[test]
fn three_tasks_on_two_permits_under_every_schedule() {
    let passed = Check::exhaustive(1_000_000).no_leaks().run(three_on_two).unwrap();
    assert!(passed.complete && passed.schedules > 100, "{passed:?}");
}

#[test]
fn three_tasks_on_two_permits_under_every_schedule_and_every_cancellation() {
    let passed = Check::exhaustive(2_000_000).no_leaks().cancel("victim").run(three_on_two).unwrap();
    assert!(passed.complete, "{passed:?}");
}

#[test]
fn ten_thousand_seeds_with_the_sweep() {
    for victim in ["victim", "large", "small"] {
        // The one that is cancelled need not be served.
        Check::random(10_000)
            .no_leaks()
            .cancel(victim)
            .spurious_polls()
            .assert(|sim| many_on_few(sim, victim));
    }
}

/// Tasks that take different numbers, give up after a while, grow and shrink the semaphore meanwhile.
async fn many_on_few(sim: Sim, victim: &'static str) {
    let semaphore = Arc::new(Semaphore::new(2));
    let names = ["large", "small", "victim"];
    let tasks = names.map(|name| {
        let (semaphore, timer) = (semaphore.clone(), sim.clone());
        let permits = if name == "large" { 2 } else { 1 };
        let task = async move {
            for round in 0..2 {
                let acquire = semaphore.acquire_many(permits);
                let Ok(permit) = acquire.timeout((1 + round) * SECOND, &timer).await else { continue };
                timer.sleep(SECOND).await;
                drop(permit);
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    semaphore.add_permits(1).unwrap();
    yield_now().await;
    semaphore.reduce_permits(1).unwrap();
    for (task, name) in tasks.into_iter().zip(names) {
        assert!(task.await.is_ok() || name == victim);
    }
    let stats = semaphore.stats();
    assert_eq!((stats.available, stats.waiting, stats.granted, stats.owed), (2, 0, 0, 0));
}

#[test]
fn a_timeout_around_an_acquire_loses_no_permit() {
    Check::random(2_000).assert(async |sim| {
        let semaphore = Arc::new(Semaphore::new(0));
        let (giver, timer) = (semaphore.clone(), sim.clone());
        let give = sim.spawn_task(async move {
            timer.sleep(SECOND).await;
            giver.add_permits(1).unwrap();
        });
        // The permit and the limit come at the same moment.
        let got = semaphore.acquire().timeout(SECOND, &sim).await;
        give.unwrap().await.unwrap();
        drop(got);
        assert_eq!((semaphore.available(), semaphore.stats().granted), (1, 0));
    });
}

#[test]
fn a_close_ends_everybody_who_waits_under_every_schedule() {
    let refused = Cell::new(0_u32);
    let passed = Check::exhaustive(1_000_000).no_leaks().run(async |sim| {
        let semaphore = Arc::new(Semaphore::new(1));
        let tasks = [(); 2].map(|()| {
            let semaphore = semaphore.clone();
            let task = async move {
                let permit = semaphore.acquire().await;
                yield_now().await;
                permit.is_err()
            };
            sim.spawn_task(task).unwrap()
        });
        yield_now().await;
        semaphore.close();
        for task in tasks {
            refused.set(refused.get() + u32::from(task.await.unwrap()));
        }
        assert_eq!(semaphore.available(), 1);
    });
    assert!(passed.unwrap().complete && refused.get() > 0);
}
