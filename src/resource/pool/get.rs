//! How an object is got: the permit first, then what lies idle, then a new one.

use super::core::Pool;
use super::error::{GetError, TryGetError};
use super::holder::{ErrorOf, Holder};
use super::manage::Manage;
use super::object::Object;
use super::slot::{Found, Slot};
use super::state::Phase;
use crate::sync::Permit;
use crate::time::MaybeTimer;

/// Between the permit and the slot, and between the object and its guard, nothing is awaited: whenever this is dropped, the slot settles it.
#[inline]
pub(super) async fn get<P: Holder>(holder: P) -> Result<Object<P>, GetError<ErrorOf<P>>> {
    wait(&*holder).await?;
    let mut slot = Slot::new(holder);
    loop {
        match slot.find(Phase::Creating) {
            Found::Closed => return Err(GetError::Closed),
            Found::Nothing if slot.steps_out() => {
                wait(slot.pool()).await?;
                slot.steps_in();
            }
            Found::Nothing => break,
            Found::Idle => {
                if slot.recycle().await {
                    return Ok(Object::new(slot));
                }
            }
        }
    }
    slot.make().await?;
    Ok(Object::new(slot))
}

/// Waits for a permit. Whoever called answers for it.
#[inline]
async fn wait<M: Manage, Tm: MaybeTimer>(pool: &Pool<M, Tm>) -> Result<(), GetError<M::Error>> {
    let acquired = pool.within(pool.limits.wait, pool.semaphore.acquire()).await;
    match acquired.map(|permit| permit.map(Permit::into_count).is_ok()) {
        Some(true) => Ok(()),
        Some(false) => Err(GetError::Closed),
        None => {
            pool.state.with(|state| state.tally.wait_timed_out += 1);
            Err(GetError::WaitTimedOut)
        }
    }
}

pub(super) fn try_get<P: Holder>(holder: P) -> Result<Object<P>, TryGetError> {
    let closed = holder.semaphore.is_closed();
    let nothing = if closed { TryGetError::Closed } else { TryGetError::NoneIdle };
    let mut slot = Slot::try_new(holder).ok_or(nothing)?;
    match slot.find(Phase::Empty) {
        Found::Closed => Err(TryGetError::Closed),
        Found::Nothing => Err(TryGetError::NoneIdle),
        Found::Idle => Ok(Object::new(slot)),
    }
}
