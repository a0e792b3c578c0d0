//! Tasks with their type erased, and who they are.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use core::fmt;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Who a task is: its name, if it was given one, and the line that started it.
#[derive(Clone)]
pub struct Label {
    name: Option<Cow<'static, str>>,
    site: &'static Location<'static>,
}

impl Label {
    /// A label for the calling line, without a name.
    #[track_caller]
    #[must_use]
    pub const fn here() -> Self {
        Self { name: None, site: Location::caller() }
    }

    /// Adds a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The line that started the task.
    #[must_use]
    pub const fn site(&self) -> &'static Location<'static> {
        self.site
    }
}

/// `"worker" (src/main.rs:12:5)`, or the line alone.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "\"{name}\" ({})", self.site),
            None => write!(f, "({})", self.site),
        }
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! box_task {
    ($(#[$doc:meta])* $name:ident, $future:ty, $($bound:tt)*) => {
        $(#[$doc])*
        #[must_use = "a task does nothing unless it is spawned or polled"]
        pub struct $name {
            future: Pin<Box<$future>>,
            label: Label,
        }

        impl $name {
            /// Boxes a future; its label is the calling line.
            #[track_caller]
            pub fn new(future: impl Future<Output = ()> $($bound)* 'static) -> Self {
                Self::labelled(Label::here(), future)
            }

            /// Boxes a future under a label.
            pub fn labelled(label: Label, future: impl Future<Output = ()> $($bound)* 'static) -> Self {
                Self { future: Box::pin(future), label }
            }

            /// Who it is.
            #[must_use]
            pub const fn label(&self) -> &Label {
                &self.label
            }

            /// The bare box.
            pub fn into_inner(self) -> Pin<Box<$future>> {
                self.future
            }
        }

        impl Future for $name {
            type Output = ();

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
                self.future.as_mut().poll(cx)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.label).finish()
            }
        }
    };
}

box_task! {
    /// A task that may run on any thread, boxed, with its label. Itself a future.
    BoxTask, dyn Future<Output = ()> + Send, + Send +
}

box_task! {
    /// A task that stays on its thread, boxed, with its label. Itself a future.
    LocalBoxTask, dyn Future<Output = ()>, +
}

/// A closure that blocks, boxed, with its label.
#[must_use = "a closure does nothing unless it is run"]
pub struct BoxBlocking {
    work: Box<dyn FnOnce() + Send>,
    label: Label,
}

impl BoxBlocking {
    /// Boxes a closure; its label is the calling line.
    #[track_caller]
    pub fn new(work: impl FnOnce() + Send + 'static) -> Self {
        Self::labelled(Label::here(), work)
    }

    /// Boxes a closure under a label.
    pub fn labelled(label: Label, work: impl FnOnce() + Send + 'static) -> Self {
        Self { work: Box::new(work), label }
    }

    /// Who it is.
    #[must_use]
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Runs it, here.
    pub fn run(self) {
        (self.work)();
    }
}

impl fmt::Debug for BoxBlocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BoxBlocking").field(&self.label).finish()
    }
}
