// The README's links lead to docs.rs. Here the same names lead to the items themselves: the first definition of a link counts.
#![cfg_attr(all(feature = "testing", feature = "tokio", feature = "smol", feature = "async-std", feature = "hyper", feature = "tower", feature = "serde", feature = "signal"), doc = include_str!("../docs/links.md"))]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Here and not in Cargo.toml: tests, benches and examples have std and may say so.
#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::alloc_instead_of_core)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod sys;

pub mod observe;

pub mod time;

pub mod spawn;

pub mod rt;

#[cfg(feature = "testing")]
pub mod testing;

pub mod sync;

pub mod queue;

pub mod resource;

pub mod retry;

pub mod limit;

pub mod fault;

pub mod task;

pub mod policy;

#[cfg(feature = "tower")]
pub mod tower;

#[cfg(feature = "serde")]
pub mod settings;

#[cfg(any(doc, doctest))]
#[path = "../docs/mod.rs"]
pub mod guide;
