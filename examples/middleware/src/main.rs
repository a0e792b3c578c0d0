//! Middleware over a real server and a real client: what each error of a stack is in HTTP, and what a client makes of it.
//! `cargo run --manifest-path examples/middleware/Cargo.toml -- --runtime tokio|smol|threads`, tokio unless said.
//!
//! It fails if anything is not what it must be.

use std::sync::Arc;
use std::time::Duration;
use tower::{Service, ServiceExt};
use untether::policy::{Cause, Error};
use untether::queue::Queue;
use untether::retry::StopReason;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::time::{Clock, Instant};
use untether_example_middleware::client::{Answer, Ask, Failed, client, get, post, said};
use untether_example_middleware::net::{self, Net};
use untether_example_middleware::server::{Server, serve};

/// What the server says by its table, to a client that takes it as it is.
async fn the_table<N: Net>(net: &N, rt: &AnyRuntime, server: &Server) {
    let ask = |path| said(net.clone(), rt.clone(), server.address, path);

    println!("\nthe server, by its table");
    assert_eq!(ask("/hello").await, (200, None));
    assert_eq!(ask("/missing").await, (404, None));
    assert_eq!(ask("/broken").await, (500, None));
    assert_eq!(ask("/slow").await, (504, None));

    println!("\nthree a minute");
    for _ in 0..3 {
        assert_eq!(ask("/limited").await, (200, None));
    }
    for _ in 0..2 {
        let (status, wait) = ask("/limited").await;
        assert!(status == 429 && wait.is_some_and(|wait| (1..=60).contains(&wait)));
    }

    println!("\ntwo at once, one waits, and five come");
    let answers = Arc::new(Queue::unbounded());
    for _ in 0..5 {
        let (ask, answers) = (ask("/held"), answers.clone());
        let asks = async move { answers.send(ask.await).await.expect("it is open") };
        rt.spawn_task(asks).expect("it runs").detach();
    }
    for _ in 0..2 {
        assert_eq!(answers.recv().await, Some((503, Some(1))));
    }
    server.shared.gate.count_down(1); // those who are in are held until here
    for _ in 0..3 {
        assert_eq!(answers.recv().await, Some((200, None)));
    }

    println!("\nclosed");
    server.shared.places.close();
    assert_eq!(ask("/held").await, (503, None));
}

fn since(start: Instant, rt: &AnyRuntime) -> Duration {
    rt.now().saturating_duration_since(start)
}

/// Sends one, and prints what becomes of it.
async fn send<C>(client: &C, rt: &AnyRuntime, request: Ask) -> Result<Answer, Error<Failed>>
where
    C: Service<Ask, Response = Answer, Error = Error<Failed>> + Clone,
{
    println!("  {} {}", request.method(), request.uri());
    let start = rt.now();
    let result = client.clone().oneshot(request).await;
    match &result {
        Ok(answer) => println!("   -> {} in {:.0?}", answer.status().as_u16(), since(start, rt)),
        Err(error) => println!("   -> {error}, in {:.0?}", since(start, rt)),
    }
    result
}

/// What a client with a stack makes of it.
async fn the_stack<N: Net>(net: &N, rt: &AnyRuntime, server: &Server) {
    let one = client(net.clone(), rt.clone(), server.address, Duration::from_secs(10));
    println!("\na client with a retry");

    let (start, before) = (rt.now(), server.served());
    let answer = send(&one, rt, get("/flaky")).await.expect("the third answer is one");
    assert_eq!((answer.body().as_ref(), server.served() - before), (&b"well, yes"[..], 3));
    assert!(since(start, rt) >= Duration::from_secs(1), "it was asked to wait for a second");

    let before = server.served();
    let error = send(&one, rt, post("/flaky", None)).await.expect_err("the first answer is none");
    assert_eq!((error.stopped(), server.served() - before), (Some(StopReason::Once), 1));

    let before = server.served();
    send(&one, rt, post("/flaky", Some("7"))).await.expect("with a key it may be sent again");
    assert_eq!(server.served() - before, 2);

    let error = send(&one, rt, get("/missing")).await.expect_err("it is not there");
    assert_eq!((error.attempts(), error.stopped()), (1, Some(StopReason::Permanent)));
    assert_eq!(error.inner().and_then(Failed::status), Some(404));

    let error = send(&one, rt, get("/slow")).await.expect_err("it is slow each time");
    assert_eq!((error.attempts(), error.stopped()), (3, Some(StopReason::Exhausted)));
    assert_eq!(error.inner().and_then(Failed::status), Some(504));

    let before = server.served();
    let error = send(&one, rt, get("/hello")).await.expect_err("the breaker is open after three failures");
    assert!(error.is_refused() && error.retry_after().is_some());
    assert_eq!(server.served(), before, "it is left alone");
}

/// A server that takes connections and says nothing, and one that is not there.
async fn no_answer<N: Net>(net: &N, rt: &AnyRuntime) {
    println!("\na server that is silent, then gone");
    let (listener, address) = net.listen().await.expect("there is a port");
    let silent = client(net.clone(), rt.clone(), address, Duration::from_millis(300));
    let error = send(&silent, rt, post("/", None)).await.expect_err("nobody answers");
    assert!(matches!(error.cause(), Cause::TimedOut(_)), "{error}");

    drop(listener);
    let gone = client(net.clone(), rt.clone(), address, Duration::from_secs(10));
    let error = send(&gone, rt, get("/")).await.expect_err("nobody is there");
    assert_eq!((error.attempts(), error.stopped()), (3, Some(StopReason::Exhausted)));
}

async fn demo<N: Net>(net: N, rt: AnyRuntime) {
    let start = rt.now();
    let server = serve(net.clone(), rt.clone()).await.expect("there is a port");
    the_table(&net, &rt, &server).await;
    the_stack(&net, &rt, &server).await;
    no_answer(&net, &rt).await;
    println!(
        "\nall as it must be: {} requests reached a handler, in {:.1?}",
        server.served(),
        since(start, &rt)
    );
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--runtime");
    let name = arguments.nth(1).unwrap_or_else(|| "tokio".to_string());
    println!("on {name}");
    match name.as_str() {
        "tokio" => net::on_tokio(demo),
        "smol" => net::on_smol(demo),
        "threads" => net::on_threads(demo),
        other => panic!("no runtime '{other}': tokio, smol or threads"),
    }
}
