//! What comes out, what is shared, and who may use it.

use super::*;
use std::cell::Cell;
use std::error::Error as StdError;
use std::rc::Rc;
use untether::limit::{Bulkhead, bulkhead};
use untether::policy::{Cause, Op, Policy, Timeout, stack, standard};
use untether::retry::Attempt;
use untether::spawn::SpawnExt;
use untether::tower::{Answer, Boxed, PolicyService, answer, answering, boxed, layer};

#[test]
fn errors_keep_their_type() {
    let clock = ManualClock::new();
    let mut service =
        layer(stack((Timeout::new(SECOND),)), &clock).layer(Strict::doing(1, [Does::Hang, Does::Fail]));
    let mut call = called(&mut service, 1);
    call.assert_pending();
    clock.advance(SECOND);
    let error: Error<&'static str> = call.assert_ready().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(answer(&error, |_| unreachable!()).status(), 504);
    drop(call); // what took too long is gone with it
    assert_eq!(called(&mut service, 2).assert_ready().unwrap_err().into_inner().unwrap(), "refused");
}

#[test]
fn any_policy_is_a_layer_and_layers_go_around_layers() {
    let clock = ManualClock::new();
    let places = Bulkhead::new(1);
    let inner = layer(Timeout::new(SECOND), &clock).layer(Strict::doing(1, [Does::Fail]));
    let mut outer = layer(&places, &clock).layer(inner);
    let error: Error<Error<&str>> = called(&mut outer, 1).assert_ready().unwrap_err();
    assert_eq!(error.into_inner().unwrap().into_inner().unwrap(), "refused");
    assert_eq!(called(&mut outer, 2).assert_ready().unwrap(), Response(2));
}

#[test]
fn what_is_shared_is_shared_by_clones_and_by_all_services_of_a_layer() {
    let clock = ManualClock::new();
    let layer = layer(stack((Arc::new(Bulkhead::builder(1).queue(0).build()),)), &clock);
    let mut service = layer.layer(Strict::doing(9, [Does::Hang]));
    let mut hangs = called(&mut service, 1);
    hangs.assert_pending();
    for other in [&mut service.clone(), &mut layer.layer(Strict::new(9))] {
        let error = called(other, 2).assert_ready().unwrap_err();
        assert!(matches!(error.cause(), Cause::Full(bulkhead::AcquireError::Full)));
    }
    drop(hangs);
    assert_eq!(called(&mut service, 3).assert_ready().unwrap(), Response(3));
}

#[test]
fn a_policy_of_ones_own_has_its_own_error() {
    #[derive(Debug, PartialEq)]
    struct Ours(Option<&'static str>);

    impl From<Error<&'static str>> for Ours {
        fn from(error: Error<&'static str>) -> Self {
            Self(error.into_inner().ok())
        }
    }

    #[derive(Clone)]
    struct Translated;

    impl<O: Op<Err = Error<&'static str>>, E> Policy<O, E> for Translated {
        type Ok = O::Ok;
        type Err = Ours;
        type Future = futures_util::future::ErrInto<O::Future, Ours>;

        fn run(&self, operation: O, _: &E, attempt: Attempt) -> Self::Future {
            futures_util::TryFutureExt::err_into(operation.call(attempt))
        }
    }

    let mut service = layer(Translated, ManualClock::new()).layer(Strict::doing(1, [Does::Fail]));
    assert_eq!(called(&mut service, 1).assert_ready(), Err(Ours(Some("refused"))));
    service.get_ref().shared.unready.lock().unwrap().push_back("gone");
    assert_eq!(Probe::new(ask(&mut service, 1)).assert_ready(), Err(Ours(Some("gone"))));
}

