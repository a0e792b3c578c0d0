//! stub
pub mod breaker;
