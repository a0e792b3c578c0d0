//! What comes out.

use super::*;
use std::any::type_name_of_val;
use std::error::Error as _;

#[derive(Debug, PartialEq)]
struct Status(u16);

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "status {}", self.0)
    }
}

impl std::error::Error for Status {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&std::fmt::Error)
    }
}

/// However deep the stack, the type of its error says the operation's and nothing of the policies.
#[test]
fn the_type_of_an_error_stays_readable() {
    on_sim(async |sim| {
        let bulkhead = Bulkhead::new(1);
        let (long, short) = (Timeout::new(30 * SECOND), Timeout::new(5 * SECOND));
        let calls = stack((long, every_second(3), &bulkhead, every_second(3), short)).on(&sim);
        let error = calls.run(async || Err::<(), _>(Status(500))).await.unwrap_err();
        let name = type_name_of_val(&error);
        println!("{name}");
        assert_eq!(name, "untether::policy::error::Error<policy::errors::Status>");
    });
}

#[test]
fn the_own_error_of_an_operation_comes_back_as_itself() {
    on_sim(async |sim| {
        let error = standard().on(Env::new(&sim).entropy(&sim)).run(async || Err::<(), _>(Status(404))).await;
        let error = error.unwrap_err();
        assert_eq!(error.inner(), Some(&Status(404)));
        assert!(!error.is_timeout() && !error.is_refused());
        assert_eq!(error.source().map(ToString::to_string), Status(404).source().map(ToString::to_string));
        assert_eq!(error.into_inner().unwrap(), Status(404));
    });
}

/// An operation may have time-outs of its own; they are not ours.
#[test]
fn a_time_out_of_the_operation_s_own_is_its_error() {
    on_sim(async |sim| {
        let own = stack((Timeout::new(SECOND),)).on(&sim).run(never).await.unwrap_err();
        let outer = stack((Timeout::new(5 * SECOND),)).on(&sim);
        let operation = async || {
            let inner = stack((Timeout::new(SECOND),)).on(&sim);
            inner.run(never).await
        };
        let error = outer.run(operation).await.unwrap_err();
        assert!(own.is_timeout() && !error.is_timeout());
        assert!(error.into_inner().unwrap().is_timeout());
    });
}

#[test]
fn of_two_limits_the_error_names_the_one_that_passed() {
    on_sim(async |sim| {
        for (outer, inner, name) in [(2, 5, "outer: timed out after 2s"), (5, 2, "inner: timed out after 2s")]
        {
            let outer = Timeout::new(outer * SECOND).named("outer");
            let inner = Timeout::new(inner * SECOND).named("inner");
            let error = stack((outer, inner)).on(&sim).run(never).await.unwrap_err();
            assert_eq!(error.to_string(), name);
        }
    });
}

#[test]
fn an_error_says_how_often_it_was_tried_and_for_how_long() {
    on_sim(async |sim| {
        let error = stack((every_second(4),)).on(&sim).run(fails(9)).await.unwrap_err();
        assert_eq!((error.attempts(), error.elapsed()), (4, 3 * SECOND));
        let mapped = error.map(str::len);
        assert_eq!((mapped.inner(), mapped.attempts()), (Some(&4), 4));
    });
}

#[test]
fn a_value_that_was_refused_to_the_last_is_given_back() {
    on_sim(async |sim| {
        let not_yet = |result: &Result<u16, Error<&'static str>>| match result {
            Ok(503) => retry::Verdict::Retry,
            _ => retry::Verdict::Done,
        };
        let calls = stack((every_second(3).judge(not_yet),)).on(&sim);
        let made = Cell::new(0);
        let unavailable = || {
            made.set(made.get() + 1);
            ready(Ok::<u16, &'static str>(503))
        };
        assert_eq!((calls.run(unavailable).await.unwrap(), made.get()), (503, 3));
        let error = calls.run(|| ready(Err::<u16, _>("no"))).await.unwrap_err();
        assert_eq!((error.attempts(), error.stopped()), (1, Some(StopReason::Permanent)));
    });
}

/// As `?` makes it where errors of all kinds come together.
#[test]
fn an_error_goes_into_a_box_of_errors_and_comes_out_again() {
    on_sim(async |sim| {
        let calls = stack((every_second(2),)).on(&sim);
        let body = async || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            calls.run(async || Err::<(), _>(Status(503))).await?;
            Ok(())
        };
        let boxed = body().await.unwrap_err();
        assert_eq!(boxed.to_string(), "status 503 (after 2 attempts: no attempt is left)");
        let error = boxed.downcast::<Error<Status>>().unwrap();
        assert_eq!((error.attempts(), error.into_inner().unwrap()), (2, Status(503)));
    });
}

#[test]
fn what_is_not_the_operation_s_own_comes_back_whole() {
    on_sim(async |sim| {
        let calls = stack((every_second(2), Timeout::new(SECOND))).on(&sim);
        let error = calls.run(never).await.unwrap_err().into_inner().unwrap_err();
        assert_eq!((error.attempts(), error.stopped()), (2, Some(StopReason::Exhausted)));
        assert_eq!(error.elapsed(), 2 * SECOND);
    });
}

#[test]
fn where_nothing_was_retried_there_was_one_attempt() {
    on_sim(async |sim| {
        let error = stack((Timeout::new(SECOND),)).on(&sim).run(never).await.unwrap_err();
        assert_eq!((error.attempts(), error.stopped(), error.elapsed()), (1, None, Duration::ZERO));
    });
}
