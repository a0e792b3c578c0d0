//! Things that are dear to make, kept and lent out.
//!
//! | I want to | use |
//! |---|---|
//! | lend out objects that are made when they are needed: connections, buffers, workers | [`Pool`], and [`pool`](mod@pool) for how |
//! | let so many in at once, with nothing to lend | [`Semaphore`](crate::sync::Semaphore) |
//! | make one thing once and share it | [`OnceCell`](crate::sync::OnceCell) |
//! | pass things on for good | [`Queue`](crate::queue::Queue) |

pub mod pool;

pub use pool::{Manage, Pool};
