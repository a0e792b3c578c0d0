//! A value that changes, of which everybody wants the latest.
//!
//! | I want to | use |
//! |---|---|
//! | share a value that changes | [`watch`], or [`Sender::new`] and [`subscribe`](Sender::subscribe) |
//! | put a new value in | [`send`](Sender::send); [`send_replace`](Sender::send_replace) if nobody may be listening |
//! | change the value | [`send_modify`](Sender::send_modify), [`send_if_modified`](Sender::send_if_modified) |
//! | read it | [`Receiver::get`], [`Sender::get`] |
//! | see each new state, though not each value in between | [`changed`](Receiver::changed) |
//! | wait until it is as I want it | [`wait_for`](Receiver::wait_for) |
//! | know that nobody listens any more | [`closed`](Sender::closed) |
//!
//! # Memory
//! One allocation for the channel and one for each value. A reader gets an `Arc` of the value: it may keep that for as long as it likes and
//! holds nobody up.
//!
//! # Comparison
//! A watch skips values that nobody looked at in time; a queue does not. To tell that something happened, without a value, use an
//! [`Event`](super::Event); for one value once, [`oneshot`](fn@super::oneshot).

mod changed;
mod error;
mod receiver;
mod sender;
mod shared;
mod wait_for;

pub use changed::Changed;
pub use error::{ChangedError, SendError};
pub use receiver::Receiver;
pub use sender::{Closed, Sender};
pub use wait_for::WaitFor;

/// A value that changes: the half that changes it, and one that watches.
///
/// # Examples
/// ```
/// use untether::spawn::SpawnExt;
/// use untether::sync::watch;
///
/// untether::rt::threads::block_on(async |rt| {
///     let (level, mut watcher) = watch(0);
///     let rises = async move {
///         for _ in 0..10 {
///             level.send_modify(|level| *level += 1);
///         }
///     };
///     rt.spawn_task(rises).unwrap().detach();
///     assert_eq!(*watcher.wait_for(|level| *level >= 7).await.unwrap() / 7, 1);
/// });
/// ```
#[must_use = "a half that is dropped closes the other"]
pub fn watch<T>(value: T) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(value);
    let receiver = sender.subscribe();
    (sender, receiver)
}
