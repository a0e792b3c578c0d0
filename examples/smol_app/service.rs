//! A small server and its clients, on any runtime and any sockets: neither is named here.
//!
//! Clients ask for the factors of numbers, line by line. The server divides on threads that may block, gives up on what takes too
//! long, tells on a beat how it is doing, and is stopped at the end: every connection ends before `run` does.

use futures_util::future::join;
use futures_util::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use futures_util::stream::{Stream, StreamExt};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::spawn::{Runtime, SpawnBlocking, SpawnExt, Task};
use untether::time::{Deadline, Interval, TimeoutExt};

const ANSWER: Duration = Duration::from_millis(300);
const IDLE: Duration = Duration::from_secs(5);
const BEAT: Duration = Duration::from_millis(200);

/// What a connection is made of.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Socket for S {}

#[derive(Default)]
struct Counts {
    answered: AtomicU32,
    given_up: AtomicU32,
    open: AtomicU32,
}

fn factors(mut number: u64) -> String {
    let mut found = Vec::new();
    let mut divisor = 2;
    while divisor <= number / divisor {
        while number % divisor == 0 {
            found.push(divisor.to_string());
            number /= divisor;
        }
        divisor += 1;
    }
    found.push(number.to_string());
    found.join(" * ")
}

/// The answer to one line, or why there is none.
async fn answer<R: Runtime + SpawnBlocking>(rt: &R, line: &str, counts: &Counts) -> String {
    let Ok(number) = line.parse() else { return format!("'{line}' is no number") };
    let Ok(division) = rt.spawn_blocking_task(move || factors(number)) else { return "too busy".to_string() };
    match division.timeout(ANSWER, rt).named("division").await {
        Ok(found) => {
            counts.answered.fetch_add(1, Ordering::Relaxed);
            found.unwrap_or_else(|failed| failed.to_string())
        }
        Err(elapsed) => {
            counts.given_up.fetch_add(1, Ordering::Relaxed);
            elapsed.to_string()
        }
    }
}

/// One connection, until its client goes or says nothing for too long.
async fn converse<R, S>(rt: R, socket: S, counts: Arc<Counts>) -> io::Result<()>
where
    R: Runtime + SpawnBlocking,
    S: Socket,
{
    let (read, mut out) = socket.split();
    let mut lines = BufReader::new(read).lines();
    while let Ok(Some(line)) = lines.next().timeout(IDLE, &rt).await {
        let answer = answer(&rt, &line?, &counts).await;
        out.write_all(format!("{answer}\n").as_bytes()).await?;
    }
    Ok(())
}

/// Counts a connection while it is there, however it ends.
struct Open(Arc<Counts>);

impl Open {
    fn new(counts: &Arc<Counts>) -> Self {
        counts.open.fetch_add(1, Ordering::Relaxed);
        Self(counts.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Accepts until it is cancelled; its connections are dropped with it.
async fn accept<R, S>(rt: R, mut incoming: impl Stream<Item = io::Result<S>> + Unpin, counts: Arc<Counts>)
where
    R: Runtime + SpawnBlocking,
    S: Socket,
{
    let mut connections: Vec<Task<io::Result<()>>> = Vec::new();
    while let Some(Ok(socket)) = incoming.next().await {
        connections.retain(|connection| !connection.is_finished());
        let (open, conversation) = (Open::new(&counts), converse(rt.clone(), socket, counts.clone()));
        let connection = rt.spawn_task(async move {
            let _open = open;
            conversation.await
        });
        connections.extend(connection);
    }
}

async fn ask<S: Socket>(name: &str, socket: S, questions: &[&str]) -> io::Result<()> {
    let (read, mut socket) = socket.split();
    let mut answers = BufReader::new(read).lines();
    for question in questions {
        socket.write_all(format!("{question}\n").as_bytes()).await?;
        match answers.next().await {
            Some(answer) => println!("{name}: {question} -> {}", answer?),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
    Ok(())
}

/// Serves `incoming` with `rt`, asks through the two other ends, and stops.
pub(crate) async fn run<R, S>(
    rt: R,
    incoming: impl Stream<Item = io::Result<S>> + Send + Unpin + 'static,
    ends: [S; 2],
) -> io::Result<()>
where
    R: Runtime + SpawnBlocking,
    S: Socket,
{
    let counts = Arc::new(Counts::default());
    let server = rt.spawn_task(accept(rt.clone(), incoming, counts.clone())).map_err(io::Error::other)?;

    let (told, mut beat) = (counts.clone(), Interval::new(BEAT, rt.clone()));
    let teller = rt.spawn_task(async move {
        loop {
            let tick = beat.tick().await;
            let [answered, open] = [&told.answered, &told.open].map(|count| count.load(Ordering::Relaxed));
            println!("server: {answered} answered, {open} connections, {} ticks missed", tick.missed);
        }
    });

    let [ada, bob] = ends;
    let ada = ask("ada", ada, &["600851475143", "9007199254740881", "forty-two"]);
    let bob = ask("bob", bob, &["18446744073709551557", "360360"]); // a prime that takes seconds
    let whole = Deadline::after(Duration::from_secs(10), &rt).named("all questions");
    let (ada, bob) = whole.run(join(ada, bob), &rt).await.map_err(io::Error::other)?;
    ada.and(bob)?;

    let _cancelled = teller.map_err(io::Error::other)?.cancel().await;
    let _cancelled = server.cancel().await;
    println!("the server is gone");
    while counts.open.load(Ordering::Relaxed) > 0 {
        rt.sleep(Duration::from_millis(1)).await; // each is dropped by its executor at its next turn
    }
    let [answered, given_up] =
        [&counts.answered, &counts.given_up].map(|count| count.load(Ordering::Relaxed));
    println!("{answered} answered, {given_up} given up, no connection left");
    Ok(())
}