#[test]
fn a_whole_stack_is_spawned_and_answers() {
    untether::rt::threads::block_on(|rt| async move {
        let policy = stack((
            Timeout::new(20 * SECOND),
            Retry::new(constant(Duration::from_millis(1))),
            Arc::new(Bulkhead::new(2)),
            Timeout::new(10 * SECOND),
        ));
        let layer = layer(policy, rt.clone()).repeated_by(copied);
        let service = layer.layer(Strict::doing(2, [Does::Fail, Does::Fail]));
        let ask = |request| {
            let mut service = service.clone();
            rt.spawn_task(async move { ask(&mut service, request).await.unwrap() }).unwrap()
        };
        let tasks: Vec<_> = (0..8).map(ask).collect();
        for (request, task) in (0..).zip(tasks) {
            assert_eq!(task.await.unwrap(), Response(request));
        }
        service.get_ref().shared.assert_whole();
    });
}

#[test]
fn a_service_that_stays_on_its_thread_is_fine() {
    #[derive(Clone)]
    struct Stays(Rc<Cell<u32>>);

    impl Service<Request> for Stays {
        type Response = Rc<Cell<u32>>;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<Rc<Cell<u32>>, Self::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, Request(request): Request) -> Self::Future {
            self.0.set(request);
            std::future::ready(Ok(self.0.clone()))
        }
    }

    let mut service = layer(standard(), Rc::new(ManualClock::new())).layer(Stays(Rc::default()));
    assert_eq!(called(&mut service, 7).assert_ready().unwrap().get(), 7);
}

#[test]
fn an_error_in_a_box_is_an_error_again_and_keeps_what_is_inside() {
    #[derive(Debug)]
    struct Inner(std::fmt::Error);
    impl std::fmt::Display for Inner {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("outer words")
        }
    }
    impl StdError for Inner {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    type BoxError = Box<dyn StdError + Send + Sync>;
    let error: BoxError = boxed(Error::failed(BoxError::from(Inner(std::fmt::Error))));
    assert_eq!(error.to_string(), "outer words");
    assert!(error.source().unwrap().is::<std::fmt::Error>());
    let error = error.downcast::<Error<Boxed>>().unwrap().into_inner().unwrap();
    assert!(error.get_ref().is::<Inner>() && error.into_inner().is::<Inner>());
}

#[test]
fn a_service_that_answers_its_errors_cannot_fail() {
    let own = answering(|error: Error<&str>| Response(answer(&error, |_| Answer::new(502)).status().into()));
    let closed = Bulkhead::new(1);
    let inner = layer(stack((&closed,)), ManualClock::new()).layer(Strict::doing(1, [Does::Fail]));
    let shared = inner.get_ref().shared.clone();
    let mut service = own.layer(inner);
    assert_eq!(called(&mut service, 1).assert_ready(), Ok(Response(502)));
    assert_eq!(called(&mut service, 2).assert_ready(), Ok(Response(2)));

    shared.unready.lock().unwrap().push_back("gone");
    assert!(is_ready(&mut service) && is_ready(&mut service));
    let mut other = service.clone();
    assert_eq!(Probe::new(service.call(Request(3))).assert_ready(), Ok(Response(502)));
    assert_eq!(called(&mut other, 4).assert_ready(), Ok(Response(4)), "which knows nothing of it");
    assert_eq!(called(&mut service, 5).assert_ready(), Ok(Response(5)), "it is asked anew");
    closed.close();
    assert_eq!(called(&mut service, 6).assert_ready(), Ok(Response(503)));
    let requests: Vec<u32> = shared.called().into_iter().map(|(_, request)| request).collect();
    assert_eq!(requests, [1, 2, 4, 5]);
    shared.assert_whole();
}

#[test]
fn it_is_said_what_it_is_and_no_more() {
    let policy = stack((Timeout::new(SECOND),));
    let layer = layer(policy, ManualClock::new());
    assert_eq!(format!("{layer:?}"), "PolicyLayer { .. }");
    let service: PolicyService<u8, _, _> = layer.layer(7);
    assert_eq!(format!("{service:?}"), "PolicyService { service: 7, .. }");
    assert_eq!(service.into_inner(), 7);
}
