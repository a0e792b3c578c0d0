//! Items that come out when they are due.
//!
//! | I want to | use |
//! |---|---|
//! | put something in, due later | [`DelayQueue::insert`], [`insert_at`](DelayQueue::insert_at) |
//! | take it back, or let it be due at another time | [`remove`](DelayQueue::remove), [`reset`](DelayQueue::reset), [`reset_at`](DelayQueue::reset_at), by its [`DelayKey`] |
//! | wait for what is due | [`recv`](DelayQueue::recv), [`recv_many`](DelayQueue::recv_many), [`stream`](DelayQueue::stream) |
//! | look without waiting | [`try_recv`](DelayQueue::try_recv), [`peek`](DelayQueue::peek) |
//! | stop | [`close`](DelayQueue::close) to let all come out in time, [`close_now`](DelayQueue::close_now) to have it back |
//!
//! # Memory
//! Nothing before the first entry. Then the entries lie in blocks that are used again, beside one vector of their ranks, at most about
//! twice as long as there are entries; a queue that runs empty after a burst gives both back. To insert, to remove and to receive allocate
//! nothing in steady state, and cost O(log n) at most, amortised.
//!
//! # Comparison
//! For one future that is given up after a while use [`timeout`](crate::time::timeout), for a beat an
//! [`Interval`](crate::time::Interval): a delay queue is for many deadlines with something attached to each, which are put off and taken
//! back, such as the sessions of a server. Unlike the `DelayQueue` of tokio-util it works on any timer and is shared by `&self`; it is
//! as fine as its timer, not a millisecond; it takes deadlines at any distance; it does not end while it is empty, but when it is
//! closed; and a key that was kept too long finds nothing and does not panic.

pub(super) mod agenda;
mod core;
mod error;
mod expired;
mod leftovers;
mod line;
mod receiving;
mod recv;
pub(super) mod seat;
pub(super) mod state;
mod stream;

pub use self::core::DelayQueue;
pub use error::{InsertError, TryRecvError};
pub use expired::{DelayKey, Expired};
pub use leftovers::Leftovers;
pub use recv::{Recv, RecvMany};
pub use stream::RecvStream;
