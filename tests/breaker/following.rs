//! The changes of state, as a stream.

use super::*;
use futures_util::stream::FusedStream;
use futures_util::{FutureExt, StreamExt};
use untether::testing::CountingWaker;

fn names<C: Clock>(stream: &mut untether::fault::breaker::Transitions<&Breaker<C>>) -> Vec<String> {
    std::iter::from_fn(|| stream.next().now_or_never().flatten()).map(|told| told.to_string()).collect()
}

#[test]
fn each_who_follows_gets_every_change_in_order() {
    let clock = ManualClock::new();
    let breaker = plan().consecutive(1).build(clock.clone());
    let mut first = breaker.transitions();
    fail(&breaker, 1);
    let mut second = breaker.transitions();
    clock.advance(10 * SECOND);
    succeed(&breaker, 1);
    drop(breaker.isolate());
    breaker.force_open();
    breaker.force_closed();
    breaker.reset();
    breaker.reset();
    let all = [
        "closed -> open: failures in a row",
        "open -> half open: time to probe",
        "half open -> closed: probes succeeded",
        "closed -> isolated: isolated",
        "isolated -> closed: released",
        "closed -> forced open: forced",
        "forced open -> forced closed: forced",
        "forced closed -> closed: reset",
        "closed -> closed: reset",
    ];
    assert_eq!(names(&mut first), all);
    assert_eq!(names(&mut second), all[1..]);
    assert_eq!((first.missed(), second.missed(), first.is_terminated()), (0, 0, false));
}

#[test]
fn who_is_too_slow_misses_old_ones_and_never_the_newest() {
    let breaker = plan().build(ManualClock::new());
    let mut follows = breaker.transitions();
    (0..100).for_each(|_| breaker.reset());
    let generations: Vec<u64> =
        std::iter::from_fn(|| follows.next().now_or_never().flatten()).map(|told| told.generation).collect();
    assert_eq!(generations, (85..=100).collect::<Vec<_>>());
    assert_eq!(follows.missed(), 84);
    breaker.reset();
    assert_eq!(follows.next().now_or_never().flatten().unwrap().generation, 101);
}

#[test]
fn who_waits_is_woken_once_and_who_went_is_not() {
    let breaker = plan().consecutive(1).build(ManualClock::new());
    let (mut waits, mut goes) = (breaker.transitions(), breaker.transitions());
    let (woken, gone) = (CountingWaker::new(), CountingWaker::new());
    let poll = |stream: &mut untether::fault::breaker::Transitions<&Breaker>, waker: &CountingWaker| {
        stream.poll_next_unpin(&mut std::task::Context::from_waker(&waker.waker())).is_ready()
    };
    assert!(!poll(&mut waits, &woken) && !poll(&mut goes, &gone));
    drop(goes);
    fail(&breaker, 1);
    assert_eq!((woken.wakes(), gone.wakes()), (1, 0));
    breaker.reset();
    assert_eq!(woken.wakes(), 1);
    assert!(poll(&mut waits, &woken) && poll(&mut waits, &woken) && !poll(&mut waits, &woken));
}

#[test]
fn who_follows_may_own_its_breaker_and_comes_and_goes() {
    let breaker = Arc::new(plan().consecutive(1).build(ManualClock::new()));
    for _ in 0..3 {
        let mut follows = CircuitBreaker::transitions_owned(breaker.clone());
        fail(&breaker, 1);
        assert_eq!(follows.next().now_or_never().flatten().unwrap().to, State::Open);
        breaker.reset();
    }
    assert_eq!(Arc::strong_count(&breaker), 1);
}
