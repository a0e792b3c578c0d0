//! How many at once, and how many per second: `cargo run --example limits --features tokio,smol,async-std -- --runtime async-std`.
//!
//! A semaphore is no rate limit: ten permits against a server that takes 20 ms let 500 requests a second through, ten per second let ten.
//! Then a service that allows each customer so much, and a client that waits as long as it is told to.

mod on;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::limit::{KeyedLimiter, Quota, RateLimiter};
use untether::observe::Lines;
use untether::retry::schedule::{Hint, Jitter, constant};
use untether::retry::{Attempt, retry};
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::sync::Semaphore;
use untether::time::{Deadline, Timer};

const MS: Duration = Duration::from_millis(1);

/// What keeps the clients of a server in check.
#[derive(Clone)]
enum Check {
    TenPermits(Arc<Semaphore>),
    TenPerSecond(Arc<RateLimiter<AnyRuntime>>),
}

/// One client after the other's heels, until the time is over; the server takes 20 ms.
async fn ask_again_and_again(check: Check, rt: AnyRuntime, until: Deadline, answers: Arc<AtomicU32>) {
    let asks = async {
        loop {
            let _permit = match &check {
                Check::TenPermits(permits) => Some(permits.acquire().await.expect("it is open")),
                Check::TenPerSecond(limiter) => {
                    limiter.acquire(1).await.expect("one is never too many");
                    None
                }
            };
            rt.sleep(20 * MS).await;
            answers.fetch_add(1, Ordering::Relaxed);
        }
    };
    let _time_is_over = until.run(asks, &rt).await;
}

/// Twenty clients, for one second.
async fn requests_in_a_second(check: Check, rt: &AnyRuntime) -> u32 {
    let (answers, until) = (Arc::new(AtomicU32::new(0)), Deadline::after(1_000 * MS, rt));
    let client = || ask_again_and_again(check.clone(), rt.clone(), until, answers.clone());
    let clients: Vec<_> = (0..20).map(|_| rt.spawn_task(client()).expect("it runs")).collect();
    for client in clients {
        client.await.expect("it does not panic");
    }
    answers.load(Ordering::Relaxed)
}

/// What a service says to who asks too often.
#[derive(Debug)]
struct TooManyRequests {
    retry_after: Option<Duration>,
}

impl fmt::Display for TooManyRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "429, retry after {:.0?}", self.retry_after.unwrap_or_default())
    }
}

/// Three requests at once for each customer, then ten per second.
type Service = KeyedLimiter<String, AnyRuntime>;

fn serve(service: &Service, customer: &str) -> Result<&'static str, TooManyRequests> {
    service
        .try_acquire(customer, 1)
        .map_err(|denied| TooManyRequests { retry_after: denied.retry_after() })?;
    Ok("served")
}

async fn customers(rt: &AnyRuntime) {
    let service = Service::builder(Quota::per_second(10).burst(3), rt.clone()).max_keys(1_000).build();
    for request in 1..=4 {
        println!("  ada, request {request}: {:?}", serve(&service, "ada").map_err(|error| error.to_string()));
    }
    println!("  bob, request 1: {:?}", serve(&service, "bob").map_err(|error| error.to_string()));
    // A client that does as it is told needs one retry, and not three at random.
    let schedule = constant(10 * MS).jitter(Jitter::NONE).hint(Hint::AtLeast).attempts(3);
    let served = retry(|_: Attempt| async { serve(&service, "ada") }, schedule)
        .hint(|error| error.retry_after)
        .observed(Lines::new(|line: &str| println!("  ada, who waits: {line}")))
        .on(rt)
        .await;
    println!("  ada, who waits: {:?}", served.expect("it waited long enough"));
}

fn main() {
    on::run(|rt| async move {
        let permits = Check::TenPermits(Arc::new(Semaphore::new(10)));
        let limiter = RateLimiter::new(Quota::per_second(10).burst(1), rt.clone());
        let by_permits = requests_in_a_second(permits, &rt).await;
        let by_rate = requests_in_a_second(Check::TenPerSecond(Arc::new(limiter)), &rt).await;
        println!("ten permits: {by_permits} requests in a second");
        println!("ten per second: {by_rate} requests in a second");
        assert!(by_permits > 100 && (8..=10).contains(&by_rate));
        println!("a service that allows each customer three at once, and ten per second:");
        customers(&rt).await;
    });
}
