//! The cases themselves: each is given a runtime that breaks its promise, in a way in which one was broken somewhere, and must see it.

use super::in_a_simulation;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError};
use untether::testing::conformance::{self, shutdown};
use untether::testing::sim::Sim;
use untether::time::{Clock, DriverSleep, Instant, Timer};

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum How {
    /// Its clock steps back now and then.
    StepsBack,
    /// It rounds to whole milliseconds, down.
    Early,
    /// A sleep counts from its first poll.
    CountsLate,
    /// The first poll is never ready, as tokio's.
    YieldsFirst,
    /// It counts milliseconds in 32 bits, as a browser does.
    Wraps,
    /// What is polled after its end never ends, as async-io's.
    Unfused,
    /// A sleep stays where it was.
    IgnoresReset,
    /// A dropped sleep stays registered.
    ForgetsDrop,
    /// The waker of the first poll is woken.
    FirstWaker,
    /// Who is to wait longest is served first.
    LastFirst,
    /// A task is dropped instead of run, as by a handle that nobody detached.
    DropsWork,
    /// A task is polled once.
    PollsOnce,
    /// A task is neither run nor dropped.
    ForgetsWork,
}

#[derive(Clone)]
struct Broken {
    sim: Sim,
    how: How,
}

impl Clock for Broken {
    fn now(&self) -> Instant {
        let now = self.sim.now();
        let steps_back = self.how == How::StepsBack && now.as_nanos() / 1_000_000 % 80 >= 40;
        now.saturating_sub(Duration::from_secs(steps_back.into()))
    }
}

struct BrokenSleep {
    how: How,
    sim: Sim,
    inner: Option<DriverSleep<Sim>>,
    duration: Duration,
    first_poll: bool,
    ended: bool,
    first_waker: Option<Waker>,
}

impl Drop for BrokenSleep {
    fn drop(&mut self) {
        if self.how == How::ForgetsDrop {
            std::mem::forget(self.inner.take());
        }
    }
}

impl Future for BrokenSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let inner = this.inner.as_mut().expect("it was not dropped");
        let first_poll = std::mem::take(&mut this.first_poll);
        match this.how {
            How::CountsLate if first_poll => inner.reset(this.sim.now().saturating_add(this.duration)),
            How::YieldsFirst if first_poll => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            How::Unfused if this.ended => return Poll::Pending,
            _ => {}
        }
        let first_waker = this.first_waker.get_or_insert_with(|| cx.waker().clone());
        let waker = if this.how == How::FirstWaker { first_waker } else { cx.waker() };
        let polled = Pin::new(inner).poll(&mut Context::from_waker(waker));
        this.ended |= polled.is_ready();
        polled
    }
}

impl Timer for Broken {
    type Sleep = BrokenSleep;

    fn sleep_until(&self, deadline: Instant) -> BrokenSleep {
        let now = self.sim.now();
        let duration = deadline.saturating_duration_since(now);
        let at = match self.how {
            How::Early => Instant::from_nanos(deadline.as_nanos() / 1_000_000 * 1_000_000),
            How::Wraps if duration > Duration::from_millis(u32::MAX.into()) => now,
            How::LastFirst if (1..200).contains(&duration.as_millis()) => {
                now.saturating_add(Duration::from_millis(200).saturating_sub(duration))
            }
            _ => deadline,
        };
        let (inner, sim) = (Some(self.sim.sleep_until(at)), self.sim.clone());
        BrokenSleep { how: self.how, sim, inner, duration, first_poll: true, ended: false, first_waker: None }
    }

    fn reset(&self, mut sleep: Pin<&mut BrokenSleep>, deadline: Instant) {
        if self.how != How::IgnoresReset {
            sleep.set(self.sleep_until(deadline));
        }
    }
}

impl Spawn for Broken {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        match self.how {
            How::DropsWork => drop(task),
            How::ForgetsWork => std::mem::forget(task),
            How::PollsOnce => self.sim.spawn(async move {
                let mut task = task;
                std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut task).poll(cx))).await.is_ready();
                std::future::pending::<()>().await;
            })?,
            _ => self.sim.spawn_boxed(task)?,
        }
        Ok(())
    }
}

impl SpawnBlocking for Broken {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        match self.how {
            How::DropsWork => drop(work),
            How::ForgetsWork => std::mem::forget(work),
            _ => self.sim.spawn_blocking_boxed(work)?,
        }
        Ok(())
    }
}

