//! Calls that fail and are tried again: `cargo run --example retries --features tokio,smol,async-std -- --runtime smol`.
//!
//! A real server on loopback answers 500 twice and then 200, does not know another page, and a third address refuses connections.
//! What may go better the next time is retried, a page that is not there is not; and nobody waits longer than was said.

mod on;

use std::fmt;
use std::future::pending;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use untether::observe::Lines;
use untether::retry::schedule::{Backoff, Jitter, exponential};
use untether::retry::{Attempt, Retry, RetryError, retry};
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::time::{Deadline, Seed, TimeoutExt, timeout};

const MS: Duration = Duration::from_millis(1);

#[derive(Debug)]
enum FetchError {
    Status(u16),
    Io(std::io::ErrorKind),
}

impl FetchError {
    /// A server that is in trouble, or not there yet, may answer the next time. A page that is not there will not come.
    fn is_worth_a_retry(&self) -> bool {
        matches!(self, Self::Status(500..) | Self::Io(_))
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Io(kind) => kind.fmt(f),
        }
    }
}

impl std::error::Error for FetchError {}

/// Asks a server for a page: plain sockets, on a thread that may block.
fn get(server: SocketAddr, page: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(format!("GET {page} HTTP/1.0\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok((status, answer.rsplit("\r\n").next().unwrap_or_default().to_owned()))
}

async fn fetch(rt: &AnyRuntime, server: SocketAddr, page: &'static str) -> Result<String, FetchError> {
    let asked =
        rt.spawn_blocking_task(move || get(server, page)).expect("it runs").await.expect("it does not panic");
    match asked {
        Ok((200, body)) => Ok(body),
        Ok((status, _)) => Err(FetchError::Status(status)),
        Err(error) => Err(FetchError::Io(error.kind())),
    }
}

/// Answers on a thread of its own: `/flaky` is down for two requests, everything else is not there.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        let mut asked_for_flaky = 0;
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = BufReader::new(&stream).lines().map_while(Result::ok);
            let is_flaky = request.next().is_some_and(|line| line.starts_with("GET /flaky "));
            request.find(String::is_empty);
            asked_for_flaky += u32::from(is_flaky);
            let answer = match (is_flaky, asked_for_flaky) {
                (true, ..=2) => "500 Internal Server Error\r\n\r\n",
                (true, _) => "200 OK\r\n\r\nhere you are",
                (false, _) => "404 Not Found\r\n\r\n",
            };
            stream.write_all(format!("HTTP/1.0 {answer}").as_bytes()).expect("it listens");
        }
    });
    address
}

/// A port on which nobody listens.
fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port on loopback")
}

async fn give_up_in_time(rt: &AnyRuntime) {
    let slow = pending::<&str>;
    println!(
        "timeout, by its name: {}",
        timeout(20 * MS, slow(), rt).named("fetch users").await.unwrap_err()
    );
    println!("timeout, with a default: {:?}", slow().timeout(20 * MS, rt).or("nothing new").await);
    // One budget for all that is done for a request.
    let request = Deadline::after(40 * MS, rt).named("request");
    println!("timeout, of several calls together: {}", request.run(slow(), rt).await.unwrap_err());
}

async fn fetch_with_retries(rt: &AnyRuntime) -> Result<(), RetryError<FetchError>> {
    let (server, nobody) = (server(), nobody());
    let schedule = exponential(10 * MS);
    let print = || Lines::new(|line: &str| println!("  {line}"));
    for (server, page) in [(server, "/flaky"), (server, "/missing"), (nobody, "/")] {
        println!("GET {page} of {}", if server == nobody { "nobody" } else { "the server" });
        let fetched = retry(|_: Attempt| fetch(rt, server, page), schedule)
            .when(FetchError::is_worth_a_retry)
            .observed(print())
            .on(rt)
            .await;
        match fetched {
            Ok(body) => println!("  {body}"),
            Err(error) => println!("  {error}; the last error: {}", error.last()),
        }
    }
    // The same as a loop, whose body borrows, breaks and returns as it likes.
    let mut pages = Vec::new();
    let mut attempts = Retry::new(schedule).attempts(rt);
    while let Some(attempt) = attempts.next().await {
        match fetch(rt, server, "/flaky").await {
            Ok(page) => pages.push(page),
            Err(error) => attempt.failed(error)?,
        }
    }
    println!("in a loop: {pages:?}");
    assert_eq!(pages, ["here you are"]);
    Ok(())
}

fn backoffs() {
    let seconds = |backoff: Backoff<_>| -> Vec<String> {
        backoff.delays(Seed::new(1)).map(|delay| format!("{:.2}", delay.as_secs_f64())).collect()
    };
    let backoff = Backoff::standard().attempts(9);
    println!("1 s, doubled, at most 60 s: {}", seconds(backoff.jitter(Jitter::NONE)).join(" "));
    println!("  with ±50 %, as it is by default: {}", seconds(backoff).join(" "));
    println!("  with all of it by chance: {}", seconds(backoff.jitter(Jitter::FULL)).join(" "));
}

fn main() {
    on::run(|rt| async move {
        give_up_in_time(&rt).await;
        backoffs();
        fetch_with_retries(&rt).await.expect("the server is up again");
    });
}
