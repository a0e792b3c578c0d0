//! One program with a queue, the same on every adapter: a producer that has to wait, three consumers, a limit, the end.

use super::*;
use std::time::Duration;
use untether::queue::{Queue, Receiver, SendError, Sender};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

async fn produce(sender: Sender<u32>) {
    for item in 0..20 {
        sender.send(item).await.unwrap();
    }
}

async fn consume<T: Timer>(receiver: Receiver<u32>, timer: T) -> Vec<u32> {
    let mut received = Vec::new();
    while let Some(item) = receiver.recv().await {
        received.push(item);
        timer.sleep(MS).await;
    }
    received
}

fn all_came_once_and_in_order(received: [Vec<u32>; 3]) {
    assert!(received.iter().all(|received| received.is_sorted()), "{received:?}");
    let mut all = received.concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..20));
}

async fn limits_end<T: Timer>(timer: T) {
    let queue = Queue::bounded(1);
    assert!(queue.recv_timeout(MS, &timer).await.is_err());
    queue.send_timeout(1, MS, &timer).await.unwrap();
    assert_eq!(queue.send_timeout(2, MS, &timer).await, Err(SendError::TimedOut(2)));
    assert_eq!(queue.recv_timeout(MS, &timer).await.ok(), Some(Some(1)));
}

async fn program(rt: impl Runtime) {
    let (sender, receiver) = Queue::bounded(3).split();
    let produces = rt.spawn_task(produce(sender)).unwrap();
    let consumers = [(); 3].map(|()| rt.spawn_task(consume(receiver.clone(), rt.clone())).unwrap());
    produces.await.unwrap();
    let mut received = [const { Vec::new() }; 3];
    for (received, consumer) in received.iter_mut().zip(consumers) {
        *received = consumer.await.unwrap();
    }
    all_came_once_and_in_order(received);
    limits_end(&rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let (sender, receiver) = Queue::bounded(3).split();
    let produces = rt.spawn_local_task(produce(sender)).unwrap();
    let consumers = [(); 3].map(|()| rt.spawn_local_task(consume(receiver.clone(), rt.clone())).unwrap());
    produces.await.unwrap();
    let mut received = [const { Vec::new() }; 3];
    for (received, consumer) in received.iter_mut().zip(consumers) {
        *received = consumer.await.unwrap();
    }
    all_came_once_and_in_order(received);
    limits_end(&rt).await;
}

on_every_runtime!(program, local_program);
