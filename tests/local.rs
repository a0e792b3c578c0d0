//! Tasks inside one future: who is polled, how often, in which order, and what is left when the owner goes.
#![cfg(all(feature = "std", feature = "testing"))]

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::{Cell, RefCell};
use core::future::{pending, poll_fn, ready};
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use untether::rt::local::{Local, LocalSpawner, Spawner};
use untether::rt::threads::block_on;
use untether::spawn::{Spawn, SpawnErrorKind, SpawnExt, SpawnLocal, Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether::time::Timer;
use untether_support::{Hooks, allocations};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Polls an owner until nothing happens any more; says whether its tasks are done.
fn settle(local: &mut Local) -> bool {
    let mut run = Probe::new(local.run());
    let mut seen = None;
    while seen != Some(run.wakes()) {
        seen = Some(run.wakes());
        if run.poll().is_ready() {
            return true;
        }
    }
    false
}

/// A task that waits to be woken by hand: its waker, and how often it was polled.
#[derive(Clone, Default)]
struct Sleeper {
    waker: Rc<RefCell<Option<Waker>>>,
    polls: Rc<Cell<usize>>,
    done: Rc<Cell<bool>>,
}

impl Sleeper {
    fn task(&self) -> impl Future<Output = ()> + use<> {
        let this = self.clone();
        poll_fn(move |cx| {
            this.polls.set(this.polls.get() + 1);
            if this.done.get() {
                return Poll::Ready(());
            }
            let mut waker = this.waker.borrow_mut();
            match &mut *waker {
                Some(waker) => waker.clone_from(cx.waker()),
                None => *waker = Some(cx.waker().clone()),
            }
            Poll::Pending
        })
    }

    fn wake(&self) {
        self.waker.borrow().as_ref().unwrap().wake_by_ref();
    }

    fn polls(&self) -> usize {
        self.polls.get()
    }
}

fn sleepers(spawner: &LocalSpawner, count: usize) -> Vec<Sleeper> {
    let all: Vec<Sleeper> = (0..count).map(|_| Sleeper::default()).collect();
    all.iter().for_each(|sleeper| spawner.spawn_local(sleeper.task()).unwrap());
    all
}

mod waking {
    use super::*;

    #[test]
    fn a_wake_polls_that_task_only() {
        let mut local = Local::new();
        let all = sleepers(&local.local_spawner(), 10_000);
        let mut run = Probe::new(local.run());
        run.assert_pending();
        let before = run.wakes();
        for index in [0, 17, 9_999, 17] {
            all[index].wake();
            run.assert_pending();
        }
        assert_eq!(run.wakes() - before, 4);
        assert_eq!((all[0].polls(), all[17].polls(), all[9_999].polls()), (2, 3, 2));
        assert_eq!(all.iter().map(Sleeper::polls).sum::<usize>(), 10_004);
    }

    #[test]
    fn many_wakes_of_a_task_are_one_poll_and_one_wake_of_the_owner() {
        let mut local = Local::new();
        let all = sleepers(&local.local_spawner(), 2);
        let mut run = Probe::new(local.run());
        run.assert_pending();
        let before = run.wakes();
        for _ in 0..100 {
            all[1].wake();
        }
        assert_eq!(run.wakes(), before + 1);
        run.assert_pending();
        run.assert_pending();
        assert_eq!((all[0].polls(), all[1].polls()), (1, 2));
    }

    #[test]
    fn tasks_run_in_the_order_in_which_they_were_woken() {
        let mut local = Local::new();
        let log = Rc::new(RefCell::new(Vec::new()));
        let spawner = local.local_spawner();
        let all: Vec<Sleeper> = (0..8)
            .map(|index| {
                let (sleeper, log) = (Sleeper::default(), log.clone());
                let mut task = Box::pin(sleeper.task());
                let logged = poll_fn(move |cx| {
                    log.borrow_mut().push(index);
                    task.as_mut().poll(cx)
                });
                spawner.spawn_local(logged).unwrap();
                sleeper
            })
            .collect();
        assert!(!settle(&mut local));
        assert_eq!(log.take(), [0, 1, 2, 3, 4, 5, 6, 7]);
        let order = [5, 2, 7, 0];
        order.iter().for_each(|index| all[*index].wake());
        assert!(!settle(&mut local));
        assert_eq!(log.take(), order);
    }

    #[test]
    fn an_owner_that_is_polled_without_need_polls_no_task() {
        let mut local = Local::new();
        let all = sleepers(&local.local_spawner(), 3);
        let main_polls = Cell::new(0);
        let mut run = Probe::new(local.run_until(poll_fn(|_| {
            main_polls.set(main_polls.get() + 1);
            Poll::<()>::Pending
        })));
        for _ in 0..10 {
            run.assert_pending();
        }
        assert_eq!((main_polls.get(), all.iter().map(Sleeper::polls).sum::<usize>()), (1, 3));
    }

    #[test]
    fn wakes_from_other_threads_arrive() {
        let woken = block_on(async |_| {
            let mut local = Local::new();
            let spawner = local.spawner();
            let tasks: Vec<Task<usize>> = (0..50)
                .map(|n| {
                    let mut helper = None;
                    let arrived = Arc::new(AtomicBool::new(false));
                    let task = poll_fn(move |cx| {
                        if arrived.load(Ordering::Acquire) {
                            return Poll::Ready(n);
                        }
                        let (waker, arrived) = (cx.waker().clone(), arrived.clone());
                        helper.get_or_insert_with(|| {
                            thread::spawn(move || {
                                arrived.store(true, Ordering::Release);
                                waker.wake();
                            })
                        });
                        Poll::Pending
                    });
                    spawner.spawn_task(task).unwrap()
                })
                .collect();
            let sum = async {
                let mut sum = 0;
                for task in tasks {
                    sum += task.await.unwrap();
                }
                sum
            };
            local.run_until(sum).await
        });
        assert_eq!(woken, 49 * 50 / 2);
    }

    #[test]
    fn tasks_spawned_from_other_threads_arrive() {
        let count = Arc::new(AtomicUsize::new(0));
        block_on(async |_| {
            let mut local = Local::new();
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    let (spawner, count) = (local.spawner(), count.clone());
                    thread::spawn(move || {
                        for _ in 0..500 {
                            let count = count.clone();
                            let task = async move {
                                yield_now().await;
                                count.fetch_add(1, Ordering::Relaxed);
                            };
                            spawner.spawn(task).unwrap();
                        }
                    })
                })
                .collect();
            let all_arrived = poll_fn(|cx| {
                // The owner is woken by every arrival; this only has to look again after it.
                cx.waker().wake_by_ref();
                if count.load(Ordering::Relaxed) == 2_000 { Poll::Ready(()) } else { Poll::Pending }
            });
            local.run_until(all_arrived).await;
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
        assert_eq!(count.load(Ordering::Relaxed), 2_000);
    }

    #[test]
    fn an_arrival_wakes_an_owner_that_waits() {
        let mut local = Local::new();
        let (spawner, here) = (local.spawner(), local.local_spawner());
        let mut run = Probe::new(local.run_until(pending::<()>()));
        run.assert_pending();
        assert_eq!(run.wakes(), 0);
        spawner.spawn(ready(())).unwrap();
        assert_eq!(run.wakes(), 1);
        run.assert_pending();
        here.spawn_local(ready(())).unwrap();
        assert_eq!(run.wakes(), 2);
    }

    #[test]
    fn the_waker_of_a_task_that_ended_does_nothing_not_even_to_the_task_in_its_place() {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        let old = sleepers(&spawner, 20);
        assert!(!settle(&mut local));
        let wakers: Vec<Waker> = old.iter().map(|old| old.waker.borrow().clone().unwrap()).collect();
        for old in &old {
            old.done.set(true);
            old.wake();
        }
        assert!(settle(&mut local), "all have ended");
        let new = sleepers(&spawner, 20);
        assert!(!settle(&mut local));
        for _ in 0..3 {
            wakers.iter().for_each(Waker::wake_by_ref);
            assert!(!settle(&mut local));
        }
        assert!(new.iter().all(|new| new.polls() == 1) && old.iter().all(|old| old.polls() == 2));
        // And the new ones hear their own wakers still.
        new.iter().for_each(Sleeper::wake);
        assert!(!settle(&mut local));
        assert!(new.iter().all(|new| new.polls() == 2));
    }

    #[test]
    fn the_waker_of_a_future_that_was_run_does_nothing_to_the_next_one() {
        let mut local = Local::new();
        let kept = RefCell::new(None);
        let first = poll_fn(|cx| {
            *kept.borrow_mut() = Some(cx.waker().clone());
            Poll::Ready(())
        });
        Probe::new(local.run_until(first)).assert_ready();
        let polls = Cell::new(0);
        let second = poll_fn(|_| {
            polls.set(polls.get() + 1);
            Poll::<()>::Pending
        });
        let mut run = Probe::new(local.run_until(second));
        run.assert_pending();
        kept.take().unwrap().wake();
        run.assert_pending();
        assert_eq!(polls.get(), 1);
    }

    #[test]
    fn a_wake_allocates_nothing_in_steady_state() {
        let mut local = Local::new();
        let all = sleepers(&local.local_spawner(), 64);
        let mut run = Probe::new(local.run());
        let round = |run: &mut Probe<_>| {
            all.iter().step_by(3).for_each(Sleeper::wake);
            assert!(Probe::<untether::rt::local::Run<'_>>::poll(run).is_pending());
        };
        run.assert_pending();
        // Both of the two lists that are exchanged every round grow to their size.
        (0..4).for_each(|_| round(&mut run));
        let polls = all[0].polls();
        let before = allocations();
        (0..1_000).for_each(|_| round(&mut run));
        assert_eq!(allocations() - before, 0);
        assert_eq!(all[0].polls(), polls + 1_000);
    }

    #[test]
    fn the_allocations_of_a_task_are_its_box_and_its_waker() {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        let mut round = || {
            (0..8).for_each(|_| spawner.spawn_local(yield_now()).unwrap());
            assert!(settle(&mut local));
        };
        round();
        round();
        // `settle` boxes a future and a waker of its own.
        let settling = {
            let mut idle = Local::new();
            let before = allocations();
            assert!(settle(&mut idle));
            allocations() - before
        };
        let before = allocations();
        round();
        assert_eq!(allocations() - before, 8 * 2 + settling);
    }
}

mod fairness {
    use super::*;

    #[test]
    fn a_task_that_always_wakes_itself_starves_neither_its_siblings_nor_the_future() {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        let greedy = async {
            loop {
                yield_now().await;
            }
        };
        spawner.spawn_local(greedy).unwrap();
        let turns = Rc::new(Cell::new(0));
        let count = turns.clone();
        let sibling = async move {
            for _ in 0..100 {
                yield_now().await;
                count.set(count.get() + 1);
            }
        };
        spawner.spawn_local(sibling).unwrap();
        let main = async {
            for _ in 0..100 {
                yield_now().await;
            }
        };
        let mut run = Probe::new(local.run_until(main));
        let mut polls = 1;
        while run.poll().is_pending() {
            polls += 1;
            assert!(polls <= 200, "the future starves");
        }
        assert!(turns.get() >= 99, "{turns:?}");
    }

    #[test]
    fn a_task_that_always_wakes_itself_gives_way_to_the_executor_around_it() {
        block_on(async |rt| {
            let others = rt.spawn_task(async {
                for _ in 0..100 {
                    yield_now().await;
                }
            });
            let mut local = Local::new();
            let greedy = async {
                loop {
                    yield_now().await;
                }
            };
            local.local_spawner().spawn_local(greedy).unwrap();
            local.run_until(others.unwrap()).await.unwrap();
        });
    }

    #[test]
    fn one_poll_of_the_owner_polls_each_task_once_and_asks_to_be_polled_again() {
        let mut local = Local::new();
        let polls = Rc::new(Cell::new(0));
        for _ in 0..5 {
            let polls = polls.clone();
            let task = poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            });
            local.local_spawner().spawn_local(task).unwrap();
        }
        let mut run = Probe::new(local.run());
        for round in 1..=10 {
            run.assert_pending();
            assert_eq!(polls.get(), round * 5);
            assert!(run.wakes() >= round, "nobody would poll it again");
        }
    }

    #[test]
    fn a_task_that_spawns_without_end_gives_way() {
        let mut local = Local::new();
        let spawner = local.spawner();
        fn hydra(spawner: Spawner) -> Pin<Box<dyn Future<Output = ()> + Send>> {
            Box::pin(async move { spawner.spawn(hydra(spawner.clone())).unwrap() })
        }
        spawner.spawn(hydra(spawner.clone())).unwrap();
        let mut run = Probe::new(local.run());
        for _ in 0..100 {
            run.assert_pending();
        }
        assert!(run.wakes() >= 100);
    }
}

