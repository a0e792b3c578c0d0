//! Workers on a queue of jobs: each is done at least once.

use super::source::seal::{Feeds, Settles, Teller};
use super::source::{EndsWith, Source};
use crate::queue::WorkQueue;
use crate::queue::work::{Job, Lease};
use crate::sys::unwind::keep_going;
use crate::task::Outcome;
use crate::time::Timer;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::pin::Pin;
use core::task::{Context, Poll};

impl<I, Tm, K> Feeds for WorkQueue<I, Tm, K>
where
    I: Clone + Send,
    Tm: Timer<Sleep: Send> + Send + Sync,
    K: Send,
{
    type Item = I;
    type Work = Job<Arc<Self>>;
    type Next = Lease<Arc<Self>>;
    type Teller = ();

    fn next(source: &Arc<Self>) -> Self::Next {
        Self::lease_owned(source.clone())
    }

    fn poll_next(next: Pin<&mut Self::Next>, cx: &mut Context<'_>) -> Poll<Option<Self::Work>> {
        next.poll(cx)
    }

    /// A clone: the job itself stays with the worker, to be tried again.
    fn begin(work: &mut Self::Work) -> Option<I> {
        Some((**work).clone())
    }

    fn close(&self) {
        Self::close(self);
    }

    fn take_back(&self) -> Vec<I> {
        self.close_now().collect()
    }

    /// It has an owner beside the pool.
    fn abandon(&self) -> Vec<I> {
        Vec::new()
    }

    fn waiting(&self) -> (usize, Option<usize>) {
        (self.len(), None)
    }
}

impl<T, E, I, Tm, K> Settles<T, E> for WorkQueue<I, Tm, K>
where
    I: Clone + Send,
    Tm: Timer<Sleep: Send> + Send + Sync,
    K: Send,
{
    fn keep(_: &Teller<E>) {}

    fn settle(work: Job<Arc<Self>>, outcome: Outcome<T, E>, teller: &Teller<E>) {
        match outcome.into_result() {
            Ok(_) => {
                work.ack();
            }
            Err(failure) => {
                work.nack();
                if let Some(teller) = teller {
                    keep_going(|| teller.unread(&failure));
                }
            }
        }
    }
}

impl<I, Tm, K> Source for WorkQueue<I, Tm, K>
where
    I: Clone + Send,
    Tm: Timer<Sleep: Send> + Send + Sync,
    K: Send,
{
}

impl<T, E, I, Tm, K> EndsWith<T, E> for WorkQueue<I, Tm, K>
where
    I: Clone + Send,
    Tm: Timer<Sleep: Send> + Send + Sync,
    K: Send,
{
}
