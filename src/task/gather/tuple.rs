//! Children of any types: a tuple, as a chain of its members.

use super::AllFailed;
use super::children::{Children, Together, seal};
use super::ends::{drop_child, poll_child, settle};
use super::judges::{Each, EachOk, First, FirstGood, Judge};
use crate::sys::opaque::opaque;
use crate::sys::unwind::{self, Panic};
use alloc::vec::Vec;
use core::convert::Infallible;
use core::ops::ControlFlow;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// A tuple of children, at work: what [`gather`](fn@super::gather) and its siblings make of a tuple.
    #[must_use = "futures do nothing unless polled"]
    pub struct Tuple<C, J> {
        #[pin]
        chain: C,
        is_over: bool,
        judge: core::marker::PhantomData<fn() -> J>,
    }
}

pin_project_lite::pin_project! {
    /// A member of a tuple, what is kept of it, and the members after it.
    pub struct Link<F, K, R> {
        #[pin]
        child: Option<F>,
        kept: Option<K>,
        #[pin]
        rest: R,
    }

    impl<F, K, R> PinnedDrop for Link<F, K, R> {
        fn drop(this: Pin<&mut Self>) {
            let mut panicked = None;
            drop_child(this.project().child, &mut panicked);
            panicked.into_iter().for_each(unwind::resume_unless_unwinding);
        }
    }
}

/// The end of a tuple.
#[expect(unnameable_types, reason = "what a tuple is turned into is named as that of the tuple")]
#[derive(Debug)]
pub struct End(());

opaque!(Tuple<C, J> Link<F, K, R>);

/// What became of a turn: all go on, or how it all ended.
type Turn<S> = ControlFlow<Result<S, Panic>>;

/// The members of a tuple.
#[expect(unnameable_types, reason = "what a tuple is turned into is named as that of the tuple")]
pub trait Chain<J, S> {
    /// What is kept of them: pairs of pairs.
    type Kept;

    /// A turn for each that has yet to end; whether there are some left.
    #[doc(hidden)]
    fn turn(self: Pin<&mut Self>, cx: &mut Context<'_>, left: &mut bool) -> Turn<S>;

    /// What was kept, if all have ended.
    #[doc(hidden)]
    fn take(self: Pin<&mut Self>) -> Option<Self::Kept>;

    /// Drops those that have yet to end.
    #[doc(hidden)]
    fn clear(self: Pin<&mut Self>, panicked: &mut Option<Panic>);
}

impl<J, S> Chain<J, S> for End {
    type Kept = ();

    fn turn(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut bool) -> Turn<S> {
        ControlFlow::Continue(())
    }

    fn take(self: Pin<&mut Self>) -> Option<()> {
        Some(())
    }

    fn clear(self: Pin<&mut Self>, _: &mut Option<Panic>) {}
}

impl<F, J, S, R> Chain<J, S> for Link<F, J::Kept, R>
where
    F: Future,
    J: Judge<F::Output, Stop = S>,
    R: Chain<J, S>,
{
    type Kept = (J::Kept, R::Kept);

    #[inline]
    fn turn(self: Pin<&mut Self>, cx: &mut Context<'_>, left: &mut bool) -> Turn<S> {
        let this = self.project();
        if this.child.is_some() {
            match poll_child(this.child, cx).map(J::judge) {
                Poll::Pending => *left = true,
                Poll::Ready(Ok(ControlFlow::Continue(kept))) => *this.kept = Some(kept),
                Poll::Ready(Ok(ControlFlow::Break(stop))) => return ControlFlow::Break(Ok(stop)),
                Poll::Ready(Err(panic)) => return ControlFlow::Break(Err(panic)),
            }
        }
        this.rest.turn(cx, left)
    }

    fn take(self: Pin<&mut Self>) -> Option<Self::Kept> {
        let this = self.project();
        let kept = this.kept.take();
        // Taken, so that it is gone, also where it is not wanted.
        let rest = this.rest.take();
        kept.zip(rest)
    }

    fn clear(self: Pin<&mut Self>, panicked: &mut Option<Panic>) {
        let this = self.project();
        drop_child(this.child, panicked);
        this.rest.clear(panicked);
    }
}

/// Pairs of pairs, as a tuple.
#[expect(unnameable_types, reason = "what a tuple is turned into is named as that of the tuple")]
pub trait Flat {
    /// The tuple.
    type Tuple;

    /// The same as a tuple.
    #[doc(hidden)]
    fn flat(self) -> Self::Tuple;
}

/// Pairs of pairs of the same.
#[expect(unnameable_types, reason = "what a tuple is turned into is named as that of the tuple")]
pub trait Same<E> {
    /// All of them, in order.
    #[doc(hidden)]
    fn list(self, errors: &mut Vec<E>);
}

impl<E> Same<E> for () {
    fn list(self, _: &mut Vec<E>) {}
}

impl<E, R: Same<E>> Same<E> for (E, R) {
    fn list(self, errors: &mut Vec<E>) {
        errors.push(self.0);
        self.1.list(errors);
    }
}

/// What a verb makes of a tuple.
#[expect(unnameable_types, reason = "what a tuple is turned into is named as that of the tuple")]
pub trait Whole<K, S> {
    /// What it is.
    type Output;