mod running {
    use super::*;

    #[test]
    fn run_until_returns_while_tasks_remain_and_a_later_call_goes_on_with_them() {
        let mut local = Local::new();
        let sleeper = Sleeper::default();
        let task = local.local_spawner().spawn_local_task(sleeper.task()).unwrap();
        let mut main = Probe::new(local.run_until(yield_now()));
        main.assert_pending();
        main.assert_ready();
        drop(main);
        assert_eq!(sleeper.polls(), 1);
        // Woken while nobody runs.
        sleeper.done.set(true);
        sleeper.wake();
        assert!(!task.is_finished());
        Probe::new(local.run_until(task)).poll_to_end().unwrap();
        assert!(settle(&mut local));
    }

    trait PollToEnd<T> {
        fn poll_to_end(&mut self) -> T;
    }

    impl<F: Future> PollToEnd<F::Output> for Probe<F> {
        fn poll_to_end(&mut self) -> F::Output {
            loop {
                let before = self.wakes();
                if let Poll::Ready(output) = self.poll() {
                    return output;
                }
                assert!(self.wakes() > before, "nobody would poll it again");
            }
        }
    }

    #[test]
    fn a_run_that_is_dropped_loses_no_task() {
        let mut local = Local::new();
        let count = Rc::new(Cell::new(0));
        for _ in 0..10 {
            let count = count.clone();
            let task = async move {
                for _ in 0..3 {
                    yield_now().await;
                }
                count.set(count.get() + 1);
            };
            local.local_spawner().spawn_local(task).unwrap();
        }
        Probe::new(local.run()).assert_pending();
        Probe::new(local.run_until(pending::<()>())).assert_pending();
        Probe::new(local.run()).assert_pending();
        assert!(settle(&mut local));
        assert_eq!(count.get(), 10);
    }

