//! The timer of a part that was given none.

/// Stands where a timer could be and is not.
///
/// It is the default of an optional timer parameter and implements nothing: what needs time is simply not there until a setter
/// that takes a real [`Timer`](super::Timer) changes the type. So a part that is used without time costs no timer, and a
/// forgotten one is a compile error instead of a wait that never ends.
///
/// # Examples
/// ```compile_fail,E0277
/// use untether::time::{NoTimer, Timer};
///
/// fn waits<T: Timer>(_: T) {}
/// waits(NoTimer);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoTimer;
