//! The pool: those who wait for an object, and for the end.

use super::*;
use std::future::{Ready, ready};
use std::pin::Pin;
use untether::resource::Pool;
use untether::resource::pool::{GetError, Object};
use untether::sync::{Latch, latch};

type Numbers = Pool<fn() -> Ready<Result<u32, ()>>>;
type Get = Pin<Box<dyn Future<Output = Result<Object<Arc<Numbers>>, GetError<()>>> + Send>>;

/// Enough for all who wait, whatever else was taken.
const PLENTY: usize = 100;

fn numbers() -> Arc<Numbers> {
    Arc::new(Pool::new(PLENTY, || ready(Ok(1))))
}

fn all_of(pool: &Arc<Numbers>) -> Vec<Object<Arc<Numbers>>> {
    (0..PLENTY)
        .map(|number| {
            pool.add(number as u32).unwrap();
            Pool::try_get_owned(pool.clone()).unwrap()
        })
        .collect()
}

fn touch_pool(pool: &Arc<Numbers>) {
    let _ = (pool.stats(), pool.is_closed(), format!("{pool:?}"));
    drop(pool.try_get());
    let _ = pool.add(7);
    pool.retain(|number, _| *number != 7);
    use_up(Box::pin(pool.get()));
    use_up(Box::pin(pool.replenish(1)));
    use_up(Box::pin(pool.maintain()));
    use_up(pool.drained());
    // In this order: the other way round grants a place to who waits, which is to be given back for another one.
    pool.resize(PLENTY - 1);
    pool.resize(PLENTY);
}

fn nobody_waits(pool: &Numbers) -> bool {
    pool.stats().waiting == 0
}

/// Objects come back.
pub(crate) struct OfObject {
    pool: Arc<Numbers>,
    held: Mutex<Vec<Object<Arc<Numbers>>>>,
}

impl Scene for OfObject {
    type Wait = Get;

    const NAME: &'static str = "Pool, an object's drop";

    const OUTLIVES_A_PANIC: bool = false;

    fn new() -> Self {
        let pool = numbers();
        let held = Mutex::new(all_of(&pool));
        Self { pool, held }
    }

    fn wait(self: &Arc<Self>) -> Get {
        Box::pin(Pool::get_owned(self.pool.clone()))
    }

    fn tell(&self) {
        let held = std::mem::take(&mut *self.held.lock().unwrap());
        drop(held);
    }

    fn touch(self: &Arc<Self>) {
        touch_pool(&self.pool);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.pool)
    }
}

/// The pool is closed.
pub(crate) struct OfClosedPool(
    Arc<Numbers>,
    #[expect(dead_code, reason = "held, and no more")] Vec<Object<Arc<Numbers>>>,
);

impl Scene for OfClosedPool {
    type Wait = Get;

    const NAME: &'static str = "Pool, close";

    const OUTLIVES_A_PANIC: bool = false;

    fn new() -> Self {
        let pool = numbers();
        let held = all_of(&pool);
        Self(pool, held)
    }

    fn wait(self: &Arc<Self>) -> Get {
        Box::pin(Pool::get_owned(self.0.clone()))
    }

    fn tell(&self) {
        self.0.close();
    }

    fn touch(self: &Arc<Self>) {
        touch_pool(&self.0);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.0)
    }
}

/// Nothing is left of it.
pub(crate) struct OfDrained(&'static Arc<Numbers>);

impl Scene for OfDrained {
    type Wait = latch::Wait<&'static Latch>;

    const NAME: &'static str = "Pool, drained";

    fn new() -> Self {
        Self(Box::leak(Box::new(numbers())))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.0.drained()
    }

    fn tell(&self) {
        self.0.close();
    }

    fn touch(self: &Arc<Self>) {
        touch_pool(self.0);
    }
}
