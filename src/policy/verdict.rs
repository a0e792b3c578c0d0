//! What a result says of the service: by a function, where the default does not know it.

use super::gate::{Counts, Gate, Refusal, gates};
use crate::fault::breaker::Transition;
use crate::sys::opaque::opaque;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

pub use crate::fault::breaker::Verdict;

/// Lets `verdict` say what each result counts for, to a breaker or an adaptive limit: a 404 is no failure of the service, and a 503 may
/// come as a value.
///
/// Where the error has a lifetime in it and the run is spawned, a closure says `&Result<_, Error<&str>>`, and not `&'static str`: the compiler asks of a
/// task that it is for any.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::fault::CircuitBreaker;
/// use untether::fault::breaker::State;
/// use untether::policy::{Error, Verdict, counting, stack};
///
/// let breaker = CircuitBreaker::builder().consecutive(1).build(&rt);
/// let by_status = |result: &Result<(), Error<u16>>| match result.as_ref().map_err(Error::inner) {
///     Ok(()) | Err(Some(400..500)) => Verdict::Success, // the service is well, the request is not
///     Err(_) => Verdict::Failure,
/// };
/// let calls = stack((counting(&breaker, by_status),)).on(&rt);
/// assert!(calls.run(async || Err(404)).await.is_err());
/// assert_eq!(breaker.state(), State::Closed);
/// assert!(calls.run(async || Err(500)).await.is_err());
/// assert_eq!(breaker.state(), State::Open);
/// # });
/// ```
pub const fn counting<G, F>(gate: G, verdict: F) -> Counting<G, F> {
    Counting { gate, verdict }
}

/// A breaker or an adaptive limit that is told by a function what results say. Made by [`counting`].
#[derive(Clone, Copy)]
#[must_use = "it does nothing outside of a stack"]
pub struct Counting<G, F> {
    gate: G,
    verdict: F,
}

impl<R, G: Counts<R>, F: Fn(&R) -> Verdict + Clone> Gate<R> for Counting<G, F> {
    const NAME: &'static str = G::NAME;
    type Pass = (G::Pass, F);
    type Admission = CountingAdmission<G::Admission, F>;

    #[inline]
    fn try_admit(&self) -> Option<Self::Pass> {
        Some((self.gate.try_admit()?, self.verdict.clone()))
    }

    fn admit(self) -> Self::Admission {
        CountingAdmission { admission: self.gate.admit(), verdict: Some(self.verdict) }
    }

    #[inline]
    fn admitted(admission: Result<&Self::Pass, &Refusal>) -> Option<Transition> {
        G::admitted(admission.map(|(pass, _)| pass))
    }

    #[inline]
    fn settle((pass, verdict): Self::Pass, result: &R) -> Option<Transition> {
        G::count(pass, verdict(result))
    }
}

gates!([G, F,] Counting<G, F>;);

opaque!(Counting<G, F>);

pin_project_lite::pin_project! {
    /// The wait for what is [`Counting`].
    #[must_use = "futures do nothing unless polled"]
    pub struct CountingAdmission<A, F> {
        #[pin]
        admission: A,
        verdict: Option<F>,
    }
}

impl<A: Future<Output = Result<P, Refusal>>, P, F> Future for CountingAdmission<A, F> {
    type Output = Result<(P, F), Refusal>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let pass = ready!(this.admission.poll(cx));
        let verdict = this.verdict.take().expect("polled again after it was ready");
        Poll::Ready(pass.map(|pass| (pass, verdict)))
    }
}

opaque!(CountingAdmission<A, F>);
