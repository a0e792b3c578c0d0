//! How one waits: it looks, and if it is the first it sleeps until something is due, and looks again.

use super::state::{Asking, Book, Next, State, Step};
use crate::sys::arena::Key;
use crate::sys::lock::{self, Lock};
use crate::sys::two_steps::with_waker;
use crate::sys::unwind::keep_going;
use crate::sys::wake;
use crate::time::{Clock, Instant, Timer};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Where one waits. Its sleep lies beside it, in whatever future this is a part of.
pub(in crate::queue) struct Seat {
    place: Option<Key>,
    /// Until when its sleep is armed.
    sleeps_until: Option<Instant>,
}

/// What a poll has found out so far.
struct Known {
    /// What the clock showed.
    now: Option<Instant>,
    /// Nothing was due then, as far as it knows.
    nothing_due: bool,
    /// The sleep was polled, and goes on.
    asleep: bool,
}

impl Known {
    /// `due` is when something is.
    fn ask(&mut self, clock: &impl Clock, due: Instant) {
        let now = clock.now();
        (self.now, self.nothing_due) = (Some(now), now < due);
    }
}

impl Seat {
    pub(in crate::queue) const fn new() -> Self {
        Self { place: None, sleeps_until: None }
    }

    pub(in crate::queue) const fn is_taken(&self) -> bool {
        self.place.is_some()
    }

    /// Waits until `take` takes something from the queue, where so many others are to have one as well. `None` once nothing will come.
    /// `now` is what the clock shows, if it was asked.
    pub(in crate::queue) fn poll<B: Book, Tm: Timer, R>(
        &mut self,
        (state, timer): (&Lock<State<B>>, &Tm),
        mut sleep: Pin<&mut Option<Tm::Sleep>>,
        cx: &mut Context<'_>,
        now: Option<Instant>,
        mut take: impl FnMut(&mut B, usize) -> Option<R>,
    ) -> Poll<Option<R>> {
        let mut known = Known { now, nothing_due: false, asleep: false };
        if self.sleeps_until.is_some() {
            known.asleep = !self.has_slept(timer, sleep.as_mut(), cx, &mut known.now);
        }
        loop {
            match self.step(state, &known, cx.waker(), &mut take) {
                Step::Got(taken, next) => {
                    // What was taken is not lost with a waker or a sleep that panics.
                    self.end(sleep);
                    keep_going(|| wake_next(state, next));
                    return Poll::Ready(Some(taken));
                }
                Step::Over => {
                    self.leave(state);
                    self.end(sleep);
                    return Poll::Ready(None);
                }
                Step::AskTheClock(due) => known.ask(timer, due),
                Step::Sleep(until) => {
                    if !self.sleep(timer, sleep.as_mut(), cx, until, &mut known) {
                        return Poll::Pending;
                    }
                }
                Step::Wait => return Poll::Pending,
            }
        }
    }

    /// Gives up the place. Whoever is next goes on in its stead.
    pub(in crate::queue) fn leave<B: Book>(&mut self, state: &Lock<State<B>>) {
        if let Some(key) = self.place.take() {
            let (next, gone) = state.with(|state| state.leave(key));
            wake::outside(next, gone);
        }
    }

    fn step<B: Book, R>(
        &mut self,
        state: &Lock<State<B>>,
        known: &Known,
        waker: &Waker,
        take: &mut impl FnMut(&mut B, usize) -> Option<R>,
    ) -> Step<R> {
        let mut gone = None;
        let mut asking = Asking {
            place: &mut self.place,
            now: known.now,
            sleeps_until: self.sleeps_until,
            waker,
            gone: &mut gone,
        };
        let will_stay = asking.place.is_none() && known.nothing_due;
        let step = with_waker(state, waker, will_stay, |state, own| state.step(&mut asking, own, take));
        if gone.is_some() {
            keep_going(|| drop(gone));
        }
        step
    }

    /// Sleeps until then, unless it does already. Whether that has come.
    fn sleep<Tm: Timer>(
        &mut self,
        timer: &Tm,
        mut sleep: Pin<&mut Option<Tm::Sleep>>,
        cx: &mut Context<'_>,
        until: Instant,
        known: &mut Known,
    ) -> bool {
        if self.sleeps_until == Some(until) && known.asleep {
            return false;
        }
        if self.sleeps_until != Some(until) {
            self.arm(timer, sleep.as_mut(), until);
        }
        self.has_slept(timer, sleep, cx, &mut known.now)
    }

    fn arm<Tm: Timer>(&mut self, timer: &Tm, mut sleep: Pin<&mut Option<Tm::Sleep>>, until: Instant) {
        // Should the timer panic, there is no sleep that could be taken for one that is armed.
        self.sleeps_until = None;
        match sleep.as_mut().as_pin_mut() {
            Some(sleep) => timer.reset(sleep, until),
            None => sleep.set(Some(timer.sleep_until(until))),
        }
        self.sleeps_until = Some(until);
    }

    /// Whether the sleep has ended. Then that moment has come, whatever a clock may say that steps back, and maybe a later one.
    fn has_slept<Tm: Timer>(
        &mut self,
        timer: &Tm,
        sleep: Pin<&mut Option<Tm::Sleep>>,
        cx: &mut Context<'_>,
        now: &mut Option<Instant>,
    ) -> bool {
        lock::assert_none_held();
        let (Some(sleep), Some(until)) = (sleep.as_pin_mut(), self.sleeps_until) else { return false };
        if sleep.poll(cx).is_pending() {
            return false;
        }
        self.sleeps_until = None;
        *now = Some(timer.now().max(until));
        true
    }

    /// Drops the sleep: who does not wait has none.
    fn end<S>(&mut self, mut sleep: Pin<&mut Option<S>>) {
        self.sleeps_until = None;
        if sleep.is_some() {
            keep_going(|| sleep.set(None));
        }
    }
}

fn wake_next<B: Book>(state: &Lock<State<B>>, next: Next) {
    match next {
        Next::Nobody => {}
        Next::One(waker) => wake::outside(Some(waker), None),
        Next::All => dismiss(state),
    }
}

/// Lets all go who wait: nothing will come.
pub(in crate::queue) fn dismiss<B>(state: &Lock<State<B>>) {
    wake::drain(|batch| state.with(|state| state.line.dismiss(batch)));
}
