//! What a stream shares with the turns of its iterator: the items that were read ahead, and where the iterator is.
//!
//! The iterator is in here while nobody works on it, so that no thread has to wait for room. A turn takes it out, fills the buffer, and puts
//! it back in the same step in which it finds the buffer full. Only the reader asks for a turn, and there is never more than one.

use crate::spawn::SpawnErrorKind;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::task::Failure;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use core::mem;
use core::task::Waker;

/// An iterator, made by its first call.
pub(super) trait Pull<X>: Send {
    fn pull(&mut self) -> Option<X>;
}

pub(super) type Source<X> = Box<dyn Pull<X>>;

/// Why there is nothing more; nothing, where the iterator said so.
pub(super) type Ending = Option<Failure<SpawnErrorKind>>;

pub(super) struct Shared<X>(Lock<State<X>>);

struct State<X> {
    items: VecDeque<X>,
    stage: Stage<X>,
    /// Of the reader, while it has found nothing and somebody is at work.
    reader: Option<Waker>,
    /// The reader is gone.
    closed: bool,
}

enum Stage<X> {
    /// The iterator rests. It was begun, or not.
    Idle(Source<X>, bool),
    /// A turn was passed to the runtime and has not begun.
    Asked(Source<X>, bool),
    /// A turn has it.
    Away,
    Ended(Ending),
}

/// What the reader finds.
pub(super) enum Found<X> {
    Item {
        item: X,
        /// The iterator rests, and no more than half of the buffer is left.
        low: bool,
    },
    /// The iterator rests, and nothing is left.
    Idle,
    /// Somebody is at work.
    Wait,
    End(Ending),
}

/// What a turn is told when it brings an item.
pub(super) enum Told<X> {
    GoOn(Option<Waker>),
    /// The iterator was put back.
    Over(Option<Waker>),
    /// The reader is gone. The item comes back.
    Closed(X),
}

/// What is left when the reader goes.
pub(super) struct Leavings<X> {
    pub(super) items: VecDeque<X>,
    pub(super) reader: Option<Waker>,
    /// If it rested; and whether it was begun.
    pub(super) source: Option<(Source<X>, bool)>,
}

impl<X> Shared<X> {
    pub(super) const fn new(source: Source<X>) -> Self {
        let stage = Stage::Idle(source, false);
        Self(Lock::new(State { items: VecDeque::new(), stage, reader: None, closed: false }))
    }

    /// The reader looks; where it has to wait, it is woken by the next item or the end.
    pub(super) fn find(&self, half: usize, waker: &Waker) -> Found<X> {
        with_waker(&self.0, waker, false, |state, own| {
            if let Some(item) = state.items.pop_front() {
                let low = state.items.len() <= half && matches!(state.stage, Stage::Idle(..));
                return Some(Found::Item { item, low });
            }
            match &mut state.stage {
                Stage::Idle(..) => Some(Found::Idle),
                Stage::Ended(ending) => Some(Found::End(ending.take())),
                Stage::Asked(..) | Stage::Away => {
                    if !state.reader.as_ref().is_some_and(|reader| reader.will_wake(waker)) {
                        let new = own.take()?;
                        *own = state.reader.replace(new);
                    }
                    Some(Found::Wait)
                }
            }
        })
    }

    /// How many lie there.
    pub(super) fn len(&self) -> usize {
        self.0.with(|state| state.items.len())
    }

    /// The reader is about to pass a turn to the runtime.
    pub(super) fn ask(&self) {
        self.0.with(|state| match mem::replace(&mut state.stage, Stage::Away) {
            Stage::Idle(source, begun) => state.stage = Stage::Asked(source, begun),
            other => state.stage = other,
        });
    }

    /// The runtime did not take the turn. `false` if it was dropped meanwhile, and has said so by itself.
    pub(super) fn refused(&self) -> bool {
        self.0.with(|state| match mem::replace(&mut state.stage, Stage::Away) {
            Stage::Asked(source, begun) => {
                state.stage = Stage::Idle(source, begun);
                true
            }
            other => {
                state.stage = other;
                false
            }
        })
    }

    /// The reader wants nothing more of an iterator that rests.
    pub(super) fn give_up(&self) -> Option<Source<X>> {
        self.0.with(|state| match mem::replace(&mut state.stage, Stage::Ended(None)) {
            Stage::Idle(source, _) => Some(source),
            other => {
                state.stage = other;
                None
            }
        })
    }

    /// A turn begins: the iterator, and whether it is wanted.
    pub(super) fn begin(&self) -> Option<(Source<X>, bool)> {
        self.0.with(|state| match mem::replace(&mut state.stage, Stage::Away) {
            Stage::Asked(source, _) => Some((source, !state.closed)),
            other => {
                state.stage = other;
                None
            }
        })
    }

    /// A turn brings an item. It is over if the buffer is full, or if others want its place: then the iterator goes back in here.
    pub(super) fn push(
        &self,
        item: X,
        ahead: usize,
        others: bool,
        source: &mut Option<Source<X>>,
    ) -> Told<X> {
        self.0.with(|state| {
            if state.closed {
                return Told::Closed(item);
            }
            state.items.push_back(item);
            let reader = state.reader.take();
            if !others && state.items.len() < ahead {
                return Told::GoOn(reader);
            }
            if let Some(source) = source.take() {
                state.stage = Stage::Idle(source, true);
            }
            Told::Over(reader)
        })
    }

    /// There is nothing more to come, and the iterator is gone.
    pub(super) fn end(&self, ending: Ending) -> Option<Waker> {
        self.0.with(|state| {
            state.stage = Stage::Ended(ending);
            state.reader.take()
        })
    }

    /// The reader goes. A turn that was passed on, or is at work, lets go of the iterator by itself.
    pub(super) fn close(&self) -> Leavings<X> {
        self.0.with(|state| {
            state.closed = true;
            let source = match mem::replace(&mut state.stage, Stage::Ended(None)) {
                Stage::Idle(source, begun) => Some((source, begun)),
                other => {
                    state.stage = other;
                    None
                }
            };
            Leavings { items: mem::take(&mut state.items), reader: state.reader.take(), source }
        })
    }
}
