//! The future of a hedge.
//!
//! All attempts that run are polled at each poll, the first one first, and only then is it looked whether another has to begin: an answer
//! that is there makes no further attempt.

use super::choose::Choose;
use super::delay::Delay;
use super::rules::Hedge;
use super::slots::Slots;
use crate::observe::{Event, Value};
use crate::retry::budget::{Budget, Withdrawal};
use crate::retry::{Attempt, Repeat};
use crate::sys::waits::waits;
use crate::time::{Instant, Timer};
use alloc::format;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

pin_project_lite::pin_project! {
    /// An operation of which another attempt is begun when one is slow. Made by [`Hedge::run`].
    ///
    /// The first attempt begins at the first poll.
    ///
    /// # Cancel safety
    /// Dropping it drops all attempts that run and deregisters the wait. What a budget has paid for was begun.
    /// # Panics
    /// When polled after it was ready. A panic of an attempt goes through; the other attempts are dropped with the future.
    #[must_use = "futures do nothing unless polled"]
    pub struct Hedging<O: Repeat<T>, H, T: Timer> {
        rules: H,
        operation: O,
        timer: T,
        #[pin]
        attempts: Slots<O::Future>,
        // The wait before another.
        #[pin]
        sleep: Option<T::Sleep>,
        // That wait, as it was said.
        delay: Duration,
        // When the first attempt was pending: never, where nobody wants to know.
        since: Instant,
        begun: u32,
        stage: Stage,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    New,
    /// Another attempt may begin.
    Open,
    /// Those that run are all.
    Full,
    Ended,
}

impl<O, D, B, C, T> Hedging<O, Hedge<D, B, C>, T>
where
    O: Repeat<T>,
    D: Delay,
    B: Budget,
    C: Choose<O::Ok, O::Err>,
    T: Timer,
{
    /// Around anything that can be called again; where it cannot, there is one attempt.
    #[inline]
    pub(crate) const fn new(rules: Hedge<D, B, C>, operation: O, timer: T) -> Self {
        Self {
            rules,
            operation,
            timer,
            attempts: Slots::new(),
            sleep: None,
            delay: Duration::ZERO,
            since: Instant::FAR_FUTURE,
            begun: 0,
            stage: Stage::New,
        }
    }

    waits!(pinned);

    /// Calls the operation once more. Where the call panics, nothing is called again.
    #[inline]
    fn begin(self: Pin<&mut Self>) {
        let this = self.project();
        *this.begun += 1;
        *this.stage = Stage::Ended;
        let future = this.operation.start(Attempt::new(*this.begun), this.timer);
        *this.stage = Stage::Open;
        this.attempts.of(*this.begun).set(Some(future));
    }

    /// Polls what runs, from that attempt on. Ready with the answer, or with the last result of all.
    #[inline]
    fn poll_attempts(
        mut self: Pin<&mut Self>,
        from: u32,
        cx: &mut Context<'_>,
    ) -> Poll<Result<O::Ok, O::Err>> {
        for number in from..=self.begun {
            let mut this = self.as_mut().project();
            let mut slot = this.attempts.as_mut().of(number);
            let Some(attempt) = slot.as_mut().as_pin_mut() else { continue };
            let Poll::Ready(output) = attempt.poll(cx) else { continue };
            slot.set(None);
            let result = this.operation.finish(output);
            let won = this.rules.choose.accepts(&result);
            if won || this.attempts.is_empty() {
                self.end(won.then_some(number));
                return Poll::Ready(result);
            }
        }
        Poll::Pending
    }

    /// Everything else is gone before the answer is given.
    #[inline]
    fn end(self: Pin<&mut Self>, winner: Option<u32>) {
        let mut this = self.project();
        *this.stage = Stage::Ended;
        if *this.begun > 1 || this.sleep.is_some() {
            this.sleep.set(None);
            this.attempts.clear();
        }
        if let Some(winner) = winner {
            this.rules.budget.succeeded(winner > 1);
        }
        if *this.begun > 1 && this.rules.choose.watches() {
            let elapsed = this.timer.now().saturating_duration_since(*this.since);
            this.rules.tell_of_end(winner, *this.begun, elapsed);
        }
    }

    /// Goes on with attempts of which none was ready when it began.
    #[inline(never)] // what is ready at once is inlined where it is awaited
    fn go_on(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<O::Ok, O::Err>> {
        while self.as_mut().poll_wait(cx) {
            let begun = self.begun + 1;
            self.as_mut().begin();
            if let Poll::Ready(result) = self.as_mut().poll_attempts(begun, cx) {
                return Poll::Ready(result);
            }
        }
        Poll::Pending
    }

    /// Whether another attempt has to begin now, and is paid for.
    fn poll_wait(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        let mut this = self.project();
        if *this.stage != Stage::Open {
            return false;
        }
        // Not again, unless the wait goes on or another begins.
        *this.stage = Stage::Full;
        if *this.begun > this.rules.extra || !this.operation.can_start() {
            this.sleep.set(None);
            return false;
        }
        if this.sleep.is_none() {
            let Some(delay) = this.rules.delay.before(Attempt::new(*this.begun + 1)) else { return false };
            *this.delay = delay;
            if this.rules.choose.watches() && this.since.is_far_future() {
                *this.since = this.timer.now();
            }
            this.sleep.set((!delay.is_zero()).then(|| this.timer.start_sleep(delay)));
        }
        if let Some(sleep) = this.sleep.as_mut().as_pin_mut() {
            if sleep.poll(cx).is_pending() {
                *this.stage = Stage::Open;
                return false;
            }
            this.sleep.set(None);
        }
        let Some(paid) = Paid::new(&this.rules.budget) else { return false };
        if this.rules.choose.watches() {
            this.rules.tell_of_extra(*this.begun + 1, *this.delay);
        }
        paid.spend();
        true
    }
}

impl<O, D, B, C, T> Future for Hedging<O, Hedge<D, B, C>, T>
where
    O: Repeat<T>,
    D: Delay,
    B: Budget,
    C: Choose<O::Ok, O::Err>,
    T: Timer,
{
    type Output = Result<O::Ok, O::Err>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.stage {
            Stage::New => {
                self.rules.budget.deposit();
                self.as_mut().begin();
            }
            Stage::Open | Stage::Full => {}
            Stage::Ended => panic!("polled again after it was ready"),
        }
        if let Poll::Ready(result) = self.as_mut().poll_attempts(1, cx) {
            return Poll::Ready(result);
        }
        self.go_on(cx)
    }
}

impl<D, B, C> Hedge<D, B, C> {
    #[cold]
    fn tell_of_extra<V, E>(&self, attempt: u32, delay: Duration)
    where
        C: Choose<V, E>,
    {
        let sentence = format!("no answer after {delay:.2?}: attempt {attempt} begins");
        let event = Event::new("hedge").said(&sentence).field("attempt", Value::Count(attempt.into()));
        self.choose.tell(&event.field("delay", Value::Duration(delay)));
    }

    #[cold]
    fn tell_of_end<V, E>(&self, winner: Option<u32>, attempts: u32, elapsed: Duration)
    where
        C: Choose<V, E>,
    {
        let sentence = match winner {
            Some(winner) => format!("attempt {winner} of {attempts} won after {elapsed:.2?}"),
            None => format!("none of {attempts} attempts went well, after {elapsed:.2?}"),
        };
        let mut event = Event::new("hedged").said(&sentence).field("won", Value::Bool(winner.is_some()));
        if let Some(winner) = winner {
            event = event.field("attempt", Value::Count(winner.into()));
        }
        let event = event.field("attempts", Value::Count(attempts.into()));
        self.choose.tell(&event.field("elapsed", Value::Duration(elapsed)));
    }
}

/// Gives back what was withdrawn, where something panics before the attempt begins.
struct Paid<'a, B: Budget> {
    budget: &'a B,
    withdrawn: Option<Withdrawal>,
}

