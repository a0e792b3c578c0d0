//! The lock, and that the models see what they are for.

use super::{join, model, thread};
use crate::sys::lock::Lock;
use alloc::sync::Arc;

#[test]
fn a_lock_lets_one_in_at_a_time_and_shows_what_the_last_one_left() {
    model(|| {
        let lock = Arc::new(Lock::new(0));
        let add = |lock: Arc<Lock<i32>>| move || lock.with(|value| core::mem::replace(value, *value + 1));
        let threads = [thread::spawn(add(lock.clone())), thread::spawn(add(lock.clone()))];
        let seen = lock.with(|value| *value);
        assert!((0..=2).contains(&seen));
        let mut found = join(threads);
        found.sort_unstable();
        assert_eq!(found, [0, 1]);
        let lock = Arc::into_inner(lock).expect("the threads have ended");
        assert_eq!(lock.into_inner(), 2);
    });
}

/// If the lock were not loom's here, no order but one would be tried and every model would pass.
#[test]
#[should_panic(expected = "an addition was lost")]
fn a_race_that_was_planted_is_found() {
    model(|| {
        let lock = Arc::new(Lock::new(0));
        let add_in_two_steps = |lock: Arc<Lock<i32>>| {
            move || {
                let value = lock.with(|value| *value);
                lock.with(|current| *current = value + 1);
            }
        };
        join([thread::spawn(add_in_two_steps(lock.clone())), thread::spawn(add_in_two_steps(lock.clone()))]);
        assert_eq!(lock.with(|value| *value), 2, "an addition was lost");
    });
}
