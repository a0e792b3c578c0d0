//! A hyper server and its client over loopback, with our timer and our spawner: on smol, and on any other.

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::rt::{Read, ReadBufCursor, Timer as _, Write};
use hyper::service::service_fn;
use hyper::{Request, Response, client, server};
use smol::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use smol::net::{TcpListener, TcpStream};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use untether::rt::hyper::Hyper;
use untether::rt::smol::{Smol, SmolOn};
use untether::rt::threads::{Threads, block_on};
use untether::rt::tokio::Tokio;
use untether::spawn::{AnyRuntime, Runtime, SpawnExt, Task};
use untether::testing::ManualClock;
use untether::testing::sim::Check;
use untether::time::{Clock, TimeoutExt};

const LIMIT: Duration = Duration::from_secs(20);

/// A socket of smol for hyper.
struct Io(TcpStream);

impl Read for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; 4_096];
        let room = buf.remaining().min(bytes.len());
        let read = ready!(Pin::new(&mut self.0).poll_read(cx, &mut bytes[..room]))?;
        buf.put_slice(&bytes[..read]);
        Poll::Ready(Ok(()))
    }
}

impl Write for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_close(cx)
    }
}

async fn hello(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes().len()).unwrap_or_default();
    Ok(Response::new(Full::from(format!("hello, {body} bytes"))))
}

#[derive(Clone, Copy)]
enum Version {
    One,
    Two,
}

/// Serves on a port of the system's choice until the task is dropped. A client that says nothing is cut off after `patience`.
async fn serve<R>(rt: R, version: Version, patience: Duration) -> (SocketAddr, Task<()>)
where
    R: Runtime,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hyper = Hyper::new(rt.clone());
    let accepting = rt.clone();
    let accept = async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let hyper = hyper.clone();
            let serving = async move {
                let _ended = match version {
                    Version::One => {
                        let mut http = server::conn::http1::Builder::new();
                        http.timer(hyper).header_read_timeout(patience);
                        http.serve_connection(Io(socket), service_fn(hello)).await
                    }
                    Version::Two => {
                        let mut http = server::conn::http2::Builder::new(hyper.clone());
                        http.timer(hyper).keep_alive_interval(patience).keep_alive_timeout(patience);
                        http.serve_connection(Io(socket), service_fn(hello)).await
                    }
                };
            };
            accepting.spawn(serving).unwrap();
        }
    };
    (address, rt.spawn_task(accept).unwrap())
}