    #[test]
    fn run_ends_when_no_task_is_left_and_at_once_without_any() {
        let mut local = Local::new();
        Probe::new(local.run()).assert_ready();
        let sleeper = Sleeper::default();
        local.local_spawner().spawn_local(sleeper.task()).unwrap();
        let mut run = Probe::new(local.run());
        run.assert_pending();
        sleeper.done.set(true);
        sleeper.wake();
        run.assert_ready();
    }

    #[test]
    fn run_waits_for_tasks_that_tasks_spawn() {
        fn tree(spawner: LocalSpawner, depth: u32, leaves: Rc<Cell<usize>>) {
            let again = spawner.clone();
            let task = async move {
                yield_now().await;
                if depth == 0 {
                    leaves.set(leaves.get() + 1);
                    return;
                }
                for _ in 0..2 {
                    tree(again.clone(), depth - 1, leaves.clone());
                }
            };
            spawner.spawn_local(task).unwrap();
        }
        let mut local = Local::new();
        let leaves = Rc::new(Cell::new(0));
        tree(local.local_spawner(), 10, leaves.clone());
        assert!(settle(&mut local));
        assert_eq!(leaves.get(), 1 << 10);
    }

    #[test]
    fn tasks_spawned_before_the_first_run_are_run() {
        let mut local = Local::default();
        let (there, here) =
            (local.spawner().spawn_task(ready(1)), local.local_spawner().spawn_local_task(ready(2)));
        assert!(settle(&mut local));
        let sum = Probe::new(there.unwrap()).assert_ready().unwrap();
        assert_eq!(sum + Probe::new(here.unwrap()).assert_ready().unwrap(), 3);
    }

