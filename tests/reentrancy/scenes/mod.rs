//! The primitives.

mod adaptive;
mod breaker;
mod bulkhead;
mod cancel;
mod delays;
mod handing_over;
mod in_flight;
mod keyed_queue;
mod limit;
mod map;
mod of_async_lock;
mod offload;
mod pool;
mod queue;
mod semaphore;
mod telling;
mod work;
mod worker_pool;

pub(super) use adaptive::{OfClosedLimit, OfLimit};
pub(super) use breaker::OfTransitions;
pub(super) use bulkhead::{OfClosedBulkhead, OfRun};
pub(super) use cancel::{OfAny, OfChild, OfFlag, OfToken};
pub(super) use delays::{OfDelayClosed, OfDelayed};
pub(super) use handing_over::{OfChanged, OfOneshotClosed, OfReceiver, OfWaitFor, OfWatchClosed};
pub(super) use in_flight::OfIdle;
pub(super) use keyed_queue::{OfKeyInFlight, OfKeyedIdle, OfKeyedRecv, OfKeyedSend};
pub(super) use limit::{OfQuota, OfRefunded};
pub(super) use map::OfMap;
pub(super) use of_async_lock::{OfMutex, OfOnceCell, OfRead, OfWrite};
pub(super) use offload::{OfOffloadLine, OfOffloaded, OfReadAhead};
pub(super) use pool::{OfClosedPool, OfDrained, OfObject};
pub(super) use queue::{
    OfClosed, OfEmpty, OfRecv, OfRecvAtTheEnd, OfRecvMany, OfRefusedSend, OfReserve, OfReturnedRoom, OfSend,
    OfStream,
};
pub(super) use semaphore::{OfAddedPermits, OfClosedSemaphore, OfReturnedPermits};
pub(super) use telling::{OfBarrier, OfLatch, OfNotifyAll, OfNotifyOne, OfPulseOne, OfSet};
pub(super) use work::{OfLeased, OfWorkClosed};
pub(super) use worker_pool::{OfIdlePool, OfStopped, OfTicket};

use super::*;

/// Polls it once, for nobody, and drops it.
fn use_up<F: Future + Unpin>(mut future: F) {
    let _ = poll(&mut future, Waker::noop());
}
