//! Cancellation that is asked for, seen and answered: no future is aborted behind its back.
//!
//! | I want to | use |
//! |---|---|
//! | tell tasks and threads to stop | [`CancelToken::cancel`], [`cancel_with`](CancelToken::cancel_with) a [`Cause`] |
//! | ask in a loop | [`is_cancelled`](CancelToken::is_cancelled), [`check`](CancelToken::check) |
//! | wait for it, in a task or a thread | [`cancelled`](CancelToken::cancelled), and its [`wait`](WhenCancelled::wait) |
//! | stop a future at its next await | [`run`](CancelToken::run) |
//! | let a part be cancelled alone | [`child`](CancelToken::child) |
//! | be cancelled with the first of several | [`any`](CancelToken::any) |
//! | call something that is no future | [`on_cancel`](CancelToken::on_cancel) |
//! | stop at a deadline | [`cancel_at`](CancelToken::cancel_at), with [`during`](CancelAt::during) or [`run`](CancelAt::run) |
//! | cancel when a scope is left | [`guard`](CancelToken::guard) |
//! | have it in a `static` | [`CancelFlag`] |
//!
//! # Memory
//! A token is one allocation, a clone none. The first who waits, is registered or is a child of it takes some more; their places are used
//! again, so that asking and waiting allocate nothing from then on. A child gives its place in the parent back when it is dropped. A request
//! allocates its cause and a list of what is below. Trees and chains of any size are cancelled and dropped without recursion.
//!
//! # Comparison
//! [`Task::cancel`](crate::spawn::Task::cancel) drops a future from outside and waits until it is gone: for code that knows nothing of tokens
//! and has nothing to clean up after an await. To limit one await in time use a [`timeout`](crate::time::timeout).

mod callback;
mod cancelled;
mod cause;
mod deadline;
mod flag;
mod guard;
mod node;
mod run;
mod signal;
mod token;
mod walk;

pub use callback::Registration;
pub use cancelled::WhenCancelled;
pub use cause::{Cause, Inherited};
pub use deadline::{CancelAt, During};
pub use flag::{CancelFlag, WhenFlagged};
pub use guard::CancelGuard;
pub use run::{Cancelled, Run};
pub use token::CancelToken;

#[cfg(all(test, untether_loom))]
mod models;