    #[test]
    fn dropping_run_until_drops_its_future_and_keeps_the_tasks() {
        let mut local = Local::new();
        let sleeper = Sleeper::default();
        local.local_spawner().spawn_local(sleeper.task()).unwrap();
        let dropped = Cell::new(false);
        let guard = OnDrop(|| dropped.set(true));
        let main = async move {
            let _guard = guard;
            pending::<()>().await;
        };
        let mut run = Probe::new(local.run_until(main));
        run.assert_pending();
        drop(run);
        assert!(dropped.get());
        sleeper.wake();
        assert!(!settle(&mut local));
        assert_eq!(sleeper.polls(), 2);
    }

    #[test]
    fn a_panic_of_the_future_goes_on_and_leaves_the_owner_usable() {
        let mut local = Local::new();
        let task = local.spawner().spawn_task(yield_now()).unwrap();
        let mut run = Probe::new(local.run_until(async { panic!("the future") }));
        let panic = catch_unwind(AssertUnwindSafe(|| Probe::poll(&mut run).map(|()| unreachable!())));
        let payload = panic.map(|_: Poll<()>| ()).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"the future"));
        drop(run);
        assert!(settle(&mut local));
        assert!(task.is_finished());
    }

    #[test]
    fn a_raw_task_that_panics_does_not_take_its_siblings_along() {
        let mut local = Local::new();
        let count = Rc::new(Cell::new(0));
        for index in 0..5 {
            let count = count.clone();
            let task = async move {
                yield_now().await;
                assert_ne!(index, 2, "on purpose");
                count.set(count.get() + 1);
            };
            local.local_spawner().spawn_local(task).unwrap();
        }
        assert!(settle(&mut local), "also the one that panicked has ended");
        assert_eq!(count.get(), 4);
    }

    #[test]
    fn a_raw_task_that_panics_in_its_drop_does_not_take_its_siblings_along() {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        let bomb = OnDrop(|| panic!("in drop"));
        let task = poll_fn(move |_| {
            let _kept = &bomb;
            Poll::Ready(())
        });
        spawner.spawn_local(task).unwrap();
        let sibling = spawner.spawn_local_task(yield_now()).unwrap();
        assert!(settle(&mut local));
        assert!(sibling.is_finished());
    }

    #[test]
    fn an_owner_runs_inside_a_task_of_another_owner() {
        let mut outer = Local::new();
        let task = async {
            let mut inner = Local::new();
            let spawner = inner.local_spawner();
            let main = async move {
                let task = spawner.spawn_local_task(async {
                    yield_now().await;
                    Rc::new(5)
                });
                task.unwrap().await.unwrap()
            };
            *inner.run_until(main).await
        };
        let task = outer.local_spawner().spawn_local_task(task).unwrap();
        assert!(settle(&mut outer));
        assert_eq!(Probe::new(task).assert_ready().unwrap(), 5);
    }
}

