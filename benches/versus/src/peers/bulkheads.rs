//! What lets so many calls run at once: bulkheads, tower's limit, and semaphores beside a future.

use crate::row::Kind;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::limit::ConcurrencyLimit;
use tower::{Layer, Service};
use tower_resilience_bulkhead::{Bulkhead as TowerResilience, BulkheadLayer};
use untether::limit::Bulkhead;
use untether::sync::Semaphore;

/// Runs an operation when there is room for it.
pub trait Runs: Sync + 'static {
    const NAME: &'static str;
    const KIND: Kind = Kind::Peer;

    fn new(size: usize) -> Self;
    fn run(&'static self, yields: bool) -> impl Future<Output: Send> + Send;
}

/// What is run: ready at once, or after it let others have their turn.
pub struct Operation {
    yields: bool,
}

impl Future for Operation {
    type Output = Result<u64, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if std::mem::take(&mut self.yields) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(7))
    }
}

/// As a service, for those who want one.
#[derive(Clone, Copy)]
pub struct Operations;

impl Service<bool> for Operations {
    type Response = u64;
    type Error = Infallible;
    type Future = Operation;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, yields: bool) -> Operation {
        Operation { yields }
    }
}

impl Runs for Bulkhead {
    const NAME: &'static str = "untether";
    const KIND: Kind = Kind::Ours;

    fn new(size: usize) -> Self {
        Self::new(size)
    }

    fn run(&'static self, yields: bool) -> impl Future<Output: Send> + Send {
        self.run(move || Operation { yields })
    }
}

/// What a bulkhead of ours stands on, by hand.
impl Runs for Semaphore {
    const NAME: &'static str = "untether's semaphore, by hand";
    const KIND: Kind = Kind::Floor;

    fn new(size: usize) -> Self {
        Self::new(size)
    }

    fn run(&'static self, yields: bool) -> impl Future<Output: Send> + Send {
        async move {
            let _permit = self.acquire().await.expect("it is open");
            Operation { yields }.await
        }
    }
}

impl Runs for tokio::sync::Semaphore {
    const NAME: &'static str = "tokio's semaphore, by hand";

    fn new(size: usize) -> Self {
        Self::new(size)
    }

    fn run(&'static self, yields: bool) -> impl Future<Output: Send> + Send {
        async move {
            let _permit = self.acquire().await.expect("it is open");
            Operation { yields }.await
        }
    }
}

/// Each caller has a clone, as in a server.
impl Runs for ConcurrencyLimit<Operations> {
    const NAME: &'static str = "tower, ConcurrencyLimit";

    fn new(size: usize) -> Self {
        Self::new(Operations, size)
    }

    fn run(&'static self, yields: bool) -> impl Future<Output: Send> + Send {
        async move {
            let mut service = self.clone();
            poll_fn(|cx| service.poll_ready(cx)).await.expect("it is open");
            service.call(yields).await
        }
    }
}

impl Runs for TowerResilience<Operations> {
    const NAME: &'static str = "tower-resilience";

    fn new(size: usize) -> Self {
        let layer = BulkheadLayer::builder().max_concurrent_calls(size).build();
        layer.expect("it is not 0").layer(Operations)
    }

    fn run(&'static self, yields: bool) -> impl Future<Output: Send> + Send {
        async move {
            let mut service = self.clone();
            poll_fn(|cx| service.poll_ready(cx)).await.expect("it is open");
            service.call(yields).await.expect("it waits for ever")
        }
    }
}
