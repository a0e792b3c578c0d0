//! The loop of a run: who is polled, and when time moves.

use super::handle::Sim;
use super::kind::FailureKind;
use super::local::LocalInbox;
use super::probing::Probe;
use super::purpose::Purpose;
use super::settings::Settings;
use super::shared::{Arrived, Shared, SimWaker, State, Who, start};
use super::steps::{Step, is_cancelled_here, next_step};
use crate::spawn::BoxBlocking;
use crate::sys::unseen::Unseen;
use crate::time::{Instant, Timer, WakeQueue};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::pin::Pin;
use core::task::{Context, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

pub(super) struct Executor<'s> {
    pub(super) settings: &'s Settings,
    pub(super) shared: Arc<Shared>,
    pub(super) inbox: Rc<LocalInbox>,
    pub(super) unseen: Rc<Unseen>,
    /// By place; the test itself is 0 and kept apart.
    pub(super) tasks: Vec<Option<Task>>,
    /// Where wakers are not fresh: the one of each task.
    wakers: Vec<Option<Waker>>,
    pub(super) polls: u64,
    polls_when_time_moved: u64,
    /// How often nobody was ready since the last poll.
    idles: u64,
    /// How often nobody was ready and time was about to move.
    pub(super) pauses: u32,
    /// Set while tasks are polled that nobody woke: who that is, and where everybody stood before.
    pub(super) probe: Option<Probe>,
}

/// How a run came to its end without a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Complete,
    /// It was spent on a look for lost wake-ups, and there was none.
    Spent,
}

/// A blocking closure that takes some time.
async fn take_a_while(sim: Sim, work: BoxBlocking) {
    let max = sim.0.faults.blocking;
    let takes = sim.0.state.with(|state| state.recorder.delay(Purpose::Blocking, max));
    sim.sleep(takes).await;
    work.run();
}

impl<'s> Executor<'s> {
    pub(super) fn new(settings: &'s Settings, shared: Arc<Shared>) -> Self {
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
            idles: 0,
            pauses: 0,
            probe: None,
        }
    }

    /// Runs until the test itself has ended.
    pub(super) fn run(&mut self, mut main: Pin<&mut impl Future<Output = ()>>) -> Result<End, FailureKind> {
        while let Some(step) = self.next(|state| !state.tasks[0].ended) {
            match step {
                Step::Poll { task, poll } => self.poll(task, poll, main.as_mut())?,
                Step::Cancel(task) => self.end(task),
                Step::Idle => {
                    if let Some(end) = self.pause(main.as_mut())? {
                        return Ok(end);
                    }
                }
            }
        }
        if self.settings.leaks_fail {
            self.settle(main)?;
        }
        Ok(End::Complete)
    }

    /// Nobody is ready: wakes whoever is to be woken now, or lets the time move.
    fn pause(&mut self, main: Pin<&mut impl Future<Output = ()>>) -> Result<Option<End>, FailureKind> {
        if self.wake_due()? {
            return Ok(None);
        }
        if self.shared.timers.is_empty() {
            self.probe(main)?;
            return Err(FailureKind::Deadlock);
        }
        if self.shared.state.with(|state| state.holds > 0) {
            self.probe(main)?;
            return Err(FailureKind::TimeHeld);
        }
        if self.is_probed_here() {
            self.probe(main)?;
            return Ok(Some(End::Spent));
        }
        self.move_time()?;
        Ok(None)
    }

    /// After the end of the test: lets everybody run who is ready. Who is alive then is a leak.
    fn settle(&mut self, mut main: Pin<&mut impl Future<Output = ()>>) -> Result<(), FailureKind> {
        while let Some(step) = self.next(|_| true) {
            match step {
                Step::Poll { task, poll } => match self.poll(task, poll, main.as_mut()) {
                    // It will never end.
                    Err(FailureKind::Livelock { .. }) => break,
                    polled => polled?,
                },
                Step::Cancel(task) => self.end(task),
                Step::Idle if self.wake_due()? => {}
                Step::Idle => break,
            }
        }
        let alive =
            |state: &mut State| state.pending().map(|task| state.tasks[task].label.to_string()).collect();
        let tasks: Vec<String> = self.shared.state.with(alive);
        if tasks.is_empty() { Ok(()) } else { Err(FailureKind::TaskLeak { tasks }) }
    }

    /// Wakes those who are due without time moving, or else those who wait until nobody is ready. `false` if there is nobody.
    fn wake_due(&mut self) -> Result<bool, FailureKind> {
        self.idles += 1;
        if self.idles > self.settings.max_polls {
            // Wakers of nobody here, which come back whenever they are woken.
            return Err(self.livelock());
        }
        let now = self.shared.state.with(|state| state.now);
        if self.shared.timers.next_deadline().is_some_and(|next| next <= now) {
            self.fire(Who::Timer, &self.shared.timers, now);
        } else if !self.shared.idle.is_empty() {
            self.fire(Who::Idle, &self.shared.idle, now);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn fire(&self, who: Who, queue: &WakeQueue, now: Instant) {
        self.shared.state.with(|state| state.mover = who);
        queue.fire(now);
        self.shared.state.with(|state| state.mover = Who::Outside);
    }

    /// The next step, if the run goes on. Makes futures of what was spawned in the last one.
    fn next(&mut self, goes_on: impl FnOnce(&State) -> bool) -> Option<Step> {
        let (arrived, step) = self.shared.state.with(|state| {
            let step = goes_on(state).then(|| next_step(state, self.settings));
            (core::mem::take(&mut state.arrived), step)
        });
        self.admit(arrived);
        step
    }

    fn admit(&mut self, arrived: Vec<(usize, Arrived)>) {
        for (place, arrived) in arrived {
            let task: Task = match arrived {
                Arrived::Task(task) => task.into_inner(),
                Arrived::Blocking(work) if self.shared.faults.blocking.is_zero() => {
                    Box::pin(async move { work.run() })
                }
                Arrived::Blocking(work) => Box::pin(take_a_while(Sim(self.shared.clone()), work)),
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

    pub(super) fn poll(
        &mut self,
        task: usize,
        poll: u32,
        main: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), FailureKind> {
        if self.polls >= self.settings.max_polls {
            return Err(self.livelock());
        }
        self.polls += 1;
        self.idles = 0;
        let waker = self.waker(task, poll);
        let cx = &mut Context::from_waker(&waker);
        let polled = match self.tasks.get_mut(task).and_then(Option::as_mut) {
            Some(future) => future.as_mut().poll(cx),
            None => {
                debug_assert_eq!(task, 0, "the test itself is the only task without a place");
                main.poll(cx)
            }
        };
        let ends = polled.is_ready()
            || self.shared.state.with(|state| {
                let cancelled = is_cancelled_here(state, task, self.settings);
                // The drop of a cancelled task is still its own doing.
                state.current = state.current.filter(|_| cancelled);
                cancelled
            });
        if ends {
            self.end(task);
        }
        self.look_for_unseen()
    }

    fn livelock(&self) -> FailureKind {
        FailureKind::Livelock { polls: self.polls, since_time_moved: self.polls - self.polls_when_time_moved }
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
    fn move_time(&mut self) -> Result<(), FailureKind> {
        let Some(next) = self.shared.timers.next_deadline() else { return Ok(()) };
        if let Some(limit) = self.settings.max_time.filter(|limit| next > start().saturating_add(*limit)) {
            return Err(FailureKind::TimeLimit { limit });
        }
        self.shared.state.with(|state| state.now = next);
        self.polls_when_time_moved = self.polls;
        self.fire(Who::Timer, &self.shared.timers, next);
        Ok(())
    }
}
