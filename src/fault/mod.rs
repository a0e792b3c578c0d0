//! What to do about calls that fail or drag on.

mod kind;

pub use kind::{Fault, Kind};
pub mod breaker;
