//! Children that run together in one task, with no spawner.
//!
//! | I want | use | what becomes of the others when one fails |
//! |---|---|---|
//! | to know how each of them ended | [`gather`](fn@gather) | they run on, to their ends |
//! | all values, or the first error | [`try_gather`] | they are dropped before it returns |
//! | whoever is first, however it ends | [`race`] | they are dropped before it returns |
//! | the first that ends well | [`first_ok`] | they run on, until one ends well |
//!
//! Children are a tuple of two to twelve futures of any types, or whatever can be iterated over: an array, a `Vec`, an iterator that makes
//! them, [`Task`](crate::spawn::Task)s. They run in the task that awaits them, by turns and not at the same time as each other, so
//! they may borrow what is around them and need be neither `Send` nor `'static`. An iterator is run through when the future is made; where
//! there may be very many, a limit is what is wanted, and not this.
//!
//! # What it costs
//! Of more than 16 children, only those that were woken are polled, whatever their number. Up to 16, and in tuples, every child that has not
//! ended is polled whenever one is woken: that is cheaper than to know which one it was.
//!
//! # Fairness
//! Children are begun in the order in which they were given, and those that are ready have one turn each before any has a second. After
//! 128 turns the whole gives way to other tasks of its executor, and goes on where it stopped.
//!
//! # Memory
//! A tuple allocates nothing. Of other children, 16 together are one allocation as long as they are small; one each, if they are large. A
//! child that waits with a waker of its own costs one more, as long as it waits; one that is ready at once, or gives way, costs none.
//!
//! # Comparison
//! `join_all` ends with its first panic and knows nothing of what the others did. `FuturesUnordered` is a stream, gives things in the order in
//! which they ended, and allocates for each. To borrow and to begin children while others run already, a [`scope`](fn@super::scope). On many
//! threads: a [`Task`](crate::spawn::Task) each, and their handles in here.

mod blocks;
mod children;
pub(super) mod ends;
mod error;
mod first_ok;
mod gathering;
mod judges;
mod many;
mod racing;
mod ready;
mod trying;
mod tuple;

pub use children::{Children, Listed, Together};
pub use error::AllFailed;
pub use first_ok::{FirstOk, first_ok};
pub use gathering::{Gather, gather};
pub use judges::{Each, EachOk, First, FirstGood, Judge};
pub use many::Many;
pub use racing::{Race, race};
pub use trying::{TryGather, try_gather};
pub use tuple::Tuple;

#[cfg(all(test, untether_loom))]
mod models;