mod ending {
    use super::*;

    #[test]
    fn a_spawn_from_a_tasks_drop_is_refused_and_not_lost() {
        let mut local = Local::new();
        let (here, there) = (local.local_spawner(), local.spawner());
        let refused = Rc::new(RefCell::new(Vec::new()));
        let note = refused.clone();
        let guard = OnDrop(move || {
            let local = here.spawn_local(ready(())).unwrap_err();
            let send = there.spawn(ready(())).unwrap_err();
            note.borrow_mut().extend([local.kind(), send.kind()]);
            // Both are whole: they can be run.
            Probe::new(local.into_task()).assert_ready();
            Probe::new(send.into_task()).assert_ready();
        });
        let task = async move {
            let _guard = guard;
            pending::<()>().await;
        };
        local.local_spawner().spawn_local(task).unwrap();
        assert!(!settle(&mut local));
        drop(local);
        assert_eq!(*refused.borrow(), [SpawnErrorKind::Shutdown; 2]);
    }

    #[test]
    fn a_spawn_from_the_drop_of_a_task_that_was_never_polled_is_refused() {
        let local = Local::new();
        let there = local.spawner();
        let (tell, told) = mpsc::channel();
        let guard = OnDrop(move || tell.send(there.spawn(ready(())).map_err(|error| error.kind())).unwrap());
        local.spawner().spawn(async move { drop(guard) }).unwrap();
        drop(local);
        assert_eq!(told.recv().unwrap(), Err(SpawnErrorKind::Shutdown));
    }

