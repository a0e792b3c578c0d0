//! What is async-std's own. That its applications share threads with this adapter is shown by `ci/async-std.sh`.

use std::time::Duration;
use untether::rt::async_std::AsyncStd;
use untether::rt::threads::block_on;
use untether::spawn::{LocalRuntime, Runtime, SpawnExt, SpawnLocal};
use untether::time::Timer;

#[test]
fn it_is_both_a_runtime_and_a_local_one() {
    const fn is_both<R: Runtime + LocalRuntime>(_: &R) {}
    is_both(&AsyncStd);
}

#[test]
fn a_local_task_runs_on_the_thread_that_spawned_it() {
    async_global_executor::block_on(async {
        let here = std::thread::current().id();
        let task = AsyncStd.spawn_local_task(async { std::thread::current().id() }).unwrap();
        assert_eq!(task.await.unwrap(), here);
        let elsewhere = AsyncStd.spawn_task(async { std::thread::current().name().map(str::to_string) });
        assert_ne!(elsewhere.unwrap().await.unwrap().as_deref(), std::thread::current().name());
    });
}

#[test]
fn local_tasks_are_dropped_with_their_thread() {
    let (told, tells) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        let task = async move {
            std::future::pending::<()>().await;
            drop(told);
        };
        AsyncStd.spawn_local(task).unwrap();
    });
    thread.join().unwrap();
    assert!(tells.recv().is_err(), "its sender was dropped");
}

#[test]
fn sleeps_need_no_executor_of_async_std() {
    futures_executor::block_on(AsyncStd.sleep(Duration::from_millis(5)));
}

#[test]
fn blocking_on_inside_a_task_ends() {
    let nested = async { block_on(async |rt| rt.spawn_task(async { 7 }).unwrap().await.unwrap()) };
    let task = AsyncStd.spawn_task(nested).unwrap();
    assert_eq!(async_global_executor::block_on(task).unwrap(), 7);
}
