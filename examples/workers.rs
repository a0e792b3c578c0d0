//! Work that survives its workers: `cargo run --example workers --features tokio,smol,async-std -- --runtime tokio`.
//!
//! Letters are printed by workers that panic now and then, or hang. Whatever becomes of a worker, its job is leased to another one; what fails
//! three times is laid aside; and of each customer one letter is printed at a time.

mod on;

use std::sync::Arc;
use std::time::Duration;
use untether::queue::WorkQueue;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

#[derive(Clone, Debug)]
struct Letter {
    customer: &'static str,
    number: u32,
}

type Letters = WorkQueue<Letter, AnyRuntime, &'static str>;

async fn print(letter: &Letter, attempt: u32, rt: &AnyRuntime) -> Result<(), &'static str> {
    match (letter.customer, letter.number, attempt) {
        ("ada", 2, 1) => panic!("out of paper"),
        ("bob", 1, 1) => rt.sleep(10_000 * MS).await, // The printer hangs: its lease runs out.
        ("cy", 1, _) => return Err("no such printer"),
        _ => rt.sleep(5 * MS).await,
    }
    Ok(())
}

async fn work(name: &'static str, letters: Arc<Letters>, rt: AnyRuntime) {
    while let Some(job) = letters.lease().await {
        match print(&job, job.attempt(), &rt).await {
            Ok(()) => {
                println!("{name} printed {} {}, at attempt {}", job.customer, job.number, job.attempt());
                job.ack();
            }
            Err(error) => {
                println!("{name} failed at {} {}: {error}", job.customer, job.number);
                job.nack();
            }
        }
    }
}

/// Begins anew when the worker panics. Its job is not lost with it: the guard was dropped.
async fn keep_working(name: &'static str, letters: Arc<Letters>, rt: AnyRuntime) {
    while let Err(error) = rt.spawn_task(work(name, letters.clone(), rt.clone())).expect("it runs").await {
        println!("{name} {error}, and begins anew");
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| ())); // What a worker died of is printed above.
    on::run(|rt| async move {
        let letters = WorkQueue::builder(rt.clone())
            .key(|letter: &Letter| letter.customer)
            .visibility(100 * MS)
            .backoff([10 * MS, 20 * MS])
            .build();
        let letters: Arc<Letters> = Arc::new(letters);
        let workers = ["one", "two", "three"]
            .map(|name| rt.spawn_task(keep_working(name, letters.clone(), rt.clone())).expect("it runs"));
        for number in 1..=3 {
            for customer in ["ada", "bob", "cy"] {
                letters.push(Letter { customer, number }).await.expect("it is open");
            }
        }
        letters.join().await;
        letters.close();
        let stats = letters.stats();
        println!("{} printed, {} failures, {} leases ran out", stats.done, stats.failed, stats.run_out);
        while let Ok(letter) = letters.dead_letters().try_recv() {
            println!("laid aside: {:?}, after {} attempts: {}", letter.item, letter.attempts, letter.why);
        }
        assert_eq!((stats.done, stats.dead, letters.len()), (8, 1, 0));
        // One of them still waits for its printer.
        drop(workers);
    });
}
