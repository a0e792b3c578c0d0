//! The token.

use super::callback::{self, Registration};
use super::cancelled::WhenCancelled;
use super::cause::Cause;
use super::deadline::CancelAt;
use super::guard::CancelGuard;
use super::node::Node;
use super::run::{Cancelled, Run};
use super::walk;
use crate::time::{Instant, Timer};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;

/// Tells everybody who holds a clone, or a child, that they are to stop, and why.
///
/// Cancelling sets a flag, once and for good, here and in all children; nothing is aborted. Who works asks [`is_cancelled`](Self::is_cancelled)
/// in the loop, or awaits [`cancelled`](Self::cancelled), and then takes the time that its clean-up needs: a second request changes nothing and
/// wakes nobody. To have a future dropped at its next await instead, [`run`](Self::run) it.
///
/// A clone is the same token. A [`child`](Self::child) is cancelled with its parent, and can be cancelled alone. A token that is dropped was not
/// cancelled: for that there is a [`guard`](Self::guard).
///
/// # Examples
/// ```
/// use untether::sync::CancelToken;
///
/// let token = CancelToken::new();
/// let worker = std::thread::spawn({
///     let token = token.clone();
///     move || {
///         while !token.is_cancelled() {
///             std::thread::yield_now(); // a piece of work
///         }
///     }
/// });
/// token.cancel();
/// worker.join().unwrap();
/// ```
#[doc(alias = "CancellationToken")]
#[doc(alias = "AbortSignal")]
#[doc(alias = "context")]
#[derive(Clone)]
pub struct CancelToken(Arc<Node>);

