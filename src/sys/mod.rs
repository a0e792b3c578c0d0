//! The cellar: everything that depends on the target, and the two structures everything waits in.
//!
//! No other module says `cfg(feature = "std")` or knows that loom exists; where a part differs by target it is two files with
//! one signature, chosen here.
//!
//! | file | what it is |
//! |---|---|
//! | `lock` | a leaf lock, entered by a closure, never held across foreign code |
//! | `atomic` | atomics under one name; 64 bits everywhere |
//! | `arena` | entries that never move, named by keys that never name a second entry |
//! | `heap`, `ranks` | the earliest of many, with removal by key; the order itself |
//! | `wait_list`, `wait_set` | who waits: in line with a payload, or all alike |
//! | `opaque` | gives what holds closures a name to show |
//! | `room` | room of a fixed size, smaller in a model |
//! | `two_steps` | looking under a lock, cloning a waker outside of it, looking again |
//! | `wake` | wakers collected under a lock and fired after it |
//! | `slots` | places for futures that are used again without an allocation |
//! | `woken` | which of many places in one task were woken |
//! | `unwind` | panics caught where they can be |
//! | `ambient`, `host` | thread-local scope, environment and thread name, where there are any |
//! | `unseen` | panics of tasks that nobody awaits, for the simulator |
//! | `simulated` | whether this thread is in a simulation |
//! | `exclusive` | a value made `Sync` by being out of reach |
//! | `park` | a thread that polls one future and sleeps in between |
//! | `waits` | gives a future the methods by which threads wait for it |
//! | `thread` | the thread that parks; a token in a model |

pub(crate) mod arena;
pub(crate) mod atomic;
pub(crate) mod exclusive;
pub(crate) mod heap;
pub(crate) mod lock;
pub(crate) mod opaque;
pub(crate) mod ranks;
pub(crate) mod room;
#[cfg(feature = "std")]
pub(crate) mod simulated;
pub(crate) mod slots;
pub(crate) mod two_steps;
pub(crate) mod unseen;
pub(crate) mod wait_list;
pub(crate) mod wait_set;
pub(crate) mod wake;
pub(crate) mod woken;

#[cfg(all(feature = "std", not(target_family = "wasm")))]
pub(crate) mod park;

#[cfg(all(feature = "std", not(target_family = "wasm")))]
#[cfg_attr(untether_loom, path = "thread/loom.rs")]
#[cfg_attr(not(untether_loom), path = "thread/std.rs")]
mod thread;

#[cfg_attr(all(feature = "std", not(target_family = "wasm")), path = "waits/std.rs")]
#[cfg_attr(not(all(feature = "std", not(target_family = "wasm"))), path = "waits/core.rs")]
pub(crate) mod waits;

#[cfg_attr(feature = "std", path = "unwind/std.rs")]
#[cfg_attr(not(feature = "std"), path = "unwind/core.rs")]
pub(crate) mod unwind;

#[cfg_attr(feature = "std", path = "ambient/std.rs")]
#[cfg_attr(not(feature = "std"), path = "ambient/core.rs")]
pub(crate) mod ambient;

#[cfg(feature = "testing")]
#[cfg_attr(feature = "std", path = "host/std.rs")]
#[cfg_attr(not(feature = "std"), path = "host/core.rs")]
pub(crate) mod host;

#[cfg(all(test, untether_loom))]
pub(crate) mod models;
