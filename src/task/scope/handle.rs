//! The handle by which children are spawned.

use super::child::Child;
use super::crew::{Crew, Crewed};
use crate::sync::oneshot::{Sender, oneshot};
use crate::sys::unwind;
use crate::task::gather::ends::poll_child;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

type BoxChild<'env> = Pin<Box<dyn Future<Output = ()> + Send + 'env>>;
type LocalBoxChild<'env> = Pin<Box<dyn Future<Output = ()> + 'env>>;

/// Spawns children that borrow what lives longer than the scope. Made by [`scope`](fn@super::scope); a clone is the same scope.
#[derive(Clone)]
pub struct Scope<'env> {
    pub(super) crew: Arc<Crew<BoxChild<'env>>>,
}

/// As [`Scope`], of children that need not be `Send`. Made by [`scope_local`](super::scope_local).
#[derive(Clone)]
pub struct LocalScope<'env> {
    pub(super) crew: Rc<Crew<LocalBoxChild<'env>>>,
}

/// The scope had ended: the child that was to be spawned, as it was.
pub struct Ended<F> {
    child: F,
}

impl<F> Ended<F> {
    /// The child, never polled.
    pub fn into_inner(self) -> F {
        self.child
    }
}

impl<F> fmt::Debug for Ended<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ended").finish_non_exhaustive()
    }
}

impl<F> fmt::Display for Ended<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the scope has ended")
    }
}

impl<F> Error for Ended<F> {}

pin_project_lite::pin_project! {
    /// The child and its value on its way to whoever wants it. Whatever its poll does, it is dropped on its own: a second panic while the
    /// first one unwinds would be the end of the program.
    struct Delivered<F: Future> {
        #[pin]
        child: Option<F>,
        sender: Option<Sender<F::Output>>,
    }
}

impl<F: Future> Future for Delivered<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        match ready!(poll_child(this.child, cx)) {
            // Nobody may want it.
            Ok(value) => drop(this.sender.take().map(|sender| sender.send(value))),
            Err(panic) => unwind::resume(panic),
        }
        Poll::Ready(())
    }
}

macro_rules! spawns {
    ($scope:ident $child:ident $($send:ident)?) => {
        impl<'env> $scope<'env> {
            /// Begins a child, which runs whenever the scope is polled; the scope waits for it.
            ///
            /// A panic of it goes on through the scope, after everything else in it was dropped.
            ///
            /// # Panics
            /// If the scope has ended, which only a handle that was carried out of it can see: see [`try_spawn`](Self::try_spawn).
            pub fn spawn<F>(&self, child: F) -> Child<F::Output>
            where
                F: Future<Output: $($send +)? 'env> + $($send +)? 'env,
            {
                self.try_spawn(child).unwrap_or_else(|ended| panic!("{ended}"))
            }

            /// As [`spawn`](Self::spawn), where the scope may have ended.
            ///
            /// # Errors
            /// [`Ended`], with the child, if the scope has ended.
            pub fn try_spawn<F>(&self, child: F) -> Result<Child<F::Output>, Ended<F>>
            where
                F: Future<Output: $($send +)? 'env> + $($send +)? 'env,
            {
                if !self.crew.announce() {
                    return Err(Ended { child });
                }
                let (sender, receiver) = oneshot();
                // One that comes back was dropped with its scope; its handle says so.
                drop(self.crew.push(Box::pin(Delivered { child: Some(child), sender: Some(sender) })));
                Ok(Child::new(receiver))
            }
        }

        impl<'env> Crewed for $scope<'env> {
            type Child = $child<'env>;

            fn crew(&self) -> &Crew<$child<'env>> {
                &self.crew
            }
        }

        impl fmt::Debug for $scope<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($scope)).field("has_ended", &self.crew.is_over()).finish()
            }
        }
    };
}

spawns!(Scope BoxChild Send);
spawns!(LocalScope LocalBoxChild);