async fn post<R>(rt: &R, address: SocketAddr, version: Version, body: &'static str) -> Bytes
where
    R: Runtime,
{
    let socket = Io(TcpStream::connect(address).await.unwrap());
    let request = Request::post(format!("http://{address}/")).body(Full::<Bytes>::from(body)).unwrap();
    let response = match version {
        Version::One => {
            let (mut sender, connection) = client::conn::http1::handshake(socket).await.unwrap();
            let _driven = rt.spawn_task(async { drop(connection.await) }).unwrap();
            let response = sender.send_request(request).await.unwrap();
            response.into_body().collect().await.unwrap()
        }
        Version::Two => {
            let hyper = Hyper::new(rt.clone());
            let mut http = client::conn::http2::Builder::new(hyper.clone());
            http.timer(hyper).keep_alive_interval(Duration::from_millis(50));
            let (mut sender, connection) = http.handshake(socket).await.unwrap();
            let _driven = rt.spawn_task(async { drop(connection.await) }).unwrap();
            // Two at once, on one connection.
            let other = Request::get(format!("http://{address}/")).body(Full::default()).unwrap();
            let (response, _) =
                futures_util::future::join(sender.clone().send_request(request), sender.send_request(other))
                    .await;
            response.unwrap().into_body().collect().await.unwrap()
        }
    };
    response.to_bytes()
}

async fn both_versions_answer<R: Runtime>(rt: R) {
    for version in [Version::One, Version::Two] {
        let (address, server) = serve(rt.clone(), version, LIMIT).await;
        for _ in 0..3 {
            let answer = post(&rt, address, version, "12345").timeout(LIMIT, &rt).await;
            assert_eq!(answer.expect("it answers in time"), "hello, 5 bytes");
        }
        assert!(server.cancel().await.unwrap_err().is_cancelled());
    }
}

#[test]
fn a_server_and_a_client_talk_on_smol() {
    smol::block_on(both_versions_answer(Smol));
    let executor = Arc::new(smol::Executor::new());
    smol::block_on(executor.run(both_versions_answer(SmolOn::new(&executor))));
}

#[test]
fn the_same_server_and_client_talk_on_any_runtime() {
    block_on(both_versions_answer);
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(both_versions_answer(Tokio));
    smol::block_on(both_versions_answer(AnyRuntime::new(Smol)));
}

#[test]
fn a_client_that_falls_silent_is_cut_off() {
    // Nothing at all; a whole greeting of HTTP/2, and then no answer to a ping.
    let greetings: [(Version, &[u8]); 2] =
        [(Version::One, b""), (Version::Two, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")];
    smol::block_on(async {
        for (version, greeting) in greetings {
            let (address, _server) = serve(Smol, version, Duration::from_millis(50)).await;
            let mut silent = TcpStream::connect(address).await.unwrap();
            silent.write_all(greeting).await.unwrap();
            let mut said = Vec::new();
            let cut_off = silent.read_to_end(&mut said).timeout(LIMIT, Smol).await;
            assert!(cut_off.is_ok(), "hyper's own limit never came");
        }
    });
}

#[test]
fn a_request_on_a_runtime_that_refuses_tasks_is_an_error_and_no_hang() {
    let executor = Arc::new(smol::Executor::new());
    let refuses = Hyper::new(SmolOn::new(&executor));
    drop(executor);
    smol::block_on(async {
        let (address, _server) = serve(Smol, Version::Two, LIMIT).await;
        let socket = Io(TcpStream::connect(address).await.unwrap());
        let request = Request::get(format!("http://{address}/")).body(Empty::<Bytes>::new()).unwrap();
        let asked = async {
            let (mut sender, connection) = client::conn::http2::handshake(refuses, socket).await?;
            let _driven = Smol.spawn_task(async { drop(connection.await) }).unwrap();
            sender.send_request(request).await
        };
        // What hyper would have spawned is gone, so there is no answer; that it is told so is what counts.
        assert!(asked.timeout(LIMIT, Smol).await.expect("it ends in time").is_err());
    });
}

#[test]
fn its_clock_is_the_given_one_in_a_simulation_too() {
    Check::random(50).assert(async |sim| {
        let (hyper, start) = (Hyper::new(sim.clone()), sim.now());
        let begin = hyper.now();
        hyper.sleep(Duration::from_secs(3_600)).await;
        assert_eq!(hyper.now() - begin, Duration::from_secs(3_600));
        hyper.sleep_until(begin + Duration::from_secs(7_200)).await;
        assert_eq!(sim.now().saturating_duration_since(start), Duration::from_secs(7_200));
    });
}

#[test]
fn a_sleep_is_reset_in_place_and_one_of_another_timer_is_replaced() {
    let mine = ManualClock::new();
    let (timer, stranger) = (Hyper::new(mine.clone()), Hyper::new(Threads::new().unwrap()));
    let second = Duration::from_secs(1);
    for mut sleep in [timer.sleep(second), stranger.sleep(60 * second)] {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(sleep.as_mut().poll(&mut cx).is_pending());
        timer.reset(&mut sleep, timer.now() + 2 * second);
        assert!(sleep.as_mut().poll(&mut cx).is_pending());
        mine.advance(2 * second - Duration::from_nanos(1));
        assert!(sleep.as_mut().poll(&mut cx).is_pending());
        mine.advance(Duration::from_nanos(1));
        assert!(sleep.as_mut().poll(&mut cx).is_ready());
    }
}
