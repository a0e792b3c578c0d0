//! How objects are made, checked and let go.

use super::usage::Usage;

/// Makes the objects of a [`Pool`](super::Pool), checks them, and takes those that the pool lets go.
///
/// All but [`create`](Self::create) may be left out. A closure that makes an object is a manager as well. None of it is called under a lock: a
/// manager may use its own pool.
///
/// # Examples
/// ```
/// use untether::resource::Pool;
/// use untether::resource::pool::{Manage, Usage};
///
/// struct Buffers;
/// impl Manage for Buffers {
///     type Object = Vec<u8>;
///     type Error = core::convert::Infallible;
///
///     async fn create(&self) -> Result<Vec<u8>, Self::Error> {
///         Ok(Vec::with_capacity(4096))
///     }
///     async fn recycle(&self, buffer: &mut Vec<u8>, _: &Usage) -> Result<(), Self::Error> {
///         buffer.clear();
///         Ok(())
///     }
///     fn is_broken(&self, buffer: &mut Vec<u8>) -> bool {
///         buffer.capacity() > 1 << 20
///     }
/// }
///
/// untether::rt::threads::block_on(|_| async {
///     let pool = Pool::new(4, Buffers);
///     pool.get().await.unwrap().extend(b"hello");
///     let buffer = pool.get().await.unwrap();
///     assert!(buffer.is_empty() && buffer.capacity() >= 4096);
/// });
/// ```
pub trait Manage: Send + Sync {
    /// What is lent out.
    type Object: Send;
    /// Why one could not be made, or is not fit to be lent out again.
    type Error;

    /// Makes one.
    ///
    /// # Cancel safety
    /// It is dropped with the [`get`](super::Pool::get) that waits for it, or when its limit has passed.
    /// # Errors
    /// Given to whoever wanted the object.
    fn create(&self) -> impl Future<Output = Result<Self::Object, Self::Error>> + Send;

    /// Makes one that lay idle fit to be lent out again. Called by whoever is about to get it. By default nothing is done.
    ///
    /// # Cancel safety
    /// It is dropped with the [`get`](super::Pool::get) that waits for it, or when its limit has passed. What becomes of the object then says
    /// [`CancelledRecycle`](super::CancelledRecycle).
    /// # Errors
    /// The object is let go, and the next is tried.
    fn recycle(
        &self,
        object: &mut Self::Object,
        usage: &Usage,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        let _ = (object, usage);
        async { Ok(()) }
    }

    /// Whether it is of no use any more. Asked when it comes back, also where its holder panics
    /// (`std::thread::panicking()` tells). `false` by default.
    fn is_broken(&self, object: &mut Self::Object) -> bool {
        let _ = object;
        false
    }

    /// Takes an object that the pool lets go: one that is broken, too old, one too many, or that was there at the end. Drops it by default.
    ///
    /// Its place in the pool is free when this returns. Not called for what a holder [takes](super::Object::take).
    fn detach(&self, object: Self::Object) {
        drop(object);
    }
}

/// A closure that makes an object.
impl<F, C, T, E> Manage for F
where
    F: Fn() -> C + Send + Sync,
    C: Future<Output = Result<T, E>> + Send,
    T: Send,
{
    type Object = T;
    type Error = E;

    fn create(&self) -> impl Future<Output = Result<T, E>> + Send {
        self()
    }
}
