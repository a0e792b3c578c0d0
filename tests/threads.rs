//! The runtime of plain threads, in real time: lower bounds are exact, upper bounds are only there to end a test that hangs.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_methods, reason = "a second clock, to catch the first one lying")]
#![expect(clippy::disallowed_types, reason = "threads of these tests share std's mutex")]

extern crate alloc;

use alloc::sync::Arc;
use core::cell::Cell;
use core::error::Error;
use core::future::{pending, poll_fn, ready};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Instant as StdInstant;
use untether::rt::local::Local;
use untether::rt::threads::{Handle, Threads, block_on};
use untether::spawn::{
    AnyRuntime, BoxTask, Parts, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind, SpawnExt, Task, yield_now,
};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether::time::{Clock, Driver, Instant, Timer, WakeKey};
use untether_support::Hooks;

/// How long a test waits for what must come, before it says that it does not.
const PATIENCE: Duration = Duration::from_secs(30);

const MS: Duration = Duration::from_millis(1);

fn threads() -> Threads {
    Threads::new().unwrap()
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = StdInstant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(MS);
    }
}

/// Sends when it is dropped.
struct TellDrop(mpsc::Sender<()>);

impl Drop for TellDrop {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

fn message(panic: &(dyn core::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}

mod sleeping {
    use super::*;

    #[test]
    fn a_sleep_is_never_early_on_its_own_clock_nor_on_the_machines() {
        block_on(async |rt| {
            for micros in [1, 50, 999, 1_000, 1_001, 3_333, 10_000, 20_000] {
                let length = Duration::from_micros(micros);
                let (own, machine) = (rt.now(), StdInstant::now());
                rt.sleep(length).await;
                assert!(machine.elapsed() >= length, "{length:?}");
                assert!(rt.now() >= own.saturating_add(length), "{length:?}");
            }
        });
    }

    #[test]
    fn zero_and_a_past_deadline_are_ready_at_the_first_poll() {
        let timer = threads();
        Probe::new(timer.sleep(Duration::ZERO)).assert_ready();
        Probe::new(timer.sleep_until(timer.now())).assert_ready();
        let mut past = Probe::new(timer.sleep_until(Instant::from_nanos(0)));
        past.assert_ready();
        past.assert_ready();
        assert_eq!(past.wakes(), 0);
    }

    #[test]
    fn never_registers_nothing() {
        let timer = threads();
        let clones = Arc::new(AtomicUsize::new(0));
        let count = clones.clone();
        let waker = Hooks::new().on_clone(move || _ = count.fetch_add(1, Ordering::Relaxed)).waker();
        for mut sleep in [timer.sleep_until(Instant::FAR_FUTURE), timer.sleep(Duration::MAX)].map(Probe::new)
        {
            assert!(sleep.poll_with(&waker).is_pending());
        }
        assert_eq!(clones.load(Ordering::Relaxed), 0);
        // Just before never: registered, and the timer thread bears it.
        let mut almost = Probe::new(timer.sleep_until(Instant::from_nanos(u64::MAX - 1)));
        assert!(almost.poll_with(&waker).is_pending());
        assert_eq!(clones.load(Ordering::Relaxed), 1);
        timer.block_on(async |rt| rt.sleep(MS).await);
        assert!(almost.poll().is_pending());
    }

    #[test]
    fn a_reset_before_the_end_moves_it_both_ways() {
        block_on(async |rt| {
            // Later: registered for the near deadline first.
            let (start, mut sleep) = (StdInstant::now(), Box::pin(rt.sleep(2 * MS)));
            poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
            rt.reset(sleep.as_mut(), rt.now().saturating_add(30 * MS));
            sleep.await;
            assert!(start.elapsed() >= 30 * MS);
            // Earlier: if it were not moved, this test would hang for an hour.
            let mut sleep = Box::pin(rt.sleep(Duration::from_secs(3_600)));
            poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
            rt.reset(sleep.as_mut(), rt.now().saturating_add(2 * MS));
            sleep.as_mut().await;
            // To never, and back.
            rt.reset(sleep.as_mut(), rt.now().saturating_add(5 * MS));
            poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
            rt.reset(sleep.as_mut(), Instant::FAR_FUTURE);
            rt.sleep(10 * MS).await;
            assert!(Probe::new(sleep.as_mut()).poll().is_pending());
            rt.reset(sleep.as_mut(), Instant::from_nanos(0));
            sleep.await;
        });
    }

    #[test]
    fn a_reset_after_the_end_begins_anew() {
        block_on(async |rt| {
            let mut sleep = Box::pin(rt.sleep(MS));
            sleep.as_mut().await;
            sleep.as_mut().await;
            for _ in 0..3 {
                let start = StdInstant::now();
                rt.reset(sleep.as_mut(), rt.now().saturating_add(3 * MS));
                sleep.as_mut().await;
                assert!(start.elapsed() >= 3 * MS);
            }
        });
    }

    #[test]
    fn a_sleep_dropped_before_and_after_it_registered_lets_go_of_the_waker_and_wakes_nobody() {
        let timer = threads();
        let (tell, told) = mpsc::channel();
        let tell = TellDrop(tell);
        let woken = CountingWaker::new();
        let count = woken.waker();
        let waker = HookWaker::new().on_wake(move || count.wake_by_ref()).on_drop(move || drop(tell)).waker();
        drop(timer.sleep(MS));
        let mut sleep = Probe::new(timer.sleep(Duration::from_secs(3_600)));
        assert!(sleep.poll_with(&waker).is_pending());
        drop(waker);
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty), "it is registered");
        drop(sleep);
        assert_eq!(told.try_recv(), Ok(()), "dropped with the sleep, on this thread");
        assert_eq!(woken.wakes(), 0);
    }