    #[test]
    fn spawners_refuse_after_the_end_and_hand_the_task_back() {
        let local = Local::new();
        let (here, there) = (local.local_spawner(), local.spawner());
        drop(local);
        let refused = here.spawn_local_task(async { Rc::new(1) }).unwrap_err();
        assert_eq!(refused.kind(), SpawnErrorKind::Shutdown);
        let refused = refused.into_task();
        let mut next = Local::new();
        next.local_spawner().spawn_local_boxed(refused.task).unwrap();
        assert!(settle(&mut next));
        assert_eq!(*Probe::new(refused.handle).assert_ready().unwrap(), 1);

        let refused =
            thread::spawn(move || there.spawn_task(ready(2)).unwrap_err()).join().unwrap().into_task();
        next.spawner().spawn_boxed(refused.task).unwrap();
        assert!(settle(&mut next));
        assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 2);
    }

    /// Ten tasks, the fourth of which panics in its drop: how many of the others were dropped with their owner.
    fn dropped_beside_a_bomb(poll_first: bool) -> (usize, bool) {
        let mut local = Local::new();
        let dropped = Rc::new(Cell::new(0));
        for index in 0..10 {
            let dropped = dropped.clone();
            let guard = OnDrop(move || {
                assert_ne!(index, 3, "on purpose");
                dropped.set(dropped.get() + 1);
            });
            let task = async move {
                let _guard = guard;
                pending::<()>().await;
            };
            local.local_spawner().spawn_local(task).unwrap();
        }
        if poll_first {
            assert!(!settle(&mut local));
        }
        let end = catch_unwind(AssertUnwindSafe(|| drop(local)));
        (dropped.get(), end.is_ok())
    }

    #[test]
    fn a_task_that_panics_in_its_drop_does_not_keep_the_others_from_being_dropped() {
        assert_eq!(dropped_beside_a_bomb(true), (9, true));
    }

    #[test]
    fn a_task_that_was_never_polled_and_panics_in_its_drop_is_no_exception() {
        assert_eq!(dropped_beside_a_bomb(false), (9, true));
    }

    #[test]
    fn wakes_after_the_end_and_during_it_do_nothing() {
        let mut local = Local::new();
        let all = sleepers(&local.local_spawner(), 10);
        let others = all.clone();
        let guard = OnDrop(move || others.iter().for_each(Sleeper::wake));
        let task = async move {
            let _guard = guard;
            pending::<()>().await;
        };
        local.local_spawner().spawn_local(task).unwrap();
        assert!(!settle(&mut local));
        drop(local);
        all.iter().for_each(Sleeper::wake);
        assert!(all.iter().all(|sleeper| sleeper.polls() == 1));
    }

    #[test]
    fn tasks_of_a_lost_spawner_run_all_the_same() {
        let mut local = Local::new();
        let (here, there) = (local.local_spawner(), local.spawner());
        let tasks = (here.spawn_local_task(yield_now()).unwrap(), there.spawn_task(yield_now()).unwrap());
        drop((here, there));
        assert!(settle(&mut local));
        assert!(tasks.0.is_finished() && tasks.1.is_finished());
    }

    #[test]
    fn a_local_that_is_gone_lets_go_of_the_waker_of_the_executor_around_it() {
        let mut local = Local::new();
        let spawner = local.spawner();
        let gone = Arc::new(AtomicBool::new(false));
        let set = gone.clone();
        let waker = HookWaker::new().on_drop(move || set.store(true, Ordering::Release)).waker();
        let mut main = Probe::new(local.run_until(pending::<()>()));
        assert!(main.poll_with(&waker).is_pending());
        drop((waker, main));
        drop(local);
        assert!(gone.load(Ordering::Acquire), "a spawner keeps the task alive in which its owner ran");
        drop(spawner);
    }

    #[test]
    fn a_hundred_thousand_tasks_are_dropped_without_recursion() {
        let mut local = Local::new();
        let spawner = local.spawner();
        let dropped = Arc::new(AtomicUsize::new(0));
        // Each holds the handle of the one before it, so that every drop aborts the next task.
        let mut last: Option<Task<()>> = None;
        for _ in 0..100_000 {
            let (held, dropped) = (last.take(), dropped.clone());
            let guard = OnDrop(move || _ = dropped.fetch_add(1, Ordering::Relaxed));
            let task = async move {
                let _kept = (held, guard);
                pending::<()>().await;
            };
            last = Some(spawner.spawn_task(task).unwrap());
        }
        assert!(!settle(&mut local));
        assert_eq!(dropped.load(Ordering::Relaxed), 0);
        drop(local);
        assert_eq!(dropped.load(Ordering::Relaxed), 100_000);
    }

    #[test]
    fn an_abort_runs_down_a_chain_of_tasks_without_recursion() {
        let mut local = Local::new();
        let spawner = local.spawner();
        let mut last = spawner.spawn_task(pending::<()>()).unwrap();
        for _ in 0..20_000 {
            let held = last;
            last = spawner.spawn_task(async move { held.await.unwrap() }).unwrap();
        }
        assert!(!settle(&mut local));
        drop(last);
        assert!(settle(&mut local));
    }
}

mod passing_the_waker {
    use super::*;

