//! Who wins, who is waited for, and what comes out.

use super::*;
use std::task::{Context, Waker};

fn after(seconds: u32) -> Hedge {
    Hedge::after(seconds * SECOND)
}

/// The rules, how long each attempt takes, what comes out, after how long, and how many were made.
#[track_caller]
fn assert_run(hedge: Hedge, takes: &[i32], expected: (Answer, u64), calls: u32) {
    let service = Service::default();
    let ran = run(&service.clock, hedge.run(service.takes(takes), &service.clock));
    assert_eq!((ran, service.calls.get()), (expected, calls));
    assert_eq!((service.running(), service.clock.sleepers()), (0, 0));
}

#[test]
fn an_answer_that_comes_in_time_makes_no_further_attempt() {
    assert_run(after(3), &[2], (Ok(1), 2), 1);
    assert_run(after(3).extra(3), &[2], (Ok(1), 2), 1);
}

#[test]
fn an_answer_that_is_there_when_the_delay_ends_makes_none_either() {
    assert_run(after(3), &[3], (Ok(1), 3), 1);
}

#[test]
fn the_first_success_wins_whichever_attempt_it_is_of() {
    assert_run(after(3), &[9, 2], (Ok(2), 5), 2);
    assert_run(after(3), &[4, 9], (Ok(1), 4), 2);
    assert_run(after(2).extra(3), &[9, 9, 9, 1], (Ok(4), 7), 4);
    assert_run(after(2).extra(3), &[9, 9, 3, 9], (Ok(3), 7), 4);
}

#[test]
fn of_two_that_are_ready_together_the_one_that_began_first_wins() {
    assert_run(after(3), &[5, 2], (Ok(1), 5), 2);
}

/// tower takes whatever ends first, an error as well.
#[test]
fn an_error_does_not_win_while_another_attempt_runs() {
    assert_run(after(3), &[-4, 6], (Ok(2), 9), 2);
    assert_run(after(3), &[6, -1], (Ok(1), 6), 2);
    assert_run(after(1).extra(3), &[-2, -2, -2, 3], (Ok(4), 6), 4);
}

#[test]
fn when_all_have_failed_the_last_to_fail_says_why() {
    assert_run(after(3), &[-4, -6], (Err(2), 9), 2);
    assert_run(after(3), &[-9, -1], (Err(1), 9), 2);
    assert_run(after(1).extra(3), &[-9, -1, -1, -1], (Err(1), 9), 4);
}

#[test]
fn a_failure_begins_no_further_attempt() {
    assert_run(after(3).extra(3), &[-2], (Err(1), 2), 1);
}

#[test]
fn while_another_runs_a_failure_does_not_put_off_the_next_attempt() {
    assert_run(after(2).extra(2), &[-3, 9, 1], (Ok(3), 5), 3);
}

#[test]
fn zero_begins_all_at_once_and_the_longest_duration_none() {
    assert_run(after(0).extra(3), &[9, 9, 2, 9], (Ok(3), 2), 4);
    assert_run(Hedge::after(Duration::MAX), &[9], (Ok(1), 9), 1);
}

#[test]
fn what_is_ready_at_once_reads_no_clock_and_registers_nothing() {
    struct Untouched;
    impl Clock for Untouched {
        fn now(&self) -> Instant {
            panic!("nobody has to know the time");
        }
    }
    impl Timer for Untouched {
        type Sleep = Ready<()>;

        fn sleep_until(&self, _: Instant) -> Self::Sleep {
            panic!("nobody waits");
        }
    }
    let told = RefCell::new(0);
    let hedge = Hedge::by(|_| -> Duration { panic!("nobody has to know the delay") });
    let hedge = hedge.observed(untether::observe::Lines::new(|_: &str| *told.borrow_mut() += 1));
    assert_eq!(Probe::new(hedge.run(|_| ready(Ok::<_, ()>(1)), Untouched)).assert_ready(), Ok(1));
    assert_eq!(Probe::new(hedge.run(|_| ready(Err::<(), _>(1)), Untouched)).assert_ready(), Err(1));
    assert_eq!(told.into_inner(), 0);
}

/// tower-resilience's go on by themselves.
#[test]
fn the_losers_are_gone_before_the_answer_is_given() {
    let service = Service::default();
    let answered = after(1).extra(2).run(service.takes(&[9, 9, 1]), &service.clock);
    let mut answered = Probe::new(answered);
    for running in [1, 2, 3] {
        answered.assert_pending();
        assert_eq!(service.running(), running);
        service.clock.advance(SECOND);
    }
    assert_eq!(answered.assert_ready(), Ok(3));
    assert_eq!((service.running(), service.clock.sleepers()), (0, 0), "though the future is still there");
    drop(answered);
}

