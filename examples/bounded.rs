//! Twenty calls, five at a time: `cargo run --example bounded --features tokio,smol,async-std,signal -- --runtime smol`.
//!
//! Each call takes a while and every seventh fails. The bar is the progress of all of them, failed ones included; where nobody looks at a
//! terminal there is a line for every fifth. Then a million items, of which sixteen are there at a time.

mod on;

use std::cell::Cell;
use std::io::{IsTerminal, Write, stdout};
use std::time::Duration;
use untether::spawn::{AnyRuntime, yield_now};
use untether::task::{Split, map};
use untether::time::{Clock, Timer};

const MS: Duration = Duration::from_millis(1);
const CALLS: u32 = 20;

/// Takes between 50 and 150 ms.
fn latency(number: u32) -> Duration {
    (50 + number * 37 % 101) * MS
}

async fn fetch(number: u32, rt: &AnyRuntime) -> Result<usize, String> {
    rt.sleep(latency(number)).await;
    if number % 7 == 6 { Err(format!("call {number}: 503")) } else { Ok(1_000 + number as usize) }
}

/// A bar that is drawn over itself, or a line now and then.
struct Bar {
    is_watched: bool,
}

impl Bar {
    const WIDTH: usize = 40;

    fn show(&self, done: usize, total: usize) {
        let filled = Self::WIDTH * done / total.max(1);
        if self.is_watched {
            print!("\r[{:<width$}] {done:>3} of {total}", "=".repeat(filled), width = Self::WIDTH);
            let end = if done == total { "\n" } else { "" };
            print!("{end}");
            // A bar that cannot be drawn is no reason to stop.
            let _ = stdout().flush();
        } else if done % 5 == 0 || done == total {
            println!("{done} of {total}");
        }
    }
}

async fn five_at_a_time(rt: &AnyRuntime) {
    let (bar, begun) = (Bar { is_watched: stdout().is_terminal() }, rt.now());
    let outcomes = map(0..CALLS, |number| fetch(number, rt))
        .limit(5)
        .on_progress(|done, total| bar.show(done, total))
        .collect()
        .await;
    let took = rt.now().saturating_duration_since(begun);
    let one_by_one: Duration = (0..CALLS).map(latency).sum();
    println!("{CALLS} calls in {took:.2?}; one after the other they take {one_by_one:.2?}");
    let Split { values, failures } = outcomes.split();
    let bytes: usize = values.iter().map(|(_, bytes)| bytes).sum();
    println!("{} went well, {bytes} bytes in all", values.len());
    for (index, failure) in &failures {
        println!("number {index} failed: {failure}");
    }
    assert_eq!((values.len(), failures.len()), (18, 2));
    assert!(took < one_by_one);
}

async fn a_million() {
    let (there, most) = (Cell::new(0), Cell::new(0));
    let work = async |number: u32| {
        there.set(there.get() + 1);
        most.set(most.get().max(there.get()));
        yield_now().await;
        there.set(there.get() - 1);
        if number % 2 == 0 { Ok(()) } else { Err("odd") }
    };
    let tally = map(0..1_000_000, work).limit(16).tally().await;
    println!(
        "{} items: {} well, {} not, at most {} at a time",
        tally.total(),
        tally.ok,
        tally.failed,
        most.get()
    );
    assert_eq!((tally.total(), most.get()), (1_000_000, 16));
}

fn main() {
    on::run(|rt| {
        on::until_ctrl_c(async move {
            five_at_a_time(&rt).await;
            a_million().await;
        })
    });
}
