//! A deterministic executor with virtual time, which runs a test under many schedules.
//!
//! [`check`] runs a test body under a thousand random schedules; [`Check`] says how many, which, and how. The body is given a
//! [`Sim`]: a whole runtime (timer, spawner, blocking closures, entropy) to pass to the code under test. Everything that could go
//! one way or another (which task runs next, what the entropy says, where a task is cancelled) is one choice on one
//! [`Tape`]. So a failure is a tape, and it is printed with the one line that plays it again.
//!
//! What it finds by itself, without an assertion in the test:
//!
//! | failure | what it means |
//! |---|---|
//! | deadlock | tasks wait and nothing will ever wake them; each is named with the line that spawned it |
//! | lost wake-up | a task would go on if it were polled, but nobody woke it; also where a timer would have hidden that |
//! | stale waker | found as one of the two above: every poll gets a fresh waker and older ones are dead |
//! | livelock | tasks are polled without end |
//! | panic | an assertion of the test, or a panic of a task that no handle watches |
//!
//! Time moves only when no task is ready, from one deadline to the next. Tasks that are woken at the same moment run in every
//! order. A blocking closure runs as one step of the schedule.
//!
//! # Limits
//! What happens within one poll is one step: races between atomics are for loom. Threads that the code under test starts by
//! itself are not seen, and a blocking closure that waits for a simulated task hangs. Behind a timer, a lost wake-up is looked for at
//! the first eight moments at which time moves; a body is therefore run several times for one schedule, some of them cut off. The tape replays a test only if the test is deterministic but for the [`Sim`]: no real clock, no
//! iteration over a `HashMap`.
//!
//! # Examples
//! ```
//! use core::time::Duration;
//! use untether::spawn::SpawnExt;
//! use untether::testing::sim::check;
//! use untether::time::{Clock, Timer, TimeoutExt};
//!
//! check(async |sim| {
//!     let start = sim.now();
//!     let slow = sim.sleep(Duration::from_secs(3_600)).timeout(Duration::from_secs(60), &sim);
//!     assert!(slow.await.is_err());
//!     assert_eq!(sim.now().saturating_duration_since(start), Duration::from_secs(60));
//! });
//! ```

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
