//! The thread that waits: std's.

pub(crate) use std::thread::{Thread, current, park, park_timeout};
pub(crate) use std::thread_local as local;
