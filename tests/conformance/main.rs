//! Every adapter, held to the same promises. One line per adapter: how a body is run on it, and what it can do.
#![cfg(all(feature = "testing", feature = "tokio", feature = "smol", feature = "async-std"))]

/// A program that is a function of a `Runtime`, and its sibling for a `LocalRuntime`: a test for each adapter.
macro_rules! on_every_runtime {
    ($program:ident, $local_program:ident) => {
        on_every_runtime! { $program:
            threads = on_threads;
            tokio = on_tokio;
            tokio_on = from_outside_of_tokio;
            smol = on_smol;
            smol_on = on_an_executor;
            async_std = on_async_std;
            futures_pool = on_a_thread_pool;
            erased = on_any_runtime;
            sim = in_a_simulation;
        }
        on_every_runtime! { $local_program:
            local = on_local;
            tokio_local = on_a_local_set;
            smol_local = on_a_local_executor;
            async_std_local = on_async_std;
            futures_local = on_a_local_pool;
            sim_local = in_a_simulation_locally;
        }
    };
    ($program:ident: $($name:ident = $on:ident;)*) => {$(
        #[test]
        fn $name() {
            $on($program);
        }
    )*};
}

mod adaptive;
mod breaker;
mod broken;
mod bulkhead;
mod fault;
mod limit;
mod policy;
mod pool;
mod queue;
mod retry;
mod task_background;
mod task_gather;
mod task_group;
mod task_in_flight;
mod task_map;
mod task_offload;
mod task_pool;
mod task_shutdown;
mod task_stress;
mod work;

use futures_executor::{LocalPool, ThreadPool};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use untether::rt::async_std::AsyncStd;
use untether::rt::futures::Futures;
use untether::rt::local::{Local, LocalSpawner};
use untether::rt::smol::{Smol, SmolLocal, SmolOn};
use untether::rt::threads::{Handle, Threads, block_on};
use untether::rt::tokio::{Tokio, TokioLocal, TokioOn};
use untether::spawn::{AnyRuntime, Parts};
use untether::testing::sim::{Check, LocalSim, Sim};

untether::conformance! {
    threads = on_threads: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
    local = on_local: timer, local, local_shutdown;
    tokio = on_tokio: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
    tokio_on = from_outside_of_tokio: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
    tokio_local = on_a_local_set: timer, local, blocking, blocking_beside, local_shutdown;
    smol = on_smol: timer, timer_across_threads, spawn, blocking, blocking_beside;
    smol_on = on_an_executor: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
    smol_local = on_a_local_executor: timer, local, blocking, blocking_beside, local_shutdown;
    async_std = on_async_std: timer, timer_across_threads, spawn, local, blocking, blocking_beside;
    futures_pool = on_a_thread_pool: spawn;
    futures_local = on_a_local_pool: local, local_shutdown;
    erased = on_any_runtime: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
    sim = in_a_simulation: timer, timer_across_threads, spawn, blocking, shutdown;
    sim_local = in_a_simulation_locally: local, local_shutdown;
}

/// With a pool that a burst overflows.
fn on_threads<F: Future>(body: impl FnOnce(Handle) -> F) -> F::Output {
    Threads::builder().blocking_queue(100).build().unwrap().block_on(body)
}

fn on_local<F: Future>(body: impl FnOnce(Parts<Threads, LocalSpawner>) -> F) -> F::Output {
    let mut local = Local::new();
    let timer = Threads::new().unwrap();
    let body = body(Parts { timer, spawn: local.local_spawner() });
    block_on(|_| local.run_until(body))
}

fn runtime() -> ::tokio::runtime::Runtime {
    ::tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

fn on_tokio<F: Future>(body: impl FnOnce(Tokio) -> F) -> F::Output {
    runtime().block_on(body(Tokio))
}

/// The body runs on a thread of its own, on an executor that knows nothing of tokio.
fn from_outside_of_tokio<F: Future>(body: impl FnOnce(TokioOn) -> F) -> F::Output {
    let runtime = runtime();
    let rt = TokioOn(runtime.handle().clone());
    let (stop, stopped) = ::smol::channel::bounded::<()>(1);
    let driver = thread::spawn(move || runtime.block_on(stopped.recv()).is_err());
    let output = block_on(|_| body(rt));
    drop(stop);
    assert!(driver.join().unwrap(), "it was stopped by us");
    output
}

fn on_a_local_set<F: Future>(body: impl FnOnce(TokioLocal) -> F) -> F::Output {
    let set = Rc::new(::tokio::task::LocalSet::new());
    runtime().block_on(set.run_until(body(TokioLocal::new(&set))))
}

fn on_smol<F: Future>(body: impl FnOnce(Smol) -> F) -> F::Output {
    ::smol::block_on(body(Smol))
}

/// Two threads run the executor; neither outlives the body.
fn on_an_executor<F: Future>(body: impl FnOnce(SmolOn) -> F) -> F::Output {
    let executor = Arc::new(::smol::Executor::new());
    let (stop, stopped) = ::smol::channel::bounded::<()>(1);
    thread::scope(|scope| {
        scope.spawn(|| ::smol::block_on(executor.run(stopped.recv())));
        let output = ::smol::block_on(executor.run(body(SmolOn::new(&executor))));
        drop(stop);
        output
    })
}

fn on_a_local_executor<F: Future>(body: impl FnOnce(SmolLocal) -> F) -> F::Output {
    let executor = Rc::new(::smol::LocalExecutor::new());
    ::smol::block_on(executor.run(body(SmolLocal::new(&executor))))
}

fn on_async_std<F: Future>(body: impl FnOnce(AsyncStd) -> F) -> F::Output {
    async_global_executor::block_on(body(AsyncStd))
}

type OnPool<S> = Parts<Threads, Futures<S>>;

fn on_a_thread_pool<F: Future>(body: impl FnOnce(OnPool<ThreadPool>) -> F) -> F::Output {
    let spawn = Futures(ThreadPool::builder().pool_size(2).create().unwrap());
    block_on(|_| body(Parts { timer: Threads::new().unwrap(), spawn }))
}

fn on_a_local_pool<F: Future>(body: impl FnOnce(OnPool<futures_executor::LocalSpawner>) -> F) -> F::Output {
    let mut pool = LocalPool::new();
    let spawn = Futures(pool.spawner());
    pool.run_until(body(Parts { timer: Threads::new().unwrap(), spawn }))
}

fn on_any_runtime<F: Future>(body: impl FnOnce(AnyRuntime) -> F) -> F::Output {
    runtime().block_on(body(AnyRuntime::new(Tokio)))
}

/// Under one schedule: what the simulator finds under thousands is tested elsewhere.
fn in_a_simulation<F: Future>(body: impl FnOnce(Sim) -> F) -> F::Output {
    let (body, output) = (RefCell::new(Some(body)), RefCell::new(None));
    let run = |sim| {
        let body = body.take().expect("there is one schedule")(sim);
        async { *output.borrow_mut() = Some(body.await) }
    };
    Check::replay("".parse().unwrap()).unseen_panics_pass().run(run).unwrap();
    output.take().expect("it came to its end")
}

fn in_a_simulation_locally<F: Future>(body: impl FnOnce(Parts<Sim, LocalSim>) -> F) -> F::Output {
    in_a_simulation(|sim| body(Parts { spawn: sim.local(), timer: sim }))
}
