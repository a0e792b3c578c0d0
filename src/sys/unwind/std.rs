//! Panics, where they unwind.

use alloc::boxed::Box;
use core::any::Any;
use core::cell::Cell;
use core::panic::AssertUnwindSafe;
use std::panic::{catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

pub(crate) type Panic = Box<dyn Any + Send>;

/// Runs `body` and hands back its panic instead of unwinding through the caller.
///
/// Unwind safety is asserted: whatever `body` was working on is dropped or was left as it was by the caller's own rules.
pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, Panic> {
    super::lock::assert_none_held();
    catch_unwind(AssertUnwindSafe(body))
}

/// Drops the payload of a panic that goes no further. One that panics itself is leaked: what catches panics must outlive it.
pub(crate) fn discard(panic: Panic) {
    if let Err(again) = catch(|| drop(panic)) {
        core::mem::forget(again);
    }
}

/// Runs foreign code while something is in hand that must not be lost: a panic has been told, and goes no further.
pub(crate) fn keep_going(body: impl FnOnce()) {
    if let Err(panic) = catch(body) {
        discard(panic);
    }
}

/// Lets a caught panic go on, without calling the panic hook a second time.
pub(crate) fn resume(panic: Panic) -> ! {
    resume_unwind(panic)
}

/// Whether this thread is unwinding: then one more panic would be the end of the program.
#[inline]
pub(crate) fn is_unwinding() -> bool {
    std::thread::panicking()
}

/// As [`resume`]; but where the thread is unwinding already, from within a `Drop`, a second panic would be the end of the program, so
/// it goes no further.
pub(crate) fn resume_unless_unwinding(panic: Panic) {
    if is_unwinding() {
        return discard(panic);
    }
    resume(panic)
}

/// Of what was caught while several things were done, lets the first go on as [`resume_unless_unwinding`] does. The others go no further.
pub(crate) fn resume_first<const N: usize>(done: [Result<(), Panic>; N]) {
    let mut panics = done.into_iter().filter_map(Result::err);
    let first = panics.next();
    panics.for_each(discard);
    first.into_iter().for_each(resume_unless_unwinding);
}

std::thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `body`, while no panic of this thread is told to anybody.
///
/// The process has one panic hook: the first call puts one before the present hook that is silent for threads that want it so, and
/// calls it for all others.
#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only the simulator fails on purpose"))]
pub(crate) fn quietly<R>(body: impl FnOnce() -> R) -> R {
    static HOOK: Once = Once::new();
    // A thread that is panicking may not touch the hook.
    if !std::thread::panicking() {
        HOOK.call_once(|| {
            let before = take_hook();
            set_hook(Box::new(move |panic| {
                if !QUIET.try_with(Cell::get).unwrap_or(false) {
                    before(panic);
                }
            }));
        });
    }
    let _quiet = Quiet(QUIET.try_with(|quiet| quiet.replace(true)).unwrap_or(false));
    body()
}

/// Puts back how it was.
struct Quiet(bool);

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = QUIET.try_with(|quiet| quiet.set(self.0));
    }
}
