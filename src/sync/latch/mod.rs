//! A gate that opens once, when a count has come down to zero.
//!
//! | I want to | use |
//! |---|---|
//! | wait until so many things were done, by whomever | [`Latch`] |
//! | let the same parties wait for each other, again and again | [`Barrier`](super::Barrier) |
//! | open and close a gate | [`Event::set`](super::Event::set) |
//! | wait until tasks have ended | await their [`Task`](crate::spawn::Task)s |
//!
//! # Memory
//! Nothing is allocated before somebody waits.

mod gate;
mod wait;

pub use gate::Latch;
pub use wait::Wait;

#[cfg(all(test, untether_loom))]
mod models;
