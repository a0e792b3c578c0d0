//! One run of a job: its future, and the limit of it.

use crate::time::{Elapsed, Timeout, Timer, timeout};
use alloc::string::{String, ToString};
use core::fmt::Display;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// What a run of a job can give: nothing, or a result of nothing whose error can be shown.
///
/// Sealed. Of an error its text is kept, for the [`Status`](super::Status), the observer and who asked for the run.
pub trait JobOutput: seal::Sealed {
    #[doc(hidden)]
    fn into_text(self) -> Result<(), String>;
}

mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed {}

    impl Sealed for () {}
    impl<E: core::fmt::Display> Sealed for Result<(), E> {}
}

impl JobOutput for () {
    fn into_text(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: Display> JobOutput for Result<(), E> {
    fn into_text(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    pub(super) enum Run<J, T: Timer> {
        Free { #[pin] job: J },
        Limited { #[pin] job: Timeout<J, T> },
    }
}

impl<J: Future, T: Timer> Run<J, T> {
    /// `Duration::MAX` is no limit, and asks no timer.
    pub(super) fn new(job: J, limit: Duration, timer: impl FnOnce() -> T) -> Self {
        if limit == Duration::MAX {
            return Self::Free { job };
        }
        Self::Limited { job: timeout(limit, job, timer()) }
    }
}

impl<J: Future, T: Timer> Future for Run<J, T> {
    type Output = Result<J::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Free { job } => job.poll(cx).map(Ok),
            Projected::Limited { job } => job.poll(cx),
        }
    }
}
