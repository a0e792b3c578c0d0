//! The limiter of keys, and its verbs.

use super::builder::KeyedBuilder;
use super::shard::{Found, Shard};
use super::stats::KeyedStats;
use crate::limit::rate::error::TryAcquireError;
use crate::limit::rate::quota::Quota;
use crate::sys::lock::Lock;
use crate::time::Clock;
use alloc::borrow::ToOwned;
use core::borrow::Borrow;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::time::Duration;
use foldhash::SharedSeed;
use foldhash::fast::FoldHasher;

/// So many cells in a time for each key: an address, a user, a tenant.
///
/// What a key owes is one number. Nobody waits in here, and nobody has to be started to clean up: no more keys are remembered than
/// [`max_keys`](KeyedBuilder::max_keys) says. When there is a new one and no room, a few are looked at; one that owes nothing any more goes,
/// which changes nothing, as a new key owes nothing either. If all of these few owe something, the one that owes least goes, and is
/// forgiven so much. So whoever comes with a million keys makes the table no larger; and to have a large debt of its own forgotten, it
/// has to bring many keys that owe as much. [`stats`](Self::stats) counts what was forgiven.
///
/// A quota may be said with each call, for keys that have one of their own: the number is the same, as it counts time.
///
/// A key is given by whatever it can be borrowed as, and made into its own when it is new: `limiter.try_acquire("alice", 1)` for one of
/// `String`s. Keys are hashed, cloned and dropped outside of all locks, and compared under one.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use untether::limit::{KeyedLimiter, Quota};
/// use untether::rt::threads::Threads;
///
/// let by_user = KeyedLimiter::<String, _>::new(Quota::per_minute(2), Threads::new()?);
/// assert!(by_user.try_acquire("alice", 2).is_ok());
/// assert!(by_user.try_acquire("alice", 1).is_err());
/// assert!(by_user.try_acquire("bob", 1).is_ok());
/// assert!(by_user.try_acquire_with("carol, who pays", 50, Quota::per_minute(100)).is_ok());
/// # Ok(()) }
/// ```
#[doc(alias = "DashMap")]
pub struct KeyedLimiter<K, T> {
    shards: [Apart<Lock<Shard<K>>>; SHARDS],
    /// Of those that are used, how many less one: a power of two less one.
    mask: usize,
    max_keys_each: usize,
    quota: Quota,
    clock: T,
}

/// In a cache line of its own: who uses one part is not in the way of who uses the next.
#[repr(align(64))]
struct Apart<S>(S);

const SHARDS: usize = 16;
/// A part has room for so many at least: in fewer, keys of one hash would be in each other's way.
const LEAST_EACH: usize = 256;

impl<K, T> KeyedLimiter<K, T> {
    /// A limiter of up to 10,000 keys, each of which has this quota if it is not said otherwise.
    #[must_use]
    pub const fn new(quota: Quota, clock: T) -> Self {
        Self::of(quota, clock, 10_000)
    }

    /// For a limit on how many keys are remembered.
    pub const fn builder(quota: Quota, clock: T) -> KeyedBuilder<T> {
        KeyedBuilder::new(quota, clock)
    }

    pub(super) const fn of(quota: Quota, clock: T, max_keys: usize) -> Self {
        let mut used = SHARDS;
        while used > 1 && max_keys / used < LEAST_EACH {
            used /= 2;
        }
        Self {
            shards: [const { Apart(Lock::new(Shard::new())) }; SHARDS],
            mask: used - 1,
            max_keys_each: max_keys / used,
            quota,
            clock,
        }
    }

    /// The clock it was given.
    pub const fn clock(&self) -> &T {
        &self.clock
    }

    /// What a key may take if it is not said otherwise.
    #[must_use]
    pub const fn quota(&self) -> Quota {
        self.quota
    }

    /// How many keys are remembered, whether they owe something or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stats().keys
    }

    /// Whether no keys are remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How it stands.
    #[must_use]
    pub fn stats(&self) -> KeyedStats {
        self.shards.iter().fold(KeyedStats::default(), |sum, shard| {
            let (keys, forgotten) = shard.0.with(|shard| (shard.len(), shard.forgotten));
            KeyedStats { keys: sum.keys + keys, forgotten: sum.forgotten + forgotten }
        })
    }

    /// Forgets all keys, and what they owe.
    pub fn clear(&self) {
        for shard in &self.shards {
            drop(shard.0.with(Shard::clear));
        }
    }

    /// The middle of the hash says which: its ends say where in the table.
    #[inline]
    fn shard(&self, hash: u64) -> &Lock<Shard<K>> {
        &self.shards[(hash >> 32) as usize & self.mask].0
    }
}

