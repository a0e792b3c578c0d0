//! Executors of futures-rs as ours.

use futures_executor::{LocalPool, ThreadPool};
use futures_util::task::{FutureObj, SpawnError};
use std::rc::Rc;
use std::sync::Arc;
use untether::rt::futures::Futures;
use untether::spawn::{Spawn, SpawnErrorKind, SpawnExt, SpawnLocal};
use untether::testing::Probe;

#[test]
fn a_local_pool_that_is_gone_hands_the_task_back() {
    let mut pool = LocalPool::new();
    let spawner = Futures(pool.spawner());
    let stays = Rc::new(7);
    let task = spawner.spawn_local_task(async move { *stays }).unwrap();
    assert_eq!(pool.run_until(task).unwrap(), 7);
    assert_eq!(pool.run_until(spawner.spawn_task(async { 8 }).unwrap()).unwrap(), 8);
    drop(pool);
    assert_eq!(spawner.spawn_local(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
    assert_eq!(spawner.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
}

/// Says that it can, and cannot.
struct Fickle;

impl futures_util::task::Spawn for Fickle {
    fn spawn_obj(&self, _: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        Err(SpawnError::shutdown())
    }
}

#[test]
fn a_task_that_is_refused_late_is_dropped_and_its_handle_says_so() {
    let held = Arc::new(());
    let weak = Arc::downgrade(&held);
    let task = Futures(Fickle).spawn_task(async move { drop(held) }).unwrap();
    assert!(weak.upgrade().is_none());
    assert!(Probe::new(task).assert_ready().unwrap_err().is_cancelled());
}

#[test]
fn a_thread_pool_runs_tasks_elsewhere() {
    let pool = Futures(ThreadPool::builder().pool_size(1).create().unwrap());
    let task = pool.spawn_task(async { std::thread::current().id() }).unwrap();
    assert_ne!(futures_executor::block_on(task).unwrap(), std::thread::current().id());
}
