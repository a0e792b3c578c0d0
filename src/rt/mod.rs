//! Adapters: one runtime per file, each with a table of what it implements and what happens at its end.
//!
//! | module | feature | time | tasks | `!Send` tasks | blocking |
//! |---|---|---|---|---|---|
//! | `threads` | `std`, not on wasm | a thread of its own | on the thread that blocks, by `block_on` | by pairing it with [`local`] | a bounded pool |
//! | [`local`] | – | – | inside one future | inside one future | – |
//!
//! Any other runtime is a few lines: see *your `rt` module in 20 lines* in the guide, and the traits of [`time`](crate::time) and
//! [`spawn`](crate::spawn).

#[cfg(feature = "std")]
mod current;
pub mod local;
#[cfg(all(feature = "std", not(target_family = "wasm")))]
mod monotonic;
#[cfg(feature = "std")]
mod random;
#[cfg(all(feature = "std", not(target_family = "wasm")))]
pub mod threads;

#[cfg(feature = "std")]
pub use current::Scoped;