    #[test]
    fn a_sleep_goes_on_on_another_thread_and_wakes_who_polled_it_last() {
        let timer = threads();
        let start = StdInstant::now();
        let mut sleep = Box::pin(timer.sleep(50 * MS));
        let _ = sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        thread::spawn(move || timer.block_on(async |_| sleep.await)).join().unwrap();
        assert!(start.elapsed() >= 50 * MS);
    }

    #[test]
    fn the_waker_of_an_earlier_poll_is_not_woken() {
        let timer = threads();
        let mut sleep = Probe::new(timer.sleep(Duration::from_secs(3_600)));
        let (first, last) = (CountingWaker::new(), CountingWaker::new());
        assert!(sleep.poll_with(&first.waker()).is_pending());
        assert!(sleep.poll_with(&last.waker()).is_pending());
        timer.reset(sleep.get_mut(), timer.now().saturating_add(5 * MS));
        while sleep.poll_with(&last.waker()).is_pending() {
            wait_for("the last waker", || last.wakes() > 0);
        }
        assert_eq!(first.wakes(), 0);
    }

    #[test]
    fn ten_thousand_sleeps_at_once_fire_in_the_order_of_their_deadlines() {
        const COUNT: usize = 10_000;
        // All are registered before the first is due, or the test begins again with more room.
        for lead in [500, 2_000, 10_000].map(Duration::from_millis) {
            let timer = threads();
            let base = timer.now().saturating_add(lead);
            let (tell, told) = mpsc::channel();
            let sleeps: Vec<_> = (0..COUNT)
                .map(|step| {
                    // Spread by a step that is prime to the count, two to a deadline; equal ones in order of registration.
                    let place = step * 7_919 % COUNT;
                    let tell = tell.clone();
                    let waker =
                        HookWaker::new().on_wake(move || tell.send((place / 2, step)).unwrap()).waker();
                    let at = base.saturating_add(Duration::from_micros(place as u64 / 2));
                    let mut sleep = Probe::new(timer.sleep_until(at));
                    assert!(sleep.poll_with(&waker).is_pending() || timer.now() >= base);
                    sleep
                })
                .collect();
            if timer.now() >= base {
                continue;
            }
            let fired: Vec<_> = (0..COUNT).map(|_| told.recv_timeout(PATIENCE).unwrap()).collect();
            assert!(timer.now() >= base.saturating_add(Duration::from_micros(COUNT as u64 / 2 - 1)));
            assert!(fired.is_sorted(), "by deadline, then by arrival");
            sleeps.into_iter().for_each(|mut sleep| sleep.assert_ready());
            return;
        }
        panic!("this machine cannot register {COUNT} sleeps in ten seconds");
    }

