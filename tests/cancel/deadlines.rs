//! Deadlines without a task: kept by whoever waits.

use super::*;

#[test]
fn a_deadline_cancels_the_token_for_whoever_awaits_it() {
    let clock = ManualClock::new();
    let token = CancelToken::new();
    let child = token.child();
    let mut at = Probe::new(token.cancel_at(clock.now().saturating_add(SECOND), &clock));
    at.assert_pending();
    assert!(!child.is_cancelled());
    clock.advance(SECOND);
    assert_eq!((at.wakes(), child.is_cancelled()), (1, false), "there is no task behind it");
    assert_eq!(word(Some(at.assert_ready())), "deadline");
    assert_eq!(word(child.cause()), "(deadline)");
    assert_eq!(word(Some(at.assert_ready())), "deadline", "ready stays ready");
}

#[test]
fn a_deadline_in_the_past_cancels_at_the_first_poll_and_one_far_in_the_future_never() {
    let clock = ManualClock::new();
    let token = CancelToken::new();
    let mut never = Probe::new(token.cancel_at(Instant::FAR_FUTURE, &clock));
    never.assert_pending();
    clock.advance(Duration::from_secs(1 << 30));
    never.assert_pending();
    assert_eq!(word(Some(Probe::new(token.cancel_at(clock.now(), &clock)).assert_ready())), "deadline");
    assert_eq!((never.wakes(), word(Some(never.assert_ready()))), (1, "deadline".to_string()));
}

#[test]
fn a_request_ends_the_deadline_and_its_sleep() {
    let clock = ManualClock::new();
    let token = CancelToken::new();
    let mut at = Probe::new(token.cancel_at(clock.now().saturating_add(SECOND), &clock));
    at.assert_pending();
    assert!(clock.sleepers() == 1);
    token.cancel_with(Cause::Shutdown);
    assert_eq!(word(Some(at.assert_ready())), "shutdown");
    assert!(clock.sleepers() == 0);
    let mut late = Probe::new(token.cancel_at(clock.now().saturating_add(SECOND), &clock));
    late.assert_ready();
    assert!(clock.sleepers() == 0, "nor does it ask the timer");
}

#[test]
fn dropping_it_takes_the_deadline_back() {
    let clock = ManualClock::new();
    let token = CancelToken::new();
    let mut at = Probe::new(token.cancel_at(clock.now().saturating_add(SECOND), &clock));
    at.assert_pending();
    drop(at);
    assert!(clock.sleepers() == 0);
    clock.advance(2 * SECOND);
    assert!(!token.is_cancelled());
}

#[test]
fn a_future_that_only_asks_sees_a_deadline_that_passed_in_the_same_poll() {
    let clock = ManualClock::new();
    let token = CancelToken::new();
    let asks = poll_fn(|_| if token.is_cancelled() { Poll::Ready(7) } else { Poll::Pending });
    let mut during = Probe::new(token.cancel_at(clock.now().saturating_add(SECOND), &clock).during(asks));
    during.assert_pending();
    clock.advance(SECOND);
    assert_eq!(during.wakes(), 1);
    assert_eq!(during.assert_ready(), 7);

    let token = CancelToken::new();
    let asks = poll_fn(|_| if token.is_cancelled() { Poll::Ready(7) } else { Poll::Pending });
    assert_eq!(Probe::new(token.cancel_at(clock.now(), &clock).during(asks)).assert_ready(), 7);
}

#[test]
fn a_future_that_is_ready_asks_no_timer() {
    struct NoClock;
    impl Clock for NoClock {
        fn now(&self) -> Instant {
            panic!("nobody asked for the time")
        }
    }
    impl Timer for NoClock {
        type Sleep = core::future::Pending<()>;
        fn sleep_until(&self, _: Instant) -> Self::Sleep {
            panic!("nobody waits")
        }
    }
    let token = CancelToken::new();
    let at = Instant::from_nanos(1);
    assert_eq!(Probe::new(token.cancel_at(at, NoClock).during(ready(7))).assert_ready(), 7);
    assert_eq!(Probe::new(token.cancel_at(at, NoClock).run(ready(7))).assert_ready().unwrap(), 7);
}

#[test]
fn work_that_cleans_up_after_its_deadline_ends_by_itself_and_work_that_is_run_is_dropped() {
    every_order(|sim| async move {
        let root = CancelToken::new();
        let deadline = sim.now().saturating_add(2 * SECOND);
        let token = root.child();
        let work = async {
            let cause = token.cancelled().await;
            sim.sleep(SECOND).await;
            word(Some(cause))
        };
        let said = token.cancel_at(deadline, &sim).during(work).await;
        assert_eq!((said.as_str(), sim.now()), ("deadline", deadline.saturating_add(SECOND)));

        let token = root.child();
        let deadline = sim.now().saturating_add(2 * SECOND);
        let cut = token.cancel_at(deadline, &sim).run(sim.sleep(10 * SECOND)).await;
        assert_eq!((word(Some(cut.unwrap_err().into_cause())).as_str(), sim.now()), ("deadline", deadline));
        assert!(!root.is_cancelled());
    });
}

#[test]
fn a_deadline_a_request_and_the_end_meet_in_every_order_and_no_sleep_is_left_behind() {
    Check::random(10_000).cancel("work").no_leaks().assert(|sim| async move {
        let token = CancelToken::new();
        let deadline = sim.now().saturating_add(2 * SECOND);
        let (inside, timer) = (token.clone(), sim.clone());
        let work = async move {
            let ends = timer.sleep(SECOND * (1 + timer.choose(3)));
            let early = inside.run(ends).await.is_ok();
            (early, word(inside.cause()))
        };
        let during = token.cancel_at(deadline, sim.clone()).during(work);
        let work = Task::builder().name("work").spawn(&sim, during).unwrap();
        if sim.choose(2) == 1 {
            sim.sleep(2 * SECOND).await;
            token.cancel();
        }
        if let Ok((early, cause)) = work.await {
            assert!(early || cause != "none");
        }
    });
}

#[test]
fn a_spawned_deadline_ends_with_the_guard_of_the_work() {
    every_order(|sim| async move {
        let token = CancelToken::new();
        let deadline = sim.now().saturating_add(60 * SECOND);
        let keeps = sim.spawn_task(token.cancel_at(deadline, sim.clone())).unwrap();
        let guard = token.guard();
        sim.sleep(SECOND).await;
        drop(guard);
        assert_eq!(word(Some(keeps.await.unwrap())), "requested");
        assert!(sim.now() < deadline);
    });
}

#[test]
fn deadlines_work_on_a_timer_that_is_real() {
    untether::rt::threads::block_on(|rt| async move {
        let token = CancelToken::new();
        let at = rt.now().saturating_add(Duration::from_millis(5));
        let run = token.cancel_at(at, &rt).run(pending::<()>()).timeout(60 * SECOND, &rt).await;
        assert!(matches!(run.unwrap().unwrap_err().cause(), Cause::Deadline));
    });
}
