//! A limit for each key: who has which, how many are remembered, and what runs under no lock.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use untether::limit::KeyedLimiter;

fn keyed<K>(quota: Quota) -> (KeyedLimiter<K, ManualClock>, ManualClock) {
    let clock = ManualClock::new();
    (KeyedLimiter::new(quota, clock.clone()), clock)
}

#[test]
fn each_key_has_a_limit_of_its_own() {
    let (limiter, clock) = keyed::<u32>(Quota::per_second(10).burst(2));
    for key in 0..100 {
        assert_eq!((limiter.peek(&key), limiter.try_acquire(&key, 2)), (2, Ok(())));
        assert_eq!((limiter.peek(&key), limiter.try_acquire(&key, 1)), (0, denied(100 * MS)));
    }
    clock.advance(100 * MS);
    for key in 0..100 {
        assert_eq!((limiter.try_acquire(&key, 1), limiter.try_acquire(&key, 1)), (Ok(()), denied(100 * MS)));
    }
    assert_eq!(limiter.len(), 100);
    assert_eq!(limiter.try_acquire(&7, 3), Err(TryAcquireError::TooLarge { burst: 2 }));
    assert_eq!(
        (limiter.try_acquire(&7, 0), limiter.try_acquire(&101, 0), limiter.len()),
        (Ok(()), Ok(()), 100)
    );
}

#[test]
fn a_key_is_given_by_what_it_can_be_borrowed_as() {
    let (limiter, _clock) = keyed::<String>(Quota::per_second(1));
    assert_eq!((limiter.try_acquire("a", 1), limiter.try_acquire("b", 1)), (Ok(()), Ok(())));
    assert_eq!(limiter.try_acquire(&"a".to_string(), 1), denied(SECOND));
    assert_eq!((limiter.peek("a"), limiter.peek("c"), limiter.len()), (0, 1, 2));
    assert!(limiter.forget("a") && !limiter.forget("a"));
    assert_eq!((limiter.try_acquire("a", 1), limiter.len()), (Ok(()), 2));
    limiter.clear();
    assert!(limiter.is_empty());
}

#[test]
fn a_key_may_have_a_quota_of_its_own() {
    let (limiter, clock) = keyed::<String>(Quota::per_second(1));
    let paid = Quota::per_second(100);
    for _ in 0..100 {
        assert_eq!(limiter.try_acquire_with("paid", 1, paid), Ok(()));
    }
    assert_eq!(limiter.try_acquire_with("paid", 1, paid), denied(10 * MS));
    assert_eq!(limiter.try_acquire("free", 1), Ok(()));
    // An hour is owed by a slow quota; by a fast one no more than its burst.
    assert_eq!(limiter.try_acquire_with("changes", 1, Quota::per_hour(1)), Ok(()));
    assert_eq!(limiter.try_acquire_with("changes", 1, paid), denied(10 * MS));
    clock.advance(10 * MS);
    assert_eq!(limiter.try_acquire_with("changes", 1, paid), Ok(()));
}

/// The keyed map of governor grows for ever.
#[test]
fn a_million_keys_make_the_table_no_larger() {
    for max_keys in [1, 7, 255, 1_000, 20_000] {
        let clock = ManualClock::new();
        let builder = KeyedLimiter::<u64, _>::builder(Quota::per_second(1), clock.clone());
        let limiter = builder.max_keys(max_keys).build();
        for key in 0..1_000_000 / if max_keys == 20_000 { 1 } else { 10 } {
            assert_eq!(limiter.try_acquire(&key, 1), Ok(()));
        }
        let stats = limiter.stats();
        assert!(stats.keys <= max_keys && stats.keys > max_keys * 9 / 10, "{stats:?} of {max_keys}");
        assert!(stats.forgotten > 0);
    }
}

#[test]
fn keys_that_owe_nothing_go_first_and_that_changes_nothing() {
    let clock = ManualClock::new();
    let limiter = KeyedLimiter::<u64, _>::builder(Quota::per_second(1), clock.clone()).max_keys(100).build();
    for key in 0..100_000 {
        assert_eq!(limiter.try_acquire(&key, 1), Ok(()));
        // At any time five keys owe something, fewer than are looked at.
        clock.advance(200 * MS);
    }
    assert_eq!(limiter.stats().forgotten, 0);
    assert_eq!((limiter.peek(&99_999), limiter.peek(&99_996), limiter.peek(&99_900)), (0, 0, 1));
}

#[test]
fn one_that_owes_much_is_not_forgotten_for_many_that_owe_little() {
    let clock = ManualClock::new();
    let limiter = KeyedLimiter::<u64, _>::builder(Quota::per_hour(60), clock.clone()).max_keys(64).build();
    limiter.try_acquire(&u64::MAX, 60).unwrap();
    for key in 0..100_000 {
        limiter.try_acquire(&key, 1).unwrap();
    }
    assert_eq!((limiter.peek(&u64::MAX), limiter.len()), (0, 64));
    assert!(limiter.stats().forgotten > 99_000);
}

