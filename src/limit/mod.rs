//! How many at once, and how many in a time.
//!
//! | I want to | use |
//! |---|---|
//! | let so many calls run at once, and refuse or time out those that are too many | [`Bulkhead`] |
//! | do so with a number that is learned from how the calls end | [`AdaptiveLimit`] |

pub mod adaptive;
pub mod bulkhead;

pub use adaptive::AdaptiveLimit;
pub use bulkhead::Bulkhead;
