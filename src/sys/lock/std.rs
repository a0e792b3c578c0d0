//! The lock on a host: std's mutex, with poisoning ignored and re-entry caught in debug builds.

#![expect(clippy::disallowed_types, reason = "this is the file that wraps the mutex")]

use core::cell::Cell;
use core::hint;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

std::thread_local! {
    static HELD: Cell<bool> = const { Cell::new(false) };
}

/// How often whoever comes to a lock that is taken pauses without a look at it. Each look would take the cache line from the one who holds
/// it, who is through in the time of one pause; left alone, it gets twenty or thirty things done that would else go to and fro between two
/// processors, at a tenth of the speed.
const PAUSES: u32 = 64;

pub(crate) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    #[inline]
    pub(crate) fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        let _held = Held::enter();
        let mut value = match self.0.try_lock() {
            Ok(value) => value,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => self.wait(),
        };
        body(&mut value)
    }

    #[cold]
    fn wait(&self) -> MutexGuard<'_, T> {
        for _ in 0..PAUSES {
            hint::spin_loop();
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(feature = "hyper")]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Called right before a waker, a closure or a future that is not ours runs.
#[inline]
#[track_caller]
pub(crate) fn assert_none_held() {
    if cfg!(debug_assertions) {
        assert!(!HELD.try_with(Cell::get).unwrap_or(false), "foreign code called under a lock");
    }
}

struct Held;

impl Held {
    #[inline]
    fn enter() -> Self {
        if cfg!(debug_assertions) {
            // The thread's locals may be gone already when a destructor of one runs: then nothing is checked.
            let nested = HELD.try_with(|held| held.replace(true)).unwrap_or(false);
            assert!(!nested, "lock entered while another is held");
        }
        Self
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        if cfg!(debug_assertions) {
            let _ = HELD.try_with(|held| held.set(false));
        }
    }
}
