//! What workers take their work from.

use super::submission::Submission;
use crate::queue::{Fifo, Queue, Storage};
use alloc::sync::Arc;
use core::fmt;

/// What the workers of a pool take their work from: [`Inputs`] that have tickets, in whichever order their queue gives them out, or a
/// [`WorkQueue`](crate::queue::WorkQueue).
///
/// Sealed.
pub trait Source: seal::Feeds {}

/// A [`Source`] whose work can end so: with a `T`, or with an `E`.
///
/// Sealed.
pub trait EndsWith<T, E>: Source + seal::Settles<T, E> {}

/// A [`Source`] whose inputs have tickets: [`Inputs`].
///
/// Sealed.
pub trait Ticketed: Source + EndsWith<Self::Value, Self::Error> {
    /// What an input brings, if it ends well.
    type Value: Send;
    /// How it fails.
    type Error: Send;
    /// How the queue keeps what waits.
    type Storage: Storage<Item = Submission<Self::Item, Self::Value, Self::Error>>;

    #[doc(hidden)]
    fn queue(&self) -> &QueueOf<Self>;

    #[doc(hidden)]
    fn teller(teller: &Self::Teller) -> &seal::Teller<Self::Error>;
}

/// The inputs of a pool, in a queue that only their workers receive from. What their order is, and what they are, is all in `S`.
///
/// Named by all that is in one place: where the inputs and their order were named apart, a task that submits something with a lifetime, if only
/// `'static`, could not be proved to be `Send`.
pub struct Inputs<S: Storage>(pub(super) Arc<Queue<S::Item, S>>);

/// Inputs that bring a `T` or fail with an `E`, first come, first served. [`WorkerPool<Tickets<Url, Page, Error>>`](super::WorkerPool) is what a field of
/// a struct says.
pub type Tickets<I, T, E> = Inputs<Fifo<Submission<I, T, E>>>;

impl<S: Storage> fmt::Debug for Inputs<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inputs").field(&self.0).finish()
    }
}

/// The queue itself.
pub type QueueOf<Q> = Queue<
    Submission<<Q as seal::Feeds>::Item, <Q as Ticketed>::Value, <Q as Ticketed>::Error>,
    <Q as Ticketed>::Storage,
>;

pub(super) mod seal {
    use crate::observe::Observer;
    use crate::task::{Failure, Outcome};
    use alloc::sync::Arc;
    use alloc::vec::Vec;
    use core::pin::Pin;
    use core::task::{Context, Poll};

    /// Hears of what nobody reads.
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Tell<E>: Send + Sync {
        /// A failure that nobody reads.
        fn unread(&self, failure: &Failure<E>);
        /// Who is told.
        fn observer(&self) -> &dyn Observer;
    }

    #[expect(unreachable_pub, reason = "as above")]
    pub type Teller<E> = Option<Arc<dyn Tell<E>>>;

    /// What a worker asks of where its work comes from. Nothing here says `'static`: a task that holds a future with such a bound in it could not be
    /// proved to be `Send`.
    #[expect(unnameable_types, reason = "as above")]
    pub trait Feeds: Sized + Send + Sync {
        /// What is put in, and comes back if it is not begun.
        type Item: Send;
        /// A piece of work that was taken. Dropped, it was cancelled.
        type Work: Send;
        /// Waits for the next piece.
        type Next: Send;
        /// What is needed where something is put in.
        type Teller: Send + Sync;

        /// Waits for pieces, one after the other.
        fn next(source: &Arc<Self>) -> Self::Next;
        /// The next piece; `None` once there will be none any more.
        fn poll_next(next: Pin<&mut Self::Next>, cx: &mut Context<'_>) -> Poll<Option<Self::Work>>;
        /// What the handler gets. `None` if nobody wants it any more.
        fn begin(work: &mut Self::Work) -> Option<Self::Item>;
        /// Whether nobody wants it any more.
        fn is_aborted(work: &Self::Work) -> bool {
            let _ = work;
            false
        }
        /// Waits until nobody wants it any more, while it runs.
        fn poll_abort(work: &Self::Work, cx: &mut Context<'_>) -> Poll<()> {
            let _ = (work, cx);
            Poll::Pending
        }
        /// Takes nothing new.
        fn close(&self);
        /// Gives nothing out any more. Gives back what was not begun.
        fn take_back(&self) -> Vec<Self::Item>;
        /// The same where the workers are gone and nobody said that they should: what belongs to somebody else is left alone.
        fn abandon(&self) -> Vec<Self::Item>;
        /// How many wait, and may be there at most; `None` where there is no bound.
        fn waiting(&self) -> (usize, Option<usize>);
    }

    #[expect(unnameable_types, reason = "as above")]
    pub trait Settles<T, E>: Feeds {
        fn keep(teller: &Teller<E>) -> Self::Teller;
        /// Says how it ended.
        fn settle(work: Self::Work, outcome: Outcome<T, E>, teller: &Teller<E>);
    }
}
