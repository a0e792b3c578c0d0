//! Policies around policies, read from the outer to the inner.

use super::env::IntoEnv;
use super::op::{IntoOp, Lifted, Op};
use crate::retry::Attempt;
use crate::sys::opaque::opaque;

/// What is done around an operation `O`, in surroundings `E`. What it is cloned for is a handle or a plain value: state is shared, never copied.
///
/// # Examples
/// A policy of one's own: it counts calls.
/// ```
/// use core::cell::Cell;
/// use core::time::Duration;
/// use untether::policy::{Op, Policy, Timeout, stack};
/// use untether::retry::Attempt;
///
/// #[derive(Clone)]
/// struct Counted<'a>(&'a Cell<u32>);
///
/// impl<O: Op, E> Policy<O, E> for Counted<'_> {
///     type Ok = O::Ok;
///     type Err = O::Err;
///     type Future = O::Future;
///
///     fn run(&self, operation: O, _: &E, attempt: Attempt) -> O::Future {
///         self.0.set(self.0.get() + 1);
///         operation.call(attempt)
///     }
/// }
///
/// # untether::rt::threads::block_on(|rt| async move {
/// let count = Cell::new(0);
/// let calls = stack((Timeout::new(Duration::from_secs(1)), Counted(&count))).on(&rt);
/// calls.run(async || Ok::<_, ()>(())).await.unwrap();
/// assert_eq!(count.get(), 1);
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no policy here",
    label = "no policy around this operation, in these surroundings",
    note = "a stack is made of a tuple of one to eight policies; what is shared stands in it as `&T`, `Arc<T>` or `Rc<T>`",
    note = "the surroundings are a timer or an `Env`; a retry in a stack takes its timer, its observer and its entropy from there",
    note = "a retry and a fallback tell the error they saw: the error of the operation has to be `Display`"
)]
pub trait Policy<O: Op, E>: Clone {
    /// When it goes well.
    type Ok;
    /// When it does not.
    type Err;
    /// The future of one run.
    type Future: Future<Output = Result<Self::Ok, Self::Err>>;

    /// Runs the operation. `attempt` is which one of those around this policy it is; whoever repeats counts anew.
    fn run(&self, operation: O, env: &E, attempt: Attempt) -> Self::Future;
}

/// Stacks policies: the first is the outermost.
///
/// Takes a tuple of one to eight; a stack is a policy itself, and may stand in another. What is shared stands in it as `&T` or `Arc<T>`.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::limit::Bulkhead;
/// use untether::policy::{Timeout, stack};
/// use untether::retry::{Attempt, Retry, schedule::constant};
///
/// static REPORTS: Bulkhead = Bulkhead::new(10);
///
/// let calls = stack((
///     Timeout::new(Duration::from_secs(30)),                 // the whole of it
///     Retry::new(constant(Duration::from_millis(1))),        // up to three times
///     &REPORTS,                                              // ten at once
///     Timeout::new(Duration::from_secs(5)),                  // each attempt
/// ));
/// let flaky = |attempt: Attempt| async move { if attempt.is_first() { Err("busy") } else { Ok("report") } };
/// assert_eq!(calls.on(&rt).run(flaky).await.unwrap(), "report");
/// # });
/// ```
pub const fn stack<P>(policies: P) -> Stack<P> {
    Stack(policies)
}

/// Policies around each other. Made by [`stack`].
///
/// It is as cheap to clone as what it is made of: plain values and handles.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[must_use = "a stack does nothing before `on` and `run`"]
pub struct Stack<P>(P);

impl<P: Clone> Stack<P> {
    /// Gives it a timer, or an [`Env`](super::Env): then it can run operations.
    pub fn on<I: IntoEnv>(&self, env: I) -> Runner<Self, I::Env> {
        Runner { policy: self.clone(), env: env.into_env() }
    }
}

opaque!(Stack<P>);

/// Policies in their surroundings. Made by [`Stack::on`]; runs any number of operations, of any types.
#[derive(Clone, Copy)]
#[must_use = "it does nothing before `run`"]
pub struct Runner<P, E> {
    policy: P,
    env: E,
}

impl<P, E> Runner<P, E> {
    /// Runs an operation: a function without arguments, one that takes the [`Attempt`], [`once`](super::once), or an [`Op`] of yours.
    ///
    /// The future is that of the outermost policy; nothing is boxed. It can be spawned where its parts can.
    ///
    /// A retry, a hedge and whatever may wait call it when they are polled. Where none of them stands in the stack it is called here, as one makes a
    /// future before one gives it to [`timeout`](fn@crate::time::timeout).
    ///
    /// # Errors
    /// Those of the outermost policy: an [`Error`](super::Error), where all are of this crate.
    #[inline(always)]
    pub fn run<I, Arguments>(&self, operation: I) -> P::Future
    where
        I: IntoOp<Arguments>,
        P: Policy<Lifted<I::Op>, E>,
    {
        self.policy.run(Lifted(operation.into_op()), &self.env, Attempt::FIRST)
    }
}

opaque!(Runner<P, E>);

/// An operation with a policy around it, which is an operation to the next policy.
#[derive(Clone, Copy)]
pub struct Wrapped<P, O, E> {
    policy: P,
    operation: O,
    env: E,
}

impl<P: Policy<O, E>, O: Op, E: Clone> Op for Wrapped<P, O, E> {
    type Ok = P::Ok;
    type Err = P::Err;
    type Future = P::Future;

    #[inline(always)]
    fn call(self, attempt: Attempt) -> P::Future {
        self.policy.run(self.operation, &self.env, attempt)
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        let operation = self.operation.again()?;
        Some(Self { policy: self.policy.clone(), operation, env: self.env.clone() })
    }
}

opaque!(Wrapped<P, O, E>);

impl<A: Policy<O, E>, O: Op, E> Policy<O, E> for Stack<(A,)> {
    type Ok = A::Ok;
    type Err = A::Err;
    type Future = A::Future;

    #[inline(always)]
    fn run(&self, operation: O, env: &E, attempt: Attempt) -> A::Future {
        self.0.0.run(operation, env, attempt)
    }
}

macro_rules! stacks {
    ($outer:ident) => {};
    ($outer:ident $($inner:ident)+) => {
        #[expect(non_snake_case, reason = "a policy is called as its type")]
        impl<O, E, $outer, $($inner),+> Policy<O, E> for Stack<($outer, $($inner),+)>
        where
            O: Op,
            E: Clone,
            $($inner: Clone,)+
            Stack<($($inner,)+)>: Policy<O, E>,
            $outer: Policy<Wrapped<Stack<($($inner,)+)>, O, E>, E>,
        {
            type Ok = $outer::Ok;
            type Err = $outer::Err;
            type Future = $outer::Future;

            #[inline(always)]
            fn run(&self, operation: O, env: &E, attempt: Attempt) -> Self::Future {
                let ($outer, $($inner),+) = &self.0;
                let policy = Stack(($($inner.clone(),)+));
                $outer.run(Wrapped { policy, operation, env: env.clone() }, env, attempt)
            }
        }

        stacks!($($inner)+);
    };
}

stacks!(A B C D F G H I);