    /// What is made of what was kept, or of what ended it all.
    #[doc(hidden)]
    fn tuple(ended: Result<K, S>) -> Self::Output;
}

impl<K: Flat> Whole<K, Infallible> for Each {
    type Output = K::Tuple;

    fn tuple(ended: Result<K, Infallible>) -> K::Tuple {
        match ended {
            Ok(kept) => kept.flat(),
            Err(never) => match never {},
        }
    }
}

impl<K: Flat, E> Whole<K, E> for EachOk {
    type Output = Result<K::Tuple, E>;

    fn tuple(ended: Result<K, E>) -> Self::Output {
        ended.map(K::flat)
    }
}

impl<R, O> Whole<(Infallible, R), O> for First {
    type Output = O;

    fn tuple(ended: Result<(Infallible, R), O>) -> O {
        match ended {
            Ok((never, _)) => match never {},
            Err(output) => output,
        }
    }
}

impl<K: Same<E>, T, E> Whole<(E, K), T> for FirstGood {
    type Output = Result<T, AllFailed<E>>;

    fn tuple(ended: Result<(E, K), T>) -> Self::Output {
        match ended {
            Ok(kept) => {
                let mut errors = Vec::new();
                kept.list(&mut errors);
                Err(AllFailed::new(errors))
            }
            Err(value) => Ok(value),
        }
    }
}

/// How a tuple's members are awaited.
macro_rules! tuples {
    (@chain $J:ident) => { End };
    (@chain $J:ident $first:ident $($rest:ident)*) => {
        Link<$first, <$J as Judge<<$first as Future>::Output>>::Kept, tuples!(@chain $J $($rest)*)>
    };
    (@link) => { End(()) };
    (@link $first:ident $($rest:ident)*) => {
        Link { child: Some($first), kept: None, rest: tuples!(@link $($rest)*) }
    };
    (@pairs) => { () };
    (@pairs $first:ident $($rest:ident)*) => { ($first, tuples!(@pairs $($rest)*)) };
    ($last:ident) => {};
    ($first:ident $($rest:ident)+) => {
        impl<$first, $($rest),+> seal::Sealed<Together> for ($first, $($rest),+) {}

        impl<JUDGE, STOP, $first, $($rest),+> Children<JUDGE, Together> for ($first, $($rest),+)
        where
            Tuple<tuples!(@chain JUDGE $first $($rest)+), JUDGE>: Future,
            $first: Future,
            $($rest: Future,)+
            JUDGE: Judge<$first::Output, Stop = STOP>,
            $(JUDGE: Judge<$rest::Output, Stop = STOP>,)+
        {
            type Running = Tuple<tuples!(@chain JUDGE $first $($rest)+), JUDGE>;

            #[expect(non_snake_case, reason = "a child is called as its type")]
            fn begin(self) -> Self::Running {
                let ($first, $($rest),+) = self;
                let chain = tuples!(@link $first $($rest)+);
                Tuple { chain, is_over: false, judge: core::marker::PhantomData }
            }
        }

        impl<$first, $($rest),+> Flat for tuples!(@pairs $first $($rest)+) {
            type Tuple = ($first, $($rest),+);

            #[expect(non_snake_case, reason = "a member is called as its type")]
            fn flat(self) -> Self::Tuple {
                let tuples!(@pairs $first $($rest)+) = self;
                ($first, $($rest),+)
            }
        }

        tuples!($($rest)+);
    };
}

tuples!(A B C D F G H I K L M N);

impl<F, K, R, J, S> Future for Tuple<Link<F, K, R>, J>
where
    F: Future,
    J: Judge<F::Output, Stop = S>,
    Link<F, K, R>: Chain<J, S>,
    J: Whole<<Link<F, K, R> as Chain<J, S>>::Kept, S>,
{
    type Output = <J as Whole<<Link<F, K, R> as Chain<J, S>>::Kept, S>>::Output;

    /// # Panics
    /// If it is polled again after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        assert!(!*this.is_over, "children polled again after they gave their outcome");
        let mut left = false;
        let ended = match this.chain.as_mut().turn(cx, &mut left) {
            ControlFlow::Continue(()) if left => return Poll::Pending,
            ControlFlow::Continue(()) => Ok(None),
            ControlFlow::Break(Ok(stop)) => Ok(Some(stop)),
            ControlFlow::Break(Err(panic)) => Err(panic),
        };
        *this.is_over = true;
        let mut dropped = None;
        this.chain.as_mut().clear(&mut dropped);
        let kept = this.chain.take();
        let ended = match settle(ended, dropped) {
            Some(stop) => Err(stop),
            None => Ok(kept.expect("all have ended")),
        };
        Poll::Ready(J::tuple(ended))
    }
}