    #[test]
    fn a_waker_that_panics_does_not_end_the_timer_thread() {
        let timer = threads();
        let (tell, told) = mpsc::channel();
        // All at the same moment, so that they are fired in one go.
        let at = timer.now().saturating_add(20 * MS);
        for _ in 0..3 {
            let tell = tell.clone();
            let waker = HookWaker::new().on_wake(move || {
                tell.send(()).unwrap();
                panic!("on purpose");
            });
            timer.schedule_wake(at, &mut WakeKey::new(), &waker.waker());
        }
        timer.block_on(async |rt| rt.sleep_until(at).await);
        (0..3).for_each(|_| told.recv_timeout(PATIENCE).unwrap());
        timer.block_on(async |rt| rt.sleep(5 * MS).await);
    }

    #[test]
    fn a_sleep_outlives_every_other_handle_of_its_timer() {
        let sleep = threads().sleep(5 * MS);
        block_on(async |_| sleep.await);
    }

    #[test]
    fn sleeps_of_many_threads_on_one_timer_all_end() {
        let timer = threads();
        let helpers: Vec<_> = (0..8_u32)
            .map(|n| {
                let timer = timer.clone();
                thread::spawn(move || {
                    for round in 0..20 {
                        let start = StdInstant::now();
                        let length = Duration::from_micros(u64::from(n * 37 + round * 11));
                        timer.block_on(async |rt| rt.sleep(length).await);
                        assert!(start.elapsed() >= length);
                    }
                })
            })
            .collect();
        helpers.into_iter().for_each(|helper| helper.join().unwrap());
    }

    #[test]
    fn moments_of_two_timers_and_of_std_agree() {
        let (one, other) = (threads(), threads());
        let moments = [one.now(), other.now(), Threads::from_std(StdInstant::now()), one.now()];
        assert!(moments.is_sorted(), "{moments:?}");
        let there_and_back = Threads::to_std(moments[1]).map(Threads::from_std);
        assert_eq!(there_and_back, Some(moments[1]));
        assert_eq!(Threads::to_std(Instant::FAR_FUTURE), None);
    }
}

mod blocking_on {
    use super::*;

    #[test]
    fn it_returns_the_value_also_one_that_is_not_send() {
        let local = "borrowed".to_string();
        assert_eq!(*block_on(async |_| Rc::new(local.as_str())), "borrowed");
    }

    #[test]
    fn tasks_run_on_the_thread_that_called_it() {
        let here = thread::current().id();
        let there = block_on(async |rt| {
            let spawning_elsewhere = thread::spawn(move || rt.spawn_task(async { thread::current().id() }));
            let far = spawning_elsewhere.join().unwrap().unwrap();
            far.await.unwrap()
        });
        assert_eq!(there, here);
    }

