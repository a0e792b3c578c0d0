//! One run of a test, from its first poll to its end.

use super::failure::Failure;
use super::handle::{LocalInbox, Sim};
use super::kind::FailureKind;
use super::purpose::Purpose;
use super::recorder::{Misfit, Recorder};
use super::report::TaskReport;
use super::search::Ran;
use super::settings::Settings;
use super::shared::{Arrived, Shared, SimWaker, State};
use super::source::Source;
use super::steps::{Step, begin, is_cancelled_here, next_step};

use crate::spawn::Label;
use crate::sys::ambient;
use crate::sys::unseen::Unseen;
use crate::sys::unwind::{self, Panic};
use crate::time::Instant;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::pin::Pin;
use core::task::{Context, Waker};

/// Runs `body` once. Gives the recorder back in any case.
pub(super) fn run<F: Future<Output = ()>>(
    settings: &Settings,
    recorder: Recorder,
    main: Label,
    body: &impl Fn(Sim) -> F,
    somebody_to_cancel: &Cell<bool>,
) -> Ran {
    let shared = Shared::new(recorder);
    let mut executor = Executor::new(settings, shared.clone());
    let _entered = (ambient::enter(executor.inbox.clone()), ambient::enter(executor.unseen.clone()));
    shared.state.with(|state| state.admit(main));
    let mut main = None;
    let outcome = unwind::catch(|| {
        let main = main.insert(Box::pin(body(Sim(shared.clone()))));
        executor.run(main.as_mut())
    });
    // The report is written before anything is dropped, while every timer is still registered.
    let ran = outcome.unwrap_or_else(|panic| Err(executor.explain_panic(panic)));
    let misfit = shared.state.with(|state| state.recorder.misfit());
    let ran = match misfit {
        Some(Misfit { place, choice, asked }) => {
            Err(FailureKind::TapeMisfit { place, choice, of: asked.of, asked: asked.to_string() })
        }
        None => ran,
    };
    let ran = ran.map_err(|kind| executor.fail(kind));
    let dropped = executor.finish(main).map_err(|panic| executor.explain_panic(panic));
    let dropped = dropped.and_then(|()| executor.look_for_unseen()).map_err(|kind| executor.fail(kind));
    let ended = match ran {
        Ok(End::Complete) => dropped,
        // Cut off where it was: what is said on the way out of there says nothing about the test.
        Ok(End::Spent) => Ok(()),
        Err(failure) => Err(failure),
    };
    let named = |state: &mut State| state.tasks.iter().any(|task| task.label.name() == settings.cancel);
    if settings.cancel.is_some() && shared.state.with(named) {
        somebody_to_cancel.set(true);
    }
    let recorder =
        shared.state.with(|state| core::mem::replace(&mut state.recorder, Recorder::new(Source::First)));
    Ran { outcome: ended, recorder, polls: executor.polls }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

struct Executor<'s> {
    settings: &'s Settings,
    shared: Arc<Shared>,
    inbox: Rc<LocalInbox>,
    unseen: Rc<Unseen>,
    /// By place; the test itself is 0 and kept apart.
    tasks: Vec<Option<Task>>,
    /// Where wakers are not fresh: the one of each task.
    wakers: Vec<Option<Waker>>,
    polls: u64,
    polls_when_time_moved: u64,
    /// How often nobody was ready and time was about to move.
    pauses: u32,
    /// Set while tasks are polled that nobody woke: who that is, and where everybody stood before.
    probe: Option<Probe>,
}

struct Probe {
    task: String,
    tasks: Vec<TaskReport>,
    timers: Vec<Instant>,
}

/// So many times, when time is about to move, a run may be spent on looking for a lost wake-up.
const PROBED_PAUSES: u32 = 8;

/// How a run came to its end without a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Complete,
    /// It was spent on a look for lost wake-ups, and there was none.
    Spent,
}

impl<'s> Executor<'s> {
    fn new(settings: &'s Settings, shared: Arc<Shared>) -> Self {
        let inbox = Rc::new(LocalInbox { shared: shared.clone(), arrived: RefCell::new(Vec::new()) });
        let (unseen, tasks, wakers) = (Rc::default(), Vec::new(), Vec::new());
        Self {
            settings,
            shared,
            inbox,
            unseen,
            tasks,
            wakers,
            polls: 0,
            polls_when_time_moved: 0,
            pauses: 0,
            probe: None,
        }
    }

