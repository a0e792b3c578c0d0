//! A wake polls one task, from wherever it comes, and allocates nothing.

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