impl CancelToken {
    /// A token that stands for itself.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Node::root()))
    }

    /// A token that is cancelled with this one, for [`Cause::Parent`], or alone. That of a cancelled token is cancelled already.
    ///
    /// It stays with its parent for as long as it, or a child of it, lives, and leaves nothing behind there.
    #[doc(alias = "child_token")]
    #[doc(alias = "linked token source")]
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child())
    }

    /// A token that is cancelled with the first of several, or alone. If several are cancelled already, the cause is that of the first in order;
    /// of none there is nothing to be cancelled with.
    ///
    /// # Examples
    /// ```
    /// use untether::sync::CancelToken;
    /// use untether::sync::cancel::Cause;
    ///
    /// let (shutdown, request) = (CancelToken::new(), CancelToken::new());
    /// let both = CancelToken::any([&shutdown, &request]);
    /// shutdown.cancel_with(Cause::Shutdown);
    /// assert!(matches!(both.cause().unwrap().root(), Cause::Shutdown));
    /// assert!(!request.is_cancelled());
    /// ```
    #[doc(alias = "AbortSignal.any")]
    #[must_use]
    pub fn any(tokens: impl IntoIterator<Item: Borrow<Self>>) -> Self {
        Self(Node::child_of(tokens.into_iter().map(|token| token.borrow().0.clone())))
    }

    /// Whether it was cancelled. One load, and true from the moment of the request on.
    #[inline]
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.signal.is_set()
    }

    /// An error if it was cancelled: for `token.check()?` in a loop.
    ///
    /// # Errors
    /// [`Cancelled`], with the cause.
    #[doc(alias = "ThrowIfCancellationRequested")]
    #[inline]
    pub fn check(&self) -> Result<(), Cancelled> {
        if !self.is_cancelled() {
            return Ok(());
        }
        self.cause().map_or(Ok(()), |cause| Err(Cancelled::new(cause)))
    }

    /// Why it was cancelled; `None` if it was not. There is a cause as soon as [`is_cancelled`](Self::is_cancelled).
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        self.0.origin().map(|origin| origin.cause())
    }

    /// Cancels it, and all below it, for [`Cause::Requested`]. See [`cancel_with`](Self::cancel_with).
    #[expect(clippy::must_use_candidate, reason = "cancelling is what it is called for")]
    pub fn cancel(&self) -> bool {
        self.cancel_with(Cause::Requested)
    }

    /// Cancels it, and all below it. `false` if it was cancelled before: the first cause stays, and nobody is told again.
    ///
    /// When it returns, all below is cancelled, whoever made the first request. (Whoever did may still be telling the others, on another
    /// thread.) Everything is marked first, then tasks and threads that wait are woken, then callbacks run on this thread, those of a parent
    /// before those of its children. No lock is held meanwhile: wakers and callbacks may use the token.
    ///
    /// # Panics
    /// If a waker or a callback does. All others are told before; further panics are dropped. While the thread is unwinding, the first one
    /// is dropped as well.
    #[expect(clippy::must_use_candidate, reason = "as `cancel`")]
    pub fn cancel_with(&self, cause: Cause) -> bool {
        walk::cancel(&self.0, cause)
    }

    /// Waits until it is cancelled, and gives the cause.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place among those who wait. Nothing is lost.
    /// # Fairness
    /// All are woken, in the order in which they came.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::spawn::SpawnExt;
    /// use untether::sync::CancelToken;
    ///
    /// let token = CancelToken::new();
    /// let waits = token.clone();
    /// let task = rt.spawn_task(async move { waits.cancelled().await.to_string() }).unwrap();
    /// token.cancel();
    /// assert_eq!(task.await.unwrap(), "cancelled on request");
    /// # });
    /// ```
    pub const fn cancelled(&self) -> WhenCancelled<&Self> {
        WhenCancelled::new(self)
    }

    /// As [`cancelled`](Self::cancelled), with the token inside.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place among those who wait. Nothing is lost.
    pub const fn cancelled_owned(self) -> WhenCancelled<Self> {
        WhenCancelled::new(self)
    }

    /// Calls `callback` when it is cancelled: once, on the thread that cancels, or here and now if it is cancelled already. Callbacks of one token
    /// are called in the order in which they were registered.
    ///
    /// A callback holds up the request and those after it, so it should be short. It may do whatever it likes with this and other tokens;
    /// one that cancels another token runs that one's callbacks inside itself.
    ///
    /// # Panics
    /// If it is cancelled already and `callback` panics. For later see [`cancel_with`](Self::cancel_with).
    /// # Examples
    /// ```
    /// use untether::sync::CancelToken;
    /// use untether::sync::cancel::Cause;
    ///
    /// let (token, (tell, told)) = (CancelToken::new(), std::sync::mpsc::channel());
    /// let registration = token.on_cancel(move |cause| tell.send(cause.to_string()).unwrap());
    /// token.cancel_with(Cause::Shutdown);
    /// assert_eq!(told.recv().unwrap(), "cancelled by a shutdown");
    /// # drop(registration);
    /// ```
    #[doc(alias = "AfterFunc")]
    #[doc(alias = "add_done_callback")]
    pub fn on_cancel(&self, callback: impl FnOnce(&Cause) + Send + 'static) -> Registration {
        callback::register(&self.0, Box::new(callback))
    }

    /// Runs `future` until it ends or the token is cancelled. For tokens that go into a task there is [`run_owned`](Self::run_owned).
    ///
    /// The token is looked at before each poll: a future is not polled once it is cancelled, not even for the first time. For the other way
    /// round see [`Run::completion_biased`].
    ///
    /// # Cancel safety
    /// Dropping it drops the future.
    /// # Errors
    /// [`Cancelled`], with the cause. The future stops where it is and is dropped with this one.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|_| async {
    /// use untether::sync::CancelToken;
    ///
    /// let token = CancelToken::new();
    /// assert_eq!(token.run(async { 7 }).await.unwrap(), 7);
    /// token.cancel();
    /// assert!(token.run(async { 7 }).await.is_err());
    /// assert_eq!(token.run(async { 7 }).completion_biased().await.unwrap(), 7);
    /// # });
    /// ```
    #[doc(alias = "run_until_cancelled")]
    pub const fn run<F: Future>(&self, future: F) -> Run<&Self, F> {
        Run::new(self.cancelled(), future)
    }

    /// As [`run`](Self::run), with the token inside.
    ///
    /// # Cancel safety
    /// Dropping it drops the future.
    /// # Errors
    /// [`Cancelled`], with the cause.
    #[doc(alias = "run_until_cancelled_owned")]
    pub const fn run_owned<F: Future>(self, future: F) -> Run<Self, F> {
        Run::new(self.cancelled_owned(), future)
    }

    /// Cancels it, for [`Cause::Deadline`], when the clock of `timer` shows `deadline`.
    ///
    /// There is no task behind it: the deadline is kept by whoever awaits or spawns what comes back, or runs a future
    /// [`during`](CancelAt::during) it.
    ///
    /// # Cancel safety
    /// Dropping the future takes the deadline back.
    pub fn cancel_at<T: Timer>(&self, deadline: Instant, timer: T) -> CancelAt<T> {
        CancelAt::new(self.clone(), deadline, timer)
    }

    /// Cancels it when the guard is dropped, unless it was disarmed.
    #[doc(alias = "drop_guard_ref")]
    pub const fn guard(&self) -> CancelGuard<&Self> {
        CancelGuard::new(self)
    }

    /// As [`guard`](Self::guard), with the token inside.
    #[doc(alias = "drop_guard")]
    pub const fn guard_owned(self) -> CancelGuard<Self> {
        CancelGuard::new(self)
    }

    pub(super) fn node(&self) -> &Node {
        &self.0
    }
}

impl Default for CancelToken {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("cause", &self.cause()).finish_non_exhaustive()
    }
}
