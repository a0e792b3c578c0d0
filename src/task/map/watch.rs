//! Who is told how far the work has come.

use crate::observe::Observer;
use crate::task::progress::Progress;
use core::fmt;

/// Is told how far the work has come: nobody, `()`, or [`Told`].
///
/// Sealed.
pub trait Watch: seal::Sealed {
    /// Whether there is somebody.
    #[doc(hidden)]
    const WATCHES: bool;

    /// One more is done, of so many as far as is known by now.
    #[doc(hidden)]
    fn tell(&mut self, total: usize);
}

mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed {}

    impl Sealed for () {}
    impl<P, O> Sealed for super::Told<P, O> {}
}

/// A function that is told how far the work has come, and an observer that is told when it panics. Made by
/// [`Map::on_progress`](super::Map::on_progress) and [`Map::observed`](super::Map::observed).
pub struct Told<P, O = ()> {
    progress: Progress<P>,
    observer: O,
}

impl<P: FnMut(usize, usize)> Told<P> {
    pub(super) const fn new(tell: P) -> Self {
        Self { progress: Progress::new(tell), observer: () }
    }

    pub(super) fn observed<O: Observer>(self, observer: O) -> Told<P, O> {
        Told { progress: self.progress, observer }
    }
}

impl Watch for () {
    const WATCHES: bool = false;

    #[inline]
    fn tell(&mut self, _: usize) {}
}

impl<P: FnMut(usize, usize), O: Observer> Watch for Told<P, O> {
    const WATCHES: bool = true;

    #[inline]
    fn tell(&mut self, total: usize) {
        self.progress.step(total, &self.observer);
    }
}

impl<P, O> fmt::Debug for Told<P, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").finish_non_exhaustive()
    }
}
