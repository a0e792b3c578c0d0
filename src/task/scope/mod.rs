//! Children that borrow what is around them, begun while others run: in one task, and none outlives the block.
//!
//! | I want to | use |
//! |---|---|
//! | begin a child | [`Scope::spawn`] |
//! | have its value | await the [`Child`], in the body or in another child |
//! | begin a child from a child | a clone of the [`Scope`] |
//! | have children that stay on their thread | [`scope_local`] |
//!
//! A scope ends when its body and all children have ended. They run by turns in the task that awaits the scope, never at the same time as each
//! other; so they may borrow, and there is nothing to leak. On other threads borrowing cannot be had: a future that is forgotten would leave
//! children running on what it had borrowed.
//!
//! # Fairness
//! The body has a turn whenever anything of the scope was woken; children have one when they themselves were, in the order in which they were. After 128
//! children have ended in one poll, the scope gives way to other tasks.
//!
//! # Memory
//! Three allocations for each child: its box, its place in the line of those that were woken, and what it shares with its [`Child`].
//!
//! # Comparison
//! For children that are all there from the beginning [`gather`](fn@super::gather), which boxes none of them. moro has the same idea; there a child that
//! is terminated ends the scope, here a failure is a value like any other.

mod child;
mod crew;
mod handle;
mod running;

pub use child::Child;
pub use handle::{Ended, LocalScope, Scope};
pub use running::{Running, scope, scope_local};
