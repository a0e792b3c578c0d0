//! Fallbacks and caught panics in a stack.

use super::*;

#[test]
fn a_fallback_around_everything_answers_whatever_failed() {
    on_sim(async |sim| {
        let calls = stack((Fallback::value(0), Timeout::new(SECOND), every_second(3))).on(&sim);
        assert_eq!(calls.run(fails(0)).await.unwrap(), 1);
        assert_eq!(calls.run(fails(9)).await.unwrap(), 0);
        assert_eq!(calls.run(never).await.unwrap(), 0);
    });
}

#[test]
fn a_fallback_is_seen_where_it_is_asked_for_and_always_told() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let calls = stack((Seen(Fallback::value(0)), every_second(1)));
        let calls = calls.on(Env::new(&sim).observed(&told).named("users"));
        assert!(!calls.run(fails(0)).await.unwrap().is_fallback());
        let outcome = calls.run(fails(9)).await.unwrap();
        assert_eq!(outcome.because().map(Error::attempts), Some(1));
        assert_eq!(lines.take(), ["users: the fallback is used: busy (after 1 attempt: no attempt is left)"]);
    });
}

#[test]
fn a_fallback_for_some_errors_leaves_the_others() {
    on_sim(async |sim| {
        let on_timeout = Fallback::value(0).when(|error: &Error<&'static str>| error.is_timeout());
        let calls = stack((on_timeout, Timeout::new(SECOND))).on(&sim);
        assert_eq!(calls.run(never).await.unwrap(), 0);
        assert_eq!(calls.run(fails(9)).await.unwrap_err().into_inner().unwrap(), "busy");
    });
}

#[test]
fn who_is_dropped_calls_no_fallback() {
    let (clock, used) = (ManualClock::new(), Cell::new(false));
    let fallback = Fallback::with(|_: &Error<&'static str>| {
        used.set(true);
        0
    });
    let mut future = Probe::new(stack((fallback, Timeout::new(SECOND))).on(&clock).run(never));
    future.assert_pending();
    drop(future);
    assert!(!used.get());
}

#[test]
fn a_panic_is_tried_again_where_it_is_caught_inside_of_the_retry_and_not_outside_of_it() {
    on_sim(async |sim| {
        let made = Cell::new(0);
        let operation = || {
            made.set(made.get() + 1);
            let dies = made.get() < 3;
            async move { if dies { panic!("out of ink") } else { Ok::<u32, &'static str>(7) } }
        };
        let inside = stack((every_second(3), CatchPanic)).on(&sim);
        assert_eq!((inside.run(operation).await.unwrap(), made.replace(0)), (7, 3));
        let outside = stack((CatchPanic, every_second(3))).on(&sim);
        let error = outside.run(operation).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string(), made.get()),
            (Kind::Panicked, "panicked: out of ink".into(), 1)
        );
    });
}

#[test]
fn a_panic_of_the_call_itself_is_caught_as_well_and_is_a_failure_to_a_breaker() {
    on_sim(async |sim| {
        let breaker = opens_after(1, &sim);
        let calls = stack((&breaker, CatchPanic)).on(&sim);
        let operation = || -> Ready<Result<u32, &'static str>> { panic!("in the call") };
        assert_eq!(calls.run(operation).await.unwrap_err().kind(), Kind::Panicked);
        assert_eq!(breaker.state(), State::Open);
    });
}
