//! What a hostile waker does.

mod cancelling;
mod panicking;
mod using;

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) struct Column {
    pub(super) name: &'static str,
    /// `None` if the scene has not what the column needs.
    pub(super) cell: Option<fn()>,
}

pub(super) fn columns<S: Scene>() -> [Column; 17] {
    let column = |name, cell: fn()| Column { name, cell: Some(cell) };
    let polled_again = |name, cell: fn()| Column { name, cell: S::OUTLIVES_A_PANIC.then_some(cell) };
    let of_many = |name, cell: fn()| Column { name, cell: S::MANY.then_some(cell) };
    [
        column("clone: uses it", using::clone_uses_it::<S>),
        column("wake: uses it", using::wake_uses_it::<S>),
        column("wake: polls the future that is woken", using::wake_polls_the_future::<S>),
        column("replace: the drop of the old waker uses it", using::replaced_uses_it::<S>),
        column("drop: that of the waker of one who leaves uses it", using::dropped_uses_it::<S>),
        column(
            "cancel: of one who was told, with wakers that use it",
            using::cancelled_after_it_was_told::<S>,
        ),
        column("cancel: the wake drops the future that is woken", cancelling::wake_drops_the_future::<S>),
        of_many("cancel: the wake drops all others", cancelling::wake_drops_the_others::<S>),
        of_many("cancel: the clone drops all others", cancelling::clone_drops_the_others::<S>),
        of_many("cancel: the drop drops all others", cancelling::drop_drops_the_others::<S>),
        column("panic: in the wake", panicking::in_wake::<S>),
        polled_again("panic: in the clone", panicking::in_clone::<S>),
        polled_again("panic: in the drop of one that is replaced", panicking::in_drop_of_the_old::<S>),
        column("panic: in the drop of one who leaves", panicking::in_drop_of_one_who_leaves::<S>),
        polled_again(
            "panic: in the drop of one told meanwhile",
            panicking::in_drop_of_one_told_meanwhile::<S>,
        ),
        column(
            "panic: in the wake and the drop, as the thread unwinds",
            panicking::while_the_thread_unwinds::<S>,
        ),
        column("clones that are equal to nothing", using::clones_that_are_never_equal::<S>),
    ]
}

/// Whether one who waits is let through when it is told, or was let through already by what the hooks have done.
fn goes_on<S: Scene>(scene: &Arc<S>, mut wait: S::Wait) -> bool {
    let woken = CountingWaker::new();
    let mut goes = poll(&mut wait, &woken.waker());
    if !goes {
        scene.tell();
        goes = woken.wakes() == 1 && poll(&mut wait, Waker::noop());
    }
    drop(wait);
    goes && scene.is_left_by_all()
}

/// So many who wait with this waker.
fn crowd<S: Scene>(scene: &Arc<S>, size: usize, waker: &Waker) -> Vec<S::Wait> {
    let mut crowd: Vec<_> = (0..size).map(|_| scene.wait()).collect();
    assert!(crowd.iter_mut().all(|wait| !poll(wait, waker)));
    crowd
}

/// More than are woken in one go.
const MORE: usize = 40;
