//! Named jobs in the background: `cargo run --example background --features tokio,smol,async-std,signal -- --runtime tokio`.
//!
//! The jobs of a service, with an hour as short as a tenth of a second: one that cleans up daily, one that synchronises hourly and meets a
//! server that is down, one that counts every ten minutes and is paused meanwhile. In the end all are stopped: who runs has a grace to end.

mod on;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::observe::Lines;
use untether::retry::schedule::{Jitter, exponential};
use untether::spawn::AnyRuntime;
use untether::task::Background;
use untether::task::background::{OnFailure, State};
use untether::time::Timer;

const HOUR: Duration = Duration::from_millis(100);
const DAY: Duration = Duration::from_millis(2_400);
const TEN_MINUTES: Duration = Duration::from_millis(17);

/// The server is down for the first three calls.
async fn sync_data(call: u32) -> Result<(), String> {
    match call {
        0..3 => Err(format!("call {}: the server is down", call + 1)),
        _ => Ok(()),
    }
}

async fn cleanup_old_files(rt: AnyRuntime) {
    println!("cleaning up");
    rt.sleep(HOUR / 4).await;
    println!("cleaned up");
}

fn print_table(background: &Background<AnyRuntime>) {
    println!("{:10} {:12} {:>5} {:>7} {:>8}  last", "name", "state", "runs", "failed", "skipped");
    for status in background.statuses() {
        let last = match status.last.map(|last| last.result) {
            None => "-".to_owned(),
            Some(Ok(())) => "ok".to_owned(),
            Some(Err(error)) => error.to_string(),
        };
        let (name, state) = (status.name, status.state);
        println!("{name:10} {state:12} {:5} {:7} {:8}  {last}", status.runs, status.failures, status.skipped);
    }
}

async fn program(rt: AnyRuntime) {
    let background = Background::new(rt.clone()).observed(Lines::new(|line: &str| println!("! {line}")));

    let calls = AtomicU32::new(0);
    let sync = move || sync_data(calls.fetch_add(1, Ordering::Relaxed));
    let soon = exponential(HOUR / 20).jitter(Jitter::NONE).unlimited();
    let sync = background.job("data_sync", HOUR, sync).timeout(HOUR / 2);
    let sync = sync.on_error(OnFailure::back_off(soon)).start().expect("the name is free");

    let timer = rt.clone();
    let cleanup = background.start("cleanup", DAY, move || cleanup_old_files(timer.clone()));
    let cleanup = cleanup.expect("the name is free");

    let counted = Arc::new(AtomicU32::new(0));
    let count = counted.clone();
    let metrics = move || {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(())
    };
    let metrics = background.job("metrics", TEN_MINUTES, metrics).now().start().expect("the name is free");

    let second = background.start("cleanup", HOUR, || async {});
    println!("{}", second.expect_err("one of that name is there"));

    while sync.status().runs < 4 {
        rt.sleep(HOUR / 20).await;
    }
    print_table(&background);
    assert_eq!(sync.status().failures, 3);

    println!("an administrator cannot wait until tomorrow");
    cleanup.run_now().await.expect("it goes well");

    metrics.pause();
    rt.sleep(HOUR / 10).await;
    let before = counted.load(Ordering::Relaxed);
    rt.sleep(HOUR / 2).await;
    assert_eq!(counted.load(Ordering::Relaxed), before, "nothing is counted during a pause");
    metrics.resume();
    rt.sleep(HOUR / 2).await;
    assert!(counted.load(Ordering::Relaxed) > before);

    let asked = cleanup.run_now();
    rt.sleep(HOUR / 20).await;
    print_table(&background);
    let report = background.shutdown().await;
    println!("{report}");
    assert_eq!((report.finished.len(), report.aborted.len()), (3, 0));
    assert!(asked.await.is_ok(), "it was let finish");
    assert_eq!(cleanup.status().state, State::Stopped);
}

fn main() {
    on::run(|rt| on::until_ctrl_c(program(rt)));
}
