//! Policies as layers of tower: which service is called, what is repeated, what comes out, and that nothing of the service's readiness is
//! lost whoever refuses, fails, panics or is dropped. With tower's own layers: `tests/adapters/tests/tower.rs`.
#![cfg(all(feature = "tower", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod cancelling;
mod faults;
mod ready;
mod repeats;
mod simulated;
mod typed;

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;
use untether::policy::Error;
use untether::retry::schedule::{Backoff, Constant, Jitter, constant};
use untether::retry::{Body, Plan, Retry};
use untether::sync::Semaphore;
use untether::sync::semaphore::{Acquire, Permit};
use untether::testing::{ManualClock, Probe};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Neither can be cloned.
#[derive(Debug, PartialEq)]
struct Request(u32);

#[derive(Debug, PartialEq)]
struct Response(u32);

#[derive(Clone, Copy)]
enum Does {
    Fail,
    Hang,
    Panic,
}

/// What all clones of a service share.
struct Shared {
    /// To be ready is to have one of these; it is given back with the answer.
    slots: Arc<Semaphore>,
    /// What calls do, in their order; then they answer.
    script: Mutex<VecDeque<Does>>,
    /// What is wrong with the readiness of those who ask next.
    unready: Mutex<VecDeque<&'static str>>,
    /// Which clone had which request.
    called: Mutex<Vec<(u32, u32)>>,
    clones: AtomicU32,
}

/// A service that counts on tower's rules: called by itself it panics, and a clone of it is not ready.
struct Strict {
    shared: Arc<Shared>,
    number: u32,
    waits: Option<Acquire<Arc<Semaphore>>>,
    permit: Option<Permit<Arc<Semaphore>>>,
}

impl Strict {
    fn new(slots: usize) -> Self {
        Self::doing(slots, [])
    }

    fn doing(slots: usize, script: impl IntoIterator<Item = Does>) -> Self {
        let shared = Shared {
            slots: Arc::new(Semaphore::new(slots)),
            script: Mutex::new(script.into_iter().collect()),
            unready: Mutex::default(),
            called: Mutex::default(),
            clones: AtomicU32::new(0),
        };
        Self { shared: Arc::new(shared), number: 0, waits: None, permit: None }
    }
}

impl Shared {
    fn called(&self) -> Vec<(u32, u32)> {
        self.called.lock().unwrap().clone()
    }

    #[track_caller]
    fn assert_whole(&self) {
        assert_eq!(self.slots.available(), self.slots.capacity(), "readiness was lost");
    }
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        let number = self.shared.clones.fetch_add(1, Ordering::Relaxed) + 1;
        Self { shared: self.shared.clone(), number, waits: None, permit: None }
    }
}

impl Service<Request> for Strict {
    type Response = Response;
    type Error = &'static str;
    type Future = Serving;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        if let Some(error) = self.shared.unready.lock().unwrap().pop_front() {
            return Poll::Ready(Err(error));
        }
        if self.permit.is_none() {
            let slots = &self.shared.slots;
            let waits = self.waits.get_or_insert_with(|| Semaphore::acquire_owned(slots.clone()));
            self.permit = Some(ready!(Pin::new(waits).poll(cx)).expect("it is open"));
            self.waits = None;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, Request(request): Request) -> Serving {
        let permit = self.permit.take().expect("called, and was not ready");
        self.shared.called.lock().unwrap().push((self.number, request));
        let does = self.shared.script.lock().unwrap().pop_front();
        Serving { _permit: permit, does, request }
    }
}

struct Serving {
    _permit: Permit<Arc<Semaphore>>,
    does: Option<Does>,
    request: u32,
}

impl Future for Serving {
    type Output = Result<Response, &'static str>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.does {
            None => Poll::Ready(Ok(Response(self.request))),
            Some(Does::Fail) => Poll::Ready(Err("refused")),
            Some(Does::Hang) => Poll::Pending,
            Some(Does::Panic) => panic!("on purpose"),
        }
    }
}

/// Polls a service ready, which it is at once, and calls it.
#[track_caller]
fn called<S: Service<Request>>(service: &mut S, request: u32) -> Probe<S::Future> {
    assert!(is_ready(service), "it is not ready");
    Probe::new(service.call(Request(request)))
}

/// Whether it is ready now; an error is none that these tests mean to see.
#[track_caller]
fn is_ready<S: Service<Request>>(service: &mut S) -> bool {
    match Probe::new(poll_fn(|cx| service.poll_ready(cx))).poll() {
        Poll::Ready(ready) => {
            assert!(ready.is_ok());
            true
        }
        Poll::Pending => false,
    }
}

/// Waits until it is ready, and calls it.
async fn ask<S: Service<Request>>(service: &mut S, request: u32) -> Result<S::Response, S::Error> {
    poll_fn(|cx| service.poll_ready(cx)).await?;
    service.call(Request(request)).await
}

/// A retry after a second, to the nanosecond.
fn after_a_second() -> Retry<Body, Plan<Backoff<Constant>>> {
    Retry::new(constant(SECOND).jitter(Jitter::NONE))
}

fn copied(request: &Request) -> Option<Request> {
    Some(Request(request.0))
}
