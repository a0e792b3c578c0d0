//! The delay queue, on a clock that stands still.

use super::*;
use untether::queue::DelayQueue;
use untether::queue::delay::Recv;
use untether::testing::ManualClock;

type Queue = DelayQueue<u8, ManualClock>;

const HOUR: Duration = Duration::from_secs(3_600);

fn touch_queue(queue: &Arc<Queue>) {
    use_up(queue.recv());
    let mut waits = [queue.recv(), queue.recv()];
    waits.iter_mut().for_each(|wait| _ = poll(wait, Waker::noop()));
    if let Ok(key) = queue.insert(7, 2 * HOUR) {
        use_up(queue.recv());
        assert!(queue.reset(&key, HOUR));
        assert_eq!(queue.remove(&key), Some(7));
    }
    let _ = (queue.try_recv(), queue.peek(), queue.len(), queue.waiting(), format!("{queue:?}"));
    use_up(queue.recv_many(&mut Vec::new(), 0));
}

macro_rules! of_delay_queue {
    ($name:ident, $called:literal, $tell:expr, $all:literal) => {
        pub(crate) struct $name(Arc<Queue>);

        impl Scene for $name {
            type Wait = Recv<Arc<Queue>, u8, ManualClock>;

            const NAME: &'static str = $called;

            const ALL: bool = $all;

            fn new() -> Self {
                Self(Arc::new(DelayQueue::new(ManualClock::new())))
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                DelayQueue::recv_owned(self.0.clone())
            }

            fn tell(&self) {
                let tell: fn(&Queue) = $tell;
                tell(&self.0);
            }

            fn touch(self: &Arc<Self>) {
                touch_queue(&self.0);
            }

            fn is_left_by_all(&self) -> bool {
                self.0.waiting() == 0
            }
        }
    };
}

of_delay_queue!(OfDelayed, "DelayQueue", |queue| _ = queue.insert(1, Duration::ZERO).unwrap(), false);
of_delay_queue!(OfDelayClosed, "DelayQueue, at the end", DelayQueue::close, true);
