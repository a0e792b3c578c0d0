//! Stopping work so that it can clean up: `cargo run --example cleanup --features tokio,smol,async-std -- --runtime tokio`.
//!
//! Three workers copy records in batches and hear of a request in the loop that asks; one of them is told to stop by a deadline, the
//! others by their parent. Each finishes its batch and closes its file, which takes a while, before its task ends. A fourth never asks:
//! it is cancelled from outside, and `cancel` returns when its future is gone.

mod on;

use std::time::Duration;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::sync::CancelToken;
use untether::time::{Clock, Timer};

const RECORD: Duration = Duration::from_millis(10);

async fn worker(rt: AnyRuntime, token: CancelToken, name: &'static str) -> u32 {
    let mut copied = 0;
    while !token.is_cancelled() {
        rt.sleep(RECORD).await;
        copied += 1;
    }
    let cause = token.cause().expect("it was cancelled");
    println!("{name}: {cause}; closing the file after {copied} records");
    rt.sleep(3 * RECORD).await; // a second request does not cut this short
    println!("{name}: closed");
    copied
}

/// Says that it is gone, wherever it was dropped.
struct OnDrop(&'static str);

impl Drop for OnDrop {
    fn drop(&mut self) {
        println!("{}: dropped where it waited", self.0);
    }
}

fn main() {
    on::run(|rt| async move {
        let all = CancelToken::new();
        let short = all.child();
        let start = |token: &CancelToken, name| {
            rt.spawn_task(worker(rt.clone(), token.clone(), name)).expect("the runtime is running")
        };
        let workers = [start(&short, "first"), start(&all.child(), "second"), start(&all, "third")];
        // No hidden task: whoever awaits the deadline drives it.
        short.cancel_at(rt.now().saturating_add(5 * RECORD), rt.clone()).await;
        rt.sleep(3 * RECORD).await;
        println!("cancel all: {}, and once more: {}", all.cancel(), all.cancel());
        for worker in workers {
            assert!(worker.await.expect("it ended by itself") > 0);
        }

        let deaf = rt.spawn_task(async {
            let _gone = OnDrop("fourth");
            std::future::pending::<()>().await;
        });
        rt.sleep(RECORD).await;
        let outcome = deaf.expect("the runtime is running").cancel().await;
        println!("fourth: {}", outcome.expect_err("it never ends by itself"));
    });
}
