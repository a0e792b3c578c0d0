//! A service of tower behind a limit in time and a limit of how many at once: tower's own layers, tower-resilience's, and ours.

use crate::peers::Operations;
use crate::place::{OnTokio, Place};
use crate::row::Row;
use std::future::poll_fn;
use std::hint::black_box;
use std::time::Duration;
use tower::{Service, ServiceBuilder};
use tower_resilience_bulkhead::BulkheadLayer;
use untether::limit::Bulkhead;
use untether::policy::{Timeout, stack};
use untether::rt::tokio::Tokio;
use untether::tower::layer;

const PLACES: usize = 4;
const HOUR: Duration = Duration::from_secs(3600);

static BULKHEAD: Bulkhead = Bulkhead::new(PLACES);

/// One task that polls it ready, calls it, and awaits the call, so many times.
fn calls<S>(service: S, yields: bool, place: OnTokio) -> impl FnMut(u64)
where
    S: Service<bool, Response = u64, Future: Send> + Clone + Send + 'static,
{
    move |times| {
        let mut service = service.clone();
        place.run(async move {
            for _ in 0..times {
                assert!(poll_fn(|cx| service.poll_ready(cx)).await.is_ok());
                let answer = service.call(yields).await;
                assert!(black_box(answer).is_ok());
            }
        });
    }
}

fn row(title: &str, yields: bool, owed: f64) -> Row {
    let place = OnTokio::this_thread();
    let tower = ServiceBuilder::new().timeout(HOUR).concurrency_limit(PLACES).service(Operations);
    let bulkhead = BulkheadLayer::builder().max_concurrent_calls(PLACES).build();
    let resilience =
        ServiceBuilder::new().timeout(HOUR).layer(bulkhead.expect("it is not 0")).service(Operations);
    let ours =
        ServiceBuilder::new().layer(layer(stack((Timeout::new(HOUR), &BULKHEAD)), Tokio)).service(Operations);
    Row::new(format!("layers: {title}, tokio, 1 thread"), "call")
        .peer("tower: timeout, concurrency_limit", calls(tower, yields, place))
        .peer("tower: timeout, tower-resilience: bulkhead", calls(resilience, yields, place))
        .ours("untether: time-out, bulkhead", calls(ours, yields, place))
        .floor("no layer", calls(Operations, yields, place))
        .owes(owed)
}

pub fn rows() -> Vec<Row> {
    // What is pending starts a sleep of tokio's in either: that is most of it.
    vec![row("a service ready at once", false, 0.6), row("a service pending once", true, 1.1)]
}
