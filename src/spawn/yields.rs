//! Letting others run.

use core::pin::Pin;
use core::task::{Context, Poll};

/// Wakes itself and gives way: on a fair executor every other task that is ready runs once before it goes on.
///
/// Without an executor's budget, a loop over things that are always ready never gives way by itself: put this, or
/// [`yield_every`], into it.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use std::sync::Arc;
/// use untether::spawn::{SpawnExt, yield_now};
///
/// let flag = Arc::new(AtomicBool::new(false));
/// let setter = flag.clone();
/// rt.spawn_task(async move { setter.store(true, Ordering::Relaxed) }).unwrap().detach();
/// while !flag.load(Ordering::Relaxed) {
///     yield_now().await;
/// }
/// # });
/// ```
#[doc(alias = "asyncio.sleep")]
#[doc(alias = "sleep(0)")]
pub const fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

/// Gives way once in `n` turns of a loop. With 0 it never does.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use untether::spawn::yield_every;
///
/// let mut breath = yield_every(100);
/// for _ in 0..1_000 {
///     breath.turn().await; // gives way ten times
/// }
/// # });
/// ```
#[must_use]
pub const fn yield_every(n: u32) -> YieldEvery {
    YieldEvery { every: n, turns: 0 }
}

/// The future of [`yield_now`] and [`YieldEvery::turn`]. Ready stays ready.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Counts the turns of a loop and gives way now and then. Made by [`yield_every`].
#[derive(Clone, Debug)]
pub struct YieldEvery {
    every: u32,
    turns: u32,
}

impl YieldEvery {
    /// One turn of the loop: ready at once, or after others had their turn.
    pub const fn turn(&mut self) -> YieldNow {
        self.turns = self.turns.wrapping_add(1);
        let due = self.every != 0 && self.turns >= self.every;
        if due {
            self.turns = 0;
        }
        YieldNow { yielded: !due }
    }
}
