//! Stopping cleanly: `cargo run --example shutdown --features signal,tokio,smol,async-std -- --runtime tokio`.
//!
//! Five named workers and a listener, until Ctrl-C. The first one closes the listener, and the workers finish the piece of work that they
//! have begun; one needs longer than there is, and cleans up; one takes no notice at all, and is aborted. The second Ctrl-C does not wait for any
//! of that. With `--after 1s` it presses Ctrl-C itself, with `--twice` once more.

mod on;

use core::time::Duration;
use std::process::{Command, ExitCode};
use untether::rt::signal;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::sync::CancelToken;
use untether::task::{DrainPlan, Shutdown};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

/// Answers until it is told to stop, and what it has begun to the end.
async fn worker(name: &'static str, stopping: CancelToken, rt: AnyRuntime) {
    let mut answered = 0;
    while !stopping.is_cancelled() {
        rt.sleep(100 * MS).await;
        answered += 1;
    }
    println!("{name} has answered {answered} and goes");
}

/// Has begun something that takes an hour, and knows how to leave it.
async fn archive(token: CancelToken, rt: AnyRuntime) -> Result<(), &'static str> {
    match token.run(rt.sleep(Duration::from_secs(3_600))).await {
        Ok(()) => Ok(()),
        Err(cancelled) => {
            println!("archive is {cancelled}: it removes what it has half written");
            rt.sleep(50 * MS).await;
            Err("half of it is missing")
        }
    }
}

/// Takes nothing new as soon as it is asked to stop.
async fn listener(stopping: CancelToken, rt: AnyRuntime) {
    let mut clients = 0;
    let accept = || rt.sleep(30 * MS);
    while stopping.run(accept()).await.is_ok() {
        clients += 1;
    }
    println!("listener is closed, after {clients} clients");
}

/// What `--after 1s` says.
fn after() -> Option<Duration> {
    let said = std::env::args().skip_while(|argument| argument != "--after").nth(1)?;
    let number = said.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = if said.ends_with("ms") { MS } else { Duration::from_secs(1) };
    Some(unit * number.parse().expect("--after 1s, or --after 300ms"))
}

/// Presses Ctrl-C, as somebody at a terminal does.
fn press() {
    println!("Ctrl-C");
    let pressed = Command::new("sh").args(["-c", "kill -INT $PPID"]).status();
    assert!(pressed.expect("there is a shell").success());
}

async fn main_on(rt: AnyRuntime) -> ExitCode {
    let shutdown = Shutdown::new();
    let (stopping, token) = (shutdown.stopping(), shutdown.token());
    for name in ["worker 1", "worker 2", "worker 3", "worker 4", "worker 5"] {
        let work = worker(name, stopping.clone(), rt.clone());
        shutdown.task(name, &rt, work).expect("it runs");
    }
    shutdown.task("listener", &rt, listener(stopping.clone(), rt.clone())).expect("it runs");
    shutdown.task("archive", &rt, archive(token.clone(), rt.clone())).expect("it runs");
    shutdown.task("deaf", &rt, core::future::pending::<()>()).expect("it runs");

    if let Some(after) = after() {
        let timer = rt.clone();
        let presses = async move {
            timer.sleep(after).await;
            press();
            if std::env::args().any(|argument| argument == "--twice") {
                timer.sleep(50 * MS).await;
                press();
            }
        };
        rt.spawn_task(presses).expect("it runs").detach();
    } else {
        println!("press Ctrl-C");
    }
    // Thirty seconds unless said; an example is in a hurry.
    let plan = DrainPlan::new().limit(1_000 * MS).cancelling(300 * MS).aborting(200 * MS);
    let signals = signal::signals().expect("signals can be heard");
    let report = shutdown.run(&rt).plan(plan).signals(signals).await;
    println!("{report}");
    ExitCode::from(report.exit_code())
}

fn main() -> ExitCode {
    on::run(main_on)
}
