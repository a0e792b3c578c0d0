//! A thread that becomes the runtime for a while.

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
    let refused = error.into_inner();
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
    let panic = catch_unwind(AssertUnwindSafe(|| outer.block_on(async |_| threads().block_on(async |_| ()))));
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
