//! Policies among tower's own layers, on tokio, where most of those run.

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::sync::Arc;
use std::time::Duration;
use tower::limit::ConcurrencyLimit;
use tower::load_shed::error::Overloaded;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt, service_fn};
use untether::limit::{Bulkhead, Quota, RateLimiter};
use untether::policy::{Error, Reject, Timeout, stack};
use untether::retry::schedule::{Jitter, constant};
use untether::retry::{Retry, StopReason};
use untether::rt::tokio::Tokio;
use untether::testing::Probe;
use untether::tower::{Answer, Boxed, answer, answering, boxed, layer};

const SECOND: Duration = Duration::from_secs(1);

/// Not `Clone`, as most bodies are not.
#[derive(Debug, PartialEq)]
struct Body(String);

fn on_tokio<F: Future>(body: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(body)
}

async fn echo(body: Body) -> Result<Body, Infallible> {
    Ok(body)
}

#[test]
fn a_permit_of_a_limit_of_towers_comes_back_from_a_call_that_was_refused() {
    let closed = Bulkhead::new(1);
    closed.close();
    let mut service = layer(stack((&closed,)), Tokio);
    let mut limited = tower::Layer::layer(&service, ConcurrencyLimit::new(service_fn(echo), 1));
    for _ in 0..3 {
        let ready = Probe::new(poll_fn(|cx| limited.poll_ready(cx))).poll();
        assert!(ready.is_ready(), "the permit of the call before was not given back");
        let error = Probe::new(limited.call(Body("hello".into()))).assert_ready().unwrap_err();
        assert!(error.is_refused());
    }
    let open = Bulkhead::new(1);
    service = layer(stack((&open,)), Tokio);
    let mut again = tower::Layer::layer(&service, limited.into_inner());
    assert!(Probe::new(poll_fn(|cx| again.poll_ready(cx))).poll().is_ready());
    assert!(Probe::new(again.call(Body("hello".into()))).assert_ready().is_ok());
}

#[test]
fn a_repeat_takes_a_permit_of_its_own() {
    on_tokio(async {
        let refuses = service_fn(|_: Body| async { Err::<Body, _>("refused") });
        let policy = stack((Retry::new(constant(SECOND)), Timeout::new(SECOND)));
        let layer = layer(policy, Tokio).repeated_by(|body: &Body| Some(Body(body.0.clone())));
        let service = ServiceBuilder::new().layer(layer).concurrency_limit(1).service(refuses);
        let calls = (0..5).map(|n| tokio::spawn(service.clone().oneshot(Body(n.to_string()))));
        for call in calls.collect::<Vec<_>>() {
            let error: Error<&str> = call.await.unwrap().unwrap_err();
            assert_eq!((error.inner(), error.attempts()), (Some(&"refused"), 3));
            assert_eq!(error.stopped(), Some(StopReason::Exhausted));
        }
    });
}

#[test]
fn it_stands_between_layers_that_box_their_errors() {
    on_tokio(async {
        let service = ServiceBuilder::new()
            .load_shed()
            .buffer(8)
            .map_err(boxed::<BoxError>)
            .layer(layer(stack((Timeout::new(SECOND), Arc::new(Bulkhead::new(1)))), Tokio))
            .buffer(8)
            .timeout(SECOND / 2)
            .service_fn(|body: Body| async move {
                if body.0 == "hang" {
                    pending::<()>().await;
                }
                Ok::<_, Infallible>(body)
            });
        assert_eq!(service.clone().oneshot(Body("hello".into())).await.unwrap(), Body("hello".into()));

        // The timeout of tower inside of ours, through two boxes and a buffer.
        let error = service.clone().oneshot(Body("hang".into())).await.unwrap_err();
        let ours = error.downcast_ref::<Error<Boxed>>().expect("ours comes out as it was");
        assert!(ours.inner().unwrap().get_ref().is::<tower::timeout::error::Elapsed>());
        assert!(!error.is::<Overloaded>());
    });
}

#[test]
fn our_timeout_is_told_from_towers() {
    on_tokio(async {
        let service = ServiceBuilder::new()
            .layer(layer(stack((Timeout::new(SECOND / 2).named("ours"),)), Tokio))
            .timeout(SECOND)
            .service_fn(|_: Body| pending::<Result<Body, Infallible>>());
        let error = service.oneshot(Body("hang".into())).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(boxed(error).to_string(), "ours: timed out after 500ms");
    });
}

#[test]
fn errors_become_answers_and_the_service_cannot_fail_any_more() {
    on_tokio(async {
        let limiter = Arc::new(RateLimiter::new(Quota::per_second(1).burst(1), Tokio));
        let service = ServiceBuilder::new()
            .layer(answering(|error: Error<u16>| answer(&error, |status| Answer::new(*status)).status()))
            .layer(layer(stack((Reject(limiter.clone()), Timeout::new(SECOND))), Tokio))
            .service_fn(|status: u16| async move {
                match status {
                    0 => pending().await,
                    200 => Ok(200),
                    status => Err(status),
                }
            });
        // As a router wants it.
        let service: BoxCloneSyncService<u16, u16, Infallible> = BoxCloneSyncService::new(service);
        let mut answers = Vec::new();
        for status in [200, 200, 404, 0] {
            answers.push(service.clone().oneshot(status).await.unwrap());
            if answers.len() != 1 {
                tokio::time::sleep(SECOND).await;
            }
        }
        assert_eq!(answers, [200, 429, 404, 504]);
    });
}

#[test]
fn jitter_and_sleeps_are_those_of_the_paused_clock() {
    on_tokio(async {
        let start = tokio::time::Instant::now();
        let schedule = constant(60 * SECOND).jitter(Jitter::NONE);
        let service = ServiceBuilder::new()
            .layer(layer(stack((Retry::new(schedule),)), Tokio).cloning())
            .service_fn(|()| async { Err::<(), _>("refused") });
        service.oneshot(()).await.unwrap_err();
        assert_eq!(start.elapsed(), 120 * SECOND);
    });
}
