//! Starting a task in a group: a slot, the count, a seat, and then the executor.

use super::handle::Handle;
use super::started::Started;
use crate::spawn::{self, BoxTask, Label, LocalBoxTask, Spawn, SpawnLocal, Tracked};
use crate::sync::Semaphore;
use crate::sync::semaphore::{self, Acquire};
use crate::task::in_flight::Entry;
use core::error::Error;
use core::fmt;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// Starts a task when there is a slot for it. Made by [`Handle::spawn`] and its siblings.
///
/// # Cancel safety
/// Dropping it gives up the place in line, and drops the task, which has not begun.
/// # Fairness
/// Slots are given in the order in which they were asked for, which is that of the first polls.
/// # Errors
/// [`SpawnError`] hands the task back when the group is closed, or its executor does not take it.
/// # Panics
/// When polled after it was ready.
#[must_use = "nothing is started unless it is polled"]
pub struct Spawning<'a, S, T, E, F, W> {
    group: &'a Handle<S, T, E>,
    slot: Option<Acquire<&'a Semaphore>>,
    /// Taken when it starts.
    task: Option<(Label, F)>,
    asked: bool,
    anchor: PhantomData<W>,
}

/// Of a [`Spawning`]: the task may run on any thread.
#[derive(Debug)]
pub struct Anywhere(());

/// Of a [`Spawning`]: the task stays on this thread.
#[derive(Debug)]
pub struct Here(());

impl<'a, S, T, E, F, W> Spawning<'a, S, T, E, F, W> {
    pub(super) const fn new(group: &'a Handle<S, T, E>, label: Label, asked: bool, future: F) -> Self {
        Self { group, slot: None, task: Some((label, future)), asked, anchor: PhantomData }
    }

    /// Waits for a slot, and enters.
    fn poll_admitted(&mut self, cx: &mut Context<'_>) -> Poll<Result<(Label, F), F>> {
        if let Some(slots) = &self.group.core.roster.slots {
            let slot = self.slot.get_or_insert_with(|| slots.acquire());
            let acquired = ready!(slot.poll_acquire(cx));
            self.slot = None;
            let (label, future) = self.take();
            return Poll::Ready(match acquired {
                Ok(permit) if enter(self.group) => {
                    permit.into_count();
                    Ok((label, future))
                }
                _ => Err(future),
            });
        }
        let (label, future) = self.take();
        Poll::Ready(if enter(self.group) { Ok((label, future)) } else { Err(future) })
    }

    fn take(&mut self) -> (Label, F) {
        self.task.take().expect("polled again after it was ready")
    }
}

/// Counts one more task in. `false` if there are to be no more.
///
/// Who is counted is started: nobody wakes a joiner for one that was counted and went.
fn enter<S, T, E>(group: &Handle<S, T, E>) -> bool {
    if group.core.token.is_cancelled() {
        return false;
    }
    group.core.roster.inside.enter().map(Entry::into_count).is_ok()
}

/// Starts a task if there is a slot and nobody waits for one.
pub(super) fn try_admit<S, T, E, F, B>(
    group: &Handle<S, T, E>,
    future: F,
    start: impl FnOnce(F) -> Result<Started, spawn::SpawnError<B>>,
) -> Result<Started, TrySpawnError<F, B>> {
    let slot = group.core.roster.slots.as_ref().map(Semaphore::try_acquire).transpose();
    match slot {
        Err(semaphore::TryAcquireError::NoPermits) => Err(TrySpawnError::Full(future)),
        Ok(slot) if enter(group) => {
            slot.map(semaphore::Permit::into_count);
            start(future).map_err(TrySpawnError::Refused)
        }
        Ok(_) | Err(semaphore::TryAcquireError::Closed) => Err(TrySpawnError::Closed(future)),
    }
}

macro_rules! starts {
    ($where:ident, $Spawner:ident, $spawn:ident, $spawn_boxed:ident, $wants_labels:ident, $Task:ident $(, $bound:ident)?) => {
        impl $where {
            pub(super) fn start<S, T, E, F>(
                group: &Handle<S, T, E>,
                label: Label,
                asked: bool,
                future: F,
            ) -> Result<Started, spawn::SpawnError<$Task>>
            where
                S: $Spawner,
                F: Future<Output = Result<T, E>> $(+ $bound)? + 'static,
                T: $($bound +)? 'static,
                E: $($bound +)? 'static,
            {
                let (member, started) = group.member(label, asked);
                // From here on it gives up its count and its slot by itself, also if the spawner panics.
                let tracked = Tracked::new(future, member);
                let label = group.spawner.$wants_labels().then(|| started.label().clone());
                match label {
                    Some(label) => group.spawner.$spawn_boxed($Task::labelled(label, tracked))?,
                    None => group.spawner.$spawn(tracked)?,
                }
                Ok(started)
            }
        }

        impl<S, T, E, F> Future for Spawning<'_, S, T, E, F, $where>
        where
            S: $Spawner,
            F: Future<Output = Result<T, E>> $(+ $bound)? + 'static,
            T: $($bound +)? 'static,
            E: $($bound +)? 'static,
        {
            type Output = Result<Started, SpawnError<F, $Task>>;

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let admitted = ready!(self.poll_admitted(cx));
                Poll::Ready(match admitted {
                    Ok((label, future)) => {
                        $where::start(self.group, label, self.asked, future).map_err(SpawnError::Refused)
                    }
                    Err(future) => Err(SpawnError::Closed(future)),
                })
            }
        }
    };
}

starts!(Anywhere, Spawn, spawn, spawn_boxed, wants_labels, BoxTask, Send);
starts!(Here, SpawnLocal, spawn_local, spawn_local_boxed, wants_local_labels, LocalBoxTask);

/// The task is not polled in here.
impl<S, T, E, F, W> Unpin for Spawning<'_, S, T, E, F, W> {}

impl<S, T, E, F, W> fmt::Debug for Spawning<'_, S, T, E, F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = self.task.as_ref().map(|(label, _)| label);
        f.debug_struct("Spawning").field("label", &label).finish_non_exhaustive()
    }
}

/// A task was not started, and here it is.
pub enum SpawnError<F, B = BoxTask> {
    /// The group starts no more: it was closed, or cancelled.
    Closed(F),
    /// The executor does not take it. By then it is one of the group's: run elsewhere, it reports to the group as if nothing had happened; dropped,
    /// it was cancelled.
    Refused(spawn::SpawnError<B>),
}

/// A task was not started at once, and here it is.
pub enum TrySpawnError<F, B = BoxTask> {
    /// There is no slot, or somebody waits for one.
    Full(F),
    /// The group starts no more: it was closed, or cancelled.
    Closed(F),
    /// The executor does not take it. By then it is one of the group's: run elsewhere, it reports to the group as if nothing had happened; dropped,
    /// it was cancelled.
    Refused(spawn::SpawnError<B>),
}

const CLOSED: &str = "starting a task in a group that is closed";

impl<F, B> fmt::Display for SpawnError<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(_) => f.write_str(CLOSED),
            Self::Refused(refused) => refused.fmt(f),
        }
    }
}

impl<F, B> fmt::Display for TrySpawnError<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(_) => f.write_str("starting a task in a group that is full"),
            Self::Closed(_) => f.write_str(CLOSED),
            Self::Refused(refused) => refused.fmt(f),
        }
    }
}

macro_rules! errors {
    ($($name:ident),*) => {$(
        impl<F, B> fmt::Debug for $name<F, B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl<F, B> Error for $name<F, B> {}
    )*};
}

errors!(SpawnError, TrySpawnError);
