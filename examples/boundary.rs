//! A profile service in trouble, behind a boundary: `cargo run --example boundary --features tokio,smol,async-std -- --runtime smol`.
//!
//! It fails, hangs, forbids and panics; what may pass is tried again, the rest is answered otherwise or comes out, all of it is printed. In
//! the end the same service is only slow, and hedged.

mod on;

use std::fmt;
use std::future::pending;
use std::time::Duration;
use untether::fault::boundary::Failure;
use untether::fault::fallback::Outcome;
use untether::fault::{Boundary, Fallback, Hedge};
use untether::observe::Lines;
use untether::retry::schedule::exponential;
use untether::retry::{Attempt, AttemptError, Retry};
use untether::spawn::AnyRuntime;
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

#[derive(Debug, PartialEq)]
enum LoadError {
    Unavailable,
    Forbidden,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "503 unavailable",
            Self::Forbidden => "403 forbidden",
        })
    }
}

/// What a user's name does to the service.
async fn load(rt: &AnyRuntime, user: &'static str, attempt: u32) -> Result<&'static str, LoadError> {
    rt.sleep(MS).await;
    match user {
        "ada" => Ok("Ada Lovelace"),
        "bob" if attempt < 3 => Err(LoadError::Unavailable),
        "bob" => Ok("Bob, at the third attempt"),
        "eve" => Err(LoadError::Forbidden),
        "mallory" => panic!("index out of bounds: the name is longer than 6"),
        "slow" => pending().await,
        _ => Err(LoadError::Unavailable),
    }
}

async fn behind_a_boundary(rt: &AnyRuntime) {
    let forbidden = |failure: &Failure<LoadError>| failure.last().failed() == Some(&LoadError::Forbidden);
    let worth_it = |error: &AttemptError<LoadError>| error.failed() != Some(&LoadError::Forbidden);
    let from_the_cache = |_: &Failure<LoadError>| async {
        rt.sleep(MS).await;
        Ok("somebody, as of yesterday")
    };
    let boundary = Boundary::new("load profile")
        .retry(Retry::new(exponential(10 * MS).attempts(3)).when(worth_it))
        .attempt_timeout(20 * MS)
        .on_timeout(Fallback::value("somebody"))
        .goes_on(forbidden)
        .otherwise(Fallback::operation(from_the_cache))
        .observed(Lines::new(|line: &str| println!("  {line}")));
    for user in ["ada", "bob", "carol", "slow", "eve", "mallory"] {
        println!("{user}");
        match boundary.run(|attempt| load(rt, user, attempt.number()), rt).outcome().await {
            Ok(Outcome::Answer(profile)) => println!("  => {profile}"),
            Ok(Outcome::Fallback { value, because }) => println!("  => {value}, since it {because}"),
            Err(failure) => println!("  => no profile: {}", failure.last()),
        }
    }
}

async fn in_a_scope(rt: &AnyRuntime) {
    println!("in a scope, whose body borrows and returns as it likes");
    let boundary = Boundary::new("greet").observed(Lines::new(|line: &str| println!("  {line}")));
    let mut greeting = String::from("Hello, ");
    let scope = boundary.scope();
    match load(rt, "eve", 1).await {
        Ok(name) => greeting.push_str(scope.success(name)),
        Err(error) => {
            scope.recovered(error);
            greeting.push_str("stranger");
        }
    }
    println!("  => {greeting}");
    drop(boundary.scope()); // as an aborted task would
}

async fn hedged(rt: &AnyRuntime) {
    println!("hedged: the first replica hangs");
    let hedge = Hedge::after(5 * MS).extra(2).observed(Lines::new(|line: &str| println!("  {line}")));
    let replica =
        |attempt: Attempt| load(rt, if attempt.is_first() { "slow" } else { "ada" }, attempt.number());
    let profile = hedge.run(replica, rt).await;
    println!("  => {profile:?}");
    assert_eq!(profile, Ok("Ada Lovelace"));
}

fn main() {
    // The boundary reports it, in one line and without a backtrace.
    std::panic::set_hook(Box::new(|_| ()));
    on::run(|rt| async move {
        behind_a_boundary(&rt).await;
        in_a_scope(&rt).await;
        hedged(&rt).await;
    });
}
