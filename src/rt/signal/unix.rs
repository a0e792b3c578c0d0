//! The thread that waits for signals on Unix, by a pipe of signal-hook's.

use super::Signal;
use super::signal::note;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator;
use signal_hook::low_level::emulate_default_handler;
use std::io;
use std::sync::mpsc;
use std::thread;

/// Starts it. It ends with the process.
pub(super) fn start() -> io::Result<()> {
    let (tell, told) = mpsc::sync_channel(1);
    let wait = move || match iterator::Signals::new([SIGINT, SIGTERM]) {
        Ok(mut signals) => {
            let _ = tell.send(Ok(()));
            signals.forever().for_each(heard);
        }
        Err(error) => _ = tell.send(Err(error)),
    };
    // First the thread, then the handlers: where there is no thread signals do what they always did.
    thread::Builder::new().name("untether-signals".into()).stack_size(STACK).spawn(wait)?;
    told.recv().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
}

/// Wakers may need some.
const STACK: usize = 256 * 1024;

fn heard(number: i32) {
    let signal = if number == SIGINT { Signal::Interrupt } else { Signal::Terminate };
    if !note(signal) {
        // There is a default for each of the two, and it ends the process.
        let _ = emulate_default_handler(number);
    }
}
