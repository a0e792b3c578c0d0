//! What is called when a token is cancelled.

use super::cause::Cause;
use super::node::Node;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::fmt;

pub(super) type Callback = Box<dyn FnOnce(&Cause) + Send>;

/// Callbacks in the order in which they came.
#[derive(Default)]
pub(super) struct Callbacks {
    line: BTreeMap<u64, Callback>,
    /// The last number given.
    last: u64,
}

impl Callbacks {
    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    fn insert(&mut self, callback: Callback) -> u64 {
        self.last += 1;
        self.line.insert(self.last, callback);
        self.last
    }

    /// The callback is to be called or dropped outside of the lock.
    pub(super) fn take_first(&mut self) -> Option<Callback> {
        self.line.pop_first().map(|(_, callback)| callback)
    }

    /// The callback is to be dropped outside of the lock.
    fn remove(&mut self, number: u64) -> Option<Callback> {
        self.line.remove(&number)
    }
}

/// Registers a callback, or calls it here and now if the node is cancelled.
pub(super) fn register(node: &Arc<Node>, callback: Callback) -> Registration {
    let registered = node.signal.with(|state| match state.why() {
        Some(origin) => Err((callback, origin.clone())),
        None => Ok(state.callbacks().insert(callback)),
    });
    match registered {
        Ok(number) => Registration { place: Some((node.clone(), number)) },
        Err((callback, origin)) => {
            callback(&origin.cause());
            Registration { place: None }
        }
    }
}

/// A callback that is called when a token is cancelled. Made by [`CancelToken::on_cancel`](super::CancelToken::on_cancel).
///
/// Dropping it unregisters the callback. One that is being called at that moment by another thread is not waited for.
///
/// # Examples
/// ```
/// use untether::sync::CancelToken;
///
/// let token = CancelToken::new();
/// let registration = token.on_cancel(|_| panic!("was unregistered in time"));
/// assert!(registration.unregister());
/// token.cancel();
/// ```
#[must_use = "dropping it unregisters the callback; use `detach` to leave it registered"]
pub struct Registration {
    /// `None` if it was called at once.
    place: Option<(Arc<Node>, u64)>,
}

impl Registration {
    /// Unregisters the callback, as dropping does. `true` if it was not called and never will be.
    #[expect(clippy::must_use_candidate, reason = "unregistering is what it is called for")]
    pub fn unregister(mut self) -> bool {
        self.take_out()
    }

    /// Leaves the callback registered for as long as the token, a clone or a child of it lives. If it was not called by then, it is dropped.
    pub fn detach(mut self) {
        self.place = None;
    }

    fn take_out(&mut self) -> bool {
        let Some((node, number)) = self.place.take() else { return false };
        let callback = node.signal.with(|state| state.callbacks().remove(number));
        callback.is_some()
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.take_out();
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").finish_non_exhaustive()
    }
}
