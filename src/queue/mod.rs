//! Things that wait to be taken: from any number of senders to any number of receivers.
//!
//! | I want to | use |
//! |---|---|
//! | pass items on, with a bound, without one, or from hand to hand | [`Queue::bounded`], [`unbounded`](Queue::unbounded), [`rendezvous`](Queue::rendezvous) |
//! | bound what items weigh together | [`Builder::weight`] |
//! | receive the freshest first | [`Builder::lifo`] |
//! | receive the most urgent first, and change my mind | [`Builder::priority`], [`Queue::insert`] |
//! | keep the latest, and not wait | [`Queue::force_send`], [`Overflow`] |
//! | have the queue close when one side is gone | [`Queue::split`] |
//! | make sure of room before there is an item | [`Queue::reserve`] |
//! | keep the order for each key, and have one of each key at a time | [`KeyedQueue`] |
//! | receive things when they are due | [`DelayQueue`] |
//! | have work done at least once, whoever fails at it | [`WorkQueue`] |
//! | take all there is at once; a `Stream`, a `Sink` | [`Queue::recv_many`]; [`stream`](Queue::stream), [`sink`](Queue::sink) |
//! | stop | [`Queue::close`], which drains, or [`Queue::close_now`] |
//!
//! Nothing is lost: an item is with its sender, in the queue, or with its receiver, whichever future is dropped when. First come, first
//! served on both sides. Items are never dropped, and no code of yours is called, while the lock is held.
//!
//! # Memory
//! Nothing is allocated before the first item. Items lie in blocks of 256; after a burst two blocks stay. Who waits takes a place in a list,
//! which is used again.
//!
//! # Comparison
//! For one value, once, use [`sync::oneshot`](fn@crate::sync::oneshot); for a value of which the latest counts, [`sync::watch`](fn@crate::sync::watch); to
//! tell that something happened, [`sync::Event`](crate::sync::Event).

mod builder;
mod by_priority;
mod by_weight;
mod core;
pub mod delay;
mod displaced;
mod error;
mod fifo;
mod halves;
mod holder;
mod key_table;
pub mod keyed;
mod lifo;
mod many;
#[cfg(all(test, untether_loom))]
mod models;
mod peek;
#[expect(clippy::module_inception, reason = "the queue itself; the module holds its kinds")]
mod queue;
mod receiving;
mod recv;
mod removing;
mod reserve;
mod send;
mod send_timeout;
mod sending;
mod settling;
mod sink;
mod stats;
mod storage;
mod stream;
mod told;
mod until;
pub mod work;

pub use builder::{Builder, Overflow};
pub use by_priority::{ByPriority, PriorityKey};
pub use by_weight::ByWeight;
pub use delay::DelayQueue;
pub use displaced::Displaced;
pub use error::{ReserveError, SendError, TryRecvError};
pub use fifo::Fifo;
pub use halves::{Receiver, Sender, WeakReceiver, WeakSender};
pub use holder::Holder;
pub use keyed::KeyedQueue;
pub use lifo::Lifo;
pub use many::{RecvMany, SendMany};
pub use peek::Peek;
pub use queue::Queue;
pub use recv::Recv;
pub use reserve::{Permit, Reserve};
pub use send::Send;
pub use send_timeout::SendTimeout;
pub use sink::SendSink;
pub use stats::Stats;
pub use storage::{Drained, Storage};
pub use stream::RecvStream;
pub use until::Until;
pub use work::WorkQueue;
