//! A server whose handlers stand behind policies. Each route has a stack of its own; all answer their errors by the same table.

use crate::net::Net;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, server::conn::http1};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tower::{ServiceBuilder, ServiceExt};
use untether::limit::{Bulkhead, Quota, RateLimiter};
use untether::policy::{Error, Reject, Timeout, stack};
use untether::rt::hyper::Hyper;
use untether::spawn::{AnyRuntime, Spawn, SpawnExt, Task};
use untether::sync::Latch;
use untether::time::Timer;
use untether::tower::{Answer, answer, answering, layer};

const MS: Duration = Duration::from_millis(1);

/// Why a handler has no answer.
#[derive(Debug)]
pub enum Failure {
    NotFound,
    /// Somebody else's server, or ourselves, wants to be left alone: for how long, if that is known.
    Unavailable(u16, Option<Duration>),
    /// What nobody outside is to read.
    Internal(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Unavailable(status, _) => write!(f, "upstream answered {status}"),
            Self::Internal(what) => f.write_str(what),
        }
    }
}

/// What is shared by all connections, and by whoever started the server.
pub struct Shared {
    rt: AnyRuntime,
    /// Those who ask for `/held` are answered when this is open.
    pub gate: Latch,
    /// Two of them run at once, and one waits.
    pub places: Arc<Bulkhead>,
    /// How often `/flaky` was asked by GET, and by POST.
    flaky: [AtomicU32; 2],
    served: AtomicU32,
}

/// A server that runs until this is dropped.
pub struct Server {
    pub address: SocketAddr,
    pub shared: Arc<Shared>,
    _accepts: Task<()>,
}

impl Server {
    /// How many requests have reached a handler.
    pub fn served(&self) -> u32 {
        self.shared.served.load(Ordering::Relaxed)
    }
}

type Answered = Result<Response<Full<Bytes>>, Failure>;

fn says(text: impl Into<Bytes>) -> Answered {
    Ok(Response::new(Full::new(text.into())))
}

/// The handlers, which know nothing of policies.
async fn handle(shared: Arc<Shared>, request: Request<Incoming>) -> Answered {
    shared.served.fetch_add(1, Ordering::Relaxed);
    match request.uri().path() {
        "/hello" | "/limited" => says("hello"),
        "/slow" => {
            shared.rt.sleep(60_000 * MS).await;
            says("at last")
        }
        "/held" => {
            shared.gate.wait().await;
            says("let go")
        }
        "/flaky" => flaky(&shared.flaky[usize::from(request.method() == Method::POST)]),
        "/broken" => Err(Failure::Internal("password 1234 was refused by db7".into())),
        _ => Err(Failure::NotFound),
    }
}

/// Is asked too often, then has something to do, then answers; and again.
fn flaky(asked: &AtomicU32) -> Answered {
    match asked.fetch_add(1, Ordering::Relaxed) % 3 {
        0 => Err(Failure::Unavailable(429, Some(800 * MS))),
        1 => Err(Failure::Unavailable(503, None)),
        _ => says("well, yes"),
    }
}

/// An error of a stack as a response. No text of the error is in it.
fn respond(error: Error<Failure>) -> Response<Full<Bytes>> {
    let said = answer(&error, |failure| match failure {
        Failure::NotFound => Answer::new(404),
        Failure::Unavailable(status, None) => Answer::new(*status),
        Failure::Unavailable(status, Some(wait)) => Answer::new(*status).after(*wait),
        Failure::Internal(_) => Answer::new(500),
    });
    let mut response = Response::new(Full::new(said.text().into()));
    *response.status_mut() = StatusCode::from_u16(said.status()).expect("it is one");
    if let Some(wait) = said.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    response
}

/// Listens, and serves each connection by a task.
pub async fn serve<N: Net>(net: N, rt: AnyRuntime) -> io::Result<Server> {
    let (listener, address) = net.listen().await?;
    let shared = Arc::new(Shared {
        rt: rt.clone(),
        gate: Latch::new(1),
        places: Arc::new(Bulkhead::builder(2).queue(1).build()),
        flaky: Default::default(),
        served: AtomicU32::new(0),
    });
    let handler = {
        let shared = shared.clone();
        move |request| handle(shared.clone(), request)
    };

    // Three in a burst, and one a minute from then on.
    let limiter = Arc::new(RateLimiter::new(Quota::per_minute(1).burst(3), rt.clone()));
    let patience = Timeout::new(100 * MS);
    let limited = layer(stack((Reject(limiter), patience)), rt.clone());
    let held = layer(stack((shared.places.clone(), Timeout::new(10_000 * MS))), rt.clone());
    let every_other = layer(stack((patience,)), rt.clone());

    // The table is outside of the policies: whatever they say is an answer.
    let answers = answering(respond);
    let limited = ServiceBuilder::new().layer(answers).layer(limited).service_fn(handler.clone());
    let held = ServiceBuilder::new().layer(answers).layer(held).service_fn(handler.clone());
    let every_other = ServiceBuilder::new().layer(answers).layer(every_other).service_fn(handler);
    let routes = move |request: Request<Incoming>| {
        let (limited, held, every_other) = (limited.clone(), held.clone(), every_other.clone());
        async move {
            match request.uri().path() {
                "/limited" => limited.oneshot(request).await,
                "/held" => held.oneshot(request).await,
                _ => every_other.oneshot(request).await,
            }
        }
    };

    let accepts = accept::<N, _, _>(listener, rt.clone(), routes);
    let accepts = rt.spawn_task(accepts).map_err(|_| io::Error::other("the runtime has ended"))?;
    Ok(Server { address, shared, _accepts: accepts })
}

async fn accept<N: Net, F, Fut>(listener: N::Listener, rt: AnyRuntime, routes: F)
where
    F: Fn(Request<Incoming>) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send + 'static,
{
    while let Ok(socket) = N::accept(&listener).await {
        let (routes, timer) = (service_fn(routes.clone()), Hyper::new(rt.clone()));
        let connection = async move {
            let mut http = http1::Builder::new();
            let _ended = http.timer(timer).serve_connection(socket, routes).await;
        };
        if rt.spawn(connection).is_err() {
            return; // the runtime has ended
        }
    }
}
