//! What it costs that no job is lost: beside a plain queue, with keys, with pauses and with leases that run out.

use core::time::Duration;
use untether::queue::{Queue, WorkQueue};
use untether::testing::ManualClock;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const HOUR: Duration = Duration::from_secs(3_600);

fn once(queue: &WorkQueue<u64, ManualClock, impl core::hash::Hash + Eq>) -> bool {
    queue.try_push(1).unwrap();
    queue.try_lease().unwrap().ack()
}

fn main() {
    let plain = Queue::unbounded();
    let clock = ManualClock::new();
    let jobs = WorkQueue::new(clock.clone());
    let bounded = WorkQueue::builder(clock.clone()).capacity(100).build();
    let keyed = WorkQueue::builder(clock.clone()).key(|job: &u64| *job).build();
    let limited = WorkQueue::builder(clock.clone()).visibility(HOUR).build();
    Table::new("one job, in and out")
        .case("Queue: try_send + try_recv", || {
            plain.try_send(1_u64).unwrap();
            plain.try_recv()
        })
        .case("WorkQueue: try_push + try_lease + ack", || once(&jobs))
        .case("WorkQueue with a bound", || once(&bounded))
        .case("WorkQueue with a key", || once(&keyed))
        .case("WorkQueue whose leases run out", || once(&limited))
        .case("WorkQueue: try_push + 2 x (try_lease + drop) + try_lease + ack", || {
            jobs.try_push(1).unwrap();
            drop(jobs.try_lease());
            drop(jobs.try_lease());
            jobs.try_lease().unwrap().ack()
        })
        .print();
}
