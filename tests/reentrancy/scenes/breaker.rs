//! The breaker, on a clock that stands still: those who follow its changes.

use super::limit::Still;
use super::*;
use futures_util::stream::StreamExt;
use untether::fault::CircuitBreaker;
use untether::fault::breaker::Transitions;

type Breaker = CircuitBreaker<Still>;

/// A change comes.
pub(crate) struct OfTransitions(Arc<Breaker>);

/// The next change.
pub(crate) struct Next(Transitions<Arc<Breaker>>);

impl Future for Next {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.poll_next_unpin(cx).map(drop)
    }
}

impl Scene for OfTransitions {
    type Wait = Next;

    const NAME: &'static str = "CircuitBreaker, transitions";

    fn new() -> Self {
        Self(Arc::new(CircuitBreaker::new(Still)))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Next(CircuitBreaker::transitions_owned(self.0.clone()))
    }

    fn tell(&self) {
        self.0.reset();
    }

    fn touch(self: &Arc<Self>) {
        let breaker = &self.0;
        let _ = (breaker.state(), breaker.stats(), format!("{breaker:?}"));
        if let Ok(permit) = breaker.try_acquire() {
            permit.success();
        }
        use_up(self.wait());
        drop(breaker.isolate());
        breaker.force_closed();
        breaker.reset();
    }
}
