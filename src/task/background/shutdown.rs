//! The end of all jobs.

use super::cell::{Cell, Over};
use super::registry::wish_all;
use crate::sync::{Event, event};
use crate::time::{Instant, Timer};
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// What became of each job at the shutdown, by name.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
#[must_use = "what was aborted may have been left half done"]
pub struct Report {
    /// Those that were waiting, or whose run ended by itself.
    pub finished: Vec<Cow<'static, str>>,
    /// Those a run of which was dropped before it ended.
    pub aborted: Vec<Cow<'static, str>>,
}

pin_project_lite::pin_project! {
    /// Waits until all jobs are over. Made by [`Background::shutdown`](super::Background::shutdown).
    ///
    /// # Cancel safety
    /// Dropping it takes nothing back but the grace: what still runs then ends by itself, or with the
    /// [`Background`](super::Background). Another `shutdown` waits for the same.
    #[must_use = "nothing is aborted unless it is polled; the waits of all jobs have ended already"]
    pub struct ShuttingDown<T: Timer> {
        cells: Vec<Arc<Cell>>,
        // How many of them are over.
        past: usize,
        waiting: Option<event::Wait<Over>>,
        timer: T,
        deadline: Instant,
        // Made at the first pending poll, gone when the grace is over.
        #[pin]
        sleep: Option<T::Sleep>,
        aborted: bool,
    }
}

impl<T: Timer> ShuttingDown<T> {
    pub(super) const fn new(cells: Vec<Arc<Cell>>, timer: T, deadline: Instant) -> Self {
        Self { cells, past: 0, waiting: None, timer, deadline, sleep: None, aborted: false }
    }
}

impl<T: Timer> Future for ShuttingDown<T> {
    type Output = Report;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Report> {
        let mut this = self.project();
        if poll_over(this.cells, this.past, this.waiting, cx).is_ready() {
            return Poll::Ready(report(this.cells));
        }
        if !*this.aborted {
            if this.sleep.is_none() {
                this.sleep.set(Some(this.timer.sleep_until(*this.deadline)));
            }
            ready!(this.sleep.as_mut().as_pin_mut().expect("set in the lines above").poll(cx));
            this.sleep.set(None);
            *this.aborted = true;
            wish_all(&this.cells[*this.past..], |wishes| wishes.abort = true);
            // An executor may have done it within the wake.
            ready!(poll_over(this.cells, this.past, this.waiting, cx));
            return Poll::Ready(report(this.cells));
        }
        Poll::Pending
    }
}

/// Waits for each in turn: the order does not matter where all are waited for.
fn poll_over(
    cells: &[Arc<Cell>],
    past: &mut usize,
    waiting: &mut Option<event::Wait<Over>>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    while let Some(cell) = cells.get(*past) {
        if !cell.is_over() {
            let waiting = waiting.get_or_insert_with(|| Event::wait_owned(Over(cell.clone())));
            ready!(waiting.poll_wait(cx));
        }
        *waiting = None;
        *past += 1;
    }
    Poll::Ready(())
}

fn report(cells: &[Arc<Cell>]) -> Report {
    let mut report = Report::default();
    for cell in cells {
        let ended = if cell.was_aborted() { &mut report.aborted } else { &mut report.finished };
        ended.push(cell.name().clone());
    }
    report
}

impl<T: Timer> fmt::Debug for ShuttingDown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShuttingDown")
            .field("jobs", &self.cells.len())
            .field("aborted", &self.aborted)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finished, aborted } = self;
        write!(f, "{} jobs finished, {} aborted", finished.len(), aborted.len())?;
        let mut before = ": ";
        for name in aborted {
            write!(f, "{before}{name}")?;
            before = ", ";
        }
        Ok(())
    }
}
