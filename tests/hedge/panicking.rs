//! Panics of what is run.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One attempt that runs, and one that does what it is told when it is called or polled.
fn beside(service: &Service, second: impl Fn() -> Ready<Answer>) -> String {
    let calls = |attempt: Attempt| -> Call<'_> {
        if attempt.is_first() { service.takes(&[9])(attempt) } else { Box::pin(second()) }
    };
    let mut hedging = Probe::new(Hedge::after(SECOND).extra(3).run(calls, &service.clock));
    hedging.assert_pending();
    service.clock.advance(SECOND);
    let panic = catch_unwind(AssertUnwindSafe(|| hedging.poll())).unwrap_err();
    drop(hedging);
    panic.downcast_ref::<&str>().unwrap().to_string()
}

#[test]
fn a_panic_of_one_goes_through_and_the_others_are_dropped() {
    let service = Service::default();
    assert_eq!(beside(&service, || panic!("a bug")), "a bug");
    assert_eq!((service.running(), service.clock.sleepers()), (0, 0));
}

#[test]
fn after_a_call_that_panicked_nothing_is_called_again() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let panics = |_: Attempt| -> Ready<Answer> {
        calls.set(calls.get() + 1);
        panic!("a bug")
    };
    let mut hedging = Probe::new(Hedge::after(Duration::ZERO).run(panics, &clock));
    for _ in 0..3 {
        catch_unwind(AssertUnwindSafe(|| hedging.poll())).unwrap_err();
    }
    assert_eq!(calls.get(), 1);
}

#[test]
fn a_loser_that_panics_when_it_is_dropped_leaves_no_other_behind() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("not without a fight");
        }
    }
    let service = Service::default();
    let calls = |attempt: Attempt| -> Call<'_> {
        match attempt.number() {
            2 => {
                let bomb = Bomb;
                Box::pin(async move {
                    let _bomb = bomb;
                    pending().await
                })
            }
            number => {
                let (alive, clock) = (service.alive.clone(), service.clock.clone());
                Box::pin(async move {
                    let _alive = alive;
                    clock.sleep(if number == 4 { SECOND } else { 99 * SECOND }).await;
                    Ok(number)
                })
            }
        }
    };
    let mut hedging = Probe::new(Hedge::after(SECOND).extra(3).run(calls, &service.clock));
    for _ in 0..4 {
        hedging.assert_pending();
        service.clock.advance(SECOND);
    }
    catch_unwind(AssertUnwindSafe(|| hedging.poll())).unwrap_err();
    drop(hedging);
    assert_eq!((service.running(), service.clock.sleepers()), (0, 0));
}
