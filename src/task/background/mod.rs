//! Jobs that run again and again, each under a name, until they are stopped.
//!
//! | I want to | use |
//! |---|---|
//! | run something every hour | [`Background::start`] |
//! | say when it runs first, what a slow, failing or panicking run means, how long one may take | [`Background::job`], a [`JobBuilder`] |
//! | run it now, pause it, see how it fares, stop it | [`JobHandle`], of `start` or of [`Background::get`] |
//! | see how all of them fare | [`Background::statuses`] |
//! | stop them all, and let those that run finish | [`Background::shutdown`] |
//! | have jobs where nothing spawns | [`Background::driver`]: one future runs them all |
//! | have jobs that stay on their thread | [`JobBuilder::start_local`] |
//! | be told of each failure | [`Background::observed`] |
//!
//! # When a job runs
//! At a beat: one period after it was started, and then at multiples of the period from there. The beat does not drift, however long runs
//! take and however late the timer is; that is what users of an interval, of cron and of systemd know. A run that ends after the next beat has
//! come has [overlapped](Overlap) it: that beat is skipped and counted. [`after_each`](JobBuilder::after_each) has the period begin
//! where a run ends instead: two runs are then never closer together than that, and the moments drift.
//!
//! After a failure the job goes on with the next beat. [`OnFailure::BackOff`] puts the delays of a schedule in the place of the beat until a
//! run goes well: shorter than the period they repeat what failed soon, longer they spare whom the job calls.
//!
//! # Memory
//! A job costs its task, the record of it, and one box for each of its runs that are going on at one time, used again. A run that goes well
//! allocates nothing beside what the job itself does.
//!
//! # Comparison
//! For a beat in a loop of your own use an [`Interval`](crate::time::Interval); for something to be done once, later, a
//! [`DelayQueue`](crate::queue::DelayQueue); for work that comes from outside a [`WorkQueue`](crate::queue::WorkQueue). Calendar times
//! ("at three in the morning") are not known here: there is no wall clock.

mod builder;
mod cell;
mod core;
mod driver;
mod error;
mod handle;
mod plan;
mod registry;
mod rules;
mod run;
mod runner;
mod runs;
mod shutdown;
mod status;
mod tell;

pub use self::core::Background;
pub use builder::JobBuilder;
pub use driver::{Driver, DriverSpawner};
pub use error::{StartError, StartErrorKind};
pub use handle::{JobHandle, RunNow, Stop};
pub use rules::{OnFailure, Overlap};
pub use run::JobOutput;
pub use shutdown::{Report, ShuttingDown};
pub use status::{LastRun, RunError, State, Status};
