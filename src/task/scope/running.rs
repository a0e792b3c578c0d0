//! The scope's own future: it runs the body and the children, and ends when all of them have.

use super::crew::{Crew, Crewed};
use super::handle::{LocalScope, Scope};
use crate::sys::unwind::{self, Panic};
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_util::stream::{FuturesUnordered, Stream};

/// After so many children have ended in one poll the scope gives way.
const TURNS: usize = 128;

/// Runs `body`, which is given a [`Scope`] to spawn children with, and gives what it gives when all children have ended too.
///
/// Children borrow what lives longer than the scope; what the body owns itself it moves into them, or shares. They are `Send`, so that the
/// scope is; where they cannot be, [`scope_local`] is the same without.
///
/// A body that ends with an error does not cut its children short. To do so, drop the scope: [`race`](fn@crate::task::race) it with what
/// ends it, or give children a [`CancelToken`](crate::sync::CancelToken).
///
/// # Cancel safety
/// Dropping it drops the body and all children.
/// # Panics
/// If the body or a child does: all others are dropped first, then the panic goes on. And if it is polled again after it was ready.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use untether::task::scope;
///
/// let (words, letters) = (["to", "borrow"], AtomicUsize::new(0));
/// let first = scope(async |s| {
///     for word in &words {
///         // It runs on, and the scope waits for it.
///         drop(s.spawn(async { letters.fetch_add(word.len(), Ordering::Relaxed) }));
///     }
///     let first = s.spawn(async { words[0] });
///     first.await
/// });
/// assert_eq!(first.await, "to");
/// assert_eq!(letters.into_inner(), 8);
/// # });
/// ```
#[doc(alias = "nursery")]
#[doc(alias = "create_task")]
pub fn scope<'env, F: Future>(body: impl FnOnce(Scope<'env>) -> F) -> Running<F, Scope<'env>> {
    let scope = Scope { crew: Arc::new(Crew::new()) };
    Running::new(scope, body)
}

/// As [`scope`](fn@scope), of children that need not be `Send`; so the scope is not either.
///
/// # Cancel safety
/// Dropping it drops the body and all children.
/// # Panics
/// As [`scope`](fn@scope).
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use std::cell::RefCell;
/// use untether::task::scope::scope_local;
///
/// let heard = RefCell::new(Vec::new());
/// let heard_of = &heard;
/// scope_local(|s| async move {
///     for word in ["one", "two"] {
///         drop(s.spawn(async move { heard_of.borrow_mut().push(word) }));
///     }
/// })
/// .await;
/// assert_eq!(heard.into_inner(), ["one", "two"]);
/// # });
/// ```
pub fn scope_local<'env, F: Future>(
    body: impl FnOnce(LocalScope<'env>) -> F,
) -> Running<F, LocalScope<'env>> {
    let scope = LocalScope { crew: Rc::new(Crew::new()) };
    Running::new(scope, body)
}

pin_project_lite::pin_project! {
    /// The future of [`scope`](fn@scope) and [`scope_local`].
    ///
    /// # Cancel safety
    /// Dropping it drops the body and all children.
    /// # Panics
    /// If it is polled again after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Running<F: Future, S: Crewed> {
        #[pin]
        body: Option<F>,
        output: Option<F::Output>,
        children: FuturesUnordered<S::Child>,
        scope: S,
    }

    impl<F: Future, S: Crewed> PinnedDrop for Running<F, S> {
        fn drop(this: Pin<&mut Self>) {
            this.clear().into_iter().for_each(unwind::resume_unless_unwinding);
        }
    }
}

/// What became of a turn.
enum Turn {
    /// Nothing more can be done before somebody is woken.
    Idle,
    /// There may be more to do.
    Again,
}

impl<F: Future, S: Crewed> Running<F, S> {
    /// What makes the body may spawn already, and panic after that: then the children are dropped as they would be later.
    fn new(scope: S, body: impl FnOnce(S) -> F) -> Self
    where
        S: Clone,
    {
        let mut running = Self { body: None, output: None, children: FuturesUnordered::new(), scope };
        running.body = Some(body(running.scope.clone()));
        running
    }

    fn poll_body(self: Pin<&mut Self>, cx: &mut Context<'_>) {
        let mut this = self.project();
        let Some(body) = this.body.as_mut().as_pin_mut() else { return };
        if let Poll::Ready(output) = body.poll(cx) {
            *this.output = Some(output);
            this.body.set(None);
        }
    }

    /// Takes over those that were spawned, and gives children their turns.
    fn poll_children(self: Pin<&mut Self>, cx: &mut Context<'_>, turns: &mut usize) -> Turn {
        let this = self.project();
        let came = this.scope.crew().take();
        let have_come = !came.is_empty();
        this.children.extend(came);
        while *turns < TURNS {
            match Pin::new(&mut *this.children).poll_next(cx) {
                Poll::Ready(Some(())) => *turns += 1,
                Poll::Ready(None) | Poll::Pending if have_come => return Turn::Again,
                Poll::Ready(None) | Poll::Pending => return Turn::Idle,
            }
        }
        cx.waker().wake_by_ref();
        Turn::Idle
    }

    /// Gives everybody a turn; true when all have ended.
    fn turn(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        // Whoever spawns while this runs is heard without a wake.
        drop(self.scope.crew().task.take());
        self.as_mut().poll_body(cx);
        let mut turns = 0;
        loop {
            while matches!(self.as_mut().poll_children(cx, &mut turns), Turn::Again) {}
            let crew = self.scope.crew();
            if self.output.is_some() && self.children.is_empty() && crew.end_if_empty() {
                return true;
            }
            // Before the last look, which is the one that counts.
            crew.task.register(cx.waker());
            if turns == TURNS || !crew.has_come() {
                return false;
            }
        }
    }

    /// Drops the body and all children, whatever their drops do.
    fn clear(self: Pin<&mut Self>) -> Option<Panic> {
        let mut this = self.project();
        let waiting = this.scope.crew().end();
        let task = this.scope.crew().task.take();
        let mut panicked = None;
        let mut note = |dropped: Result<(), Panic>| {
            if let Err(panic) = dropped {
                match panicked {
                    Some(_) => unwind::discard(panic),
                    None => panicked = Some(panic),
                }
            }
        };
        note(unwind::catch(|| this.body.set(None)));
        waiting.into_iter().for_each(|child| note(unwind::catch(|| drop(child))));
        for child in core::mem::take(this.children) {
            note(unwind::catch(|| drop(child)));
        }
        note(unwind::catch(|| drop(task)));
        panicked
    }
}

impl<F: Future, S: Crewed> Future for Running<F, S> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        assert!(!self.scope.crew().is_over(), "scope polled again after it was ready");
        match unwind::catch(|| self.as_mut().turn(cx)) {
            Ok(false) => Poll::Pending,
            Ok(true) => match self.as_mut().project().output.take() {
                Some(output) => Poll::Ready(output),
                None => unreachable!("the body has ended"),
            },
            Err(panic) => {
                self.clear().into_iter().for_each(unwind::discard);
                unwind::resume(panic)
            }
        }
    }
}

impl<F: Future, S: Crewed> fmt::Debug for Running<F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("children", &self.children.len()).finish_non_exhaustive()
    }
}