/// fure's stand still while it waits for the next.
#[test]
fn attempts_that_run_are_polled_while_it_waits_for_the_next() {
    let (clock, polls) = (ManualClock::new(), [(); 3].map(|()| Cell::new(0)));
    let counts = |attempt: Attempt| {
        let polls = &polls[attempt.number() as usize - 1];
        std::future::poll_fn(move |_: &mut Context<'_>| {
            polls.set(polls.get() + 1);
            std::task::Poll::<Answer>::Pending
        })
    };
    let mut hedging = Probe::new(after(1).extra(2).run(counts, &clock));
    for _ in 0..3 {
        hedging.assert_pending();
        clock.advance(SECOND);
    }
    hedging.assert_pending();
    assert_eq!(polls.map(Cell::into_inner), [4, 3, 2], "each at every poll from its own beginning on");
}

#[test]
fn an_attempt_is_polled_in_the_poll_in_which_it_begins() {
    let clock = ManualClock::new();
    let backup =
        |attempt: Attempt| async move { if attempt.is_first() { pending().await } else { Ok::<_, ()>(2) } };
    let mut hedging = Probe::new(after(1).run(backup, &clock));
    hedging.assert_pending();
    clock.advance(SECOND);
    assert_eq!(hedging.assert_ready(), Ok(2));
}

/// dotnet's waited for the one that hung, with the answer in hand, beyond the limit of all of it.
#[test]
fn an_answer_waits_for_no_attempt_that_hangs_and_a_limit_around_it_ends_them_all() {
    let (clock, alive) = (ManualClock::new(), Rc::new(()));
    let third = |attempt: Attempt| {
        let (alive, clock) = (alive.clone(), &clock);
        async move {
            let _alive = alive;
            if attempt.number() < 3 {
                pending::<()>().await;
            }
            clock.sleep(SECOND).await;
            Ok::<_, ()>(attempt.number())
        }
    };
    let limited =
        |extra| untether::time::timeout(5 * SECOND, after(1).extra(extra).run(third, &clock), &clock);
    assert_eq!(run(&clock, limited(2)), (Ok(Ok(3)), 3));
    assert!(matches!(run(&clock, limited(1)), (Err(_), 5)));
    assert_eq!((Rc::strong_count(&alive), clock.sleepers()), (1, 0));
}

#[test]
fn what_counts_as_a_success_is_said_by_a_function() {
    let service = Service::default();
    let found_or_not = after(1).accept(|result: &Answer| *result != Ok(1));
    // The first says `Ok(1)`, which is not what was asked for; the second fails, which is an answer.
    let (answer, took) = run(&service.clock, found_or_not.run(service.takes(&[2, -2]), &service.clock));
    assert_eq!((answer, took), (Err(2), 3));
}

#[test]
fn when_nothing_is_accepted_the_last_result_comes_out_as_it_is() {
    let service = Service::default();
    let nothing = after(1).accept(|_: &Answer| false);
    assert_eq!(run(&service.clock, nothing.run(service.takes(&[-2, 2]), &service.clock)), (Ok(2), 3));
}

#[test]
fn no_extra_attempt_and_more_than_three_are_refused_where_they_are_written() {
    for extra in [0, 4, u32::MAX] {
        assert!(after(1).try_extra(extra).is_none());
        let panic = std::panic::catch_unwind(|| after(1).extra(extra)).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"a hedge has one to three extra attempts"));
    }
    assert!((1..=3).all(|extra| after(1).try_extra(extra).is_some()));
}

#[test]
fn rules_are_a_value_for_many_runs() {
    const RULES: Hedge = Hedge::after(SECOND).extra(2);
    for _ in 0..3 {
        let service = Service::default();
        assert_eq!(run(&service.clock, RULES.run(service.takes(&[9, 1]), &service.clock)), (Ok(2), 2));
    }
    assert_eq!(format!("{RULES:?}"), "Hedge { delay: After(1s), extra: 2, .. }");
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polled_again_after_it_was_ready_it_panics() {
    let mut hedging = Probe::new(after(1).run(|_| ready(Ok::<_, ()>(1)), ManualClock::new()));
    let _ = hedging.assert_ready();
    let _ = hedging.poll();
}

#[test]
fn a_thread_can_wait_for_it() {
    let threads = untether::rt::threads::Threads::new().unwrap();
    let backup =
        |attempt: Attempt| async move { if attempt.is_first() { pending().await } else { Ok::<_, ()>(2) } };
    assert_eq!(Hedge::after(MS).run(backup, threads).wait(), Ok(2));
}

#[test]
fn fresh_wakers_at_each_poll_are_the_ones_that_are_woken() {
    let service = Service::default();
    let mut hedging = Probe::new(after(1).run(service.takes(&[9, 2]), &service.clock));
    assert!(hedging.poll_with(Waker::noop()).is_pending());
    hedging.assert_pending();
    service.clock.advance(SECOND);
    assert_eq!(hedging.wakes(), 1, "the delay is over");
    assert!(hedging.poll_with(Waker::noop()).is_pending());
    hedging.assert_pending();
    service.clock.advance(2 * SECOND);
    assert_eq!(hedging.wakes(), 2, "the second has its answer");
    assert_eq!(hedging.assert_ready(), Ok(2));
}
