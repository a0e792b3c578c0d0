//! A client whose requests run through a stack: a limit on the whole, a retry that listens to `Retry-After`, a breaker that all clones share, a
//! limit on each attempt.

use crate::net::Net;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, RETRY_AFTER};
use hyper::{Method, Request, Response};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tower::{Service, ServiceBuilder, service_fn};
use untether::fault::CircuitBreaker;
use untether::observe::Lines;
use untether::policy::{Env, Error, Timeout, Verdict, counting, stack};
use untether::retry::{Retry, schedule::exponential};
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::tower::layer;

pub type Ask = Request<Full<Bytes>>;
pub type Answer = Response<Bytes>;

/// Why a request was not answered as it should have been.
#[derive(Debug)]
pub enum Failed {
    /// The server answered, with a status that is an error.
    Status { status: u16, retry_after: Option<Duration>, body: Bytes },
    /// It did not.
    Unreachable(String),
}

impl Failed {
    /// The status, if there is one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::Unreachable(_) => None,
        }
    }

    fn unreachable(error: impl fmt::Display) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status, retry_after: None, .. } => write!(f, "status {status}"),
            Self::Status { status, retry_after: Some(wait), .. } => {
                write!(f, "status {status}, come again in {wait:?}")
            }
            Self::Unreachable(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failed {}

/// One request over a connection of its own. A status that is an error is one here: that is what a retry looks at.
pub async fn ask<N: Net>(net: N, rt: AnyRuntime, to: SocketAddr, ask: Ask) -> Result<Answer, Failed> {
    let socket = net.connect(to).await.map_err(Failed::unreachable)?;
    let (mut sender, connection) = http1::handshake(socket).await.map_err(Failed::unreachable)?;
    let _driven = rt.spawn_task(async { drop(connection.await) }).map_err(Failed::unreachable)?;
    let response = sender.send_request(ask).await.map_err(Failed::unreachable)?;
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(Failed::unreachable)?.to_bytes();
    if head.status.is_client_error() || head.status.is_server_error() {
        let seconds = head.headers.get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
        let retry_after = seconds.map(Duration::from_secs);
        return Err(Failed::Status { status: head.status.as_u16(), retry_after, body });
    }
    Ok(Response::from_parts(head, body))
}

/// Says that a request may be done twice.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Another request like it, if it may be sent twice.
fn again(ask: &Ask) -> Option<Ask> {
    let safe = *ask.method() == Method::GET || ask.headers().contains_key(IDEMPOTENCY_KEY);
    safe.then(|| ask.clone()) // its body is in memory, and shared
}

/// Whether it may go better the next time.
fn is_worth_it(error: &Error<Failed>) -> bool {
    match error.inner() {
        Some(failed) => matches!(failed.status(), None | Some(429 | 502..=504)),
        None => error.is_timeout(), // what the breaker refuses is not asked for again
    }
}

fn asked_to_wait(error: &Error<Failed>) -> Option<Duration> {
    match error.inner()? {
        Failed::Status { retry_after, .. } => *retry_after,
        Failed::Unreachable(_) => None,
    }
}

/// What an answer says of the server: that something is not there is no fault of its own, nor is it when we ask too often.
fn verdict(result: &Result<Answer, Error<Failed>>) -> Verdict {
    match result.as_ref().map_err(|error| error.inner().and_then(Failed::status)) {
        Err(Some(429)) => Verdict::Ignore,
        Ok(_) | Err(Some(400..=499)) => Verdict::Success,
        Err(_) => Verdict::Failure,
    }
}

/// The client of one server, which gives each attempt so long. What it does is printed.
pub fn client<N: Net>(
    net: N,
    rt: AnyRuntime,
    to: SocketAddr,
    patience: Duration,
) -> impl Service<Ask, Response = Answer, Error = Error<Failed>, Future: Send> + Clone + Send {
    let retry = Retry::new(exponential(Duration::from_millis(10)).attempts(3));
    let breaker = Arc::new(CircuitBreaker::builder().consecutive(3).build(rt.clone()));
    let policies = stack((
        Timeout::new(Duration::from_secs(30)).named("the whole"),
        retry.when(is_worth_it).hint(asked_to_wait),
        counting(breaker, verdict),
        Timeout::new(patience).named("the attempt"),
    ));
    let env = Env::new(rt.clone()).observed(Lines::new(printed as fn(&str)));
    let http = service_fn(move |request| ask(net.clone(), rt.clone(), to, request));
    ServiceBuilder::new().layer(layer(policies, env).repeated_by(again)).service(http)
}

fn printed(line: &str) {
    println!("      {line}");
}

/// A request without a body.
pub fn get(path: &str) -> Ask {
    Request::get(path).header(HOST, "localhost").body(Full::default()).expect("it is a request")
}

/// A request that does something, and does it once for each key.
pub fn post(path: &str, key: Option<&str>) -> Ask {
    let request = Request::post(path).header(HOST, "localhost");
    let request = key.into_iter().fold(request, |request, key| request.header(IDEMPOTENCY_KEY, key));
    request.body(Full::from("order 7")).expect("it is a request")
}

/// A status, and the seconds of `Retry-After`.
pub type Said = (u16, Option<u64>);

/// What the server says to a GET, with no policy around it.
pub async fn said<N: Net>(net: N, rt: AnyRuntime, to: SocketAddr, path: &'static str) -> Said {
    let said = match ask(net, rt, to, get(path)).await {
        Ok(answer) => (answer.status().as_u16(), None),
        Err(Failed::Status { status, retry_after, body }) => {
            let body = String::from_utf8_lossy(&body);
            assert!(!body.contains("1234") && !body.contains("db7"), "a secret came out: {body}");
            (status, retry_after.map(|wait| wait.as_secs()))
        }
        Err(Failed::Unreachable(why)) => panic!("no answer to {path}: {why}"),
    };
    match said {
        (status, Some(wait)) => println!("  GET {path:8} {status}, Retry-After: {wait}"),
        (status, None) => println!("  GET {path:8} {status}"),
    }
    said
}
