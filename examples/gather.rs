//! What one after the other takes, and what it takes together: `cargo run --example gather --features tokio,smol,async-std,signal -- --runtime tokio`.
//!
//! Two pages take a second each: two seconds one after the other, one second together. Then three calls of which one fails: it is known how each of
//! them ended, or the first error is what there is, or the first answer is all that is wanted.

mod on;

use std::time::Duration;
use untether::task::{first_ok, gather, race, try_gather};
use untether::time::{Clock, Timer};

const MS: Duration = Duration::from_millis(1);

struct Page {
    url: &'static str,
    length: usize,
}

async fn fetch(url: &'static str, rt: &impl Timer) -> Result<Page, String> {
    rt.sleep(1_000 * MS).await;
    Ok(Page { url, length: 100 * url.len() })
}

async fn might_fail(fails: bool, rt: &impl Timer) -> Result<&'static str, String> {
    rt.sleep(100 * MS).await;
    if fails { Err("operation failed".to_string()) } else { Ok("success") }
}

/// Runs it and says how long it took, in tenths of a second.
async fn timed<F: Future>(what: &str, work: F, rt: &impl Clock) -> (F::Output, u128) {
    let start = rt.now();
    let output = work.await;
    let took = rt.now().saturating_duration_since(start);
    println!("{what} took {:.1} s", took.as_secs_f64());
    (output, took.as_millis() / 100)
}

async fn one_after_the_other(rt: &impl Timer) -> Result<[Page; 2], String> {
    Ok([fetch("url1", rt).await?, fetch("url2", rt).await?])
}

fn main() {
    on::run(|rt| {
        on::until_ctrl_c(async move {
            let (pages, slow) = timed("one after the other", one_after_the_other(&rt), &rt).await;
            let length: usize = pages.expect("both are there").iter().map(|page| page.length).sum();

            let both = try_gather((fetch("url1", &rt), fetch("url2", &rt)));
            let (pages, quick) = timed("together", both, &rt).await;
            let (one, other) = pages.expect("both are there");
            println!("{} and {}, {length} bytes", one.url, other.url);
            assert_eq!(one.length + other.length, length);
            assert!((20..30).contains(&slow) && (10..20).contains(&quick), "{slow} {quick}");

            let calls = || [false, true, false].map(|fails| might_fail(fails, &rt));
            let (outcomes, took) = timed("three, of which one fails,", gather(calls()), &rt).await;
            assert!((1..5).contains(&took), "{took}");
            let split = outcomes.split();
            for (index, value) in &split.values {
                println!("  {index}: {value}");
            }
            for (index, failure) in &split.failures {
                println!("  {index}: {failure}");
            }
            assert_eq!((split.values.len(), split.failures.len()), (2, 1));

            let error = try_gather(calls()).await.expect_err("one fails");
            println!("all of them, or: {error}");
            let answer = first_ok(calls()).await.expect("two do not fail");
            println!("whichever: {answer}");
            let late = async {
                rt.sleep(50 * MS).await;
                Err("too late".to_string())
            };
            let told = race((might_fail(false, &rt), late)).await;
            println!("in a race with the clock: {}", told.expect_err("the clock is quicker"));
        })
    });
}
