//! How a future comes to wait: it looks under the lock, leaves it to clone its waker, and looks again.
//!
//! Whatever the clone does, also to the very thing that is waited for, is seen by the second look.

use super::lock::Lock;
use super::unwind;
use core::task::Waker;

/// Calls `step` under the lock, with a clone of `waker` if that is `ready` already. A step that needs one and has none gives `None`:
/// then one is cloned outside, and `step` is called once more. What is left in its hands is dropped outside.
#[inline(always)] // as above
pub(crate) fn with_waker<S, R>(
    lock: &Lock<S>,
    waker: &Waker,
    ready: bool,
    mut step: impl FnMut(&mut S, &mut Option<Waker>) -> Option<R>,
) -> R {
    let mut own = ready.then(|| waker.clone());
    // A loop that goes round twice at most. Called in one place, the step is inlined, and what it gives stays in registers.
    let done = loop {
        if let Some(done) = lock.with(|state| step(state, &mut own)) {
            break done;
        }
        debug_assert!(own.is_none(), "a step that has a waker needs no other");
        own = Some(waker.clone());
    };
    if own.is_some() {
        // What was taken in there, a notification or a value, is not lost with a waker whose drop panics.
        if let Err(panic) = unwind::catch(|| drop(own)) {
            unwind::discard(panic);
        }
    }
    done
}
