//! One value, from one to one, once.
//!
//! | I want to | use |
//! |---|---|
//! | hand over the result of something | [`oneshot`], [`Sender::send`], and await the [`Receiver`] |
//! | see that nobody wants it any more | [`Sender::closed`], [`Sender::is_closed`] |
//! | look without waiting | [`Receiver::try_recv`] |
//! | give up, and keep what was sent already | [`Receiver::into_inner`] |
//!
//! # Memory
//! One allocation for both halves and the value.
//!
//! # Comparison
//! For a value that changes use [`watch`](fn@super::watch); to tell that something happened, without a value, an
//! [`Event`](super::Event); for the result of a task its [`Task`](crate::spawn::Task), which also carries panics; for a value that is made
//! once and read by many a [`OnceCell`](super::OnceCell).

mod error;
mod receiver;
mod sender;
mod shared;

pub use error::{RecvError, SendError, TryRecvError};
pub use receiver::Receiver;
pub use sender::{Closed, Sender};

use shared::Shared;

/// Two halves, between which one value goes.
///
/// # Examples
/// ```
/// use untether::spawn::SpawnExt;
/// use untether::sync::oneshot;
///
/// untether::rt::threads::block_on(async |rt| {
///     let (sender, receiver) = oneshot();
///     rt.spawn_task(async { sender.send(42) }).unwrap().detach_with(drop);
///     assert_eq!(receiver.await, Ok(42));
/// });
/// ```
#[must_use = "a half that is dropped closes the other"]
pub fn oneshot<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Shared::new();
    (Sender::new(shared.clone()), Receiver::new(shared))
}
