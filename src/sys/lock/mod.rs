//! The one lock of the crate: a leaf, entered by a closure.
//!
//! A closure can hold no guard across an `.await` and makes every critical section visible as one block. Nothing foreign may run
//! inside: no waker is cloned, woken or dropped, no future is polled, no user's value is dropped. Two rules are checked in debug
//! builds on hosts: entering a lock while this thread is inside one panics (locks here are leaves, so that is a bug of ours), and
//! [`assert_none_held`] guards the places where foreign code is called.
//!
//! A panic inside leaves the lock usable: the only user code allowed in (`Ord`, `Eq`, `Clone` of a cached value) runs before
//! anything is changed.

#[cfg(all(feature = "std", not(untether_loom)))]
mod std;
#[cfg(all(feature = "std", not(untether_loom)))]
pub(crate) use self::std::{Lock, assert_none_held};

#[cfg(all(not(feature = "std"), not(untether_loom)))]
mod critical_section;
#[cfg(all(not(feature = "std"), not(untether_loom)))]
pub(crate) use self::critical_section::{Lock, assert_none_held};

#[cfg(untether_loom)]
mod loom;
#[cfg(untether_loom)]
pub(crate) use self::loom::{Lock, assert_none_held};

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::Lock;

    #[test]
    fn a_lock_gives_the_value_to_one_closure_at_a_time() {
        let lock = Lock::new(1);
        assert_eq!(lock.with(|value| core::mem::replace(value, 2)), 1);
        assert_eq!(lock.into_inner(), 2);
    }

    #[cfg(all(feature = "std", debug_assertions))] // what is checked in debug builds on hosts
    #[test]
    #[should_panic(expected = "lock entered while another is held")]
    fn entering_a_lock_inside_a_lock_is_caught() {
        let (outer, inner) = (Lock::new(()), Lock::new(()));
        outer.with(|()| inner.with(|()| ()));
    }

    #[cfg(all(feature = "std", debug_assertions))] // what is checked in debug builds on hosts
    #[test]
    #[should_panic(expected = "foreign code called under a lock")]
    fn calling_foreign_code_under_a_lock_is_caught() {
        Lock::new(()).with(|()| super::assert_none_held());
    }

    #[cfg(feature = "std")] // needs what only std has
    #[test]
    fn a_panic_inside_leaves_the_lock_usable() {
        let lock = Lock::new(7);
        let caught = crate::sys::unwind::catch(|| lock.with(|_| panic!("on purpose")));
        assert!(caught.is_err());
        assert_eq!(lock.with(|value| *value), 7);
    }
}
