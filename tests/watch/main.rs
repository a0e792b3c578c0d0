//! What a watch promises: everybody gets the latest value, in the end also the last one, and nobody's code runs under a lock.
#![cfg(all(feature = "std", feature = "testing"))]

mod as_its_twin;
mod closing;
mod sending;
mod simulated;
mod watching;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::sync::watch;
use untether::sync::watch::{Receiver, Sender};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether_support::allocations;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;
