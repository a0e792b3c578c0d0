//! What the operating system says to a program that is to stop, on every runtime: SIGINT, SIGTERM, and Ctrl-C on Windows.
//!
//! | I want to | use |
//! |---|---|
//! | stop in order with the first, and at once with the second | [`signals`], given to [`Drain::signals`](crate::task::shutdown::Drain::signals) |
//! | do something else with them | [`Signals::recv`]; it is a `Stream` as well |
//! | hear them on a thread | [`Recv::wait`] |
//!
//! One thread for the whole process waits for them and wakes who listens; it asks nothing of a runtime, and no runtime has to drive anything. It
//! is started by the first who listens, and stays.
//!
//! # What becomes of a signal
//! While somebody listens, a signal is told to all who do, and the process goes on. While nobody does, it ends the process as if this module was
//! not there: so after the drain has ended, and before the first one has begun. And where two were told and nobody has taken
//! any of them, the third ends the process as well: a program that hangs can be stopped from its terminal.
//!
//! Signals that come at the same moment may be one, as everywhere.
//!
//! On Windows, the console's Ctrl-C, Ctrl-Break and the closing of its window are all [`Signal::Interrupt`], by way of the crate `ctrlc`; it can be
//! asked for once in a process, so [`signals`] fails where the program has asked before. On Unix whatever else has asked `signal-hook` for the
//! same signals is told as well.
//!
//! # Memory
//! A thread with a small stack. One who listens is a few words.
//!
//! # Comparison
//! `tokio::signal` needs tokio's I/O driver, and `async-signal` one of async-io; after they were used once, a signal that nobody listens to is lost.

mod hub;
mod signals;

pub use super::signal_kind::Signal;
pub use signals::{Recv, Signals, signals};

pub(super) use hub::note;
