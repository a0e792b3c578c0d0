//! The settings of a program, with the keys and defaults of the guides' template.

use super::table::{deserialize_as_table, table};
use super::values::{Count, Positive};
use alloc::string::String;
use core::num::NonZeroUsize;
use core::time::Duration;

/// The settings of a program that does many things at the same time: the tables `async`, `performance`, `error_handling` and `module`.
///
/// A file may have any part of them; the rest has its default.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How many, and how long.
    pub r#async: Async,
    /// What is measured.
    pub performance: Performance,
    /// What becomes of failures.
    pub error_handling: ErrorHandling,
    /// What the program is called.
    pub module: Module,
}

/// How many, and how long.
///
/// `max_concurrent` and `semaphore_limit` are two things: the one bounds how many operations of the program's own run at the same time,
/// the other how many of them use a resource that they share, a server or a file, at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Async {
    /// Threads for what blocks: 4.
    pub max_workers: NonZeroUsize,
    /// Operations of the program's own at the same time: 10.
    pub max_concurrent: NonZeroUsize,
    /// Tasks that an example starts: 5.
    pub concurrent_tasks: NonZeroUsize,
    /// How long an operation may take: 30 s.
    pub timeout: Duration,
    /// Users of the shared resource at the same time: 10.
    pub semaphore_limit: NonZeroUsize,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Performance {
    /// Whether counts and times are kept: yes.
    pub track_async_metrics: bool,
    /// Whether the gain over doing one after the other is told: yes.
    pub async_efficiency_gain: bool,
}

/// What becomes of failures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ErrorHandling {
    /// Whether a failure is tried again, or replaced: yes.
    pub async_error_recovery: bool,
    /// Whether an operation that takes too long is given up: yes.
    pub timeout_handling: bool,
}

/// What the program is called.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Module {
    /// Its name: `async_module`.
    pub name: String,
    /// Whether it does things at the same time: yes.
    pub async_operations: bool,
}

const fn count(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).expect("not zero")
}

impl Default for Async {
    fn default() -> Self {
        Self {
            max_workers: count(4),
            max_concurrent: count(10),
            concurrent_tasks: count(5),
            timeout: Duration::from_secs(30),
            semaphore_limit: count(10),
        }
    }
}

impl Default for Performance {
    fn default() -> Self {
        Self { track_async_metrics: true, async_efficiency_gain: true }
    }
}

impl Default for ErrorHandling {
    fn default() -> Self {
        Self { async_error_recovery: true, timeout_handling: true }
    }
}

impl Default for Module {
    fn default() -> Self {
        Self { name: "async_module".into(), async_operations: true }
    }
}

table!(Settings as "the settings of a program" {
    "async" => r#async: Async,
    "performance" => performance: Performance,
    "error_handling" => error_handling: ErrorHandling,
    "module" => module: Module,
});

table!(Async as "a table of counts and times" {
    "max_workers" => max_workers: Count,
    "max_concurrent" => max_concurrent: Count,
    "concurrent_tasks" => concurrent_tasks: Count,
    "timeout" => timeout: Positive,
    "semaphore_limit" => semaphore_limit: Count,
});

table!(Performance as "a table of what is measured" {
    "track_async_metrics" => track_async_metrics: bool,
    "async_efficiency_gain" => async_efficiency_gain: bool,
});

table!(ErrorHandling as "a table of what becomes of failures" {
    "async_error_recovery" => async_error_recovery: bool,
    "timeout_handling" => timeout_handling: bool,
});

table!(Module as "a table of a name" {
    "name" => name: String,
    "async_operations" => async_operations: bool,
});

deserialize_as_table!(Settings Async Performance ErrorHandling Module);
