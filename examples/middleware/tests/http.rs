//! The same server and client on tokio, on smol, and on no runtime: what goes over the wire.

use hyper::body::Bytes;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tower::ServiceExt;
use untether::retry::StopReason;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::time::{TimeoutExt, Timer};
use untether_example_middleware::client::{client, get, post, said};
use untether_example_middleware::net::{Net, on_smol, on_threads, on_tokio};
use untether_example_middleware::server::{Server, serve};

const LIMIT: Duration = Duration::from_secs(30);

macro_rules! on_each {
    ($($name:ident)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn on_tokios_sockets() {
                on_tokio(super::$name);
            }

            #[test]
            fn on_smols_sockets() {
                on_smol(super::$name);
            }

            #[test]
            fn on_no_runtime() {
                on_threads(super::$name);
            }
        }
    )*};
}

on_each! {
    each_error_has_its_status
    nothing_of_the_inside_is_on_the_wire
    who_goes_away_leaves_its_place
    a_crowd_is_served
    what_may_be_sent_twice_is_and_what_may_not_is_not
}

async fn each_error_has_its_status<N: Net>(net: N, rt: AnyRuntime) {
    let server = serve(net.clone(), rt.clone()).await.unwrap();
    let ask = |path| said(net.clone(), rt.clone(), server.address, path);
    for (path, status) in [("/hello", 200), ("/missing", 404), ("/broken", 500), ("/slow", 504)] {
        assert_eq!(ask(path).await, (status, None), "{path}");
    }
    for status in [200, 200, 200, 429, 429] {
        let (answered, wait) = ask("/limited").await;
        assert_eq!((answered, wait.is_some()), (status, status == 429));
        assert!(wait.is_none_or(|wait| (1..=60).contains(&wait)));
    }
    server.shared.places.close();
    assert_eq!(ask("/held").await, (503, None));
    assert_eq!(ask("/hello").await, (200, None), "each route has its own");
}

/// Byte for byte, by a client that is not ours. It blocks, so it has a thread.
fn raw(to: SocketAddr, path: &str) -> String {
    let mut socket = TcpStream::connect(to).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer.to_ascii_lowercase()
}

async fn nothing_of_the_inside_is_on_the_wire<N: Net>(net: N, rt: AnyRuntime) {
    let server = serve(net, rt.clone()).await.unwrap();
    let to = server.address;
    let paths = ["/broken", "/limited", "/limited", "/limited", "/limited", "/slow", "/missing"];
    let asking = rt.spawn_blocking_task(move || paths.map(|path| raw(to, path))).unwrap();
    let answers = asking.timeout(LIMIT, &rt).await.unwrap().unwrap();
    let statuses = [500, 200, 200, 200, 429, 504, 404];
    let bodies =
        ["internal error", "hello", "hello", "hello", "too many requests", "no answer in time", "not found"];
    for ((answer, status), body) in answers.iter().zip(statuses).zip(bodies) {
        let (head, said) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{answer}");
        assert_eq!(head.contains("\r\nretry-after: "), status == 429, "{answer}");
        assert_eq!(said, body, "the body has nothing else, no text of the error above all");
    }
}

/// Who runs and who waits at `/held`.
async fn until(server: &Server, rt: &AnyRuntime, running: usize, waiting: usize) {
    let settles = async {
        loop {
            let stats = server.shared.places.stats();
            if (stats.running, stats.waiting) == (running, waiting) {
                return;
            }
            rt.sleep(Duration::from_millis(1)).await;
        }
    };
    let settled = settles.timeout(LIMIT, rt).await;
    assert!(
        settled.is_ok(),
        "{:?} where {running} were to run and {waiting} to wait",
        server.shared.places.stats()
    );
}

async fn who_goes_away_leaves_its_place<N: Net>(net: N, rt: AnyRuntime) {
    let server = serve(net, rt.clone()).await.unwrap();
    let mut sockets = Vec::new();
    for (running, waiting) in [(1, 0), (2, 0), (2, 1)] {
        let mut socket = TcpStream::connect(server.address).unwrap();
        write!(socket, "GET /held HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        sockets.push(socket);
        until(&server, &rt, running, waiting).await;
    }
    drop(sockets.remove(0));
    until(&server, &rt, 2, 0).await; // who waited has its place
    drop(sockets);
    until(&server, &rt, 0, 0).await;
}

async fn a_crowd_is_served<N: Net>(net: N, rt: AnyRuntime) {
    let server = serve(net.clone(), rt.clone()).await.unwrap();
    let one = client(net, rt.clone(), server.address, LIMIT);
    let ask = |_| rt.spawn_task(one.clone().oneshot(get("/hello"))).unwrap();
    for asked in (0..50).map(ask).collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap().unwrap().into_body(), Bytes::from("hello"));
    }
    assert_eq!(server.served(), 50);
}

async fn what_may_be_sent_twice_is_and_what_may_not_is_not<N: Net>(net: N, rt: AnyRuntime) {
    let server = serve(net.clone(), rt.clone()).await.unwrap();
    let one = client(net, rt, server.address, LIMIT);
    let error = one.clone().oneshot(post("/flaky", None)).await.unwrap_err();
    assert_eq!((error.attempts(), error.stopped(), server.served()), (1, Some(StopReason::Once), 1));
    let answer = one.clone().oneshot(post("/flaky", Some("7"))).await.unwrap();
    assert_eq!((answer.into_body(), server.served()), (Bytes::from("well, yes"), 3));
    let error = one.oneshot(get("/missing")).await.unwrap_err();
    assert_eq!((error.attempts(), error.stopped()), (1, Some(StopReason::Permanent)));
}
