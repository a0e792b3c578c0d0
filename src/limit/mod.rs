//! How many at once, and how many in a time.
//!
//! | I want to | use |
//! |---|---|
//! | let so many calls run at once, and refuse or time out those that are too many | [`Bulkhead`] |

pub mod bulkhead;

pub use bulkhead::Bulkhead;
