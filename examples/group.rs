//! Tasks that belong together: `cargo run --example group --features tokio,smol,async-std,signal -- --runtime tokio`.
//!
//! First a group where one fails: the others are cancelled, each is waited for, and every error is told. Then tasks with names that are created,
//! looked at, cancelled alone and awaited; and one for which ten seconds are too long, scaled down to a tenth of one.

mod on;

use std::time::Duration;
use untether::spawn::AnyRuntime;
use untether::sync::CancelToken;
use untether::sync::cancel::Cause;
use untether::task::group::Started;
use untether::task::{Outcome, TaskGroup};
use untether::time::{TimeoutExt, Timer};

const MS: Duration = Duration::from_millis(1);

async fn might_fail(rt: AnyRuntime, fails: bool) -> Result<&'static str, String> {
    rt.sleep(50 * MS).await;
    if fails { Err("something went wrong".to_string()) } else { Ok("success") }
}

/// Closes its file before it goes, and that can fail as well.
async fn writes(rt: AnyRuntime, token: CancelToken) -> Result<&'static str, String> {
    let cause = token.cancelled().await;
    println!("  writer: {cause}; closing the file");
    rt.sleep(20 * MS).await;
    Err("the file could not be closed".to_string())
}

async fn one_fails(rt: &AnyRuntime) {
    println!("A group in which one fails:");
    let group = TaskGroup::collecting(rt.clone());
    group.task().name("fails").spawn(might_fail(rt.clone(), true)).await.expect("it is open");
    group.task().name("waits").spawn(std::future::pending()).await.expect("it is open");
    group.task().name("writes").spawn_with(|token| writes(rt.clone(), token)).await.expect("it is open");
    let error = group.join_all().await.expect_err("one fails");
    println!("  {error}");
    for failed in error.failures() {
        println!("  {failed}");
    }
    println!("  and {} cancelled where it waited", error.cancelled());
}

async fn tasks_by_name(rt: &AnyRuntime) {
    println!("Tasks by name:");
    let mut group = TaskGroup::builder(rt.clone()).continue_on_failure().collecting();
    let mut tasks: Vec<Started> = Vec::new();
    for (name, millis) in [("fetch", 30), ("parse", 60), ("store", 90), ("report", 10_000)] {
        let timer = rt.clone();
        let task = async move {
            timer.sleep(millis * MS).await;
            if millis == 60 { Err("line 7 is no number".to_string()) } else { Ok(millis) }
        };
        tasks.push(group.task().name(name).spawn(task).await.expect("it is open"));
    }
    println!("  {} are running", group.len());
    let mut ended_so_far = 0;
    while let Ok(Some(ended)) = group.join_next().timeout(200 * MS, rt).await {
        let name = ended.label.name().expect("each has one");
        match ended.outcome {
            Outcome::Ok(millis) => println!("  {name}: done in {millis} ms"),
            Outcome::Err(error) => println!("  {name}: {error}"),
            Outcome::Cancelled(_) => println!("  {name}: cancelled"),
            Outcome::Panicked(panicked) => println!("  {name}: {panicked}"),
        }
        ended_so_far += 1;
        if ended_so_far == 3 {
            let last = tasks.last().expect("four were started");
            println!("  {} takes too long", last.label().name().expect("each has one"));
            last.abort();
        }
    }
    println!("  and nobody is left: {}", group.is_empty());
}

/// What runs on by itself is counted, asked to stop, and waited for.
async fn stopped_in_time(rt: &AnyRuntime) {
    println!("A server's connections:");
    let group = TaskGroup::builder(rt.clone()).unlimited().build();
    for connection in 0..100_u32 {
        let timer = rt.clone();
        let serve = async move {
            timer.sleep((connection % 10) * 30 * MS).await;
            Ok::<_, String>(())
        };
        group.spawn(serve).await.expect("it is open");
    }
    group.close();
    let drained = group.wait_idle().timeout(100 * MS, rt).await;
    let stats = group.stats();
    println!("  after 100 ms: {} of 100 have ended, {} are open", stats.succeeded, stats.running);
    assert!(drained.is_err());
    group.cancel(Cause::Deadline);
    group.wait_idle().await;
    println!("  then: {} cancelled, {} are open", group.stats().cancelled, group.len());
}

fn main() {
    on::run(|rt| {
        on::until_ctrl_c(async move {
            one_fails(&rt).await;
            tasks_by_name(&rt).await;
            stopped_in_time(&rt).await;
        })
    });
}
