//! Room for as many attempts as there may be, in place.

use core::pin::Pin;

/// How many attempts there may be, the first included.
pub(super) const SLOTS: u32 = 4;

pin_project_lite::pin_project! {
    /// Attempts, none of which ever moves.
    pub(super) struct Slots<F> {
        #[pin]
        first: Option<F>,
        #[pin]
        second: Option<F>,
        #[pin]
        third: Option<F>,
        #[pin]
        fourth: Option<F>,
    }
}

impl<F> Slots<F> {
    pub(super) const fn new() -> Self {
        Self { first: None, second: None, third: None, fourth: None }
    }

    /// That of the attempt with this number, of which the first is 1.
    #[inline]
    pub(super) fn of(self: Pin<&mut Self>, number: u32) -> Pin<&mut Option<F>> {
        let this = self.project();
        match number {
            1 => this.first,
            2 => this.second,
            3 => this.third,
            _ => this.fourth,
        }
    }

    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.first.is_none() && self.second.is_none() && self.third.is_none() && self.fourth.is_none()
    }

    /// Drops those that run, the first one first.
    pub(super) fn clear(mut self: Pin<&mut Self>) {
        (1..=SLOTS).for_each(|number| self.as_mut().of(number).set(None));
    }
}
