//! One worker: it asks what to do, takes the next piece of work, and runs it to its end.

use super::OnPanic;
use super::core::Core;
use super::source::seal::{Settles, Teller};
use super::source::{EndsWith, Source};
use super::state::{Berth, Order, Phase, Seat};
use super::stats::Ended;
use crate::spawn::Panicked;
use crate::sys::unwind::{self, Panic, keep_going};
use crate::task::Outcome;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

/// What all workers of a pool do.
pub(super) struct Duty<H, E> {
    pub(super) handler: H,
    pub(super) teller: Teller<E>,
    pub(super) on_panic: OnPanic,
}

/// After so many pieces of work that did not wait for anything a worker lets others run.
const IN_A_ROW: u32 = 32;

pin_project_lite::pin_project! {
    /// The task of a worker.
    pub(super) struct Worker<Q: Source, H, Fut, T, E> {
        core: Arc<Core<Q>>,
        duty: Arc<Duty<H, E>>,
        seat: Seat,
        was_polled: bool,
        #[pin]
        next: Option<Q::Next>,
        #[pin]
        run: Option<Fut>,
        work: Option<Q::Work>,
        ends: PhantomData<fn() -> T>,
    }

    impl<Q: Source, H, Fut, T, E> PinnedDrop for Worker<Q, H, Fut, T, E> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            keep_going(|| this.next.set(None));
            keep_going(|| this.run.set(None));
            if this.work.is_some() {
                this.core.count(Ended::Cancelled);
            }
            keep_going(|| *this.work = None);
            this.core.lost(this.seat, *this.was_polled);
        }
    }
}

impl<Q, H, Fut, T, E> Worker<Q, H, Fut, T, E>
where
    Q: EndsWith<T, E>,
    H: Fn(usize, Q::Item) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    pub(super) const fn new(core: Arc<Core<Q>>, duty: Arc<Duty<H, E>>, berth: Berth) -> Self {
        let seat = Seat::new(berth);
        Self { core, duty, seat, was_polled: false, next: None, run: None, work: None, ends: PhantomData }
    }

    /// Takes the next piece of work and calls the handler. Ready, when there is no more.
    fn poll_begin(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<()>> {
        let mut this = self.as_mut().project();
        if this.next.is_none() {
            this.next.set(Some(Q::next(&this.core.source)));
        }
        let next = this.next.as_mut().as_pin_mut().expect("it was just put there");
        let Some(work) = core::task::ready!(Q::poll_next(next, cx)) else { return Poll::Ready(None) };
        let work = this.work.insert(work);
        let (duty, number) = (&*this.duty, this.seat.berth.number);
        match unwind::catch(|| Q::begin(work).map(|input| (duty.handler)(number, input))) {
            Ok(Some(future)) => this.run.set(Some(future)),
            Ok(None) => self.end(Ok(None)),
            Err(panic) => self.end(Err(panic)),
        }
        Poll::Ready(Some(()))
    }

    /// Runs what it has. Ready when that has ended.
    fn poll_run(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.as_mut().project();
        let Some(run) = this.run.as_pin_mut() else { return Poll::Ready(()) };
        let work = this.work.as_ref().expect("it is there until it has ended");
        let came = if Q::is_aborted(work) {
            Ok(None)
        } else {
            match unwind::catch(|| run.poll(cx)) {
                Ok(Poll::Ready(result)) => Ok(Some(result)),
                Err(panic) => Err(panic),
                Ok(Poll::Pending) => {
                    core::task::ready!(Q::poll_abort(work, cx));
                    Ok(None)
                }
            }
        };
        self.end(came);
        Poll::Ready(())
    }

    /// Drops the future, and then says what came of it: a result, nothing (cancelled), or a panic.
    fn end(self: Pin<&mut Self>, came: Result<Option<Result<T, E>>, Panic>) {
        let mut this = self.project();
        // Of two panics the first is the cause.
        let came = match (came, unwind::catch(|| this.run.set(None))) {
            (Ok(_), Err(panic)) => Err(panic),
            (came, dropped) => {
                dropped.map_or_else(unwind::discard, |()| ());
                came
            }
        };
        let (ended, outcome) = match came {
            Ok(Some(Ok(value))) => (Ended::Done, Outcome::Ok(value)),
            Ok(Some(Err(error))) => (Ended::Failed, Outcome::Err(error)),
            Ok(None) => (Ended::Cancelled, Outcome::Cancelled(None)),
            Err(panic) => (Ended::Panicked, Outcome::Panicked(Box::new(Panicked::new(panic)))),
        };
        this.core.count(ended);
        let stops = matches!(ended, Ended::Panicked) && this.duty.on_panic == OnPanic::Stop;
        if let Some(work) = this.work.take() {
            keep_going(|| <Q as Settles<T, E>>::settle(work, outcome, &this.duty.teller));
        }
        if stops {
            keep_going(|| this.core.stop(Phase::Finishing));
        }
    }
}

impl<Q, H, Fut, T, E> Future for Worker<Q, H, Fut, T, E>
where
    Q: EndsWith<T, E>,
    H: Fn(usize, Q::Item) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *self.as_mut().project().was_polled = true;
        for _ in 0..IN_A_ROW {
            let mut this = self.as_mut().project();
            match this.core.ask(this.seat, cx.waker(), this.work.is_some()) {
                Order::Go => {}
                Order::Leave => return Poll::Ready(()),
                Order::Abort => {
                    self.as_mut().end(Ok(None));
                    continue;
                }
                Order::Hold => {
                    // It does not stand in line for what it would not take.
                    keep_going(|| this.next.set(None));
                    return Poll::Pending;
                }
            }
            if this.work.is_none() {
                match self.as_mut().poll_begin(cx) {
                    Poll::Pending => {
                        let this = self.project();
                        this.core.rest(this.seat);
                        return Poll::Pending;
                    }
                    Poll::Ready(None) => {
                        let this = self.project();
                        this.core.end_of_work(this.seat);
                        return Poll::Ready(());
                    }
                    Poll::Ready(Some(())) => {}
                }
            }
            core::task::ready!(self.as_mut().poll_run(cx));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
