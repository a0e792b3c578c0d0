//! Under every schedule, with fresh wakers, and with tasks that are dropped at each of their polls.

use super::*;
use std::sync::Mutex;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::sync::Semaphore;
use untether::testing::sim::{Check, Sim};
use untether::time::{Instant, TimeoutExt, Timer};

type Simulated = RateLimiter<Sim>;

/// When cells went, and how many.
type Notes = Arc<Mutex<Vec<(Instant, u32)>>>;

fn parts(sim: &Sim, quota: Quota) -> (Arc<Simulated>, Notes) {
    (Arc::new(RateLimiter::new(quota, sim.clone())), Notes::default())
}

fn note(sim: &Sim, notes: &Notes, n: u32) {
    notes.lock().unwrap().push((sim.now(), n));
}

/// No window holds more than the burst and what comes in its length.
fn assert_bounded(notes: &Notes, quota: Quota) {
    let mut notes = notes.lock().unwrap().clone();
    notes.sort_unstable();
    for (first, (start, _)) in notes.iter().enumerate() {
        let mut sum = 0;
        for (at, n) in &notes[first..] {
            sum += n;
            let time = at.saturating_duration_since(*start) + Duration::from_nanos(3);
            let came = time.as_nanos() / quota.interval().as_nanos();
            assert!(u128::from(sum) <= u128::from(quota.burst_size()) + came, "{sum} within {time:?}");
        }
    }
}

/// Nobody waits, and after a while all is there again.
async fn assert_whole(sim: &Sim, limiter: &Simulated) {
    let stats = limiter.stats();
    assert_eq!((stats.waiting, stats.wanted), (0, 0));
    sim.sleep(limiter.quota().refill() + 20 * SECOND).await;
    assert_eq!(limiter.peek(), limiter.quota().burst_size());
}

/// Three who wait, one of which may be cancelled, and one who changes the pace.
async fn three_who_wait(sim: Sim) {
    let quota = Quota::per_second(1).burst(2);
    let (limiter, notes) = parts(&sim, quota);
    limiter.try_acquire(2).unwrap();
    note(&sim, &notes, 2);
    let tasks = [("victim", 1), ("two", 2), ("one", 1)].map(|(name, n)| {
        let (sim_of, limiter, notes) = (sim.clone(), limiter.clone(), notes.clone());
        let waits = async move {
            limiter.acquire(n).await.unwrap();
            note(&sim_of, &notes, n);
        };
        Task::builder().name(name).spawn(&sim, waits).unwrap()
    });
    yield_now().await;
    let _ = limiter.try_acquire(1).map(|()| note(&sim, &notes, 1));
    for (place, task) in tasks.into_iter().enumerate() {
        assert!(task.await.is_ok() || place == 0);
    }
    assert_bounded(&notes, quota);
    assert_whole(&sim, &limiter).await;
}

#[test]
fn three_who_wait_are_served_under_every_schedule() {
    let passed = Check::exhaustive(1_000_000).no_leaks().run(three_who_wait).unwrap();
    assert!(passed.complete && passed.schedules > 20, "{passed:?}");
}

#[test]
fn three_who_wait_are_served_whenever_one_is_cancelled() {
    Check::random(2_000).no_leaks().cancel("victim").assert(three_who_wait);
    Check::random(500).no_leaks().cancel("victim").spurious_polls().assert(three_who_wait);
    Check::pct(500, 3).no_leaks().assert(three_who_wait);
}

