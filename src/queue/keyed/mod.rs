//! Values with keys: in order for each key, and never two of one key at a time.
//!
//! For work that may run side by side but for what concerns the same thing: the changes of an account, the messages of a session, the saves of
//! a page. And for news that outdates itself: what waits is merged with what comes.
//!
//! | I want to | use |
//! |---|---|
//! | put something in | [`KeyedQueue::send`], [`try_send`](KeyedQueue::try_send) |
//! | put it to what waits of its key, if something does | [`upsert`](KeyedQueue::upsert), [`try_upsert`](KeyedQueue::try_upsert) |
//! | receive it, its key held until I am done | [`recv`](KeyedQueue::recv), [`try_recv`](KeyedQueue::try_recv), [`stream`](KeyedQueue::stream): an [`InFlight`] |
//! | pass it to a task of its own | [`recv_owned`](KeyedQueue::recv_owned), [`stream_owned`](KeyedQueue::stream_owned) |
//! | own the value, and hold its key a little longer | [`InFlight::into_parts`] |
//! | take back what waits of a key | [`remove`](KeyedQueue::remove) |
//! | know when all is done | [`idle`](KeyedQueue::idle) |
//! | stop | [`close`](KeyedQueue::close), which drains, or [`close_now`](KeyedQueue::close_now) |
//!
//! # Memory
//! Nothing before the first value. Then an entry for each value that waits and one for each key that has any or is held, in blocks that are used
//! again, beside one table of the keys. A key of which nothing waits and nothing is in flight leaves nothing behind, and a queue that runs empty after a burst
//! gives the blocks and the table back. In steady state nothing is allocated. All is O(1) but [`remove`](KeyedQueue::remove), which takes as long as there
//! are values to remove.
//!
//! # Comparison
//! Where keys do not matter use a [`Queue`](super::Queue): a value costs about twice as much here. For the most urgent first, whatever its key, see
//! [`Builder::priority`](super::Builder::priority). Where only the last value of all counts and nothing is worked off, there is
//! [`sync::watch`](fn@crate::sync::watch).

mod core;
mod entering;
pub(super) mod hash;
mod holder;
mod in_flight;
pub(in crate::queue) mod lanes;
mod leftovers;
mod offer;
mod queue;
mod receiving;
mod recv;
mod send;
mod sending;
mod stats;
mod stream;
mod until;
mod upsert;

pub use holder::Holder;
pub use in_flight::{Held, InFlight};
pub use leftovers::Leftovers;
pub use queue::KeyedQueue;
pub use recv::Recv;
pub use send::Send;
pub use stats::Stats;
pub use stream::RecvStream;
pub use until::Until;
pub use upsert::{Upsert, Upserted};
