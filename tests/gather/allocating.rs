//! What allocates.

use super::*;
use untether::spawn::yield_now;
use untether_support::allocations;

/// How often `body` allocates.
fn counted<R>(body: impl FnOnce() -> R) -> u64 {
    let before = allocations();
    drop(body());
    allocations() - before
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

async fn gives_way(n: u64) -> Result<u64, ()> {
    yield_now().await;
    Ok(n)
}

#[test]
fn a_tuple_allocates_nothing() {
    assert_eq!(counted(|| run(gather((gives_way(1), gives_way(2), ready(Err::<(), _>(3)))))), 0);
    assert_eq!(counted(|| run(try_gather((gives_way(1), gives_way(2))))), 0);
    assert_eq!(counted(|| run(race((gives_way(1), gives_way(2))))), 0);
    assert_eq!(counted(|| run(first_ok((gives_way(1), gives_way(2))))), 0);
}

#[test]
fn few_are_one_block_its_place_and_their_outcomes() {
    assert_eq!(counted(|| run(gather((0..16).map(gives_way)))), 3);
    assert_eq!(counted(|| run(race((0..16).map(gives_way)))), 2, "nothing is kept of them");
}

#[test]
fn children_that_are_ready_or_give_way_share_one_waker_and_16_of_them_an_allocation() {
    // Blocks, their places, outcomes; who was woken, in as many floors as there are, and one waker.
    let of_1600 = counted(|| run(gather((0..1_600).map(gives_way))));
    assert!((102..=115).contains(&of_1600), "{of_1600}");
    let ready = counted(|| run(gather((0..1_600).map(|n| ready(Ok::<_, ()>(n))))));
    assert!(ready <= of_1600);
}

#[test]
fn each_that_waits_has_one_waker_of_its_own() {
    let (senders, children) = told(1_600);
    let mut gathering = Box::pin(gather(children));
    let waiting = counted(|| {
        for _ in 0..13 {
            assert!(gathering.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
    });
    assert!((1_600..=1_620).contains(&waiting), "{waiting}");
    senders.into_iter().for_each(|sender| sender.send(Ok(1)).unwrap());
    let ending = counted(|| run(&mut gathering));
    assert_eq!(ending, 0, "their outcomes have their places");
}

#[test]
fn large_children_have_an_allocation_each() {
    let large = |n: u64| async move {
        let large = [n; 100];
        yield_now().await;
        Ok::<u64, ()>(large[0])
    };
    assert_eq!(counted(|| run(gather((0..10).map(large)))), 12);
}