/// Those who wait, give up, try, reserve and throttle, while the pace changes and cells are given back.
async fn crowd(sim: Sim, cancelled: &'static str) {
    let quota = Quota::per_second(2).burst(3);
    let (limiter, notes) = parts(&sim, quota);
    let names = ["waits", "gives up", "tries", "reserves", "throttles", "also waits"];
    let tasks = names.map(|name| {
        let (sim_of, limiter, notes) = (sim.clone(), limiter.clone(), notes.clone());
        let task = async move {
            for n in 1..=3 {
                match name {
                    "gives up" => while limiter.acquire(n).timeout(SECOND, &sim_of).await.is_err() {},
                    "tries" => {
                        while let Err(denied) = limiter.try_acquire(n) {
                            sim_of.sleep(denied.retry_after().unwrap()).await;
                        }
                    }
                    "reserves" => loop {
                        let reserved = limiter.reserve(n, 2 * SECOND);
                        let Ok(reservation) = reserved else {
                            sim_of.sleep(SECOND).await;
                            continue;
                        };
                        sim_of.sleep_until(reservation.ready_at()).await;
                        if sim_of.choose(2) == 0 {
                            // Its moment counts, however late the sleep ended.
                            notes.lock().unwrap().push((reservation.ready_at(), n));
                            reservation.spend();
                            break;
                        }
                    },
                    "throttles" => {
                        let items = futures_util::stream::iter(0..n);
                        let mut items = Box::pin(RateLimiter::throttle_owned(limiter.clone(), items));
                        while let Some(item) = futures_util::StreamExt::next(&mut items).await {
                            if item + 1 < n {
                                note(&sim_of, &notes, 1);
                            }
                        }
                        note(&sim_of, &notes, 1);
                        continue;
                    }
                    _ => limiter.acquire(n).await.unwrap(),
                }
                if name == "reserves" {
                    continue;
                }
                note(&sim_of, &notes, n);
                yield_now().await;
            }
        };
        Task::builder().name(name).spawn(&sim, task).unwrap()
    });
    for _ in 0..sim.choose(4) {
        limiter.set_quota(quota);
        yield_now().await;
    }
    for (name, task) in names.into_iter().zip(tasks) {
        assert!(task.await.is_ok() || name == cancelled, "{name}");
    }
    assert_bounded(&notes, quota);
    assert_whole(&sim, &limiter).await;
}

#[test]
fn a_crowd_is_served_and_gets_no_more_than_its_rate_in_thousands_of_schedules() {
    Check::random(1_000).no_leaks().assert(|sim| crowd(sim, ""));
    Check::random(500).no_leaks().timer_jitter(SECOND / 3).spurious_polls().assert(|sim| crowd(sim, ""));
}

#[test]
fn nothing_is_lost_whoever_gives_up_or_is_cancelled() {
    for name in ["waits", "gives up", "reserves", "throttles"] {
        Check::random(400).no_leaks().cancel(name).assert(|sim| crowd(sim, name));
    }
}

#[test]
fn what_is_given_back_reaches_who_waits_under_every_schedule() {
    let passed = Check::exhaustive(1_000_000).no_leaks().run(async |sim: Sim| {
        let (limiter, notes) = parts(&sim, Quota::per_hour(2));
        limiter.try_acquire(2).unwrap();
        let start = sim.now();
        let tasks = [(); 2].map(|()| {
            let (sim_of, limiter, notes) = (sim.clone(), limiter.clone(), notes.clone());
            sim.spawn_task(async move {
                limiter.acquire(1).await.unwrap();
                note(&sim_of, &notes, 1);
            })
            .unwrap()
        });
        limiter.refund(1);
        yield_now().await;
        if sim.choose(2) == 0 {
            limiter.refund(1);
        } else {
            limiter.set_quota(Quota::per_second(1));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert!(sim.now().saturating_duration_since(start) <= 2 * SECOND, "in time");
    });
    assert!(passed.unwrap().complete);
}

/// The two rows at the head of the module: a server that takes 20 ms, and as many clients as like to ask.
async fn served_in_ten_seconds<F: Future>(sim: &Sim, one: impl Fn() -> F) -> usize {
    let (served, clients) = (std::cell::Cell::new(0), 50);
    let end = sim.now().saturating_add(10 * SECOND);
    let client = async |_| {
        while sim.now() < end {
            one().await;
            served.set(served.get() + usize::from(sim.now() <= end));
        }
    };
    futures_util::future::join_all((0..clients).map(client)).await;
    served.get()
}

#[test]
fn ten_permits_are_five_hundred_requests_a_second_and_ten_per_second_are_ten() {
    const WORK: Duration = Duration::from_millis(20);
    Check::random(3).assert(async |sim: Sim| {
        let at_once = Semaphore::new(10);
        let by_semaphore = served_in_ten_seconds(&sim, async || {
            let _permit = at_once.acquire().await.unwrap();
            sim.sleep(WORK).await;
        });
        assert_eq!(by_semaphore.await, 5_000);
        let limiter = RateLimiter::new(Quota::per_second(10).burst(1), &sim);
        let by_limiter = served_in_ten_seconds(&sim, async || {
            limiter.acquire(1).await.unwrap();
            sim.sleep(WORK).await;
        });
        assert_eq!(by_limiter.await, 100);
    });
}
