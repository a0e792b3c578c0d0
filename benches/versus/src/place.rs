//! Where a workload runs: as a task of an executor, which is where users live. All of them last as long as the program.

use smol::Executor;
use std::sync::Arc;
use std::thread;
use tokio::runtime::{Builder, Runtime};

/// An executor that runs one task to its end and returns.
pub trait Place: Clone + Send + Sync + 'static {
    fn run(&self, body: impl Future<Output = ()> + Send + 'static);

    /// Starts another task beside it.
    fn spawn(&self, body: impl Future<Output = ()> + Send + 'static) -> impl Future<Output = ()> + Send;
}

/// Tokio, on this thread or on threads of its own.
#[derive(Clone, Copy)]
pub struct OnTokio(pub &'static Runtime);

impl OnTokio {
    pub fn this_thread() -> Self {
        Self::build(Builder::new_current_thread())
    }

    pub fn threads(threads: usize) -> Self {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(threads);
        Self::build(builder)
    }

    fn build(mut builder: Builder) -> Self {
        Self(Box::leak(Box::new(builder.enable_time().build().expect("a runtime"))))
    }
}

impl Place for OnTokio {
    fn run(&self, body: impl Future<Output = ()> + Send + 'static) {
        self.0.block_on(self.0.spawn(body)).expect("no case panics");
    }

    fn spawn(&self, body: impl Future<Output = ()> + Send + 'static) -> impl Future<Output = ()> + Send {
        let task = self.0.spawn(body);
        async { task.await.expect("no case panics") }
    }
}

/// Smol's executor, on this thread and on as many others as it was given.
#[derive(Clone)]
pub struct OnSmol(pub Arc<Executor<'static>>);

impl OnSmol {
    pub fn this_thread() -> Self {
        Self(Arc::new(Executor::new()))
    }

    /// This thread runs it as well, while it waits for its end in [`run`](Place::run).
    pub fn two_threads() -> Self {
        Self::another_thread()
    }

    /// Only the other thread runs it, as long as nobody else does.
    pub fn another_thread() -> Self {
        let executor = Arc::new(Executor::new());
        let running = executor.clone();
        thread::spawn(move || smol::block_on(running.run(std::future::pending::<()>())));
        Self(executor)
    }
}

impl Place for OnSmol {
    fn run(&self, body: impl Future<Output = ()> + Send + 'static) {
        smol::block_on(self.0.run(self.0.spawn(body)));
    }

    fn spawn(&self, body: impl Future<Output = ()> + Send + 'static) -> impl Future<Output = ()> + Send {
        self.0.spawn(body)
    }
}
