#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod sys;

pub mod observe;
pub mod spawn;
pub mod time;

pub mod rt;
#[cfg(feature = "testing")]
pub mod testing;

pub mod sync;

#[cfg(any(doc, doctest))]
#[path = "../docs/mod.rs"]
pub mod guide;
