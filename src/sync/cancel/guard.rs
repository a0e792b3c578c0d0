//! A guard that cancels.

use super::token::CancelToken;
use core::borrow::Borrow;
use core::fmt;

/// Cancels a token when it is dropped. Made by [`CancelToken::guard`] and [`CancelToken::guard_owned`].
///
/// One that is dropped by a panic cancels as well; a callback that panics then does not end the program.
///
/// # Panics
/// When it is dropped, if a waker or a callback of the token does.
/// # Examples
/// ```
/// use untether::sync::CancelToken;
///
/// let token = CancelToken::new();
/// token.guard().disarm();
/// assert!(!token.is_cancelled());
/// drop(token.guard());
/// assert!(token.is_cancelled());
/// ```
#[must_use = "dropping it cancels the token"]
pub struct CancelGuard<T: Borrow<CancelToken>> {
    /// Taken when it is disarmed.
    token: Option<T>,
}

impl<T: Borrow<CancelToken>> CancelGuard<T> {
    pub(super) const fn new(token: T) -> Self {
        Self { token: Some(token) }
    }

    /// Does not cancel, and gives the token back.
    #[expect(clippy::missing_panics_doc, reason = "the token is there until this takes it")]
    pub fn disarm(mut self) -> T {
        self.token.take().expect("taken only here")
    }
}

impl<T: Borrow<CancelToken>> Drop for CancelGuard<T> {
    fn drop(&mut self) {
        if let Some(token) = &self.token {
            token.borrow().cancel();
        }
    }
}

impl<T: Borrow<CancelToken>> fmt::Debug for CancelGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelGuard").field("token", &self.token.as_ref().map(Borrow::borrow)).finish()
    }
}
