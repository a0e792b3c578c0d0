//! One cell of the matrix, run where it may hang and panic.

use std::any::Any;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// What became of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Ok,
    /// It did not end. Its thread is left to the end of the process.
    Hangs,
    /// What it claims is not so, or something else panicked: with this text.
    Panics(String),
    /// It has taken its process along.
    Aborts,
}

impl Found {
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Hangs => "hangs",
            Self::Panics(_) => "panics",
            Self::Aborts => "aborts",
        }
    }

    /// The same in one line, for [`from_line`](Self::from_line).
    pub(super) fn to_line(&self) -> String {
        let text = if let Self::Panics(text) = self { text } else { "" };
        format!("{} {}", self.word(), text.replace('\n', " "))
    }

    pub(super) fn from_line(line: &str) -> Self {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("ok", _) => Self::Ok,
            ("hangs", _) => Self::Hangs,
            (_, text) => Self::Panics(text.to_string()),
        }
    }
}

/// Runs a cell on a thread of its own.
pub(super) fn run(cell: fn(), patience: Duration) -> Found {
    let (done, ended) = channel();
    let runner = std::thread::spawn(move || {
        cell();
        let _ = done.send(());
    });
    if ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
        return Found::Hangs;
    }
    match runner.join() {
        Ok(()) => Found::Ok,
        Err(panic) => Found::Panics(text_of(panic.as_ref())),
    }
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no text".to_string())
}
