//! The bounded pool of blocking threads.

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
    let refused = error.into_inner();
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
        let refused = error.into_inner();
        refused.task.run();
        assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 1);
    }
    timer.block_on(async |rt| rt.sleep(MS).await);
}

#[test]
fn a_closure_that_panics_leaves_its_thread_at_work() {
    let timer = Threads::builder().blocking_threads(1).build().unwrap();
    let id = || timer.block_on(async |rt| rt.spawn_blocking_task(|| thread::current().id()).unwrap().await);
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
