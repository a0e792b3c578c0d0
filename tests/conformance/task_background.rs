//! One program with jobs, the same on every adapter: jobs that are quick, slow and failing, a run that is asked for, a pause, the end. And
//! the same with one driver in the place of a spawner.

use super::*;
use futures_util::future::join;
use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::spawn::{LocalRuntime, Runtime};
use untether::task::Background;
use untether::task::background::{JobHandle, Overlap, RunError, State};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);

/// Waits until the beat has brought so many runs.
async fn runs<T: Timer>(job: &JobHandle, at_least: u64, timer: &T) {
    while job.status().runs < at_least {
        timer.sleep(MS).await;
    }
}

async fn use_them<T: Timer + Clone, R: Timer + Clone>(
    background: Background<R>,
    [quick, slow, fails]: [JobHandle; 3],
    ran: Arc<AtomicU32>,
    timer: T,
) {
    runs(&quick, 3, &timer).await;
    assert!(ran.load(Ordering::Acquire) >= 3);
    quick.pause();
    assert_eq!(slow.run_now().await, Ok(()));
    let (one, two) = (fails.run_now(), fails.run_now());
    assert_eq!(one.await, Err(RunError::Failed("broken".into())));
    assert_eq!(two.await, Err(RunError::Failed("broken".into())));
    quick.stop().await;
    assert_eq!(
        (quick.status().state, background.names()),
        (State::Stopped, vec!["fails".into(), "hangs".into(), "slow".into()])
    );
    let hangs = background.get("hangs").unwrap();
    let hung = hangs.run_now();
    while hangs.status().running == 0 {
        timer.sleep(MS).await;
    }
    let report = background.shutdown_within(5 * MS).await;
    assert_eq!(report.finished, ["fails", "slow"]);
    assert_eq!(report.aborted, ["hangs"]);
    assert_eq!(hung.await, Err(RunError::Aborted));
}

/// The four jobs, started by one verb or the other.
macro_rules! jobs {
    ($background:ident, $rt:ident, $ran:ident, $start:ident) => {{
        let (count, timer) = ($ran.clone(), $rt.clone());
        let quick = move || {
            count.fetch_add(1, Ordering::AcqRel);
            std::future::ready(())
        };
        let slow = move || {
            let timer = timer.clone();
            async move { timer.sleep(3 * MS).await }
        };
        let fails = || async { Err::<(), _>("broken") };
        $background.job("hangs", HOUR, pending::<()>).$start().unwrap();
        [
            $background.job("quick", 2 * MS, quick).now().$start().unwrap(),
            $background.job("slow", HOUR, slow).timeout(HOUR).$start().unwrap(),
            $background.job("fails", HOUR, fails).overlap(Overlap::Wait).$start().unwrap(),
        ]
    }};
}

async fn program(rt: impl Runtime) {
    let (background, ran) = (Background::new(rt.clone()), Arc::new(AtomicU32::new(0)));
    let jobs = jobs!(background, rt, ran, start);
    use_them(background, jobs, ran, rt.clone()).await;

    let ((background, driver), ran) = (Background::driver(rt.clone()), Arc::new(AtomicU32::new(0)));
    let jobs = jobs!(background, rt, ran, start);
    join(use_them(background, jobs, ran, rt.clone()), driver).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let (background, ran) = (Background::new(rt.clone()), Arc::new(AtomicU32::new(0)));
    let jobs = jobs!(background, rt, ran, start_local);
    use_them(background, jobs, ran, rt).await;
}

on_every_runtime!(program, local_program);
