//! Four planted bugs, each of a kind that shipped in a well-known crate, and one of a crate as it is: the simulator finds them on
//! every run.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "the planted primitives are naive on purpose")]

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Failure, FailureKind, Sim};

/// A semaphore that wakes the first in line but lets whoever comes first take the permit.
#[derive(Default)]
struct Barging(Mutex<(usize, VecDeque<Waker>)>);

impl Barging {
    async fn acquire(&self) {
        poll_fn(|cx| {
            let mut state = self.0.lock().unwrap();
            if state.0 > 0 {
                state.0 -= 1;
                return Poll::Ready(());
            }
            state.1.push_back(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn release(&self) {
        let mut state = self.0.lock().unwrap();
        state.0 += 1;
        let first = state.1.pop_front();
        drop(state);
        first.into_iter().for_each(Waker::wake);
    }
}

async fn first_come_first_served(sim: Sim) {
    let semaphore = Arc::new(Barging::default());
    semaphore.release();
    let order = Arc::new(Mutex::new((Vec::new(), Vec::new())));
    let tasks = [0, 1, 2].map(|id| {
        let (semaphore, order) = (semaphore.clone(), order.clone());
        let task = async move {
            order.lock().unwrap().0.push(id);
            semaphore.acquire().await;
            order.lock().unwrap().1.push(id);
            yield_now().await;
            semaphore.release();
        };
        sim.spawn_task(task).unwrap()
    });
    for task in tasks {
        task.await.unwrap();
    }
    let order = order.lock().unwrap();
    assert_eq!(order.0, order.1, "came, and were served");
}

/// Says the message of the panic that failed a run.
fn panic_message(failure: &Failure) -> &str {
    match &failure.kind {
        FailureKind::Panic { message, .. } => message,
        _ => panic!("it failed otherwise: {failure}"),
    }
}

#[test]
fn a_barging_semaphore_is_found() {
    let failure = Check::exhaustive(1_000).run(first_come_first_served).unwrap_err();
    assert!(panic_message(&failure).contains("came, and were served"), "{failure}");
    assert!(failure.schedules < 100, "{failure}");
    let random = Check::random(100).run(first_come_first_served).unwrap_err();
    assert!(panic_message(&random).contains("came, and were served"));
}

/// The same body with the semaphore of async-lock 3, which says that it is not fair (async-lock issue 23).
async fn first_come_first_served_by_async_lock(sim: Sim) {
    let semaphore = Arc::new(async_lock::Semaphore::new(1));
    let order = Arc::new(Mutex::new((Vec::new(), Vec::new())));
    let tasks = [0, 1, 2].map(|id| {
        let (semaphore, order) = (semaphore.clone(), order.clone());
        let task = async move {
            order.lock().unwrap().0.push(id);
            let _permit = semaphore.acquire().await;
            order.lock().unwrap().1.push(id);
            yield_now().await;
        };
        sim.spawn_task(task).unwrap()
    });
    for task in tasks {
        task.await.unwrap();
    }
    let order = order.lock().unwrap();
    assert_eq!(order.0, order.1, "came, and were served");
}

#[test]
fn async_lock_lets_a_newcomer_overtake_the_line() {
    for check in [Check::exhaustive(1_000), Check::random(1_000)] {
        let failure = check.run(first_come_first_served_by_async_lock).unwrap_err();
        assert!(panic_message(&failure).contains("came, and were served"), "{failure}");
        assert!(failure.schedules <= 50, "{failure}");
        assert!(failure.tape.choices().len() <= 6, "{failure}");
        assert!(failure.shrunk.unwrap().runs <= 200, "{failure}");
        let again = Check::replay(failure.tape.clone()).run(first_come_first_served_by_async_lock);
        assert_eq!(again.unwrap_err().kind, failure.kind);
    }
}

/// A flag whose waiters keep the waker of their first poll.
#[derive(Default)]
struct Stale(Mutex<(bool, Option<Waker>)>);

impl Stale {
    async fn wait(&self) {
        poll_fn(|cx| {
            let mut state = self.0.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1.get_or_insert_with(|| cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn set(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.0 = true;
            state.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }
}

async fn a_wait_that_is_polled_twice(sim: Sim) {
    let flag = Arc::new(Stale::default());
    let waiting = flag.clone();
    let waiter = Task::builder().name("waiter").spawn(&sim, async move {
        // Polled once more before the flag is set, because its neighbour is ready.
        futures_util::join!(waiting.wait(), yield_now());
    });
    yield_now().await;
    yield_now().await;
    flag.set();
    waiter.unwrap().await.unwrap();
}

#[test]
fn a_stale_waker_is_found_by_fresh_wakers_alone() {
    let failure = Check::exhaustive(1_000).run(a_wait_that_is_polled_twice).unwrap_err();
    assert!(
        matches!(&failure.kind, FailureKind::LostWakeup { task, .. } if task.contains("waiter")),
        "{failure}"
    );
    let stale = failure.tasks.iter().find(|task| task.stale_wakes > 0);
    assert_eq!(stale.and_then(|task| task.label.name()), Some("waiter"), "{failure}");
    let stable = Check::exhaustive(1_000).stable_wakers().run(a_wait_that_is_polled_twice);
    assert!(stable.unwrap().complete, "with one waker for all polls every schedule passes");
}

/// A notification that is handed to the first in line, and goes with it when that one is dropped.
#[derive(Default)]
struct LosesOnCancel(Mutex<VecDeque<Grant>>);

/// Whether it was given, and who waits for it.
type Grant = Arc<Mutex<(bool, Option<Waker>)>>;

impl LosesOnCancel {
    async fn notified(&self) {
        let mine = Arc::new(Mutex::new((false, None)));
        self.0.lock().unwrap().push_back(mine.clone());
        poll_fn(|cx| {
            let mut state = mine.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn notify_one(&self) {
        if let Some(first) = self.0.lock().unwrap().pop_front() {
            let mut state = first.lock().unwrap();
            state.0 = true;
            let waker = state.1.take();
            drop(state);
            waker.into_iter().for_each(Waker::wake);
        }
    }
}

async fn two_wait_and_one_may_go(sim: Sim) {
    let event = Arc::new(LosesOnCancel::default());
    let wait = |name: &'static str| {
        let event = event.clone();
        Task::builder().name(name).spawn(&sim, async move { event.notified().await }).unwrap()
    };
    let first = wait("cancelled");
    while event.0.lock().unwrap().is_empty() && !first.is_finished() {
        yield_now().await;
    }
    let in_line = event.0.lock().unwrap().len();
    let patient = wait("patient");
    while event.0.lock().unwrap().len() == in_line {
        yield_now().await;
    }
    // One notification for each who still waits, so that the patient one gets one, whatever becomes of the other.
    event.notify_one();
    if first.await.is_ok() {
        while event.0.lock().unwrap().is_empty() {
            yield_now().await;
        }
        event.notify_one();
    }
    patient.await.unwrap();
}

#[test]
fn a_wake_up_lost_on_cancel_is_found() {
    assert!(
        Check::random(200).run(two_wait_and_one_may_go).is_ok(),
        "without a cancellation nothing is lost"
    );
    for check in [Check::random(200), Check::exhaustive(10_000)] {
        let failure = check.cancel("cancelled").run(two_wait_and_one_may_go).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Deadlock, "{failure}");
        assert!(failure.tasks.iter().any(|task| task.label.name() == Some("patient")), "{failure}");
    }
}

/// A semaphore of one permit whose waiters are granted it, and keep it when they are dropped before they take it.
#[derive(Default)]
struct LeaksOnDrop(Mutex<(bool, VecDeque<Grant>)>);

struct Acquire<'a> {
    semaphore: &'a LeaksOnDrop,
    mine: Option<Grant>,
}

impl Future for Acquire<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let semaphore = self.semaphore;
        let Some(mine) = &self.mine else {
            let mut state = semaphore.0.lock().unwrap();
            if !state.0 {
                state.0 = true;
                return Poll::Ready(());
            }
            let mine = Arc::new(Mutex::new((false, Some(cx.waker().clone()))));
            state.1.push_back(mine.clone());
            drop(state);
            self.mine = Some(mine);
            return Poll::Pending;
        };
        let mut grant = mine.lock().unwrap();
        if grant.0 {
            return Poll::Ready(());
        }
        grant.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        // The bug: it leaves the line, but a grant that it had got already goes with it.
        if let Some(mine) = &self.mine {
            self.semaphore.0.lock().unwrap().1.retain(|other| !Arc::ptr_eq(other, mine));
        }
    }
}

impl LeaksOnDrop {
    fn release(&self) {
        let mut state = self.0.lock().unwrap();
        match state.1.pop_front() {
            Some(first) => {
                let mut grant = first.lock().unwrap();
                grant.0 = true;
                grant.1.take().into_iter().for_each(Waker::wake);
            }
            None => state.0 = false,
        }
    }
}

/// Gives the permit back in any case: a cancelled holder is not what is looked for.
struct Permit(Arc<LeaksOnDrop>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.release();
    }
}

async fn a_permit_is_there_again_after_all_is_over(sim: Sim) {
    let semaphore = Arc::new(LeaksOnDrop::default());
    let tasks = ["holder", "waiter"].map(|name| {
        let semaphore = semaphore.clone();
        let task = async move {
            Acquire { semaphore: &semaphore, mine: None }.await;
            let _permit = Permit(semaphore.clone());
            yield_now().await;
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for task in tasks {
        let _cancelled_or_not = task.await;
    }
    assert!(!semaphore.0.lock().unwrap().0, "a permit was leaked");
}

#[test]
fn a_permit_leaked_by_a_dropped_future_is_found() {
    assert!(Check::random(200).run(a_permit_is_there_again_after_all_is_over).is_ok());
    for check in [Check::random(200), Check::exhaustive(10_000)] {
        let failure = check.cancel("waiter").run(a_permit_is_there_again_after_all_is_over).unwrap_err();
        assert!(panic_message(&failure).contains("a permit was leaked"), "{failure}");
    }
}
