//! Five workers and twenty items: `cargo run --example worker_pool --features tokio,smol,async-std,signal -- --runtime tokio`.
//!
//! Five named workers take twenty items from a queue. One item fails and one panics; all others are done, the progress is shown while they
//! are, and the results come in the order of the items. On a terminal the progress is a bar.

mod on;

use std::io::{IsTerminal, Write, stdout};
use std::time::Duration;
use untether::spawn::AnyRuntime;
use untether::task::{Failure, WorkerPool};
use untether::time::{Clock, Timer};

const ITEMS: u32 = 20;

async fn process(worker: usize, item: u32, rt: AnyRuntime) -> Result<String, String> {
    rt.sleep(Duration::from_millis(100)).await;
    match item {
        7 => Err(format!("item {item} is not to be had")),
        13 => panic!("item {item} is bad luck"),
        _ => Ok(format!("item {item} by worker {worker}")),
    }
}

/// `######....  60%`, drawn over the last one; or a line for each fifth.
fn show(completed: usize, total: usize) {
    if stdout().is_terminal() {
        let (done, left) = ("#".repeat(completed), ".".repeat(total - completed));
        print!("\r{done}{left} {:>3}%", 100 * completed / total);
        if completed == total {
            println!();
        }
        let _ = stdout().flush();
    } else if completed % 5 == 0 || completed == total {
        println!("{completed} of {total}");
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| ())); // What an item died of is printed below.
    on::run(|rt| {
        on::until_ctrl_c(async move {
            let own = rt.clone();
            let pool = WorkerPool::builder(&rt).workers(5).capacity(100).name("worker");
            let pool = pool.build_numbered(move |worker, item| process(worker, item, own.clone()));
            let pool = pool.expect("it runs");

            let before = rt.now();
            let outcomes = pool.map(1..=ITEMS).progress(show).collect().await;
            let took = rt.now().saturating_duration_since(before);
            let (mut done, mut failed) = (0, 0);
            for outcome in outcomes {
                match outcome.into_result() {
                    Ok(result) => {
                        done += 1;
                        println!("  {result}");
                    }
                    Err(failure) => {
                        failed += 1;
                        let word = if matches!(failure, Failure::Panicked(_)) { "broken" } else { "failed" };
                        println!("  {word}: {failure}");
                    }
                }
            }
            println!("{done} done and {failed} not, in {took:.1?}: one after the other that is 2 s");

            // One by one, with a ticket for each; and what is submitted before the stop is done.
            let ticket = pool.submit(21).await.expect("it is open");
            let stopped = pool.stop().await;
            println!("{}", ticket.await.ok().expect("it was accepted"));
            let tally = stopped.tally;
            println!("stopped: {} done, {} failed, {} panicked", tally.done, tally.failed, tally.panicked);
            let refused = pool.submit(22).await.expect_err("it has stopped");
            println!("{refused}: item {} came back", refused.into_inner());
            assert_eq!((done, failed, tally.done), (18, 2, 19));
        })
    });
}