    /// Runs until the test itself has ended.
    fn run(&mut self, mut main: Pin<&mut impl Future<Output = ()>>) -> Result<End, FailureKind> {
        while !self.shared.state.with(|state| state.tasks[0].ended) {
            self.admit();
            match self.shared.state.with(|state| next_step(state, self.settings)) {
                Step::Poll { task, poll } => self.poll(task, poll, main.as_mut())?,
                Step::Cancel(task) => self.end(task),
                Step::Idle if self.shared.timers.is_empty() => {
                    self.probe(main.as_mut())?;
                    return Err(FailureKind::Deadlock);
                }
                Step::Idle if self.is_probed_here() => {
                    self.probe(main.as_mut())?;
                    return Ok(End::Spent);
                }
                Step::Idle => self.move_time(),
            }
        }
        Ok(End::Complete)
    }

    /// Asks the tape whether this run is spent on a look for lost wake-ups, now that time is about to move.
    fn is_probed_here(&mut self) -> bool {
        let now = self.shared.state.with(|state| state.now);
        if self.shared.timers.next_deadline().is_none_or(|next| next <= now) {
            return false; // Time does not move: somebody is due at once.
        }
        self.pauses += 1;
        self.pauses <= PROBED_PAUSES && self.shared.state.with(|state| state.recorder.ask(Purpose::Probe))
    }

    /// Makes futures of what has been spawned since the last step.
    fn admit(&mut self) {
        let arrived = self.shared.state.with(|state| core::mem::take(&mut state.arrived));
        for (place, arrived) in arrived {
            let task: Task = match arrived {
                Arrived::Task(task) => task.into_inner(),
                Arrived::Blocking(work) => Box::pin(async move { work.run() }),
            };
            self.put(place, task);
        }
        for (place, task) in self.inbox.arrived.take() {
            self.put(place, task.into_inner());
        }
    }

    fn put(&mut self, place: usize, task: Task) {
        if self.tasks.len() <= place {
            self.tasks.resize_with(place + 1, || None);
        }
        self.tasks[place] = Some(task);
    }

    fn poll(
        &mut self,
        task: usize,
        poll: u32,
        main: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), FailureKind> {
        if self.polls >= self.settings.max_polls {
            let since_time_moved = self.polls - self.polls_when_time_moved;
            return Err(FailureKind::Livelock { polls: self.polls, since_time_moved });
        }
        self.polls += 1;
        let waker = self.waker(task, poll);
        let cx = &mut Context::from_waker(&waker);
        let polled = match self.tasks.get_mut(task).and_then(Option::as_mut) {
            Some(future) => future.as_mut().poll(cx),
            None => {
                debug_assert_eq!(task, 0, "the test itself is the only task without a place");
                main.poll(cx)
            }
        };
        let cancelled = polled.is_pending()
            && self.shared.state.with(|state| is_cancelled_here(state, task, self.settings));
        if polled.is_ready() || cancelled {
            self.end(task);
        }
        self.shared.state.with(|state| state.current = None);
        self.look_for_unseen()
    }

    /// Fails if a task panicked and nobody will ever see it.
    fn look_for_unseen(&self) -> Result<(), FailureKind> {
        match self.unseen.take() {
            Some(panicked) if self.settings.unseen_panics_fail => {
                Err(FailureKind::Panic { message: panicked.message, task: Some(panicked.task) })
            }
            _ => Ok(()),
        }
    }

    fn waker(&mut self, task: usize, poll: u32) -> Waker {
        let make = |poll| Waker::from(Arc::new(SimWaker { shared: self.shared.clone(), task, poll }));
        if self.settings.fresh_wakers {
            return make(Some(poll));
        }
        if self.wakers.len() <= task {
            self.wakers.resize_with(task + 1, || None);
        }
        self.wakers[task].get_or_insert_with(|| make(None)).clone()
    }

