//! What came of a shutdown, by name.

use super::ending::SharedError;
use super::members::{Ended, Name};
use super::phase::Phase;
use crate::rt::Signal;
use crate::sync::cancel::Cause;
use crate::task::Failure;
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// What came of a shutdown: each who took part when it was asked for is in one of the lists, in the order in which they ended.
///
/// Of those who had gone before, it says who failed: the last 1,000.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::task::Shutdown;
///
/// let shutdown = Shutdown::new();
/// shutdown.task("mail", &rt, async { Err::<(), _>("no such host") }).unwrap();
/// let report = shutdown.run(&rt).await; // the failure asks for it
/// assert_eq!(report.failed[0].to_string(), "mail: no such host");
/// assert_eq!(report.exit_code(), 1);
/// # });
/// ```
#[derive(Debug)]
#[must_use = "it says who failed, and who was left"]
#[non_exhaustive]
pub struct DrainReport {
    /// They finished what they had begun.
    pub completed: Vec<Cow<'static, str>>,
    /// They were told to drop what they had begun, and went; or their futures were dropped by others.
    pub cancelled: Vec<Cow<'static, str>>,
    /// Their futures were dropped by the abort.
    pub aborted: Vec<Cow<'static, str>>,
    /// They are still there: nobody can abort them, or their executor did not come round to it.
    pub left: Vec<Cow<'static, str>>,
    /// They failed, at any time.
    pub failed: Vec<Failed>,
    /// How many more had failed than are kept.
    pub failed_before: usize,
    /// Why it was asked for.
    pub cause: Cause,
    /// The last signal that was heard.
    pub signal: Option<Signal>,
    /// How long it took, from the moment at which the drain saw that it was asked for.
    pub elapsed: Duration,
}

/// A participant that failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed {
    /// Who.
    pub name: Cow<'static, str>,
    /// Of what. [`Failure::Cancelled`] with an error is one that failed after it was told to drop what it had begun.
    pub failure: Failure<SharedError>,
    /// When: [`Phase::Running`] is before anybody asked for the shutdown.
    pub phase: Phase,
}

impl DrainReport {
    pub(super) fn new(
        ended: Ended,
        left: Vec<Name>,
        cause: Cause,
        signal: Option<Signal>,
        elapsed: Duration,
    ) -> Self {
        let Ended { completed, cancelled, aborted, failed, forgotten } = ended;
        let (failed, failed_before) = (failed.into(), forgotten);
        Self { completed, cancelled, aborted, left, failed, failed_before, cause, signal, elapsed }
    }

    /// Whether nobody was aborted, left or failed. Those who were told to drop what they had begun, and did, are as they should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.aborted.is_empty() && self.left.is_empty() && self.failed.is_empty() && self.failed_before == 0
    }

    /// What the process is to end with, for `std::process::exit` or an `ExitCode`.
    ///
    /// | code | when |
    /// |---|---|
    /// | 0 | it is [clean](Self::is_clean), whoever asked for it |
    /// | 130, 143 | somebody was aborted or left, and SIGINT or SIGTERM was heard: 128 and its number, as of a program that it ended |
    /// | 1 | else |
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.is_clean() {
            return 0;
        }
        match self.signal {
            Some(signal) if !(self.aborted.is_empty() && self.left.is_empty()) => 128 + signal.number(),
            _ => 1,
        }
    }
}

/// One line for people, and one for each list that is not empty, but for those who finished: names that come more than once are counted.
impl fmt::Display for DrainReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shut down in {:.2?}", self.elapsed)?;
        match (self.signal, &self.cause) {
            (Some(signal), _) => write!(f, " on {signal}")?,
            (None, Cause::Error(error)) => write!(f, " because of {error}")?,
            (None, _) => {}
        }
        write!(f, ": {} completed", self.completed.len())?;
        let lists = [("cancelled", &self.cancelled), ("aborted", &self.aborted), ("left", &self.left)];
        for (word, names) in lists {
            write!(f, ", {} {word}", names.len())?;
        }
        write!(f, ", {} failed", self.failed.len().saturating_add(self.failed_before))?;
        for (word, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            write!(f, "\n  {word}: ")?;
            write_names(f, names)?;
        }
        self.failed.iter().try_for_each(|failed| write!(f, "\n  failed: {failed}"))
    }
}

/// Each name once, by the alphabet.
fn write_names(f: &mut fmt::Formatter<'_>, names: &[Name]) -> fmt::Result {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    for (index, (name, count)) in counts.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{name}")?;
        if count > 1 {
            write!(f, " ({count})")?;
        }
    }
    Ok(())
}

/// `worker 3: disk full`
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.failure)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.failure {
            Failure::Error(error) | Failure::Cancelled(Some(error)) => Some(&**error),
            Failure::Cancelled(None) | Failure::Panicked(_) => None,
        }
    }
}

/// The cause of a shutdown that nobody asked for: somebody failed.
#[derive(Debug)]
pub(super) struct EndedEarly {
    pub(super) name: Name,
    pub(super) said: String,
    pub(super) error: Option<SharedError>,
}

impl fmt::Display for EndedEarly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, which {}", self.name, self.said)
    }
}

impl Error for EndedEarly {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.as_ref().map(|error| &**error as _)
    }
}