impl<K: Hash + Eq, T: Clock> KeyedLimiter<K, T> {
    /// Takes `n` cells of `key`, if they are there now. 0 always are.
    ///
    /// # Errors
    /// [`TryAcquireError`] else: not now, with how long it would take, or never.
    #[inline]
    pub fn try_acquire<Q>(&self, key: &Q, n: u32) -> Result<(), TryAcquireError>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        self.try_acquire_with(key, n, self.quota)
    }

    /// As [`try_acquire`](Self::try_acquire), by a quota of this key's own, or of this call's.
    ///
    /// What is owed is a time. By a faster quota than it was taken by, no more than a whole burst is owed.
    ///
    /// # Errors
    /// As [`try_acquire`](Self::try_acquire).
    #[inline]
    pub fn try_acquire_with<Q>(&self, key: &Q, n: u32, quota: Quota) -> Result<(), TryAcquireError>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        if n == 0 {
            return Ok(());
        }
        if n > quota.burst {
            return Err(TryAcquireError::TooLarge { burst: quota.burst });
        }
        let hash = hash_of(key);
        let (shard, is_it) = (self.shard(hash), |known: &K| known.borrow() == key);
        let mut suspect = None;
        loop {
            let now = self.clock.now().as_nanos();
            match shard.with(|shard| shard.take(hash, is_it, &quota, (now, n), suspect)) {
                Found::Taken => return Ok(()),
                Found::Until(ready_at) => {
                    return Err(TryAcquireError::Denied { wait: Duration::from_nanos(ready_at - now) });
                }
                Found::TooFarAhead(owed_until) => suspect = Some(owed_until),
                Found::Unknown => {
                    if self.take_first(shard, (hash, key), &quota, (now, n)) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Takes cells of a key that is new. `false` if it no longer is.
    #[cold]
    fn take_first<Q>(
        &self,
        shard: &Lock<Shard<K>>,
        (hash, key): (u64, &Q),
        quota: &Quota,
        (now, n): (u64, u32),
    ) -> bool
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        let owned = (hash, key.to_owned());
        // From idle the burst is there.
        let after = quota.advance(now, n.into());
        let refused = shard.with(|shard| {
            if shard.owed_until(hash, |known| known.borrow() == key).is_some() {
                return Err(owned);
            }
            Ok(shard.insert(owned, after, now, self.max_keys_each))
        });
        // What is left of it, the key that went or the one that is not needed, is dropped here.
        refused.is_ok()
    }

    /// How many cells of `key` there are now.
    #[must_use]
    pub fn peek<Q>(&self, key: &Q) -> u32
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let hash = hash_of(key);
        let owed_until = self.shard(hash).with(|shard| shard.owed_until(hash, |known| known.borrow() == key));
        let now = self.clock.now().as_nanos();
        self.quota.free(self.quota.at_most(owed_until.unwrap_or_default(), now, 0), now)
    }

    /// Forgets `key` and what it owes. Whether it was remembered.
    pub fn forget<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let hash = hash_of(key);
        let gone = self.shard(hash).with(|shard| shard.remove(hash, |known| known.borrow() == key));
        gone.is_some()
    }

    /// Forgets the keys that owe nothing, which changes nothing, and gives their memory back.
    ///
    /// Nobody has to call it. It looks at all keys, a part of them at a time.
    pub fn shrink(&self) {
        let now = self.clock.now().as_nanos();
        for shard in &self.shards {
            drop(shard.0.with(|shard| shard.shrink(now)));
        }
    }
}

impl<K, T> fmt::Debug for KeyedLimiter<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stats = self.stats();
        f.debug_struct("KeyedLimiter")
            .field("quota", &self.quota)
            .field("keys", &stats.keys)
            .finish_non_exhaustive()
    }
}

/// The same for equal keys, and another one in each run of the program.
#[inline]
fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u64 {
    let mut hasher = FoldHasher::with_seed(0, SharedSeed::global_random());
    key.hash(&mut hasher);
    hasher.finish()
}