fn panics(body: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

macro_rules! sees {
    ($($module:ident { $($case:ident: $($how:ident),+;)+ })+) => {$(
        mod $module {
            use super::*;
            $(#[test]
            fn $case() {
                $(assert!(
                    panics(|| in_a_simulation(|sim| conformance::$module::$case(Broken { sim, how: How::$how }))),
                    "{:?} passes",
                    How::$how
                );)+
            })+
        }
    )+};
}

sees! {
    timer {
        the_clock_never_steps_back: StepsBack;
        a_sleep_is_never_early: Early;
        a_sleep_counts_from_the_call_that_made_it: CountsLate, YieldsFirst;
        a_deadline_that_has_passed_is_ready_at_the_first_poll: YieldsFirst;
        a_sleep_of_no_time_is_ready_at_the_first_poll: YieldsFirst;
        the_longest_sleep_never_ends: Wraps;
        a_sleep_until_never_never_ends: Wraps;
        deadlines_in_the_far_future_are_no_trouble: Wraps;
        ready_stays_ready: Unfused;
        reset_before_the_first_poll_moves_the_deadline: IgnoresReset;
        reset_to_later_moves_a_sleep_that_waits: IgnoresReset;
        reset_to_sooner_moves_a_sleep_that_waits: IgnoresReset;
        reset_to_the_past_makes_it_ready: IgnoresReset, YieldsFirst;
        reset_after_the_end_begins_anew: IgnoresReset, Unfused;
        reset_to_never_and_back: IgnoresReset, Wraps;
        a_dropped_sleep_wakes_nobody: ForgetsDrop;
        the_waker_of_the_last_poll_is_woken: FirstWaker;
        sleeps_end_in_the_order_of_their_deadlines: LastFirst;
        a_thousand_sleeps_at_once: Early;
        a_timeout_ends_what_is_late_and_nothing_else: Wraps;
        a_sleep_may_be_polled_on_another_thread: FirstWaker;
        an_erased_timer_keeps_the_promises: Early, Unfused, IgnoresReset, ForgetsDrop;
    }
    spawn {
        a_task_gives_its_result: DropsWork, PollsOnce, ForgetsWork;
        a_task_without_a_handle_runs: DropsWork, PollsOnce, ForgetsWork;
        dropping_the_handle_drops_the_future: PollsOnce, ForgetsWork;
        a_detached_task_runs_on: DropsWork, PollsOnce, ForgetsWork;
        abort_wakes_a_task_that_waits: PollsOnce, ForgetsWork;
        abort_before_the_first_poll_drops_the_future: ForgetsWork;
        cancel_ends_when_the_future_is_gone: PollsOnce, ForgetsWork;
        a_panic_comes_back_to_who_awaits: DropsWork, PollsOnce, ForgetsWork;
        a_panic_of_a_detached_task_harms_nobody: DropsWork, PollsOnce, ForgetsWork;
        a_task_may_start_tasks: DropsWork, ForgetsWork;
        a_wake_from_another_thread_arrives: DropsWork, PollsOnce, ForgetsWork;
        a_task_that_yields_lets_others_run: PollsOnce;
        a_thousand_tasks_all_end: DropsWork, PollsOnce, ForgetsWork;
        an_erased_runtime_starts_tasks: DropsWork, PollsOnce, ForgetsWork;
    }
    blocking {
        a_closure_gives_its_result: DropsWork, ForgetsWork;
        a_closure_without_a_handle_runs: DropsWork, ForgetsWork;
        a_panic_comes_back_to_who_awaits: DropsWork, ForgetsWork;
        a_panic_without_a_handle_harms_nobody: DropsWork, ForgetsWork;
        a_burst_is_run_or_handed_back: DropsWork, ForgetsWork;
    }
}

#[test]
fn shutdown_sees_a_task_that_is_neither_run_nor_dropped() {
    let leave = || in_a_simulation(|sim| shutdown::leave_a_task(Broken { sim, how: How::ForgetsWork }));
    assert!(panics(|| shutdown::a_task_alive_at_the_end_is_dropped_and_reported_as_cancelled(leave())));
    assert!(panics(|| shutdown::a_task_for_a_runtime_that_ended_is_refused_or_dropped(leave())));
}