    /// As a timer of embassy: takes no waker but the one of the executor around it.
    struct Insists {
        expected: Waker,
        fires_after: u32,
    }

    impl Future for Insists {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            assert!(cx.waker().will_wake(&self.expected), "not the waker of the owner");
            if self.fires_after == 0 {
                return Poll::Ready(());
            }
            self.fires_after -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    }

    #[test]
    fn a_future_that_insists_on_the_owners_waker_works_as_task_and_as_main_future() {
        let mut local = Local::new().pass_waker();
        let count = CountingWaker::new();
        let owner = count.waker();
        let spawner = local.local_spawner();
        let insists = |fires_after| Insists { expected: owner.clone(), fires_after };
        let task = spawner.spawn_local_task(insists(3)).unwrap();
        let plain = spawner.spawn_local_task(yield_now()).unwrap();
        let main = insists(2);
        let mut run = Probe::new(local.run_until(async move {
            main.await;
            task.await.unwrap();
            plain.await.unwrap();
        }));
        let mut polls = 0;
        while run.poll_with(&owner).is_pending() {
            polls += 1;
            assert!(polls < 20);
            assert!(count.wakes() > 0, "nobody would poll it again");
        }
    }

    #[test]
    fn without_it_such_a_future_is_refused() {
        let mut local = Local::new();
        let owner = CountingWaker::new().waker();
        let task = Insists { expected: owner.clone(), fires_after: 0 };
        let task = local.local_spawner().spawn_local_task(task).unwrap();
        assert!(Probe::new(local.run()).poll_with(&owner).is_ready());
        assert!(Probe::new(task).assert_ready().unwrap_err().is_panic());
    }

    #[test]
    fn tasks_make_progress_whichever_of_them_is_woken() {
        Check::random(100).assert(async |sim: Sim| {
            let mut local = Local::new().pass_waker();
            let spawner = local.local_spawner();
            let tasks: Vec<Task<()>> = (1..=4)
                .map(|n| {
                    let timer = sim.clone();
                    let task = async move {
                        for _ in 0..n {
                            timer.sleep(Duration::from_millis(n)).await;
                            yield_now().await;
                        }
                    };
                    spawner.spawn_local_task(task).unwrap()
                })
                .collect();
            let all = async {
                for task in tasks {
                    task.await.unwrap();
                }
            };
            local.run_until(all).await;
            local.run().await;
        });
    }

    #[test]
    fn a_local_that_waits_is_not_polled_again() {
        let mut local = Local::new().pass_waker();
        local.local_spawner().spawn_local(pending()).unwrap();
        let mut run = Probe::new(local.run());
        run.assert_pending();
        let before = run.wakes();
        run.assert_pending();
        assert_eq!(run.wakes(), before, "it would spin");
        drop(run);
        let mut run = Probe::new(local.run_until(pending::<()>()));
        run.assert_pending();
        assert_eq!(run.wakes(), 0, "it would spin");
    }

    #[test]
    fn a_local_with_tasks_may_begin_to_pass_its_waker() {
        let mut local = Local::new();
        let old = sleepers(&local.local_spawner(), 2);
        assert!(!settle(&mut local));
        let mut local = local.pass_waker();
        let new = sleepers(&local.local_spawner(), 2);
        assert!(!settle(&mut local));
        for sleeper in old.iter().chain(&new) {
            sleeper.done.set(true);
            sleeper.wake();
        }
        assert!(settle(&mut local));
    }
}

/// A fresh waker per poll of the owner: whoever keeps an old one is found as a deadlock.
mod under_fresh_wakers {
    use super::*;

    #[test]
    fn the_owner_keeps_no_stale_waker() {
        Check::random(200).assert(async |sim: Sim| {
            let mut local = Local::new();
            let spawner = local.local_spawner();
            let tasks: Vec<Task<Rc<u64>>> = (1..=4)
                .map(|n| {
                    let timer = sim.clone();
                    let task = async move {
                        for _ in 0..3 {
                            timer.sleep(Duration::from_millis(n)).await;
                        }
                        Rc::new(n)
                    };
                    spawner.spawn_local_task(task).unwrap()
                })
                .collect();
            let mut sum = 0;
            for task in tasks {
                sum += *local.run_until(task).await.unwrap();
            }
            assert_eq!(sum, 10);
            local.run().await;
        });
    }