    /// Drops a task that is ready or cancelled.
    fn end(&mut self, task: usize) {
        let future = self.tasks.get_mut(task).and_then(Option::take);
        drop(future);
        self.shared.state.with(|state| {
            state.end(task);
            state.current = None;
        });
    }

    /// Goes on to the next deadline.
    fn move_time(&mut self) {
        let Some(next) = self.shared.timers.next_deadline() else { return };
        let now = self.shared.state.with(|state| {
            state.now = state.now.max(next);
            state.now
        });
        self.shared.timers.fire(now);
        self.polls_when_time_moved = self.polls;
    }

    /// Nobody is ready: does a task go on if it is polled all the same? Then a wake-up was lost.
    ///
    /// What follows is no longer what would have happened, so this is the end of the run.
    fn probe(&mut self, mut main: Pin<&mut impl Future<Output = ()>>) -> Result<(), FailureKind> {
        let timers = self.shared.timers.deadlines();
        let (pending, tasks) =
            self.shared.state.with(|state| (state.pending().collect::<Vec<_>>(), state.reports()));
        let stalled = timers.is_empty();
        self.probe = Some(Probe { task: String::new(), tasks, timers });
        for task in pending {
            let (poll, label) =
                self.shared.state.with(|state| (begin(state, task), state.tasks[task].label.to_string()));
            if let Some(probe) = &mut self.probe {
                probe.task.clone_from(&label);
            }
            self.poll(task, poll, main.as_mut())?;
            // At a stall whoever becomes ready shows that something moved. Before a timer only the task itself does: a poll may wake
            // others for reasons of its own.
            let moved = self.shared.state.with(|state| {
                let another = stalled && !state.ready.is_empty();
                state.tasks[task].ended || state.is_woken(task) || another
            });
            let timers = self.probe.as_ref().map(|probe| &probe.timers);
            if moved || timers.is_none_or(|timers| *timers != self.shared.timers.deadlines()) {
                return Err(FailureKind::LostWakeup { task: label });
            }
        }
        Ok(())
    }

    fn explain_panic(&self, panic: Panic) -> FailureKind {
        if let Some(probe) = &self.probe {
            // It went on, if only to a panic.
            return FailureKind::LostWakeup { task: probe.task.clone() };
        }
        let message = panic.downcast_ref::<&str>().map(ToString::to_string);
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        let message = message.unwrap_or_else(|| "a value that is no text".to_string());
        let task = self.shared.state.with(|state| {
            state.current.filter(|task| *task != 0).map(|task| state.tasks[task].label.to_string())
        });
        FailureKind::Panic { message, task }
    }

    fn fail(&self, kind: FailureKind) -> Box<Failure> {
        let now_waiting =
            || (self.shared.state.with(|state| state.reports()), self.shared.timers.deadlines());
        let before_probe = self.probe.as_ref().map(|probe| (probe.tasks.clone(), probe.timers.clone()));
        let (tasks, timers) = before_probe.unwrap_or_else(now_waiting);
        self.shared.state.with(|state| {
            let (tape, now) = (state.recorder.tape(), state.now);
            Box::new(Failure { kind, tape, shrunk: None, seed: None, schedules: 0, now, tasks, timers })
        })
    }

    /// Drops what is left: the test itself, what never began, then tasks, newest first. What their `Drop` spawns is refused. Gives
    /// the first panic; each is dropped by itself, so that two that panic do not end the process.
    fn finish<M>(&mut self, main: M) -> Result<(), Panic> {
        let unseen = self.shared.state.with(|state| {
            state.closed = true;
            state.current = None;
            core::mem::take(&mut state.arrived)
        });
        let mut first = Ok(());
        let mut end = |outcome: Result<(), Panic>| match (&first, outcome) {
            (Ok(()), outcome) => first = outcome,
            (Err(_), Err(panic)) => unwind::discard(panic),
            (Err(_), Ok(())) => {}
        };
        end(unwind::catch(|| drop(main)));
        unseen.into_iter().for_each(|task| end(unwind::catch(|| drop(task))));
        self.inbox.arrived.take().into_iter().for_each(|task| end(unwind::catch(|| drop(task))));
        while let Some(task) = self.tasks.pop() {
            end(unwind::catch(|| drop(task)));
        }
        first
    }
}
