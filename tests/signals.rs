//! Real signals, in processes of their own: each test starts itself again as a child, which is told by the operating system.
#![cfg(all(unix, feature = "signal", feature = "tokio", feature = "smol", feature = "async-std"))]

use std::env;
use std::future::pending;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use untether::rt::async_std::AsyncStd;
use untether::rt::signal::{Signal, Signals, signals};
use untether::rt::smol::Smol;
use untether::rt::threads;
use untether::rt::tokio::Tokio;
use untether::spawn::AnyRuntime;
use untether::task::{DrainPlan, Shutdown};

const ROLE: &str = "UNTETHER_CHILD_ON";
const RUNTIMES: [&str; 4] = ["threads", "tokio", "smol", "async-std"];

/// This test again, in a process of its own, that has said that it listens.
struct Other {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Other {
    fn start(test: &str, runtime: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture", "--test-threads", "1"])
            .env(ROLE, runtime)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut other = Self { child, output };
        other.says("listening");
        other
    }

    /// Waits until it has said so.
    #[track_caller]
    fn says(&mut self, word: &str) {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if line.trim_end().ends_with(word) {
                return;
            }
            line.clear();
        }
        panic!("it ended and did not say '{word}'");
    }

    fn send(&self, signal: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.child.id())]).status();
        assert!(sent.unwrap().success());
    }

    fn end(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

/// What the child does, on the runtime that it was told, or nothing in the parent.
fn as_a_child<F: Future<Output = u8>>(body: impl FnOnce(AnyRuntime) -> F) {
    let Ok(name) = env::var(ROLE) else { return };
    let code = match name.as_str() {
        "threads" => threads::block_on(|rt| body(AnyRuntime::new(rt))),
        "tokio" => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            runtime.block_on(body(AnyRuntime::new(Tokio)))
        }
        "smol" => smol::block_on(body(AnyRuntime::new(Smol))),
        _ => async_global_executor::block_on(body(AnyRuntime::new(AsyncStd))),
    };
    std::process::exit(code.into());
}

fn listening() -> Signals {
    let signals = signals().unwrap();
    println!("\nlistening");
    signals
}

async fn serves(rt: AnyRuntime, stubborn: bool) -> u8 {
    let (shutdown, signals) = (Shutdown::new(), signals().unwrap());
    let stopping = shutdown.stopping().clone();
    let worker = async move {
        drop(stopping.cancelled().await);
        println!("\nasked");
        if stubborn {
            pending::<()>().await;
        }
    };
    shutdown.task("worker", &rt, worker).unwrap();
    println!("\nlistening");
    let plan = DrainPlan::new().limit(Duration::from_secs(600)).aborting(Duration::from_secs(60));
    let report = shutdown.run(rt).plan(plan).signals(signals).await;
    println!("\n{report}");
    report.exit_code()
}

#[test]
fn the_first_signal_ends_a_server_in_order_on_every_runtime() {
    as_a_child(|rt| serves(rt, false));
    for runtime in RUNTIMES {
        for (signal, name) in [("INT", "SIGINT"), ("TERM", "SIGTERM")] {
            let other = Other::start("the_first_signal_ends_a_server_in_order_on_every_runtime", runtime);
            other.send(signal);
            let (status, said) = other.end();
            assert_eq!(status.code(), Some(0), "{runtime}: {said}");
            assert!(said.contains(&format!("on {name}: 1 completed, 0 cancelled")), "{runtime}: {said}");
        }
    }
}

#[test]
fn the_second_signal_aborts_it_at_once_on_every_runtime() {
    as_a_child(|rt| serves(rt, true));
    for runtime in RUNTIMES {
        for (signal, code) in [("INT", 130), ("TERM", 143)] {
            let mut other = Other::start("the_second_signal_aborts_it_at_once_on_every_runtime", runtime);
            other.send("INT");
            other.says("asked");
            other.send(signal);
            let (status, said) = other.end();
            assert_eq!(status.code(), Some(code), "{runtime}: {said}");
            assert!(said.contains("aborted: worker"), "{runtime}: {said}");
        }
    }
}

#[test]
fn all_who_listen_hear_each_signal_and_a_thread_as_a_task_does() {
    as_a_child(|_| async {
        let (mut first, mut second) = (signals().unwrap(), listening());
        let heard = [first.recv().wait(), second.recv().wait()];
        u8::from(heard != [Signal::Terminate; 2])
    });
    let other = Other::start("all_who_listen_hear_each_signal_and_a_thread_as_a_task_does", "threads");
    other.send("TERM");
    assert_eq!(other.end().0.code(), Some(0));
}

#[test]
fn a_signal_that_nobody_listens_to_any_more_ends_the_process_as_ever() {
    as_a_child(|_| async {
        drop(signals().unwrap());
        println!("\nlistening");
        pending().await
    });
    let other = Other::start("a_signal_that_nobody_listens_to_any_more_ends_the_process_as_ever", "threads");
    other.send("TERM");
    assert_eq!(other.end().0.signal(), Some(15));
}

#[test]
fn a_process_that_hangs_is_ended_by_the_third_signal() {
    as_a_child(|_| async {
        let _signals = listening();
        // Another who listens tells when they have come, by being asked: it is one of the two who are told.
        pending().await
    });
    let other = Other::start("a_process_that_hangs_is_ended_by_the_third_signal", "threads");
    // Those that come at the same moment may be one: so as many as it takes, and not fewer than three.
    let mut other = other;
    let mut sent = 0;
    let status = loop {
        match other.child.try_wait().unwrap() {
            Some(status) => break status,
            None => other.send("INT"),
        }
        sent += 1;
    };
    assert_eq!(status.signal(), Some(2));
    assert!(sent >= 3, "{sent}");
}
