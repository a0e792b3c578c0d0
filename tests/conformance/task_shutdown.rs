//! One program that is shut down, the same on every adapter: one finishes, one is cancelled, one fails, one is aborted, one is left.

use super::*;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::sync::CancelToken;
use untether::task::shutdown::Phase;
use untether::task::{DrainPlan, DrainReport, Shutdown};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

async fn finishes(stopping: CancelToken, timer: impl Timer) -> Result<(), Infallible> {
    drop(stopping.cancelled().await);
    timer.sleep(MS).await;
    Ok(())
}

async fn cleans_up(token: CancelToken, timer: impl Timer) {
    drop(token.cancelled().await);
    timer.sleep(MS).await;
}

async fn fails(stopping: CancelToken) -> Result<(), &'static str> {
    drop(stopping.cancelled().await);
    Err("disk full")
}

/// Nobody has to hurry: each part ends when the last one has gone.
const LONG: DrainPlan = DrainPlan::new().limit(Duration::from_secs(600));

/// All who finish what they have begun.
fn assert_drained(report: &DrainReport) {
    assert_eq!((report.completed.as_slice(), report.exit_code()), (&["finishes".into()][..], 1), "{report}");
    assert_eq!(report.failed[0].to_string(), "fails: disk full");
}

fn assert_cancelled(report: &DrainReport) {
    assert_eq!((report.cancelled.as_slice(), report.exit_code()), (&["cleans up".into()][..], 0), "{report}");
}

fn assert_aborted(report: &DrainReport) {
    assert_eq!((report.aborted.as_slice(), report.exit_code()), (&["stuck".into()][..], 1), "{report}");
}

async fn is_left(timer: impl Timer) {
    let shutdown = Shutdown::new();
    let left = shutdown.participant("left").unwrap();
    let report = shutdown.drain(timer).plan(DrainPlan::new().limit(5 * MS)).await;
    assert_eq!((report.left.as_slice(), left.phase()), (&["left".into()][..], Phase::Aborting), "{report}");
}

async fn program(rt: impl Runtime) {
    let shutdown = Shutdown::new();
    shutdown.task("finishes", &rt, finishes(shutdown.stopping().clone(), rt.clone())).unwrap();
    shutdown.task("fails", &rt, fails(shutdown.stopping().clone())).unwrap();
    assert_drained(&shutdown.drain(rt.clone()).plan(LONG).await);

    let shutdown = Shutdown::new();
    shutdown.task("cleans up", &rt, cleans_up(shutdown.token().clone(), rt.clone())).unwrap();
    assert_cancelled(&shutdown.drain(rt.clone()).plan(LONG.cancelling(Duration::MAX)).await);

    let shutdown = Shutdown::new();
    shutdown.task("stuck", &rt, pending::<()>()).unwrap();
    assert_aborted(&shutdown.drain(rt.clone()).plan(LONG.aborting(Duration::MAX)).await);
    is_left(rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let run = |shutdown: &Shutdown, name: &'static str| shutdown.participant(name).unwrap();
    let shutdown = Shutdown::new();
    let finishes = finishes(shutdown.stopping().clone(), rt.clone());
    let tasks = [
        rt.spawn_local_task(run(&shutdown, "finishes").run(finishes)),
        rt.spawn_local_task(run(&shutdown, "fails").run(fails(shutdown.stopping().clone()))),
    ];
    assert_drained(&shutdown.drain(rt.clone()).plan(LONG).await);

    let shutdown = Shutdown::new();
    let cleans_up = cleans_up(shutdown.token().clone(), rt.clone());
    let task = rt.spawn_local_task(run(&shutdown, "cleans up").run(cleans_up));
    assert_cancelled(&shutdown.drain(rt.clone()).plan(LONG.cancelling(Duration::MAX)).await);

    let shutdown = Shutdown::new();
    let stuck = rt.spawn_local_task(run(&shutdown, "stuck").run(pending::<()>()));
    assert_aborted(&shutdown.drain(rt.clone()).plan(LONG.aborting(Duration::MAX)).await);
    for task in tasks.into_iter().chain([task, stuck]) {
        task.map_err(drop).unwrap().await.unwrap();
    }
    is_left(rt).await;
}

on_every_runtime!(program, local_program);
