//! Producers and consumers: `cargo run --example producers --features tokio,smol,async-std -- --runtime smol`.
//!
//! First one of each, the consumer the slower: the queue fills. Then a queue of ten, which three consumers empty, and whose producer
//! waits for room, visibly. Consumers stop because the queue is closed, not because of an item that says so.

mod on;

use std::sync::Arc;
use std::time::Duration;
use untether::queue::Queue;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::time::{Clock, Timer};

const TENTH: Duration = Duration::from_millis(100);

/// One producer, ten items, and a consumer that takes twice the time.
async fn one_and_one(rt: AnyRuntime) {
    let (sender, receiver) = Queue::unbounded().split();
    let timer = rt.clone();
    let producer = rt.spawn_task(async move {
        for n in 0..10 {
            timer.sleep(TENTH).await;
            sender.send(n).await.expect("the consumer is there");
        }
        println!("produced 10; {} wait", sender.queue().len());
        // The last sender goes, and with it the queue is closed.
    });
    let mut sum = 0;
    while let Some(n) = receiver.recv().await {
        rt.sleep(2 * TENTH).await;
        sum += n;
    }
    producer.expect("the runtime is running").await.expect("it does not panic");
    println!("consumed all of it: {sum}");
    assert_eq!(sum, 45);
}

/// A queue of ten, twenty items, three consumers.
async fn with_a_bound(rt: AnyRuntime) {
    let queue = Arc::new(Queue::bounded(10));
    let consumers = ["anna", "ben", "cleo"].map(|name| {
        let (queue, timer) = (queue.clone(), rt.clone());
        rt.spawn_task(async move {
            let mut count = 0;
            while let Some(_item) = queue.recv().await {
                timer.sleep(3 * TENTH).await;
                count += 1;
            }
            println!("{name:>5}: {count} items");
            count
        })
    });
    for n in 0..20 {
        let before = rt.now();
        queue.send(n).await.expect("nobody has closed it");
        let waited = rt.now().saturating_duration_since(before);
        if waited >= TENTH {
            println!("item {n}: {waited:.0?} until there was room");
        }
    }
    queue.close();
    let mut out = 0;
    for consumer in consumers {
        out += consumer.expect("the runtime is running").await.expect("it does not panic");
    }
    println!("20 in, {out} out");
    assert_eq!(out, 20);
}

fn main() {
    on::run(|rt| async move {
        one_and_one(rt.clone()).await;
        with_a_bound(rt).await;
    });
}
