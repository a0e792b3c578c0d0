//! Policies as middleware, around a real server and a real client of hyper, on tokio's sockets or on smol's.
//!
//! [`server`] puts a rate limit, a bulkhead and a time-out before its handlers, and answers each error by one table. [`client`] puts a time-out, a
//! retry that listens to `Retry-After`, a breaker, and a time-out for each attempt around its requests. [`net`] is what differs between runtimes.

pub mod client;
pub mod net;
pub mod server;