impl<'a, B: Budget> Paid<'a, B> {
    fn new(budget: &'a B) -> Option<Self> {
        let withdrawn = Some(budget.try_withdraw()?);
        Some(Self { budget, withdrawn })
    }

    fn spend(mut self) {
        self.withdrawn = None;
    }
}

impl<B: Budget> Drop for Paid<'_, B> {
    fn drop(&mut self) {
        if let Some(withdrawal) = self.withdrawn.take() {
            self.budget.refund(withdrawal);
        }
    }
}

impl<O: Repeat<T>, H: fmt::Debug, T: Timer> fmt::Debug for Hedging<O, H, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("Hedging");
        this.field("rules", &self.rules).field("begun", &self.begun).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use crate::retry::Operation;
    use crate::time::Clock;
    use core::cell::Cell;
    use core::future::{Ready, pending, ready};
    use core::pin::pin;
    use core::task::Waker;

    /// All waits are over.
    struct AtOnce;

    impl Clock for AtOnce {
        fn now(&self) -> Instant {
            Instant::from_nanos(0)
        }
    }

    impl Timer for AtOnce {
        type Sleep = Ready<()>;

        fn sleep_until(&self, _: Instant) -> Self::Sleep {
            ready(())
        }
    }

    /// Can be called so often.
    struct Few<'a>(u32, &'a Cell<u32>);

    impl Operation for Few<'_> {
        type Ok = ();
        type Err = ();
    }

    impl<T> Repeat<T> for Few<'_> {
        type Future = core::future::Pending<Result<(), ()>>;

        fn start(&mut self, _: Attempt, _: &T) -> Self::Future {
            self.0 -= 1;
            self.1.set(self.1.get() + 1);
            pending()
        }

        fn can_start(&self) -> bool {
            self.0 > 0
        }

        fn finish(&mut self, output: Result<(), ()>) -> Result<(), ()> {
            output
        }
    }

    #[test]
    fn what_cannot_be_called_again_is_called_no_more() {
        for times in 1..=4 {
            let calls = Cell::new(0);
            let hedge = Hedge::after(Duration::from_secs(1)).extra(3);
            let mut hedging = pin!(Hedging::new(hedge, Few(times, &calls), AtOnce));
            let mut cx = Context::from_waker(Waker::noop());
            assert!(hedging.as_mut().poll(&mut cx).is_pending());
            assert!(hedging.as_mut().poll(&mut cx).is_pending());
            assert_eq!(calls.get(), times);
        }
    }
}
