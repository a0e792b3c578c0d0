//! The limiter, on a clock that stands still and whose sleeps keep no waker: cells that are given back, and a quota that has more of them.

use super::*;
use untether::limit::rate::Acquire;
use untether::limit::{Quota, RateLimiter};
use untether::time::{Clock, Instant, Timer};

pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant::from_nanos(1 << 50)
    }
}

impl Timer for Still {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        std::future::pending()
    }
}

type Limiter = RateLimiter<Still>;

fn exhausted() -> Arc<Limiter> {
    let limiter = RateLimiter::new(Quota::per_hour(1), Still);
    limiter.try_acquire(1).unwrap();
    Arc::new(limiter)
}

fn touch_limiter(limiter: &Arc<Limiter>) {
    let mut waits = [1, 1].map(|n| RateLimiter::acquire_owned(limiter.clone(), n));
    if limiter.stats().free == 0 {
        waits.iter_mut().for_each(|wait| _ = poll(wait, Waker::noop()));
        drop(limiter.reserve(1, Duration::MAX));
    }
    use_up(limiter.acquire(0));
    limiter.set_quota(limiter.quota());
    limiter.refund(0);
    let _ = (limiter.try_acquire(0), limiter.peek(), limiter.stats(), format!("{limiter:?}"));
}

macro_rules! of_limiter {
    ($name:ident, $called:literal, $tell:expr) => {
        pub(crate) struct $name(Arc<Limiter>);

        impl Scene for $name {
            type Wait = Acquire<Arc<Limiter>, Still>;

            const NAME: &'static str = $called;

            const ALL: bool = false;

            fn new() -> Self {
                Self(exhausted())
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                RateLimiter::acquire_owned(self.0.clone(), 1)
            }

            fn tell(&self) {
                let tell: fn(&Limiter) = $tell;
                tell(&self.0);
            }

            fn touch(self: &Arc<Self>) {
                touch_limiter(&self.0);
            }

            fn is_left_by_all(&self) -> bool {
                let stats = self.0.stats();
                (stats.waiting, stats.wanted) == (0, 0)
            }
        }
    };
}

of_limiter!(OfRefunded, "RateLimiter, refund", |limiter| limiter.refund(1));
of_limiter!(OfQuota, "RateLimiter, set_quota", |limiter| {
    limiter.set_quota(Quota::per_hour(1).burst(limiter.quota().burst_size() + 1));
});
