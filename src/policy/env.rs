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
    pub(super) name: Option<&'static str>,
}

impl<T: Timer> Env<T> {
    /// A timer, with nobody told, and jitter from the system.
    pub const fn new(timer: T) -> Self {
        Self { timer, observer: (), entropy: SystemEntropy, name: None }
    }
}

impl<T, W, N> Env<T, W, N> {
    /// Tells `observer` what the policies do. The events are in [their table](Event).
    pub fn observed<P>(self, observer: P) -> Env<T, P, N> {
        let Self { timer, entropy, name, .. } = self;
        Env { timer, observer, entropy, name }
    }

    /// Takes jitter from there.
    pub fn entropy<F>(self, entropy: F) -> Env<T, W, F> {
        let Self { timer, observer, name, .. } = self;
        Env { timer, observer, entropy, name }
    }

    /// Names what is called: in events, and in the error of a time-out that has no name of its own.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// The timer.
    pub const fn timer(&self) -> &T {
        &self.timer
    }

    /// The source of jitter.
    pub const fn entropy_source(&self) -> &N {
        &self.entropy
    }

    /// What is called, if it has a name.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }
}

impl<T, W: Clone, N> Env<T, W, N> {
    /// The observer, which tells events by the name of what is called.
    #[must_use]
    pub fn observer(&self) -> Named<W> {
        Named { observer: self.observer.clone(), name: self.name }
    }
}

/// An observer that is told events by the name of what is called. Of an [`Env`].
#[derive(Clone, Copy, Debug)]
pub struct Named<W> {
    observer: W,
    name: Option<&'static str>,
}

impl<W: Observer> Observer for Named<W> {
    fn on(&self, event: &Event<'_>) {
        match self.name {
            Some(name) if event.name().is_none() => self.observer.on(&event.clone().named(name)),
            _ => self.observer.on(event),
        }
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
