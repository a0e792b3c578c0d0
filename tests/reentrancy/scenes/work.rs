//! The queue of jobs, on a clock that stands still: those who wait for a job, for room, and for the end of all.

use super::*;
use std::task::Context;
use untether::queue::WorkQueue;
use untether::queue::work::Lease;
use untether::testing::ManualClock;

type Queue = WorkQueue<u8, ManualClock, u8>;

const HOUR: Duration = Duration::from_secs(3_600);

fn queue() -> Arc<Queue> {
    Arc::new(WorkQueue::builder(ManualClock::new()).key(|job: &u8| *job % 4).build())
}

fn touch_queue(queue: &Arc<Queue>) {
    let mut waits = [WorkQueue::lease_owned(queue.clone()), WorkQueue::lease_owned(queue.clone())];
    waits.iter_mut().for_each(|wait| _ = poll(wait, Waker::noop()));
    if let Ok(later) = queue.try_push_after(7, HOUR) {
        let now = queue.try_push(3);
        drop(queue.try_lease());
        assert_eq!(queue.cancel(later), Some(7));
        now.into_iter().for_each(|id| _ = queue.cancel(id));
    }
    let mut join = std::pin::pin!(queue.join());
    let _ = join.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let _ = (queue.stats(), queue.len(), format!("{queue:?}"));
}

macro_rules! of_work_queue {
    ($name:ident, $called:literal, $tell:expr, $all:literal) => {
        pub(crate) struct $name(Arc<Queue>);

        impl Scene for $name {
            type Wait = Lease<Arc<Queue>>;

            const NAME: &'static str = $called;

            const ALL: bool = $all;

            fn new() -> Self {
                Self(queue())
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                WorkQueue::lease_owned(self.0.clone())
            }

            fn tell(&self) {
                let tell: fn(&Queue) = $tell;
                tell(&self.0);
            }

            fn touch(self: &Arc<Self>) {
                touch_queue(&self.0);
            }

            fn is_left_by_all(&self) -> bool {
                self.0.stats().workers_waiting == 0
            }
        }
    };
}

of_work_queue!(OfLeased, "WorkQueue", |queue| _ = queue.try_push(1).unwrap(), false);
of_work_queue!(OfWorkClosed, "WorkQueue, at the end", WorkQueue::close, true);