    #[test]
    fn arrivals_and_wakes_from_sibling_tasks_of_the_executor_reach_the_owner() {
        Check::random(200).spurious_polls().assert(async |sim: Sim| {
            let mut local = Local::new();
            let spawner = local.spawner();
            let producer = sim.spawn_task(async move {
                let mut sum = 0;
                for n in 0..3 {
                    let task = spawner.spawn_task(async move {
                        yield_now().await;
                        n
                    });
                    sum += task.unwrap().await.unwrap();
                    yield_now().await;
                }
                sum
            });
            assert_eq!(local.run_until(producer.unwrap()).await.unwrap(), 3);
        });
    }

    #[test]
    fn every_order_of_a_spawn_and_the_poll_of_its_owner_is_seen() {
        let passed = Check::exhaustive(100_000).run(async |sim: Sim| {
            let mut local = Local::new();
            let spawner = local.spawner();
            let others = [1, 2].map(|n| {
                let spawner = spawner.clone();
                sim.spawn_task(async move { spawner.spawn_task(ready(n)).unwrap().await.unwrap() }).unwrap()
            });
            let sum = async {
                let mut sum = 0;
                for other in others {
                    sum += other.await.unwrap();
                }
                sum
            };
            assert_eq!(local.run_until(sum).await, 3);
        });
        assert!(passed.unwrap().complete);
    }

    #[test]
    fn tasks_of_a_local_that_is_cancelled_anywhere_are_cancelled_and_nobody_hangs() {
        Check::random(30).cancel("owner").assert(async |sim: Sim| {
            let (give, spawner) = mpsc::channel();
            let timer = sim.clone();
            let owner = Task::builder().name("owner").spawn_local(&sim.local(), async move {
                let mut local = Local::new();
                give.send(local.spawner()).unwrap();
                local.run_until(timer.sleep(Duration::from_millis(5))).await;
            });
            let owner = owner.unwrap();
            sim.sleep(Duration::from_millis(1)).await;
            if let Ok(spawner) = spawner.try_recv() {
                let timer = sim.clone();
                let task = spawner.spawn_task(async move { timer.sleep(Duration::from_millis(9)).await });
                match task {
                    Ok(task) => assert!(task.await.unwrap_err().is_cancelled()),
                    Err(error) => assert_eq!(error.kind(), SpawnErrorKind::Shutdown),
                }
            }
            let _ = owner.await;
        });
    }
}

mod hostile_wakers {
    use super::*;

    #[test]
    fn the_owners_waker_may_spawn_from_every_hook() {
        let mut local = Local::new();
        let count = Arc::new(AtomicUsize::new(0));
        let budget = Arc::new(AtomicUsize::new(6));
        let hook = || {
            let (spawner, count, budget) = (local.spawner(), count.clone(), budget.clone());
            move || {
                let spend =
                    budget.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
                if spend.is_ok() {
                    let count = count.clone();
                    let task = async move { _ = count.fetch_add(1, Ordering::Relaxed) };
                    spawner.spawn(task).unwrap();
                }
            }
        };
        let waker = Hooks::new().on_clone(hook()).on_wake(hook()).on_drop(hook()).waker();
        let mut run = Probe::new(local.run_until(pending::<()>()));
        assert!(run.poll_with(&waker).is_pending());
        assert!(run.poll_with(&waker.clone()).is_pending());
        drop(waker);
        // Nothing that was spawned from a hook is lost, nor the wake that goes with it.
        for _ in 0..10 {
            run.assert_pending();
        }
        assert_eq!(budget.load(Ordering::Relaxed), 0, "every hook was called");
        assert_eq!(count.load(Ordering::Relaxed), 6);
    }

    #[test]
    fn an_arrival_during_the_registration_of_the_owners_waker_is_not_missed() {
        let mut local = Local::new();
        let spawner = local.spawner();
        let done = Arc::new(AtomicBool::new(false));
        let (set, once) = (done.clone(), AtomicBool::new(false));
        let waker = Hooks::new().on_clone(move || {
            if !once.swap(true, Ordering::Relaxed) {
                let set = set.clone();
                spawner.spawn(async move { set.store(true, Ordering::Release) }).unwrap();
            }
        });
        let mut run = Probe::new(local.run_until(pending::<()>()));
        assert!(run.poll_with(&waker.waker()).is_pending());
        assert!(done.load(Ordering::Acquire), "it came before the round began");
    }
}
