//! The worker pool: those who wait until it is idle, for its end, and for one outcome. Its workers are polled by hand.

use super::*;
use untether::spawn::{BoxTask, Spawn, SpawnError};
use untether::task::WorkerPool;
use untether::task::worker_pool::{Stop, Ticket, Tickets, WaitIdle};

/// Keeps tasks until they are run.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<BoxTask>>>);

impl Spawn for Shelf {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0.lock().unwrap().push(task);
        Ok(())
    }
}

impl Shelf {
    /// Polls each task once.
    fn run(&self) {
        let mut tasks = std::mem::take(&mut *self.0.lock().unwrap());
        tasks.retain_mut(|task| !poll(task, Waker::noop()));
        self.0.lock().unwrap().append(&mut tasks);
    }
}

type Inputs = Tickets<(), (), ()>;

struct Parked {
    /// For as long as the test runs.
    pool: &'static WorkerPool<Inputs>,
    shelf: Shelf,
}

impl Parked {
    fn new() -> Self {
        let shelf = Shelf::default();
        let builder = WorkerPool::builder(&shelf).workers(1).capacity(1_000);
        let pool = builder.build(|()| std::future::ready(Ok(()))).unwrap();
        Self { pool: Box::leak(Box::new(pool)), shelf }
    }

    fn touch(&self) {
        let _ = (self.pool.stats(), self.pool.is_stopped(), format!("{:?}", self.pool));
        self.pool.pause();
        self.pool.resume();
        self.pool.resize(2).unwrap();
        self.pool.resize(1).unwrap();
        use_up(self.pool.wait_idle());
        use_up(self.pool.submit(()));
        if let Ok(ticket) = self.pool.try_submit(()) {
            let _ = (ticket.is_finished(), format!("{ticket:?}"));
            ticket.abort();
            use_up(ticket);
        }
    }
}

macro_rules! of_pool {
    ($(#[$doc:meta])* $name:ident, $called:literal, $wait:ty, $all:literal, $pool:ident: $new:expr, $waits:expr) => {
        $(#[$doc])*
        pub(crate) struct $name(Parked);

        impl Scene for $name {
            type Wait = $wait;

            const NAME: &'static str = $called;

            const MANY: bool = $all;

            const ALL: bool = $all;

            const WAKE_PANIC_GOES_ON: bool = false;

            fn new() -> Self {
                let $pool = Parked::new();
                let prepare: fn(&Parked) = $new;
                prepare(&$pool);
                Self($pool)
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                let $pool = &self.0;
                $waits
            }

            fn tell(&self) {
                self.0.shelf.run();
            }

            fn touch(self: &Arc<Self>) {
                self.0.touch();
            }
        }
    };
}

of_pool! {
    /// All has ended.
    OfIdlePool, "WorkerPool, wait_idle", WaitIdle<'static, Inputs>, true,
    parked: |parked| parked.pool.try_submit(()).unwrap().detach(), parked.pool.wait_idle()
}

of_pool! {
    /// It has stopped.
    OfStopped, "WorkerPool, stop", Stop<'static, Inputs>, true, parked: |_| (), parked.pool.stop()
}

of_pool! {
    /// One input has ended.
    OfTicket, "WorkerPool, a ticket", Ticket<(), ()>, false, parked: |_| (), parked.pool.try_submit(()).unwrap()
}
