//! Threads that come, end and are told, at the same time.

use super::{CircuitBreaker, State};
use crate::retry::schedule::{Backoff, Constant, Jitter, constant};
use crate::sys::models::{block_on, join, model, thread};
use crate::time::{Clock, Instant, Seed};
use alloc::sync::Arc;
use core::future::poll_fn;
use core::pin::Pin;
use core::time::Duration;
use futures_core::Stream;

/// Time stands still, so that only what is done decides.
struct Still;

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant::from_nanos(1 << 50)
    }
}

type Breaker = Arc<CircuitBreaker<Still, Backoff<Constant>, Seed>>;

/// Used once before it is shared.
fn breaker(failures: u32, open_for: Duration) -> Breaker {
    let schedule = constant(open_for).jitter(Jitter::NONE);
    let plan = CircuitBreaker::builder().open_for(schedule).entropy(Seed::new(1)).consecutive(failures);
    let breaker = Arc::new(plan.build(Still));
    assert_eq!((breaker.state(), breaker.stats().generation), (State::Closed, 0));
    assert!(breaker.try_acquire().expect("it is closed").success().is_none());
    breaker
}

#[test]
fn of_two_failures_at_the_same_time_one_opens_it_and_neither_is_lost() {
    model(|| {
        let breaker = breaker(2, Duration::MAX);
        let theirs = breaker.clone();
        let fails = thread::spawn(move || {
            theirs.try_acquire().ok().and_then(|permit| permit.failure()).map(|told| told.to)
        });
        let mine = breaker.try_acquire().ok().and_then(|permit| permit.failure()).map(|told| told.to);
        let [theirs] = join([fails]);
        assert!(matches!((mine, theirs), (Some(State::Open), None) | (None, Some(State::Open))));
        assert_eq!((breaker.state(), breaker.stats().opened), (State::Open, 1));
        assert!(breaker.try_acquire().is_err_and(|rejected| rejected.retry_after().is_some()));
    });
}

#[test]
fn a_success_that_is_not_told_at_a_look_came_before_the_failure_or_undoes_it() {
    model(|| {
        let breaker = breaker(2, Duration::MAX);
        let permit = CircuitBreaker::try_acquire_owned(breaker.clone()).expect("it is closed");
        let succeeds = thread::spawn(move || permit.success().is_some());
        assert!(breaker.try_acquire().expect("it is closed").failure().is_none());
        let counted = breaker.stats().failures_in_a_row;
        assert!(counted <= 1);
        assert_eq!(join([succeeds]), [false]);
        // Once they are through, whoever fails next opens it only if that success came first.
        let opens = breaker.try_acquire().expect("it is closed").failure().is_some();
        assert!(!opens || counted == 1, "a success after the failure was lost");
    });
}

#[test]
fn of_two_who_come_when_it_is_time_one_probes_and_a_word_from_before_is_not_heard() {
    model(|| {
        let breaker = breaker(1, Duration::ZERO);
        let late = CircuitBreaker::try_acquire_owned(breaker.clone()).expect("it is closed");
        assert!(breaker.try_acquire().expect("it is closed").failure().is_some());
        let theirs = breaker.clone();
        let comes = thread::spawn(move || {
            assert!(late.success().is_none());
            CircuitBreaker::try_acquire_owned(theirs).ok()
        });
        let mine = CircuitBreaker::try_acquire_owned(breaker.clone()).ok();
        let [theirs] = join([comes]);
        assert_eq!((mine.is_some(), breaker.state()), (theirs.is_none(), State::HalfOpen));
        let probe = mine.or(theirs).expect("one of them");
        assert!(probe.success().is_some_and(|told| told.to == State::Closed));
    });
}

#[test]
fn each_opening_gets_its_length_though_two_open_it_at_the_same_time() {
    model(|| {
        let breaker = breaker(1, Duration::MAX);
        let theirs = breaker.clone();
        let fails = thread::spawn(move || {
            theirs.reset();
            if let Ok(permit) = theirs.try_acquire() {
                permit.failure();
            }
        });
        if let Ok(permit) = breaker.try_acquire() {
            permit.failure();
        }
        join([fails]);
        let stats = breaker.stats();
        assert_eq!(stats.state == State::Open, stats.probes_at.is_some(), "{stats:?}");
    });
}

#[test]
fn who_follows_is_told_of_a_change_that_comes_as_it_begins_to_wait() {
    model(|| {
        let breaker = breaker(1, Duration::MAX);
        let mut follows = CircuitBreaker::transitions_owned(breaker.clone());
        let theirs = breaker.clone();
        let opens = thread::spawn(move || {
            assert!(theirs.try_acquire().is_ok_and(|permit| permit.failure().is_some()))
        });
        let told = block_on(poll_fn(|cx| Pin::new(&mut follows).poll_next(cx)));
        assert!(told.is_some_and(|told| told.to == State::Open));
        join([opens]);
        drop(follows);
    });
}

#[test]
fn a_word_from_before_that_was_on_its_way_as_the_state_changed_is_not_heard() {
    model(|| {
        let breaker = breaker(2, Duration::ZERO);
        // A failure was counted, so that a success is told under the lock.
        assert!(breaker.try_acquire().expect("it is closed").failure().is_none());
        let late = CircuitBreaker::try_acquire_owned(breaker.clone()).expect("it is closed");
        let succeeds = thread::spawn(move || late.success().is_some());
        let opened = breaker.try_acquire().expect("it is closed").failure().is_some();
        // Unless the success came first, and the failures were not in a row.
        let probe = opened.then(|| breaker.try_acquire().expect("it is time"));
        assert_eq!(join([succeeds]), [false]);
        assert_eq!(breaker.state(), if opened { State::HalfOpen } else { State::Closed });
        drop(probe);
    });
}