    #[test]
    fn a_task_spawned_from_a_thread_wakes_a_block_on_that_is_parked() {
        let (tell, told) = mpsc::channel();
        let helper = block_on(async |rt| {
            let waker = Arc::new(Mutex::new(None::<Waker>));
            let shared = waker.clone();
            let helper = thread::spawn(move || {
                // By then it is very likely parked; if it is not, the test is as good.
                thread::sleep(20 * MS);
                let wake = async move {
                    tell.send(thread::current().id()).unwrap();
                    shared.lock().unwrap().take().unwrap().wake();
                };
                rt.spawn(wake).unwrap();
            });
            let mut polled = false;
            poll_fn(|cx| {
                *waker.lock().unwrap() = Some(cx.waker().clone());
                if core::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            helper
        });
        helper.join().unwrap();
        assert_eq!(told.try_recv().unwrap(), thread::current().id());
    }

    #[test]
    fn tasks_that_are_left_are_dropped_before_it_returns_and_later_ones_are_refused() {
        let (tell, told) = mpsc::channel();
        let (rt, left) = block_on(async |rt: Handle| {
            let guards = [TellDrop(tell.clone()), TellDrop(tell.clone())];
            let [polled, unseen] = guards.map(|guard| async move {
                let _guard = guard;
                pending::<()>().await;
            });
            let polled = rt.spawn_task(polled).unwrap();
            yield_now().await;
            (rt.clone(), [polled, rt.spawn_task(unseen).unwrap()])
        });
        assert_eq!(told.try_iter().count(), 2);
        assert!(left.iter().all(Task::is_finished));
        let error = rt.spawn_task(async { 7 }).unwrap_err();
        assert_eq!(error.kind(), SpawnErrorKind::Shutdown);
        let refused = error.into_task();
        block_on(async |rt| {
            rt.spawn_boxed(refused.task).unwrap();
            assert_eq!(refused.handle.await.unwrap(), 7);
        });
        // Time and closures go on with a handle that is left.
        block_on(async |_| {
            rt.sleep(MS).await;
            assert_eq!(rt.spawn_blocking_task(|| 8).unwrap().await.unwrap(), 8);
        });
    }

    #[test]
    fn a_nested_call_panics_and_says_what_to_write() {
        let panic = catch_unwind(|| block_on(async |_| block_on(async |_| ()))).unwrap_err();
        let text = message(&*panic);
        assert!(text.contains("`.await`") && text.contains("`spawn_blocking`"), "{text}");
        // On another `Threads` it is as wrong.
        let outer = threads();
        let panic =
            catch_unwind(AssertUnwindSafe(|| outer.block_on(async |_| threads().block_on(async |_| ()))));
        assert!(panic.is_err());
        assert_eq!(block_on(async |_| 3), 3, "the thread is none the worse");
    }

    #[test]
    fn a_nested_call_in_a_task_panics_there_and_spares_the_others() {
        block_on(async |rt| {
            let nested = rt.spawn_task(async { block_on(async |_| 1) }).unwrap();
            let sibling = rt.spawn_task(async { 2 }).unwrap();
            let error = nested.await.unwrap_err();
            assert!(error.panic_message().is_some_and(|text| text.contains("`spawn_blocking`")), "{error}");
            assert_eq!(sibling.await.unwrap(), 2);
        });
    }

    #[test]
    fn a_call_from_a_blocking_closure_works() {
        let sum = block_on(async |rt| {
            let here = rt.clone();
            let nested = rt.spawn_blocking_task(move || {
                block_on(async |inner| {
                    let task = inner.spawn_task(async { 20 }).unwrap();
                    // And the outer one, which is alive, still takes tasks.
                    here.spawn_task(async { 22 }).unwrap().await.unwrap() + task.await.unwrap()
                })
            });
            nested.unwrap().await.unwrap()
        });
        assert_eq!(sum, 42);
    }

    #[test]
    fn a_panic_of_the_body_goes_on_and_the_thread_can_block_again() {
        let timer = threads();
        for _ in 0..2 {
            let panic = catch_unwind(AssertUnwindSafe(|| {
                timer.block_on(async |rt| {
                    rt.sleep(MS).await;
                    panic!("the body");
                });
            }));
            assert_eq!(message(&*panic.map(|()| unreachable!()).unwrap_err()), "the body");
        }
        assert_eq!(timer.block_on(async |_| 1), 1);
    }

    #[test]
    fn several_calls_at_once_share_timer_and_pool_and_keep_their_tasks_apart() {
        let timer = threads();
        let callers: Vec<_> = (0..6_u64)
            .map(|n| {
                let timer = timer.clone();
                thread::spawn(move || {
                    timer.block_on(async |rt: Handle| {
                        let me = thread::current().id();
                        for round in 0..20 {
                            let clock = rt.clone();
                            let task = rt.spawn_task(async move {
                                clock.sleep(Duration::from_micros(n * round)).await;
                                thread::current().id()
                            });
                            let work = rt.spawn_blocking_task(move || n).unwrap();
                            assert_eq!((task.unwrap().await.unwrap(), work.await.unwrap()), (me, n));
                        }
                    });
                })
            })
            .collect();
        callers.into_iter().for_each(|caller| caller.join().unwrap());
    }

    #[test]
    fn a_foreign_unpark_does_no_harm() {
        let me = thread::current();
        let stop = Arc::new(AtomicBool::new(false));
        let until = stop.clone();
        let noise = thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                me.unpark();
                thread::yield_now();
            }
        });
        let polls = Cell::new(0);
        block_on(async |rt| {
            let mut sleep = Box::pin(rt.sleep(10 * MS));
            poll_fn(|cx| {
                polls.set(polls.get() + 1);
                sleep.as_mut().poll(cx)
            })
            .await;
        });
        stop.store(true, Ordering::Relaxed);
        noise.join().unwrap();
        assert!(polls.get() <= 2, "polled for its own wakes only: {polls:?}");
    }

    #[test]
    fn local_tasks_run_by_pairing_it_with_a_local() {
        let sum = block_on(async |rt| {
            let mut local = Local::new();
            let here = Parts { timer: rt.clone(), spawn: local.local_spawner() };
            let clock = rt.clone();
            let task = here.spawn_local_task(async move {
                let held = Rc::new(4);
                clock.sleep(MS).await;
                *held
            });
            local.run_until(task.unwrap()).await.unwrap()
        });
        assert_eq!(sum, 4);
    }
}

