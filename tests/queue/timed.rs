//! Limits: what comes with the limit is not lost, and what is not sent in time comes back.

use super::*;
use std::cell::Cell;
use std::time::Duration;
use untether::spawn::SpawnExt;
use untether::testing::ManualClock;
use untether::testing::sim::Check;
use untether::time::{TimeoutExt, Timer};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn receiving_ends_with_the_item_or_the_limit() {
    let (queue, clock) = (Queue::bounded(2), ManualClock::new());
    queue.try_send(1).unwrap();
    assert_eq!(ready(std::pin::pin!(queue.recv_timeout(Duration::ZERO, &clock))).ok(), Some(Some(1)));
    let mut waits = probe(queue.recv_timeout(SECOND, &clock));
    clock.advance(SECOND);
    assert!(waits.wakes() == 1 && waits.assert_ready().is_err());
    drop(waits);
    assert_eq!(queue.stats().receivers_waiting, 0);
    queue.try_send(2).unwrap();
    assert_eq!(queue.try_recv(), Ok(2), "and it stands in nobody's way");
    let mut waits = probe(queue.recv_timeout(SECOND, &clock));
    queue.close();
    assert_eq!(waits.assert_ready().ok(), Some(None));
}

#[test]
fn an_item_that_comes_with_the_limit_is_received_or_left() {
    let (queue, clock) = (Queue::bounded(2), ManualClock::new());
    let mut waits = probe(queue.recv_timeout(SECOND, &clock));
    clock.advance(SECOND);
    queue.try_send(1).unwrap();
    assert_eq!(waits.assert_ready().ok(), Some(Some(1)), "what is there comes first");
    let waits = probe(queue.recv_timeout(SECOND, &clock));
    clock.advance(SECOND);
    queue.try_send(2).unwrap();
    drop(waits);
    assert_eq!(queue.try_recv(), Ok(2));
}

