//! The threads of `rt::threads` end with their owner. Alone in its binary, so that no other test's threads are counted.
#![cfg(all(feature = "std", feature = "testing", target_os = "linux"))]
#![expect(
    clippy::disallowed_methods,
    reason = "the system is asked again and again until the threads are gone"
)]

use core::time::Duration;
use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;
use untether::rt::threads::Threads;
use untether::spawn::{SpawnBlocking, SpawnExt};
use untether::testing::Probe;
use untether::time::Timer;

/// How many threads of this process have a name that begins so. The system keeps 15 letters of a name.
fn alive(name: &str) -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|comm| comm.trim_end() == &name[..name.len().min(15)]).count()
}

#[track_caller]
fn wait_until(timers: usize, blocking: usize) {
    let start = Instant::now();
    loop {
        let counted = (alive("untether-timer"), alive("untether-blocking"));
        if counted == (timers, blocking) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{counted:?}, not {:?}", (timers, blocking));
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_threads_end_with_the_last_handle_and_a_closure_that_runs_is_finished_first() {
    wait_until(0, 0);

    // A timer thread from the beginning; threads for closures when they are needed, and no more than that.
    let threads = Threads::builder().blocking_threads(2).build().unwrap();
    wait_until(1, 0);
    let gates = [(); 3].map(|()| {
        let (release, released) = mpsc::channel::<()>();
        threads.spawn_blocking(move || _ = released.recv()).unwrap();
        release
    });
    wait_until(1, 2);
    drop(gates);
    // Idle threads stay, as long as anybody has a handle: a clone, a sleep.
    threads.block_on(async |rt| rt.spawn_blocking_task(|| ()).unwrap().await.unwrap());
    let mut sleep = Probe::new(threads.sleep(Duration::from_secs(3_600)));
    sleep.assert_pending();
    drop(threads);
    thread::sleep(Duration::from_millis(20));
    wait_until(1, 2);
    drop(sleep);
    wait_until(0, 0);

    // A closure that runs keeps its thread; the timer's and the idle one go.
    let threads = Threads::builder().blocking_threads(2).build().unwrap();
    let (release, released) = mpsc::channel::<()>();
    let (tell, told) = mpsc::channel();
    let work = move || {
        tell.send("begun").unwrap();
        let _ = released.recv();
        tell.send("finished").unwrap();
    };
    threads.spawn_blocking(work).unwrap();
    threads.block_on(async |rt| rt.spawn_blocking_task(|| ()).unwrap().await.unwrap());
    assert_eq!(told.recv(), Ok("begun"));
    drop(threads);
    wait_until(0, 1);
    drop(release);
    assert_eq!(told.recv(), Ok("finished"));
    wait_until(0, 0);

    // The last handle goes on a thread of the pool.
    let threads = Threads::new().unwrap();
    let last = threads.clone();
    let (release, released) = mpsc::channel::<()>();
    let work = move || {
        let _ = released.recv();
        drop(last);
    };
    threads.spawn_blocking(work).unwrap();
    drop(threads);
    drop(release);
    wait_until(0, 0);

    // The last handle goes on the timer thread: a sleep is dropped by the waker that it woke.
    let threads = Threads::new().unwrap();
    let last = threads.clone();
    let waker = untether::testing::HookWaker::new().on_drop(move || drop(last)).waker();
    let mut key = untether::time::WakeKey::new();
    let soon = untether::time::Clock::now(&threads).saturating_add(Duration::from_millis(10));
    untether::time::Driver::schedule_wake(&threads, soon, &mut key, &waker);
    drop((threads, waker));
    wait_until(0, 0);

    // Hundreds of owners, one after the other and never used.
    for _ in 0..300 {
        drop(Threads::new().unwrap());
    }
    wait_until(0, 0);
}
