//! What is smol's own: executors of yours, their ends, and its global one.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::rt::smol::{Smol, SmolLocal, SmolOn};
use untether::rt::threads::{Threads, block_on};
use untether::spawn::{Spawn, SpawnBlocking, SpawnErrorKind, SpawnExt, SpawnLocal};
use untether::testing::sim::Check;
use untether::time::{Clock, Timer};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Counts its drops.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

#[test]
fn a_task_that_holds_its_executor_does_not_keep_it_alive() {
    let drops = Arc::new(AtomicUsize::new(0));
    let (executor, local) = (Arc::new(smol::Executor::new()), Rc::new(smol::LocalExecutor::new()));
    let (rt, local_rt) = (SmolOn::new(&executor), SmolLocal::new(&local));
    let (own, counted) = (rt.clone(), Counted(drops.clone()));
    rt.spawn(async move {
        own.sleep(HOUR).await;
        drop((own, counted));
    })
    .unwrap();
    let (own, counted) = (local_rt.clone(), Counted(drops.clone()));
    local_rt
        .spawn_local(async move {
            own.sleep(HOUR).await;
            drop((own, counted));
        })
        .unwrap();
    assert!(executor.try_tick() && local.try_tick());
    drop((executor, local));
    assert_eq!(drops.load(Ordering::Acquire), 2);
    assert_eq!(rt.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
    assert_eq!(local_rt.spawn_local(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
}

#[test]
fn an_executor_that_nobody_runs_keeps_its_tasks() {
    let executor = Arc::new(smol::Executor::new());
    let task = SmolOn::new(&executor).spawn_task(async { 7 }).unwrap();
    assert!(!task.is_finished());
    assert_eq!(smol::block_on(executor.run(task)).unwrap(), 7);
}

#[test]
fn an_executor_in_a_static_will_do() {
    static EXECUTOR: smol::Executor<'static> = smol::Executor::new();
    const RT: SmolOn = SmolOn::from_static(&EXECUTOR);
    let task = RT.spawn_task(async {
        RT.sleep(Duration::from_millis(1)).await;
        7
    });
    assert_eq!(smol::block_on(EXECUTOR.run(task.unwrap())).unwrap(), 7);
}

#[test]
fn sleeps_need_no_executor_of_smol() {
    block_on(async |_| Smol.sleep(Duration::from_millis(5)).await);
    futures_executor::block_on(Smol.sleep(Duration::from_millis(5)));
}

#[test]
fn moments_of_smol_and_of_threads_can_be_compared() {
    let threads = Threads::new().unwrap();
    let moments = [threads.now(), Smol.now(), threads.now(), Smol.now()];
    assert!(moments.is_sorted(), "{moments:?}");
}

#[test]
fn closures_that_are_let_go_are_run() {
    // smol's own handle cancels what it is dropped with.
    let run = Arc::new(AtomicUsize::new(0));
    for _ in 0..200 {
        let run = Counted(run.clone());
        Smol.spawn_blocking(move || drop(run)).unwrap();
    }
    smol::block_on(async {
        while run.load(Ordering::Acquire) < 200 {
            Smol.sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn blocking_on_inside_a_task_ends() {
    let task =
        Smol.spawn_task(async { block_on(async |rt| rt.spawn_task(async { 7 }).unwrap().await.unwrap()) });
    assert_eq!(smol::block_on(task.unwrap()).unwrap(), 7);
}

#[test]
fn inside_a_simulation_a_real_sleep_panics_and_says_so() {
    let failure = Check::random(1).run(async |_| Smol.sleep(HOUR).await).unwrap_err();
    assert!(failure.to_string().contains("used inside a simulation"), "{failure}");
    let failure = Check::random(1).run(async |_| drop(Smol.spawn_task(async {}).unwrap().await)).unwrap_err();
    assert!(failure.to_string().contains("used inside a simulation"), "{failure}");
}