#[test]
fn a_timeout_around_a_recv_loses_nothing() {
    Check::random(2_000).assert(async |sim| {
        let queue = Arc::new(Queue::bounded(4));
        let (sends, timer) = (queue.clone(), sim.clone());
        let sends = sim.spawn_task(async move {
            for item in 0..4 {
                timer.sleep(SECOND).await;
                sends.send(item).await.unwrap();
            }
            sends.close();
        });
        let mut received = Vec::new();
        loop {
            // The item and the limit come at the same moment.
            let next = match received.len() % 2 {
                0 => queue.recv().timeout(SECOND, &sim).await,
                _ => queue.recv_timeout(SECOND, &sim).await,
            };
            match next {
                Ok(Some(item)) => received.push(item),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        sends.unwrap().await.unwrap();
        assert_eq!(received, [0, 1, 2, 3]);
    });
}

#[test]
fn an_item_that_is_not_sent_in_time_comes_back() {
    let (queue, clock) = (full(0), ManualClock::new());
    let now = std::pin::pin!(queue.send_timeout(1, Duration::ZERO, &clock));
    assert_eq!(ready(now), Err(SendError::TimedOut(1)));
    let mut waits = probe(queue.send_timeout(2, SECOND, &clock));
    clock.advance(SECOND);
    assert_eq!((waits.wakes(), waits.assert_ready()), (1, Err(SendError::TimedOut(2))));
    assert_eq!((queue.stats().senders_waiting, all(&queue)), (0, vec![0]));
    let now = std::pin::pin!(queue.send_timeout(3, Duration::ZERO, &clock));
    assert_eq!((ready(now), queue.try_recv()), (Ok(()), Ok(3)), "there is room, and no time is needed");
}

#[test]
fn one_that_is_let_in_at_the_last_moment_is_sent() {
    let (queue, clock) = (full(0), ManualClock::new());
    let mut waits = probe(queue.send_timeout(1, SECOND, &clock));
    clock.advance(SECOND);
    assert_eq!((queue.try_recv(), waits.assert_ready()), (Ok(0), Ok(())), "before it is polled again");
    assert_eq!(queue.try_recv(), Ok(1));
}

#[test]
fn one_that_is_dropped_leaves_the_line() {
    let (queue, clock, held) = (full(Arc::new(())), ManualClock::new(), Arc::new(()));
    let waits = probe(queue.send_timeout(held.clone(), SECOND, &clock));
    let mut next = probe(queue.send(held.clone()));
    drop(waits);
    assert_eq!((Arc::strong_count(&held), queue.stats().senders_waiting), (2, 1));
    assert!(queue.try_recv().is_ok() && next.assert_ready().is_ok());
}

#[test]
fn a_heavy_head_that_gives_up_lets_lighter_ones_go() {
    let (queue, clock) = (by_weight(3).build(), ManualClock::new());
    queue.try_send(2).unwrap();
    let mut heavy = probe(queue.send_timeout(3, SECOND, &clock));
    let mut light = probe(queue.send(1));
    clock.advance(SECOND);
    assert_eq!(
        (heavy.assert_ready(), light.wakes(), light.assert_ready()),
        (Err(SendError::TimedOut(3)), 1, Ok(()))
    );
}

#[test]
fn the_other_ends_come_before_the_limit() {
    let (queue, clock) = (by_weight(3).build(), ManualClock::new());
    let heavy = std::pin::pin!(queue.send_timeout(4, SECOND, &clock));
    assert_eq!(ready(heavy), Err(SendError::TooHeavy(4)));
    queue.try_send(3).unwrap();
    let mut waits = probe(queue.send_timeout(1, SECOND, &clock));
    queue.close();
    assert_eq!((waits.wakes(), waits.assert_ready()), (1, Err(SendError::Closed(1))));
    let closed = std::pin::pin!(queue.send_timeout(2, SECOND, &clock));
    assert_eq!(ready(closed), Err(SendError::Closed(2)));
}

#[test]
fn the_limit_counts_from_the_first_poll_that_waits_and_may_be_as_long_as_there_is() {
    let (queue, clock) = (full(0), ManualClock::new());
    let later = queue.send_timeout(1, SECOND, &clock);
    let mut for_ever = probe(queue.send_timeout(2, Duration::MAX, &clock));
    clock.advance(SECOND);
    let mut later = probe(later);
    clock.advance(SECOND - Duration::from_nanos(1));
    later.assert_pending();
    clock.advance(Duration::from_nanos(1));
    assert_eq!(later.assert_ready(), Err(SendError::TimedOut(1)));
    clock.advance(Duration::from_secs(1 << 34));
    for_ever.assert_pending();
    assert_eq!((queue.try_recv(), for_ever.assert_ready()), (Ok(0), Ok(())));
}

#[test]
fn each_item_is_sent_or_comes_back_whenever_the_limit_is() {
    let (in_time, late) = (Cell::new(0), Cell::new(0));
    Check::random(2_000).spurious_polls().assert(async |sim| {
        let (queue, timer) = (Arc::new(Queue::bounded(1)), sim.clone());
        let receives = queue.clone();
        let receives = sim.spawn_task(async move {
            let mut received = Vec::new();
            while let Some(item) = receives.recv().await {
                received.push(item);
                timer.sleep(SECOND).await;
            }
            received
        });
        let (mut sent, mut back) = (Vec::new(), Vec::new());
        for item in 0..5 {
            // The receiver comes at the same moment as the limit.
            match queue.send_timeout(item, SECOND, &sim).await {
                Ok(()) => sent.push(item),
                Err(error) => back.push(error.into_inner()),
            }
        }
        queue.close();
        assert_eq!(receives.unwrap().await.unwrap(), sent);
        assert_eq!(sent.len() + back.len(), 5);
        in_time.set(in_time.get() + sent.len());
        late.set(late.get() + back.len());
    });
    assert!(in_time.get() > 0 && late.get() > 0);
}
