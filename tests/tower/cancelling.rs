//! Calls that are dropped, and calls that panic.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Waker;
use untether::limit::Bulkhead;
use untether::policy::{Op, Policy, Timeout, stack};
use untether::retry::Attempt;

#[test]
fn a_call_that_is_dropped_at_any_of_its_polls_gives_everything_back() {
    for polls in 0..5 {
        let clock = ManualClock::new();
        let bulkhead = Bulkhead::new(1);
        let upstream = Strict::doing(2, [Does::Fail, Does::Hang]);
        let shared = upstream.shared.clone();
        let policy = stack((Timeout::new(9 * SECOND), after_a_second(), &bulkhead));
        let mut service = untether::tower::layer(policy, &clock).repeated_by(copied).layer(upstream);
        let mut place = Some(bulkhead.try_acquire().unwrap());
        let mut others = None;
        let mut call = called(&mut service, 7);
        for poll in 0..polls {
            match poll {
                1 => place = None, // it is let in, fails, and waits
                2 => {
                    others = Some([service.get_ref().clone(), service.get_ref().clone()]);
                    assert!(others.iter_mut().flatten().all(is_ready));
                    clock.advance(SECOND); // the next attempt finds the service not ready
                }
                3 => others = None, // it is called, and hangs
                _ => {}
            }
            call.assert_pending();
        }
        let requests = [0, 0, 1, 1, 2][polls];
        assert_eq!(shared.called().len(), requests, "after {polls} polls");
        drop((call, place, others));
        shared.assert_whole();
        assert_eq!((bulkhead.stats().running, bulkhead.stats().waiting), (0, 0));
        drop(called(&mut service, 8));
        shared.assert_whole();
    }
}

#[test]
fn a_panic_of_the_service_gives_everything_back() {
    let bulkhead = Bulkhead::new(1);
    let upstream = Strict::doing(1, [Does::Panic]);
    let shared = upstream.shared.clone();
    let mut service = untether::tower::layer(stack((&bulkhead,)), ManualClock::new()).layer(upstream);
    let mut call = called(&mut service, 7);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(call.poll()))).is_err());
    drop(call);
    shared.assert_whole();
    assert_eq!(called(&mut service, 8).assert_ready().unwrap(), Response(8));
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn to_poll_a_call_again_after_its_end_is_said_to_be_a_mistake() {
    /// Nothing but the call itself.
    #[derive(Clone)]
    struct Nothing;

    impl<O: Op, E> Policy<O, E> for Nothing {
        type Ok = O::Ok;
        type Err = O::Err;
        type Future = O::Future;

        fn run(&self, operation: O, _: &E, attempt: Attempt) -> O::Future {
            operation.call(attempt)
        }
    }

    let mut service = untether::tower::layer(Nothing, ManualClock::new()).layer(Strict::new(1));
    assert!(is_ready(&mut service));
    let mut future = pin!(service.call(Request(7)));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut cx).is_ready());
    let _ = future.as_mut().poll(&mut cx);
}
