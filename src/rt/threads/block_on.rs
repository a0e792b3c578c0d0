//! A thread that becomes the runtime for a while.

use super::{Handle, Threads};
use crate::rt::local::Local;
use crate::sys::{ambient, park};
use alloc::rc::Rc;
use core::pin::pin;

/// Runs a future to its end on this thread, and the tasks it starts. The same as [`Threads::block_on`] on a new [`Threads`].
///
/// # Panics
/// If the system refuses the timer thread (see [`Threads::new`]), or inside another `block_on` on the same thread.
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::rt::threads::block_on;
/// use untether::time::Timer;
///
/// block_on(async |rt| rt.sleep(Duration::from_millis(1)).await);
/// ```
#[doc(alias = "asyncio.run")]
#[doc(alias = "run_until_complete")]
#[doc(alias = "get_event_loop")]
pub fn block_on<F: Future>(body: impl FnOnce(Handle) -> F) -> F::Output {
    let threads = Threads::new().expect("starting the timer thread of block_on");
    threads.block_on(body)
}

/// Marks a thread that is in `block_on`.
struct Inside;

impl Threads {
    /// Runs a future to its end on this thread, and the tasks it starts. `body` is given the runtime it stands on.
    ///
    /// Tasks that are still running when the future is ready are dropped.
    ///
    /// # Panics
    /// Inside another `block_on` on the same thread, whose tasks could not go on meanwhile, so that waiting for one of them would
    /// hang. Await there, or move the call into `spawn_blocking`.
    pub fn block_on<F: Future>(&self, body: impl FnOnce(Handle) -> F) -> F::Output {
        assert!(
            ambient::find::<Inside>().is_none(),
            "block_on inside block_on on the same thread: its tasks could not go on meanwhile; \
             write `.await` here, or move the call into `spawn_blocking`"
        );
        let _inside = ambient::enter(Rc::new(Inside));
        let mut local = Local::new();
        let future = body(Handle::new(self.clone(), local.spawner()));
        park::block_on(pin!(local.run_until(future)), None).expect("there is no limit")
    }
}
