//! A meeting point: so many parties wait for each other, again and again.
//!
//! | I want to | use |
//! |---|---|
//! | let the same parties wait for each other | [`Barrier::wait`] |
//! | let one of them do something between two rounds | [`Passage::is_leader`] |
//! | wait until so many things were done, by whomever | a [`Latch`](super::Latch) |
//!
//! # Memory
//! Nothing is allocated before the first party waits. Places are used again from round to round.
//!
//! # Comparison
//! The barriers of tokio and async-lock count a party that came and was cancelled: its ghost completes the round for the others.
//! Here it is withdrawn, as long as the round is not complete.

mod count;
mod error;
mod meeting;
mod wait;

pub use error::ZeroParties;
pub use meeting::Barrier;
pub use wait::{Passage, Wait};
