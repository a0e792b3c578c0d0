//! Panics, where nothing can catch them: the body is run, and a panic is the end of the program.

use alloc::boxed::Box;
use core::any::Any;

pub(crate) type Panic = Box<dyn Any + Send>;

/// Runs `body`. Never an error without `std`.
pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, Panic> {
    super::lock::assert_none_held();
    Ok(body())
}

/// Never called without `std`, since nothing was caught.
pub(crate) fn discard(_: Panic) {}

/// Runs foreign code while something is in hand that must not be lost: a panic has been told, and goes no further.
pub(crate) fn keep_going(body: impl FnOnce()) {
    if let Err(panic) = catch(body) {
        discard(panic);
    }
}

/// Never called without `std`, since nothing was caught.
pub(crate) fn resume(_: Panic) -> ! {
    panic!("a caught panic goes on")
}

/// Never so without `std`.
pub(crate) fn is_unwinding() -> bool {
    false
}

/// Never called without `std`, since nothing was caught.
pub(crate) fn resume_unless_unwinding(panic: Panic) {
    resume(panic)
}

/// Never has a panic without `std`.
pub(crate) fn resume_first<const N: usize>(done: [Result<(), Panic>; N]) {
    done.into_iter().filter_map(Result::err).for_each(resume_unless_unwinding);
}

/// Runs `body`: there is nothing that could be silenced.
#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only the simulator fails on purpose"))]
pub(crate) fn quietly<R>(body: impl FnOnce() -> R) -> R {
    body()
}
