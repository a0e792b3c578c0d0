//! The re-entrancy matrix: everything in `sync`, `queue`, `resource`, `limit`, `fault` and `task` against wakers that use it from within their clone, wake and drop, that drop futures
//! there, and that panic. `cargo test --all-features --test reentrancy -- --nocapture` prints it.
//! The re-entrancy matrix: everything in `sync`, `queue`, `resource`, `limit`, `fault` and `task` against wakers that use it from within their
//! clone, wake and drop, that drop futures there, and that panic. `cargo test --all-features --test reentrancy -- --nocapture` prints it.
//!
//! Each cell runs on a thread of its own and has to end: what calls a waker under a lock hangs, or panics in debug builds. Ours are all
//! green; async-lock's are what they are (`async_lock.rs`).
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "a hook finds the future it means in std's mutex")]

mod async_lock;
mod cell;
mod columns;
mod scenes;
mod table;

use columns::columns;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use table::Table;
use untether::testing::CountingWaker;
use untether_support::Hooks;

/// A primitive, as the matrix sees it.
trait Scene: Send + Sync + Sized + 'static {
    type Wait: Future + Send + Unpin;

    const NAME: &'static str;

    /// Whether several can wait. Where only one can, the next takes its place.
    const MANY: bool = true;

    /// Whether `tell` ends the wait of all, and not only of the first in line.
    const ALL: bool = true;

    /// Whether the panic of a waker that is dropped because another takes its place, or because it is not needed, goes on to whoever
    /// polls. Where it does not it goes no further. Nothing is lost either way.
    const DROP_PANIC_GOES_ON: bool = false;

    /// Whether the panic of a waker that is woken goes on to whoever tells. On a thread of the runtime it goes no further, since nobody stands
    /// there, and a worker outlives it.
    const WAKE_PANIC_GOES_ON: bool = true;

    /// Whether it can be polled again after a panic went through its poll. An `async fn` cannot.
    const OUTLIVES_A_PANIC: bool = true;

    fn new() -> Self;

    /// Somebody who has to wait.
    fn wait(self: &Arc<Self>) -> Self::Wait;

    /// Ends the wait of all who wait, or of the first in line.
    fn tell(&self);

    /// Uses everything that can be used at any time; locks included, and whatever ends a wait.
    fn touch(self: &Arc<Self>);

    /// Whether those who went have left nothing behind, as far as it can say.
    fn is_left_by_all(&self) -> bool {
        true
    }
}

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> bool {
    std::pin::Pin::new(future).poll(&mut Context::from_waker(waker)).is_ready()
}

/// How long a cell that is to end may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

fn add_row<S: Scene>(table: &mut Table) {
    table.add(S::NAME, columns::<S>().map(|column| column.cell.map(|cell| cell::run(cell, PATIENCE))));
}

macro_rules! rows {
    ($table:ident, $($scene:ident)*) => {$(add_row::<scenes::$scene>(&mut $table);)*};
}

#[test]
fn no_waker_hangs_breaks_or_loses_anything_of_ours() {
    let mut table = Table::of(columns::<scenes::OfNotifyAll>().map(|column| column.name));
    rows! { table, OfNotifyAll OfSet OfNotifyOne OfPulseOne OfLatch OfBarrier }
    rows! { table, OfReceiver OfOneshotClosed OfChanged OfWaitFor OfWatchClosed }
    rows! { table, OfAddedPermits OfReturnedPermits OfClosedSemaphore OfToken OfChild OfAny OfFlag }
    rows! { table, OfRecv OfRecvMany OfStream OfRecvAtTheEnd OfSend OfRefusedSend OfReserve OfReturnedRoom OfClosed OfEmpty }
    rows! { table, OfDelayed OfDelayClosed }
    rows! { table, OfLeased OfWorkClosed }
    rows! { table, OfKeyedRecv OfKeyInFlight OfKeyedSend OfKeyedIdle }
    rows! { table, OfRefunded OfQuota }
    rows! { table, OfObject OfClosedPool OfDrained }
    rows! { table, OfRun OfClosedBulkhead OfLimit OfClosedLimit }
    rows! { table, OfTransitions }
    rows! { table, OfOffloadLine OfOffloaded OfReadAhead }
    rows! { table, OfIdle OfIdlePool OfStopped OfTicket }
    rows! { table, OfMap }
    println!("{table}");
    let is_green = |word: &&str| ["ok", "–"].contains(word);
    assert!(table.words().all(|(_, words)| words.iter().all(is_green)), "not all cells above are green");
}
