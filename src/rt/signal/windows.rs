//! The thread that waits for Ctrl-C on Windows: that of the crate ctrlc. signal-hook has only flags there, which somebody would have to poll.

use super::Signal;
use super::signal::note;
use std::io;
use std::process;

/// What a process ends with that Ctrl-C has ended.
const STATUS_CONTROL_C_EXIT: i32 = 0xC000_013A_u32 as i32;

/// Starts it. It ends with the process.
pub(super) fn start() -> io::Result<()> {
    ctrlc::try_set_handler(heard).map_err(|error| match error {
        ctrlc::Error::System(error) => error,
        error => io::Error::other(error),
    })
}

fn heard() {
    if !note(Signal::Interrupt) {
        process::exit(STATUS_CONTROL_C_EXIT);
    }
}
