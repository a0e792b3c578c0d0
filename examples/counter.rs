//! Why state that is read, awaited upon and written needs a lock: `cargo run --example counter --features tokio,smol,async-std`.
//!
//! A hundred tasks each read a counter, wait a moment and write it back, one more. Without a lock most updates are lost, with it none.

mod on;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::sync::Mutex;
use untether::time::Timer;

#[derive(Default)]
struct Counter {
    value: AtomicU32,
    lock: Mutex<()>,
}

impl Counter {
    async fn increment(&self, rt: &AnyRuntime) {
        let read = self.value.load(Ordering::Relaxed);
        rt.sleep(Duration::from_millis(1)).await;
        self.value.store(read + 1, Ordering::Relaxed);
    }

    async fn increment_locked(&self, rt: &AnyRuntime) {
        let _held = self.lock.lock().await;
        self.increment(rt).await;
    }
}

async fn a_hundred(rt: &AnyRuntime, locked: bool) -> u32 {
    let counter = Arc::new(Counter::default());
    let start = |_| {
        let (counter, timer) = (counter.clone(), rt.clone());
        let task = async move {
            if locked { counter.increment_locked(&timer).await } else { counter.increment(&timer).await }
        };
        rt.spawn_task(task).expect("the runtime is running")
    };
    let tasks: Vec<_> = (0..100).map(start).collect();
    for task in tasks {
        task.await.expect("no task panics");
    }
    counter.value.load(Ordering::Relaxed)
}

fn main() {
    on::run(|rt| async move {
        let (without, with) = (a_hundred(&rt, false).await, a_hundred(&rt, true).await);
        println!("without the lock: {without} of 100, with it: {with}");
        assert!(without < 100 && with == 100);
    });
}
