//! Adapters: one runtime per file, each with a table of what it implements and what happens at its end.
//!
//! | module | feature | time | tasks | `!Send` tasks | blocking |
//! |---|---|---|---|---|---|
//! | `threads` | `std`, not on wasm | a thread of its own | on the thread that blocks, by `block_on` | by pairing it with [`local`] | a bounded pool |
//! | [`local`] | – | – | inside one future | inside one future | – |
//! | `tokio` | `tokio` | tokio's, its paused clock included | the runtime around the call, or that of a handle | a `LocalSet` | tokio's pool |
//! | `smol` | `smol` | async-io's | the global executor, or one of yours | a `LocalExecutor` | the pool of the crate blocking |
//! | `async_std` | `async-std` | async-io's | async-global-executor 2 | the same, on its thread | the pool of the crate blocking |
//! | [`futures`] | – | – | any `Spawn` of futures-rs | any `LocalSpawn` of futures-rs | – |
//!
//! The other way round, `hyper` (feature `hyper`) makes any runtime of ours one of hyper's.
//!
//! `signal` (feature `signal`) hears SIGINT, SIGTERM and Ctrl-C on all of them.
//!
//! Any other runtime is a few lines: see *your `rt` module in 20 lines* in the guide, and the traits of [`time`](crate::time) and
//! [`spawn`](crate::spawn).

#[cfg(all(any(feature = "smol", feature = "async-std"), not(target_family = "wasm")))]
mod async_io;
#[cfg(all(feature = "async-std", not(target_family = "wasm")))]
pub mod async_std;
#[cfg(feature = "std")]
#[cfg_attr(all(feature = "tokio", not(target_family = "wasm")), path = "context/tokio.rs")]
#[cfg_attr(not(all(feature = "tokio", not(target_family = "wasm"))), path = "context/none.rs")]
mod context;
#[cfg(feature = "std")]
mod current;
pub mod futures;
#[cfg(all(feature = "hyper", not(target_family = "wasm")))]
pub mod hyper;
pub mod local;
#[cfg(all(feature = "std", not(target_family = "wasm")))]
mod monotonic;
#[cfg(all(feature = "signal", any(unix, windows)))]
#[cfg_attr(unix, path = "signal/unix.rs")]
#[cfg_attr(windows, path = "signal/windows.rs")]
mod os_signal;
#[cfg(feature = "std")]
mod random;
#[cfg(all(feature = "signal", any(unix, windows)))]
pub mod signal;
#[path = "signal/kind.rs"]
mod signal_kind;
#[cfg(all(feature = "smol", not(target_family = "wasm")))]
pub mod smol;
#[cfg(all(feature = "std", not(target_family = "wasm")))]
pub mod threads;
#[cfg(all(feature = "tokio", not(target_family = "wasm")))]
pub mod tokio;

#[cfg(feature = "std")]
pub use current::Scoped;
pub use signal_kind::Signal;
