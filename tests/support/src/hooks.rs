//! A waker with hooks on clone, wake and drop. Clone is the one that safe code cannot hook.

use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// What a hostile waker does. Nothing, unless set.
#[derive(Default)]
pub struct Hooks {
    on_clone: Option<Hook>,
    on_wake: Option<Hook>,
    on_drop: Option<Hook>,
}

type Hook = Box<dyn Fn() + Send + Sync>;

impl Hooks {
    /// No hooks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `hook` whenever the waker is cloned.
    #[must_use]
    pub fn on_clone(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_clone = Some(Box::new(hook));
        self
    }

    /// Calls `hook` whenever the waker is woken.
    #[must_use]
    pub fn on_wake(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_wake = Some(Box::new(hook));
        self
    }

    /// Calls `hook` whenever the waker or a clone of it is dropped.
    #[must_use]
    pub fn on_drop(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_drop = Some(Box::new(hook));
        self
    }

    /// The waker. No two of them are equal for `will_wake`.
    pub fn waker(self) -> Waker {
        let data = Arc::into_raw(Arc::new(self)).cast();
        // SAFETY: `data` comes from `Arc::into_raw` of an `Arc<Hooks>`, which is what every function of `VTABLE` takes it for, and
        // `Hooks` is `Send + Sync`.
        unsafe { Waker::from_raw(RawWaker::new(data, &VTABLE)) }
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

fn call(hook: &Option<Hook>) {
    if let Some(hook) = hook {
        hook();
    }
}

/// # Safety
/// `data` is from `Arc::<Hooks>::into_raw`, and that reference is still counted.
unsafe fn hooks<'a>(data: *const ()) -> &'a Hooks {
    // SAFETY: the caller's promise; the reference outlives the call that uses it.
    unsafe { &*data.cast::<Hooks>() }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the vtable is used with `data` of `Hooks::waker` only, and the waker that is cloned keeps it alive.
    unsafe {
        call(&hooks(data).on_clone);
        Arc::increment_strong_count(data.cast::<Hooks>());
    }
    RawWaker::new(data, &VTABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: as in `clone`; the waker is consumed, so its count is given back by `drop_waker`.
    unsafe {
        wake_by_ref(data);
        drop_waker(data);
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: as in `clone`.
    call(&unsafe { hooks(data) }.on_wake);
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: as in `clone`; the count that this waker held is taken over and given back at the end of the scope.
    let hooks = unsafe { Arc::from_raw(data.cast::<Hooks>()) };
    call(&hooks.on_drop);
}

/// A waker that does nothing, and that `will_wake` tells from each of its clones: as those do that move to the heap when they are cloned.
pub fn unequal_waker() -> Waker {
    // SAFETY: no function of `UNEQUAL` looks at its data, so any pointer will do.
    unsafe { Waker::from_raw(RawWaker::new(std::ptr::without_provenance(1), &UNEQUAL)) }
}

static UNEQUAL: RawWakerVTable = RawWakerVTable::new(
    |data| RawWaker::new(std::ptr::without_provenance(data.addr().wrapping_add(1)), &UNEQUAL),
    |_| (),
    |_| (),
    |_| (),
);