#[test]
fn shrinking_forgets_those_that_owe_nothing() {
    let (limiter, clock) = keyed::<u32>(Quota::per_second(1).burst(10));
    for key in 0..1_000 {
        limiter.try_acquire(&key, 1 + key % 10).unwrap();
    }
    limiter.shrink();
    assert_eq!(limiter.len(), 1_000);
    clock.advance(5 * SECOND);
    limiter.shrink();
    assert_eq!((limiter.len(), limiter.stats().forgotten), (500, 0));
    assert_eq!((limiter.peek(&9), limiter.peek(&0)), (5, 10));
}

#[test]
fn a_clock_that_steps_back_denies_a_key_for_no_longer_than_a_burst() {
    let (limiter, clock) = keyed::<u32>(Quota::per_second(10));
    clock.advance(1_000_000 * SECOND);
    limiter.try_acquire(&1, 10).unwrap();
    clock.step_back(1_000_000 * SECOND);
    assert_eq!((limiter.peek(&1), limiter.try_acquire(&1, 1)), (0, denied(100 * MS)));
    clock.advance(100 * MS);
    assert_eq!(limiter.try_acquire(&1, 1), Ok(()));
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(&1, 10), Ok(()));
}

proptest! {
    #[test]
    fn it_does_what_a_limiter_for_each_key_does(
        steps in prop::collection::vec((0..6_u8, 1..5_u32, 0..400_u64, 0..20_u8), 1..200),
    ) {
        let quota = Quota::per_second(10).burst(4);
        let (keyed, clock) = keyed::<u8>(quota);
        let mut each = HashMap::new();
        for (key, n, pause, kind) in steps {
            clock.advance(Duration::from_millis(pause));
            let own = each.entry(key).or_insert_with(|| RateLimiter::new(quota, clock.clone()));
            match kind {
                0 => keyed.shrink(),
                1 => {
                    keyed.forget(&key);
                    each.remove(&key);
                }
                _ => {
                    prop_assert_eq!(keyed.peek(&key), own.peek());
                    prop_assert_eq!(keyed.try_acquire(&key, n), own.try_acquire(n));
                }
            }
        }
    }
}

/// The clock stands still, so that each cell there is was there at the start.
#[test]
fn threads_take_exactly_as_many_of_each_key_as_there_are() {
    let (limiter, _clock) = keyed::<u32>(Quota::per_second(500));
    let taken = AtomicU32::new(0);
    thread::scope(|scope| {
        for first in 0..4_u32 {
            let (limiter, taken) = (&limiter, &taken);
            scope.spawn(move || {
                for key in (0..40).map(|key| (key + first * 10) % 40) {
                    while limiter.try_acquire(&key, 1).is_ok() {
                        taken.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!((taken.load(Ordering::Relaxed), limiter.len()), (40 * 500, 40));
}

/// Uses its limiter wherever it is hashed, cloned and dropped.
struct Key(u32, Arc<KeyedLimiter<Key, ManualClock>>);

impl Key {
    fn use_limiter(&self) {
        let _ = (self.1.stats(), format!("{:?}", self.1));
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.use_limiter();
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        self.use_limiter();
        // Another one brings the same key meanwhile.
        if self.0 == 5 && self.1.len() == 5 {
            let other = Key(5, self.1.clone());
            let _ = self.1.peek(&other);
        }
        Self(self.0, self.1.clone())
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.use_limiter();
    }
}

#[test]
fn keys_may_use_their_limiter_wherever_they_are_hashed_cloned_and_dropped() {
    let clock = ManualClock::new();
    let limiter =
        Arc::new(KeyedLimiter::<Key, _>::builder(Quota::per_second(1), clock.clone()).max_keys(8).build());
    for n in 0..100 {
        assert_eq!(limiter.try_acquire(&Key(n, limiter.clone()), 1), Ok(()));
        clock.advance(SECOND / 2);
    }
    assert_eq!(limiter.len(), 8);
    assert!(limiter.forget(&Key(99, limiter.clone())));
    clock.advance(SECOND);
    limiter.shrink();
    assert!(limiter.is_empty());
    limiter.try_acquire(&Key(1, limiter.clone()), 1).unwrap();
    limiter.clear();
    assert_eq!(Arc::strong_count(&limiter), 1);
}

#[test]
fn keys_that_are_known_allocate_nothing() {
    let (limiter, clock) = keyed::<String>(Quota::per_second(1_000));
    let keys: Vec<String> = (0..100).map(|key| key.to_string()).collect();
    let before = untether_support::allocations();
    assert!(limiter.try_acquire(keys[0].as_str(), 1).is_ok());
    assert!(untether_support::allocations() > before);
    keys.iter().for_each(|key| limiter.try_acquire(key.as_str(), 1).unwrap());
    let before = untether_support::allocations();
    for _ in 0..100 {
        keys.iter().for_each(|key| _ = limiter.try_acquire(key.as_str(), 3));
        clock.advance(MS);
    }
    assert_eq!(untether_support::allocations(), before);
}

#[test]
#[should_panic(expected = "a limiter that remembers no keys limits none")]
fn a_limiter_of_no_keys_says_so() {
    let _ = KeyedLimiter::<u8, _>::builder(Quota::per_second(1), ManualClock::new()).max_keys(0);
}
