//! What allocates: one cell for each input that has a ticket.

use super::*;
use std::task::{Context, Waker};
use untether::spawn::{BoxTask, Spawn, SpawnError};
use untether_support::allocations;

/// Keeps tasks until they are run, by hand.
#[derive(Clone, Default)]
pub(super) struct Shelf(Arc<Mutex<Vec<BoxTask>>>);

impl Spawn for Shelf {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0.lock().unwrap().push(task);
        Ok(())
    }
}

impl Shelf {
    /// Polls each task once.
    pub(super) fn run(&self) {
        let mut tasks = std::mem::take(&mut *self.0.lock().unwrap());
        let mut cx = Context::from_waker(Waker::noop());
        tasks.retain_mut(|task| std::pin::Pin::new(task).poll(&mut cx).is_pending());
        *self.0.lock().unwrap() = tasks;
    }
}

#[test]
fn an_input_costs_one_allocation_and_one_of_a_map_none() {
    let shelf = Shelf::default();
    let pool = WorkerPool::builder(&shelf).workers(2).capacity(8).build(async |n: u64| Ok::<_, ()>(n + 1));
    let pool = pool.unwrap();
    let round = || {
        let tickets = [1, 2, 3].map(|n| pool.try_submit(n).unwrap());
        shelf.run();
        for ticket in tickets {
            assert!(Probe::new(ticket).poll().is_ready());
        }
    };
    (0..100).for_each(|_| round());
    let before = allocations();
    let probes = {
        let before = allocations();
        let mut probe = Probe::new(ready(()));
        assert!(probe.poll().is_ready());
        allocations() - before
    };
    let measured = allocations();
    assert!(measured > before);
    (0..1_000).for_each(|_| round());
    assert_eq!(allocations() - measured, 3 * 1_000 * (1 + probes));

    let mut map = pool.map(std::iter::repeat(1));
    let mut cx = Context::from_waker(Waker::noop());
    let mut read = |times: usize| {
        let mut read = 0;
        while read < times {
            match futures_util::Stream::poll_next(std::pin::Pin::new(&mut map), &mut cx) {
                std::task::Poll::Ready(outcome) => read += usize::from(outcome.is_some()),
                std::task::Poll::Pending => shelf.run(),
            }
        }
    };
    read(1_000);
    let before = allocations();
    read(10_000);
    assert_eq!(allocations() - before, 0);
}
