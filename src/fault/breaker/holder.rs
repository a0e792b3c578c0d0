//! What holds a breaker.

use super::core::CircuitBreaker;
use crate::retry::schedule::Schedule;
use crate::time::{Clock, Entropy};
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::ops::Deref;

/// By what a permit, a call, an isolation or a stream hold their breaker: a reference, an `Arc`, an `Rc`, or something of yours that
/// dereferences to it, always to the same one.
///
/// The three types say what the breaker's are.
pub trait Holder:
    Deref<Target = CircuitBreaker<<Self as Holder>::Clock, <Self as Holder>::Schedule, <Self as Holder>::Entropy>>
{
    /// By what it knows the time.
    type Clock: Clock;
    /// How long it stays open.
    type Schedule: Schedule + Clone;
    /// Where the jitter of that comes from.
    type Entropy: Entropy;
}

macro_rules! holds {
    ($($holder:ty),*) => {$(
        impl<C: Clock, S: Schedule + Clone, E: Entropy> Holder for $holder {
            type Clock = C;
            type Schedule = S;
            type Entropy = E;
        }
    )*};
}

holds!(&CircuitBreaker<C, S, E>, Arc<CircuitBreaker<C, S, E>>, Rc<CircuitBreaker<C, S, E>>);
