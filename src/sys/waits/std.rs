//! Threads that wait for what tasks wait for, in the same line.

/// Gives a named, `Unpin` future its two methods for threads, one that must be pinned the first of them. To be called inside an
/// `impl` of it.
macro_rules! waits {
    (pinned) => {
        /// Waits on this thread instead of in a task.
        ///
        /// Inside a task it holds up everybody on the same thread; if what it waits for is done by one of those, it never ends.
        pub fn wait(self) -> <Self as Future>::Output {
            let output = $crate::sys::park::block_on(core::pin::pin!(self), None);
            output.expect("there is no limit")
        }
    };
    () => {
        /// Waits on this thread instead of in a task, in the same line.
        ///
        /// Inside a task it holds up everybody on the same thread; if what it waits for is done by one of those, it never ends.
        pub fn wait(mut self) -> <Self as Future>::Output {
            let output = $crate::sys::park::block_on(core::pin::Pin::new(&mut self), None);
            output.expect("there is no limit")
        }

        /// As [`wait`](Self::wait), for no longer than `limit`.
        ///
        /// # Errors
        /// The future itself, still in its place in line, when the limit has passed.
        pub fn wait_timeout(mut self, limit: core::time::Duration) -> Result<<Self as Future>::Output, Self> {
            $crate::sys::park::block_on(core::pin::Pin::new(&mut self), Some(limit)).ok_or(self)
        }
    };
}
pub(crate) use waits;
