//! The re-entrancy matrix: every primitive against wakers that use it from within their clone, wake and drop, that drop it, and that
//! panic. Each cell runs on a thread of its own and has to end: what calls a waker under a lock hangs, or panics in debug builds.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "a hook finds the future it means in std's mutex")]

mod columns;
mod delays;
mod scenes;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::testing::CountingWaker;
use untether_support::Hooks;

/// A primitive, as the matrix sees it.
trait Scene: Send + Sync + Sized + 'static {
    type Wait: Future + Send + Unpin;

    fn new() -> Self;

    /// Somebody who has to wait. Where only one can, the next takes its place.
    fn wait(self: &Arc<Self>) -> Self::Wait;

    /// Ends the wait of all who wait.
    fn tell(&self);

    /// Uses everything that can be used at any time; locks included, and whatever ends a wait.
    fn touch(self: &Arc<Self>);

    /// Whether several can wait.
    const MANY: bool = true;
}

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> bool {
    std::pin::Pin::new(future).poll(&mut Context::from_waker(waker)).is_ready()
}

/// Runs a cell, and fails if it does not end.
fn cell<S: Scene>(column: &str, body: fn()) {
    let (done, ended) = mpsc::channel();
    let runner = std::thread::spawn(move || {
        body();
        let _ = done.send(());
    });
    let name = format!("{column}, {}", std::any::type_name::<S>());
    match ended.recv_timeout(Duration::from_secs(20)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name}: hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) | Ok(()) => {
            assert!(runner.join().is_ok(), "{name}: panicked");
        }
    }
}

macro_rules! matrix {
    ($($scene:ident)*) => {$(
        #[test]
        #[expect(non_snake_case, reason = "a row is named for its scene")]
        fn $scene() {
            use columns::*;
            use scenes::$scene as S;
            cell::<S>("clone", clone_uses_it::<S>);
            cell::<S>("wake", wake_uses_it::<S>);
            cell::<S>("wake polls", wake_polls_the_future::<S>);
            cell::<S>("wake drops", wake_drops_the_future::<S>);
            cell::<S>("replace", replaced_uses_it::<S>);
            cell::<S>("drop", dropped_uses_it::<S>);
            cell::<S>("cancel", cancelled_after_it_was_told::<S>);
            cell::<S>("panic in wake", panic_in_wake::<S>);
            cell::<S>("panic in clone", panic_in_clone::<S>);
            cell::<S>("panic in drop", panic_in_drop::<S>);
            cell::<S>("panic in drop, told meanwhile", panic_in_drop_of_one_told_meanwhile::<S>);
            cell::<S>("clones that differ", clones_that_are_never_equal::<S>);
        }
    )*};
}

matrix! { OfEvent OfSetEvent OfNotifyOne OfLatch OfBarrier OfReceiver OfClosed OfChanged OfWaitFor OfWatchClosed }
matrix! { OfDelayed OfDelayClosed }
