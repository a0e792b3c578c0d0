//! What becomes of a pool when a handler panics.

/// What becomes of a [`WorkerPool`](super::WorkerPool) when a handler panics. The input has [panicked](crate::task::Outcome::Panicked) in either
/// case, and no other is touched by it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum OnPanic {
    /// The worker begins anew with the next input.
    #[default]
    Replace,
    /// The pool stops [after what runs](super::WorkerPool::stop_after_running). What was not begun is in what a stop gives.
    Stop,
}
