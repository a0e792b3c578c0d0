//! Pools of objects that cost nothing to make and to recycle, so that what is measured is the pool.

use crate::row::Kind;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, OnceLock};
use tokio::runtime::{Builder, Runtime};
use untether::resource::Pool;
use untether::rt::threads::Threads;

/// Lends objects.
pub trait Lends: Sync + 'static {
    const NAME: &'static str;
    const KIND: Kind = Kind::Peer;

    fn new(objects: usize) -> Self;
    fn get(&'static self) -> impl Future<Output: Send> + Send;
}

type Create = fn() -> Ready<Result<u64, Infallible>>;

const CREATE: Create = || ready(Ok(0));

impl Lends for Pool<Create> {
    const NAME: &'static str = "untether";
    const KIND: Kind = Kind::Ours;

    fn new(objects: usize) -> Self {
        Self::new(objects, CREATE)
    }

    fn get(&'static self) -> impl Future<Output: Send> + Send {
        self.get()
    }
}

/// Reads the clock, as the others do, and its objects own their hold.
impl Lends for Arc<Pool<Create, &'static Threads>> {
    const NAME: &'static str = "untether, owned, with a timer";
    const KIND: Kind = Kind::Shown;

    fn new(objects: usize) -> Self {
        static THREADS: OnceLock<Threads> = OnceLock::new();
        let timer = THREADS.get_or_init(|| Threads::new().expect("there are threads"));
        Arc::new(Pool::builder(objects, CREATE).timer(timer).build())
    }

    fn get(&'static self) -> impl Future<Output: Send> + Send {
        Pool::get_owned(self.clone())
    }
}

/// What makes numbers, for all of them.
pub struct Numbers;

impl deadpool::managed::Manager for Numbers {
    type Type = u64;
    type Error = Infallible;

    async fn create(&self) -> Result<u64, Infallible> {
        Ok(0)
    }

    async fn recycle(
        &self,
        _: &mut u64,
        _: &deadpool::managed::Metrics,
    ) -> deadpool::managed::RecycleResult<Infallible> {
        Ok(())
    }
}

pub type Deadpool = deadpool::managed::Pool<Numbers>;

impl Lends for Deadpool {
    const NAME: &'static str = "deadpool";

    fn new(objects: usize) -> Self {
        Self::builder(Numbers).max_size(objects).build().expect("it has no limits")
    }

    fn get(&'static self) -> impl Future<Output: Send> + Send {
        self.get()
    }
}

impl asyncband::pool::ManageObject for Numbers {
    type Object = u64;
    type Error = Infallible;

    async fn create(&self) -> Result<u64, Infallible> {
        Ok(0)
    }

    async fn is_recyclable(&self, _: &mut u64, _: &asyncband::pool::ObjectStatus) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Lends for Arc<asyncband::pool::bounded::Pool<Numbers>> {
    const NAME: &'static str = "asyncband";

    fn new(objects: usize) -> Self {
        asyncband::pool::bounded::Pool::new(asyncband::pool::bounded::PoolConfig::new(objects), Numbers)
    }

    fn get(&'static self) -> impl Future<Output: Send> + Send {
        asyncband::pool::bounded::Pool::get(self)
    }
}

impl bb8::ManageConnection for Numbers {
    type Connection = u64;
    type Error = Infallible;

    async fn connect(&self) -> Result<u64, Infallible> {
        Ok(0)
    }

    async fn is_valid(&self, _: &mut u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn has_broken(&self, _: &mut u64) -> bool {
        false
    }
}

pub type Bb8 = bb8::Pool<Numbers>;

/// What bb8 has to find around it: it makes objects in tasks, and always has a limit.
pub fn around_bb8() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime")
    })
}

impl Lends for Bb8 {
    const NAME: &'static str = "bb8 (on tokio only)";

    /// All objects are made here.
    fn new(objects: usize) -> Self {
        around_bb8().block_on(async {
            let objects = u32::try_from(objects).expect("few");
            let pool = Self::builder().max_size(objects).max_lifetime(None).idle_timeout(None);
            let pool = pool.build(Numbers).await.expect("it makes numbers");
            let mut all = Vec::new();
            for _ in 0..objects {
                all.push(pool.get_owned().await.expect("there is room"));
            }
            drop(all);
            pool
        })
    }

    fn get(&'static self) -> impl Future<Output: Send> + Send {
        async { self.get().await.expect("it is soon there") }
    }
}
