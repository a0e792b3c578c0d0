//! A limit for each key, in bounded memory.

mod builder;
mod core;
mod shard;
mod stats;

pub use self::core::KeyedLimiter;
pub use builder::KeyedBuilder;
pub use stats::KeyedStats;
