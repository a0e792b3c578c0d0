//! So many at once: `cargo run --example permits --features tokio,smol,async-std -- --runtime smol`.
//!
//! Six downloads share two connections, in the order in which they came. A large one takes both and is not starved by the small ones
//! behind it; one that gives up leaves its place; and in the end nobody holds a permit.

mod on;

use std::sync::Arc;
use std::time::Duration;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::sync::Semaphore;
use untether::time::{TimeoutExt, Timer};

async fn download(rt: AnyRuntime, connections: Arc<Semaphore>, name: &'static str, takes: usize) -> bool {
    let patience = if name == "impatient" { 20 } else { 5_000 };
    let acquire = Semaphore::acquire_many_owned(connections, takes);
    let Ok(permit) = acquire.timeout(Duration::from_millis(patience), &rt).await else {
        println!("{name:>10}: gave up waiting");
        return false;
    };
    let permit = permit.expect("nobody closes it");
    println!("{name:>10}: begins, {} free", permit.semaphore().available());
    rt.sleep(Duration::from_millis(50)).await;
    println!("{name:>10}: done");
    true
}

fn main() {
    on::run(|rt| async move {
        let connections = Arc::new(Semaphore::new(2));
        let all = [("one", 1), ("two", 1), ("large", 2), ("impatient", 1), ("three", 1), ("four", 1)];
        let tasks = all.map(|(name, takes)| {
            rt.spawn_task(download(rt.clone(), connections.clone(), name, takes))
                .expect("the runtime is running")
        });
        let mut done = 0;
        for task in tasks {
            done += u32::from(task.await.expect("no download panics"));
        }
        println!("{done} of 6 done, {:?}", connections.stats());
        assert_eq!((done, connections.available()), (5, 2));
    });
}
