//! Tasks and threads that wait for it.

use super::*;

#[test]
fn all_who_wait_are_told_under_ten_thousand_schedules_and_wherever_one_is_dropped() {
    Check::random(10_000).cancel("waiter").no_leaks().spurious_polls().assert(|sim| async move {
        let token = CancelToken::new();
        let tasks: Vec<_> = (0..3)
            .map(|which| {
                let token = if which == 2 { token.child() } else { token.clone() };
                let chooses = sim.clone();
                let builder = Task::builder().name(if which == 0 { "waiter" } else { "other" });
                let waits = async move {
                    for _ in 0..chooses.choose(2) {
                        yield_now().await;
                    }
                    let cause = token.cancelled().await;
                    assert!(token.is_cancelled());
                    cause.root().to_string()
                };
                builder.spawn(&sim, waits).unwrap()
            })
            .collect();
        for _ in 0..sim.choose(3) {
            yield_now().await;
        }
        assert!(token.cancel_with(Cause::Shutdown));
        for (which, task) in tasks.into_iter().enumerate() {
            match task.await {
                Ok(said) => assert_eq!(said, "cancelled by a shutdown"),
                Err(error) => assert!(which == 0 && error.is_cancelled()),
            }
        }
    });
}

#[test]
fn in_every_order_of_two_requests_and_two_waiters_one_request_is_first_and_nobody_is_forgotten() {
    every_order(|sim| async move {
        let token = CancelToken::new();
        let requests = [Cause::Shutdown, Cause::Deadline].map(|cause| {
            let token = token.clone();
            sim.spawn_task(async move { token.cancel_with(cause) }).unwrap()
        });
        let waiters = [token.clone().cancelled_owned(), token.child().cancelled_owned()]
            .map(|waits| sim.spawn_task(waits).unwrap());
        let mut first = Vec::new();
        for request in requests {
            first.push(request.await.unwrap());
        }
        let won = if first == [true, false] { "shutdown" } else { "deadline" };
        assert_eq!(first.iter().filter(|first| **first).count(), 1);
        let mut said = Vec::new();
        for waiter in waiters {
            said.push(word(Some(waiter.await.unwrap())));
        }
        assert_eq!(said, [won.to_string(), format!("({won})")]);
    });
}

#[test]
fn once_ready_it_stays_ready_and_is_fused() {
    let token = CancelToken::new();
    let mut waits = token.cancelled();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(!waits.is_terminated());
    assert!(waits.poll_cancelled(&mut cx).is_pending() && !waits.is_terminated());
    token.cancel();
    for _ in 0..3 {
        assert!(matches!(Pin::new(&mut waits).poll(&mut cx), Poll::Ready(Cause::Requested)));
        assert!(waits.is_terminated());
    }
    assert!(token.cancelled().poll_cancelled(&mut cx).is_ready(), "nor does it wait when it comes too late");
}

#[test]
fn the_request_reaches_the_waker_of_the_last_poll() {
    let (token, old) = (CancelToken::new(), CountingWaker::new());
    let mut waits = Probe::new(token.cancelled());
    assert!(waits.poll_with(&old.waker()).is_pending());
    waits.assert_pending();
    waits.assert_pending();
    token.cancel();
    assert_eq!((old.wakes(), waits.wakes()), (0, 1));
}

#[test]
fn one_who_left_is_not_woken_and_the_place_is_free() {
    let token = CancelToken::new();
    let counter = CountingWaker::new();
    let waker = counter.waker();
    for _ in 0..100 {
        assert!(token.cancelled().poll_cancelled(&mut Context::from_waker(&waker)).is_pending());
    }
    token.cancel();
    assert_eq!(counter.wakes(), 0);
}

#[test]
fn more_wait_than_a_batch_holds_and_all_are_woken_once_in_their_order() {
    let (token, order) = (CancelToken::new(), Arc::new(Mutex::new(Vec::new())));
    let wakers: Vec<_> = (0..100)
        .map(|number| {
            let order = order.clone();
            Hooks::new().on_wake(move || lock(&order).push(number)).waker()
        })
        .collect();
    let mut waiting: Vec<_> = wakers.iter().map(|_| token.cancelled()).collect();
    for (waits, waker) in waiting.iter_mut().zip(&wakers) {
        assert!(waits.poll_cancelled(&mut Context::from_waker(waker)).is_pending());
    }
    token.cancel();
    assert!(lock(&order).iter().copied().eq(0..100));
    assert!(
        waiting.iter_mut().all(|waits| waits.poll_cancelled(&mut Context::from_waker(&wakers[0])).is_ready())
    );
}

#[test]
fn threads_wait_as_tasks_do_and_give_up_after_a_while() {
    let token = CancelToken::new();
    let still = token.cancelled().wait_timeout(Duration::from_millis(1)).unwrap_err();
    assert!(!still.token().is_cancelled());
    let waits = token.child().cancelled_owned();
    let thread = thread::spawn(move || word(Some(waits.wait())));
    token.cancel_with(Cause::Shutdown);
    assert_eq!(thread.join().unwrap(), "(shutdown)");
    assert_eq!(word(Some(still.wait())), "shutdown");
}

#[test]
fn many_threads_that_wait_ask_and_make_children_all_see_one_request() {
    for round in 0..50 {
        let token = CancelToken::new();
        let threads: Vec<_> = (0..4)
            .map(|which| {
                let token = token.clone();
                thread::spawn(move || match which {
                    0 => drop(token.cancelled().wait()),
                    1 => drop(token.child().cancelled().wait()),
                    2 => {
                        while !token.child().child().is_cancelled() {
                            thread::yield_now();
                        }
                    }
                    _ => drop(CancelToken::any([token.child(), token.child()]).cancelled_owned().wait()),
                })
            })
            .collect();
        for _ in 0..round {
            thread::yield_now();
        }
        assert!(token.cancel());
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

#[test]
fn a_waker_may_drop_futures_that_wait_and_the_last_token_from_its_wake() {
    let token = CancelToken::new();
    let slot: Arc<Mutex<Vec<WhenCancelled<CancelToken>>>> = Arc::default();
    let takes = slot.clone();
    let hostile = Hooks::new()
        .on_wake(move || {
            let futures = core::mem::take(&mut *lock(&takes));
            drop(futures);
        })
        .waker();
    for _ in 0..20 {
        let mut waits = token.child().cancelled_owned();
        assert!(waits.poll_cancelled(&mut Context::from_waker(&hostile)).is_pending());
        lock(&slot).push(waits);
    }
    token.cancel();
    assert!(lock(&slot).is_empty());
}
