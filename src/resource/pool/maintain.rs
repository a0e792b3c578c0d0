//! Maintenance as a task.

use super::core::Pool;
use super::manage::Manage;
use crate::time::{MaybeTimer, Timer};
use alloc::sync::Arc;
use core::time::Duration;

impl<M: Manage, Tm: MaybeTimer> Pool<M, Tm> {
    /// Maintains the pool now and then: one step at once, and one after each `period`. To be spawned, or run beside something else.
    ///
    /// It ends when the pool is closed, or dropped: it does not keep it alive but while a step is under way, so that a manager that may hang is to
    /// have a [`create_limit`](super::Builder::create_limit). An object that cannot be made is tried again in the next step,
    /// and counted in the [stats](Pool::stats); who wants its error calls [`maintain`](Pool::maintain) in a loop of his own.
    ///
    /// # Cancel safety
    /// It can be dropped at any time.
    /// # Panics
    /// If the period is zero; and when the manager does, the future.
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use std::sync::Arc;
    /// use untether::resource::Pool;
    /// use untether::spawn::SpawnExt;
    /// use untether::time::Timer;
    ///
    /// untether::rt::threads::block_on(async |rt| {
    ///     let create = || async { Ok::<_, ()>(1) };
    ///     let pool = Arc::new(Pool::builder(4, create).min_idle(2).timer(rt.clone()).build());
    ///     let task = rt.spawn_task(pool.maintained(Duration::from_millis(5), rt.clone())).unwrap();
    ///     while pool.stats().idle < 2 {
    ///         rt.sleep(Duration::from_millis(1)).await;
    ///     }
    ///     pool.close();
    ///     task.await.unwrap();
    /// });
    /// ```
    pub fn maintained<T: Timer>(
        self: &Arc<Self>,
        period: Duration,
        timer: T,
    ) -> impl Future<Output = ()> + use<M, Tm, T> {
        assert!(!period.is_zero(), "a pool that is maintained all the time");
        let (pool, closing) = (Arc::downgrade(self), self.closing.clone());
        let steps = async move {
            while let Some(pool) = pool.upgrade() {
                let _tried_again_later = pool.maintain().await;
                drop(pool);
                timer.sleep(period).await;
            }
        };
        async move { drop(closing.run_owned(steps).await) }
    }
}
