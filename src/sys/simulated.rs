//! Whether this thread is in a simulation, where real time and real executors have no place.

use super::ambient;
use super::unseen::Unseen;

/// For adapters: the simulation would wait for what is outside of it, and end in a deadlock that says nothing.
///
/// # Panics
/// In a simulation.
#[inline]
#[track_caller]
pub(crate) fn assert_outside(adapter: &str) {
    assert!(
        ambient::find::<Unseen>().is_none(),
        "{adapter} was used inside a simulation, which knows nothing of real time: pass the Sim instead"
    );
}
