//! Panics, where they unwind.

use alloc::boxed::Box;
use core::any::Any;
use core::panic::AssertUnwindSafe;
use std::panic::{catch_unwind, resume_unwind};

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

/// Lets a caught panic go on, without calling the panic hook a second time.
pub(crate) fn resume(panic: Panic) -> ! {
    resume_unwind(panic)
}
