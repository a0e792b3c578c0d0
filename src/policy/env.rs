//! What a stack is given where it is used: the timer, who is told, and where jitter comes from.

use crate::observe::{Event, Observer};
use crate::time::{SystemEntropy, Timer};

/// The surroundings of a stack, given once: policies are plain values without any of it.
///
/// A timer alone is one too: `stack.on(&rt)`.
///
/// # Examples
/// ```
/// use untether::observe::Lines;
/// use untether::policy::Env;
/// use untether::time::Seed;
///
/// # untether::rt::threads::block_on(|rt| async move {
/// let (told, seed) = (Lines::new(|line: &str| println!("{line}")), Seed::new(7));
/// let env = Env::new(&rt).observed(&told).entropy(&seed).named("users");
/// let calls = untether::policy::standard().on(env);
/// assert_eq!(calls.run(async || Ok::<_, &str>(7)).await.unwrap(), 7);
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Env<T, W = (), N = SystemEntropy> {
    pub(super) timer: T,
    pub(super) observer: W,
    pub(super) entropy: N,
}

impl<T: Timer> Env<T> {
    /// A timer, with nobody told, and jitter from the system.
    pub const fn new(timer: T) -> Self {
        Self { timer, observer: (), entropy: SystemEntropy }
    }
}

impl<T, N> Env<T, (), N> {
    /// Tells `observer` what the policies do. The events are in [their table](Event).
    pub fn observed<P>(self, observer: P) -> Env<T, P, N> {
        let Self { timer, entropy, .. } = self;
        Env { timer, observer, entropy }
    }
}

impl<T, N> Env<T, Named<()>, N> {
    /// Tells `observer` what the policies do, by that name.
    pub fn observed<P>(self, observer: P) -> Env<T, Named<P>, N> {
        let Self { timer, observer: Named { name, .. }, entropy } = self;
        Env { timer, observer: Named { observer, name }, entropy }
    }
}

impl<T, W, N> Env<T, W, N> {
    /// Takes jitter from there.
    pub fn entropy<F>(self, entropy: F) -> Env<T, W, F> {
        let Self { timer, observer, .. } = self;
        Env { timer, observer, entropy }
    }

    /// Names what is called: by that name the observer is told.
    pub fn named(self, name: &'static str) -> Env<T, Named<W>, N> {
        let Self { timer, observer, entropy } = self;
        Env { timer, observer: Named { observer, name }, entropy }
    }

    /// The timer.
    pub const fn timer(&self) -> &T {
        &self.timer
    }

    /// The source of jitter.
    pub const fn entropy_source(&self) -> &N {
        &self.entropy
    }

    /// The observer.
    pub const fn observer(&self) -> &W {
        &self.observer
    }
}

/// An observer that is told events by the name of what is called, but for those that have one. Of [`Env::named`].
#[derive(Clone, Copy, Debug)]
pub struct Named<W> {
    observer: W,
    name: &'static str,
}

impl<W: Observer> Observer for Named<W> {
    fn on(&self, event: &Event<'_>) {
        if event.name().is_some() {
            return self.observer.on(event);
        }
        self.observer.on(&event.clone().named(self.name));
    }

    #[inline]
    fn is_listening(&self) -> bool {
        self.observer.is_listening()
    }
}

/// An [`Env`], or a timer, which is one.
pub trait IntoEnv {
    /// The surroundings it is.
    type Env: Clone;

    /// Makes them.
    fn into_env(self) -> Self::Env;
}

impl<T: Timer + Clone> IntoEnv for T {
    type Env = Env<T>;

    #[inline]
    fn into_env(self) -> Env<T> {
        Env::new(self)
    }
}

impl<T: Clone, W: Clone, N: Clone> IntoEnv for Env<T, W, N> {
    type Env = Self;

    #[inline]
    fn into_env(self) -> Self {
        self
    }
}
