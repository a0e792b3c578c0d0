//! Why a job was not started, with the job.

use crate::spawn::SpawnErrorKind;
use crate::sys::exclusive::Exclusive;
use alloc::borrow::Cow;
use core::error::Error;
use core::fmt;

/// A job could not be started: why, and the job.
#[must_use = "dropping it drops the job"]
pub struct StartError<F> {
    kind: StartErrorKind,
    name: Cow<'static, str>,
    job: Exclusive<F>,
}

/// Why a job could not be started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum StartErrorKind {
    /// Another job goes by that name and is not over.
    NameTaken,
    /// [`shutdown`](super::Background::shutdown) was called.
    Closed,
    /// The period is zero.
    ZeroPeriod,
    /// The executor did not take its task.
    Refused(SpawnErrorKind),
}

impl<F> StartError<F> {
    pub(super) const fn new(kind: StartErrorKind, name: Cow<'static, str>, job: F) -> Self {
        Self { kind, name, job: Exclusive::new(job) }
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> StartErrorKind {
        self.kind
    }

    /// The name it was to go by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The job.
    #[must_use]
    pub fn into_inner(self) -> F {
        self.job.into_inner()
    }
}

impl<F> fmt::Debug for StartError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartError")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// `job "cleanup" was not started: the name is taken`
impl<F> fmt::Display for StartError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job \"{}\" was not started: {}", self.name, self.kind)
    }
}

impl fmt::Display for StartErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTaken => f.write_str("the name is taken"),
            Self::Closed => f.write_str("everything is being shut down"),
            Self::ZeroPeriod => f.write_str("its period is zero"),
            Self::Refused(kind) => kind.fmt(f),
        }
    }
}

impl Error for StartErrorKind {}

impl<F> Error for StartError<F> {}
