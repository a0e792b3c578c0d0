//! Longer pages: how to do a thing from beginning to end, and why the crate is as it is.

#[doc = include_str!("your_rt.md")]
pub mod your_rt {}
#[doc = include_str!("defaults.md")]
pub mod defaults {}
#[doc = include_str!("pitfalls.md")]
pub mod pitfalls {}
#[doc = include_str!("../DESIGN.md")]
pub mod design {}
#[doc = include_str!("../CHANGELOG.md")]
pub mod changelog {}
#[doc = include_str!("../CONTRIBUTING.md")]
pub mod contributing {}