mod pool {
    use super::*;

    #[test]
    fn no_more_closures_run_at_once_than_there_are_threads() {
        let timer = Threads::builder().blocking_threads(3).build().unwrap();
        let running = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let (tell, told) = mpsc::channel();
        for _ in 0..60 {
            let (running, tell) = (running.clone(), tell.clone());
            let work = move || {
                let now = running.0.fetch_add(1, Ordering::SeqCst) + 1;
                running.1.fetch_max(now, Ordering::SeqCst);
                thread::sleep(MS);
                running.0.fetch_sub(1, Ordering::SeqCst);
                tell.send(thread::current().id()).unwrap();
            };
            timer.spawn_blocking(work).unwrap();
        }
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..60 {
            let id = format!("{:?}", told.recv_timeout(PATIENCE).unwrap());
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        assert!((1..=3).contains(&ids.len()), "{ids:?}");
        assert!(running.1.load(Ordering::SeqCst) <= 3);
    }

    /// Waits until `count` threads are here at the same time; not for ever.
    fn rendezvous(met: &AtomicUsize, count: usize) -> bool {
        met.fetch_add(1, Ordering::SeqCst);
        let start = StdInstant::now();
        while met.load(Ordering::SeqCst) < count && start.elapsed() < PATIENCE / 6 {
            thread::yield_now();
        }
        met.load(Ordering::SeqCst) >= count
    }

    /// Closures that wait for each other, all of them: they end only if each has a thread of its own.
    fn meet(timer: &Threads, count: usize) {
        let (tell, told) = mpsc::channel();
        let met = Arc::new(AtomicUsize::new(0));
        for _ in 0..count {
            let (tell, met) = (tell.clone(), met.clone());
            timer.spawn_blocking(move || tell.send(rendezvous(&met, count)).unwrap()).unwrap();
        }
        for _ in 0..count {
            assert!(told.recv_timeout(PATIENCE).unwrap(), "a thread was idle while a closure waited");
        }
    }

    #[test]
    fn as_many_closures_run_at_once_as_there_are_threads() {
        for _ in 0..20 {
            meet(&Threads::builder().blocking_threads(3).build().unwrap(), 3);
        }
    }

    #[test]
    fn closures_that_come_together_are_taken_by_all_the_idle_threads() {
        let timer = Threads::builder().blocking_threads(3).build().unwrap();
        meet(&timer, 3);
        for _ in 0..200 {
            wait_for("three idle threads", || timer.stats().idle == 3);
            meet(&timer, 3);
        }
    }

    #[test]
    fn closures_that_come_from_two_threads_at_once_are_not_left_to_one() {
        for _ in 0..1_000 {
            let timer = Threads::builder().blocking_threads(2).build().unwrap();
            let met = Arc::new(AtomicUsize::new(0));
            let start_line = std::sync::Barrier::new(2);
            let (tell, told) = mpsc::channel();
            let push = || {
                let (tell, met) = (tell.clone(), met.clone());
                start_line.wait();
                let work = move || tell.send(rendezvous(&met, 2)).unwrap();
                timer.spawn_blocking(work).unwrap();
            };
            thread::scope(|scope| {
                scope.spawn(push);
                push();
            });
            for _ in 0..2 {
                assert!(told.recv_timeout(PATIENCE).unwrap(), "a second thread was never started");
            }
        }
    }

    /// A closure that runs until the sender is dropped.
    fn occupy(timer: &Threads) -> mpsc::Sender<()> {
        let (release, released) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let work = move || {
            tell.send(()).unwrap();
            let _ = released.recv();
        };
        timer.spawn_blocking(work).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
        release
    }

    #[test]
    fn one_closure_more_than_the_queue_holds_is_refused_as_full_and_handed_back() {
        let timer = Threads::builder().blocking_threads(2).blocking_queue(2).build().unwrap();
        let occupied = [occupy(&timer), occupy(&timer)];
        let waiting = [1, 2].map(|n| timer.spawn_blocking_task(move || n).unwrap());
        let error = timer.spawn_blocking_task(|| (thread::current().id(), 3)).unwrap_err();
        assert_eq!(error.kind(), SpawnErrorKind::Full);
        let refused = error.into_task();
        refused.task.run();
        assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), (thread::current().id(), 3));
        drop(occupied);
        let sum = timer.block_on(async |_| {
            let mut sum = 0;
            for task in waiting {
                sum += task.await.unwrap();
            }
            sum
        });
        assert_eq!(sum, 3);
        // There is room again.
        timer.block_on(async |rt| rt.spawn_blocking_task(|| ()).unwrap().await.unwrap());
    }

    #[test]
    fn a_closure_that_a_new_thread_is_about_to_take_is_not_counted_as_waiting() {
        for _ in 0..50 {
            let timer = Threads::builder().blocking_threads(2).blocking_queue(1).build().unwrap();
            let (release, released) = mpsc::channel::<()>();
            let released = Arc::new(Mutex::new(released));
            // Two that run and one that waits: room for all three, however slowly the threads start.
            for place in 0..3 {
                let released = released.clone();
                let work = move || _ = released.lock().unwrap().recv();
                assert!(timer.spawn_blocking(work).is_ok(), "the closure at place {place} was refused");
            }
            drop(release);
        }
    }

    #[test]
    fn without_a_queue_there_is_a_closure_per_thread() {
        let timer = Threads::builder().blocking_threads(1).blocking_queue(0).build().unwrap();
        let occupied = occupy(&timer);
        assert_eq!(timer.spawn_blocking(|| ()).unwrap_err().kind(), SpawnErrorKind::Full);
        drop(occupied);
        wait_for("an idle thread", || timer.spawn_blocking(|| ()).is_ok());
    }

    #[test]
    fn without_threads_every_closure_is_refused_as_full() {
        let timer = Threads::builder().blocking_threads(0).build().unwrap();
        for _ in 0..3 {
            let error = timer.spawn_blocking_task(|| 1).unwrap_err();
            assert_eq!(error.kind(), SpawnErrorKind::Full);
            let refused = error.into_task();
            refused.task.run();
            assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 1);
        }
        timer.block_on(async |rt| rt.sleep(MS).await);
    }

    #[test]
    fn a_closure_that_panics_leaves_its_thread_at_work() {
        let timer = Threads::builder().blocking_threads(1).build().unwrap();
        let id =
            || timer.block_on(async |rt| rt.spawn_blocking_task(|| thread::current().id()).unwrap().await);
        let before = id().unwrap();
        timer.spawn_blocking(|| panic!("raw")).unwrap();
        let panicked: Task<()> = timer.spawn_blocking_task(|| panic!("watched")).unwrap();
        let error = timer.block_on(async |_| panicked.await).unwrap_err();
        assert_eq!(error.panic_message(), Some("watched"));
        assert_eq!(id().unwrap(), before);
    }

    #[test]
    fn closures_have_names_and_run_off_the_calling_thread() {
        let timer = threads();
        let task = timer.spawn_blocking_task(|| thread::current().name().map(ToString::to_string)).unwrap();
        assert_eq!(timer.block_on(async |_| task.await).unwrap().as_deref(), Some("untether-blocking"));
    }

    #[test]
    fn closures_that_wait_are_run_in_order() {
        let timer = Threads::builder().blocking_threads(1).build().unwrap();
        let occupied = occupy(&timer);
        let (tell, told) = mpsc::channel();
        for n in 0..100 {
            let tell = tell.clone();
            timer.spawn_blocking(move || tell.send(n).unwrap()).unwrap();
        }
        drop((occupied, tell));
        let order: Vec<i32> = (0..100).map(|_| told.recv_timeout(PATIENCE).unwrap()).collect();
        assert!(order.is_sorted());
    }

    #[test]
    fn a_closure_that_waits_is_dropped_with_the_last_handle_and_its_task_is_cancelled() {
        let timer = Threads::builder().blocking_threads(1).build().unwrap();
        let occupied = occupy(&timer);
        let (tell, told) = mpsc::channel();
        let guard = TellDrop(tell);
        let ran = Arc::new(AtomicBool::new(false));
        let set = ran.clone();
        let work = move || {
            let _guard = guard;
            set.store(true, Ordering::SeqCst);
        };
        let mut task = Probe::new(timer.spawn_blocking_task(work).unwrap());
        task.assert_pending();
        let clone = timer.clone();
        drop(timer);
        task.assert_pending();
        drop(clone);
        assert_eq!(told.try_recv(), Ok(()), "dropped on this thread, while the other closure still runs");
        assert_eq!(task.wakes(), 1);
        assert!(task.assert_ready().unwrap_err().is_cancelled());
        assert!(!ran.load(Ordering::SeqCst));
        drop(occupied);
    }

    #[test]
    fn a_closure_that_runs_is_finished_after_the_last_handle_is_gone() {
        let timer = threads();
        let (release, released) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let work = move || {
            tell.send(()).unwrap();
            let _ = released.recv();
            9
        };
        let task = timer.spawn_blocking_task(work).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
        drop(timer);
        drop(release);
        assert_eq!(block_on(async |_| task.await).unwrap(), 9);
    }

    #[test]
    fn the_last_handle_may_go_on_a_thread_of_the_pool() {
        let timer = threads();
        let (tell, told) = mpsc::channel();
        let last = timer.clone();
        let (release, released) = mpsc::channel::<()>();
        let work = move || {
            let _ = released.recv();
            drop(last);
            tell.send(()).unwrap();
        };
        timer.spawn_blocking(work).unwrap();
        drop(timer);
        drop(release);
        told.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn the_last_handle_may_go_on_the_timer_thread() {
        let timer = threads();
        let (tell, told) = mpsc::channel();
        let last = Mutex::new(Some(timer.clone()));
        let waker = HookWaker::new().on_wake(move || {
            let last = last.lock().unwrap().take();
            tell.send(last.is_some()).unwrap();
            drop(last);
        });
        let waker = waker.waker();
        timer.schedule_wake(timer.now().saturating_add(10 * MS), &mut WakeKey::new(), &waker);
        drop((timer, waker));
        assert_eq!(told.recv_timeout(PATIENCE), Ok(true));
    }
}

