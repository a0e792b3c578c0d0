//! A deterministic executor with virtual time, which runs a test under many schedules.
//!
//! [`check`] runs a test body under a thousand random schedules; [`Check`] says how many, which, and how. The body is given a
//! [`Sim`]: a whole runtime (timer, spawner, blocking closures, entropy) to pass to the code under test. Everything that could go
//! one way or another (which task runs next, what the entropy says, where a task is cancelled, how late a sleep ends) is one choice
//! on one [`Tape`]. So a failure is a tape: it is made as small as it goes, and printed with the one line that plays it again.
//!
//! What it finds by itself, without an assertion in the test:
//!
//! | failure | what it means |
//! |---|---|
//! | deadlock | tasks wait and nothing will ever wake them; each is named with the line that spawned it |
//! | lost wake-up | a task would go on if it were polled, but nobody woke it; also where a timer would have hidden that |
//! | stale waker | found as one of the two above: every poll gets a fresh waker and older ones are dead |
//! | livelock | tasks are polled without end |
//! | time limit | the test came to no end within the virtual time it was given |
//! | panic | an assertion of the test, or a panic of a task that no handle watches |
//! | timer leak | a sleep is registered after everything was dropped |
//! | task leak | a task outlives the test, where [`Check::no_leaks`] asks for that |
//! | not deterministic | more than the tape decides, where [`Check::deterministic`] asks for that |
//!
#![doc = include_str!("../../../docs/sim.md")]

mod check;
mod drifted;
mod ending;
mod executor;
mod failure;
mod handle;
mod held;
mod kind;
mod local;
mod pct;
mod probing;
mod purpose;
mod recorder;
mod report;
mod run;
mod search;
mod settings;
mod shared;
mod shrink;
mod source;
mod steps;
mod tape;
mod twice;

pub use check::{Check, check};
pub use drifted::Drifted;
pub use failure::{Failure, Shrunk};
pub use handle::Sim;
pub use held::{HeldTime, Idle};
pub use kind::FailureKind;
pub use local::LocalSim;
pub use report::{LastWake, TaskReport, WokenBy};
pub use search::Passed;
pub use tape::{ParseTapeError, Tape};
