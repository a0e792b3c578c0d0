//! How many extra calls all together may make: what keeps retries from finishing off a service that is down.
//!
//! A schedule bounds what one caller does; a budget what all of them do. It is shared by reference or in an `Arc`, also between
//! retries and hedges.
//!
//! | I want | use |
//! |---|---|
//! | at most so many extra calls per first call, lately | [`RateBudget`] |
//! | a store of tokens that failures empty and successes fill | [`TokenQuota`] |
//! | to share one with what stands around it, as a hedge inside of a retry | [`Within`] |
//! | none | [`Unlimited`], the default |
//!
//! # Memory
//! A fixed size each; nothing is allocated.

mod paying;
mod purse;
mod rate;
mod tokens;

pub use paying::{Budget, Unlimited, Withdrawal, Within};
pub(super) use purse::Purse;
pub use rate::{RateBudget, RateRules};
pub use tokens::TokenQuota;