mod refused_threads {
    use super::*;

    #[test]
    fn a_timer_thread_that_cannot_be_started_is_an_error_with_its_cause() {
        let error = Threads::builder().stack_size(1 << 46).build().unwrap_err();
        assert_eq!(error.to_string(), "the system refused to start a thread");
        let cause = error.source().unwrap();
        assert!(cause.downcast_ref::<std::io::Error>().is_some(), "{cause}");
    }

    /// Set in the process that runs under a limit of its address space.
    #[cfg(target_os = "linux")]
    const CHILD: &str = "UNTETHER_TEST_UNDER_LIMIT";

    /// Runs `check`, the body of the test `name`, in a process of its own with 4 GiB of address space.
    #[cfg(target_os = "linux")]
    fn under_limit(name: &str, check: impl FnOnce()) {
        if std::env::var_os(CHILD).is_some() {
            return check();
        }
        let binary = std::env::current_exe().unwrap();
        let output = std::process::Command::new("sh")
            .args(["-c", "ulimit -v 4194304 && exec \"$0\" --exact \"$1\" --nocapture"])
            .arg(binary)
            .arg(name)
            .env(CHILD, "1")
            .env("MALLOC_ARENA_MAX", "1")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains("1 passed"), "the child ran no test: {text}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pool_without_any_thread_hands_the_closure_back() {
        under_limit("refused_threads::a_pool_without_any_thread_hands_the_closure_back", || {
            // The timer's stack fits and no second one does.
            let timer = Threads::builder().stack_size(2_500 << 20).build().unwrap();
            for _ in 0..2 {
                let error = timer.spawn_blocking_task(|| 1).unwrap_err();
                assert_eq!(error.kind(), SpawnErrorKind::NoThread);
                let refused = error.into_task();
                refused.task.run();
                assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 1);
            }
            timer.block_on(async |rt| rt.sleep(MS).await);
        });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pool_that_gets_one_thread_of_four_does_all_the_work_with_it() {
        under_limit("refused_threads::a_pool_that_gets_one_thread_of_four_does_all_the_work_with_it", || {
            // The timer's stack and one more.
            let timer = Threads::builder().stack_size(1_500 << 20).build().unwrap();
            let (release, released) = mpsc::channel::<()>();
            let (tell, told) = mpsc::channel();
            let first = move || {
                tell.send(()).unwrap();
                let _ = released.recv();
                thread::current().id()
            };
            let first = timer.spawn_blocking_task(first).unwrap();
            told.recv_timeout(PATIENCE).unwrap();
            let rest: Vec<_> =
                (0..10).map(|_| timer.spawn_blocking_task(|| thread::current().id()).unwrap()).collect();
            drop(release);
            timer.block_on(async |_| {
                let only = first.await.unwrap();
                for task in rest {
                    assert_eq!(task.await.unwrap(), only);
                }
            });
        });
    }
}

mod ambient {
    use super::*;

    /// A runtime that can be told from others: by what its spawner says.
    #[derive(Clone)]
    struct Marked(Threads, SpawnErrorKind);

    impl Clock for Marked {
        fn now(&self) -> Instant {
            self.0.now()
        }
    }

    impl Timer for Marked {
        type Sleep = <Threads as Timer>::Sleep;

        fn sleep_until(&self, deadline: Instant) -> Self::Sleep {
            self.0.sleep_until(deadline)
        }
    }

    impl Spawn for Marked {
        fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
            Err(SpawnError::new(self.1, task))
        }
    }

    const OUTER: SpawnErrorKind = SpawnErrorKind::NoContext;
    const INNER: SpawnErrorKind = SpawnErrorKind::Full;

    fn marked(mark: SpawnErrorKind) -> AnyRuntime {
        AnyRuntime::without_blocking(Marked(threads(), mark))
    }

    fn current() -> Option<SpawnErrorKind> {
        AnyRuntime::current().map(|rt| rt.spawn(ready(())).unwrap_err().kind())
    }

    #[test]
    fn there_is_none_outside_not_even_in_block_on() {
        assert!(AnyRuntime::current().is_none());
        block_on(async |_| assert!(AnyRuntime::current().is_none()));
        drop(marked(OUTER).scope(pending::<()>()));
        assert!(AnyRuntime::current().is_none(), "a scope that was not polled");
    }

    #[test]
    fn the_innermost_is_found_and_the_outer_one_again_after_it() {
        let (outer, inner) = (marked(OUTER), marked(INNER));
        outer.within(|| {
            assert_eq!(current(), Some(OUTER));
            inner.within(|| {
                assert_eq!(current(), Some(INNER));
                outer.within(|| assert_eq!(current(), Some(OUTER)));
                assert_eq!(current(), Some(INNER));
            });
            assert_eq!(current(), Some(OUTER));
        });
        assert_eq!(current(), None);
    }

    #[test]
    fn a_scope_holds_at_every_poll_and_not_between() {
        let inner = async {
            assert_eq!(current(), Some(INNER));
            yield_now().await;
            assert_eq!(current(), Some(INNER));
        };
        let outer = async {
            marked(INNER).scope(inner).await;
            assert_eq!(current(), Some(OUTER));
        };
        let mut scope = Probe::new(marked(OUTER).scope(outer));
        scope.assert_pending();
        assert_eq!(current(), None);
        scope.assert_ready();
        assert_eq!(current(), None);
    }

    #[test]
    fn it_is_restored_after_a_panic() {
        let (outer, inner) = (marked(OUTER), marked(INNER));
        outer.within(|| {
            let panic = catch_unwind(AssertUnwindSafe(|| inner.within(|| panic!("on purpose"))));
            assert!(panic.map(|()| unreachable!()).is_err());
            assert_eq!(current(), Some(OUTER));
            let mut scope = Probe::new(inner.clone().scope(async { panic!("on purpose") }));
            assert!(catch_unwind(AssertUnwindSafe(|| Probe::poll(&mut scope).map(|()| ()))).is_err());
            assert_eq!(current(), Some(OUTER));
        });
        assert_eq!(current(), None);
    }

    #[test]
    fn tasks_closures_and_threads_that_are_started_in_it_do_not_inherit_it() {
        block_on(async |rt: Handle| {
            let all = async {
                let task = rt.spawn_task(async { current() }).unwrap();
                let work = rt.spawn_blocking_task(current).unwrap();
                assert_eq!((task.await.unwrap(), work.await.unwrap()), (None, None));
                assert_eq!(thread::spawn(current).join().unwrap(), None);
                assert_eq!(current(), Some(OUTER));
            };
            marked(OUTER).scope(all).await;
        });
    }

    #[test]
    fn the_current_runtime_is_a_whole_one() {
        block_on(async |rt| {
            let inside = async {
                let rt = AnyRuntime::current().unwrap();
                let task = rt.spawn_task(async { 1 }).unwrap();
                rt.sleep(MS).await;
                task.await.unwrap() + rt.spawn_blocking_task(|| 2).unwrap().await.unwrap()
            };
            assert_eq!(AnyRuntime::new(rt).scope(inside).await, 3);
        });
    }
}
