//! What is given, of which errors, and who is told.

use super::*;
use untether::fault::fallback::Value;
use untether::observe::{Event, Lines, Observer};

/// tower-resilience needed a second form for values that are not `Clone`.
#[test]
fn a_value_is_given_instead_of_an_error_and_needs_no_clone() {
    #[derive(Debug, PartialEq)]
    struct Page(u32);
    let fallback = || Fallback::value(Page(9));
    assert_eq!(now(fallback().run(ready(Ok::<_, ()>(Page(1))))), Ok(Page(1)));
    assert_eq!(now(fallback().run(ready(Err(())))), Ok(Page(9)));
}

#[test]
fn a_function_makes_a_value_of_the_error_and_only_of_one() {
    let called = Cell::new(0);
    let fallback = Fallback::with(|error: &&str| {
        called.set(called.get() + 1);
        error.len() as u32
    });
    assert_eq!((now(fallback.run(well())), called.get()), (Ok(1), 0));
    assert_eq!((now(fallback.run(fails())), called.get()), (Ok(4), 1));
}

#[test]
fn another_operation_is_asked_and_its_error_comes_out() {
    let cached = Fallback::operation(|_: &&str| ready(Ok(7)));
    assert_eq!(now(cached.run(fails())), Ok(7));
    let empty = Fallback::operation(|_: &&str| ready(Answer::Err("the cache is empty")));
    assert_eq!(now(empty.run(fails())), Err("the cache is empty"));
    assert_eq!(now(empty.run(well())), Ok(1));
}

#[test]
fn what_is_not_covered_comes_out() {
    let down = Fallback::value(9).when(|error| *error == "down");
    assert_eq!(now(down.run(fails())), Ok(9));
    assert_eq!(now(down.run(ready(Err("forbidden")))), Err("forbidden"));
    let never = down.when(|_| false);
    assert_eq!(now(never.run(fails())), Err("down"), "both have to agree");
}

/// Guides answer `None` to a time-out, a refusal and a bug alike.
#[test]
fn a_fallback_can_be_told_from_an_answer() {
    let fallback = Fallback::value(1);
    let answer = now(fallback.run(well()).outcome()).unwrap();
    let instead = now(fallback.run(fails()).outcome()).unwrap();
    assert_eq!((answer, answer.is_fallback(), answer.because()), (Outcome::Answer(1), false, None));
    assert_eq!(instead, Outcome::Fallback { value: 1, because: "down" });
    assert_eq!((instead.is_fallback(), instead.because()), (true, Some(&"down")));
    assert_eq!((*answer.value(), *instead.value(), answer.into_value(), instead.into_value()), (1, 1, 1, 1));
    let failed = Fallback::operation(|_: &&str| fails());
    assert_eq!(now(failed.run(fails()).outcome()), Err("down"), "one that failed is none");
}

#[test]
fn an_observer_is_told_of_each_one_that_is_used_and_of_no_other() {
    struct Log(RefCell<Vec<String>>);
    impl Observer for Log {
        fn on(&self, event: &Event<'_>) {
            self.0.borrow_mut().push(format!("{}: {}", event.kind(), event.get("error").unwrap()));
        }
    }
    let log = Log(RefCell::default());
    let fallback = Fallback::value(9).when(|error| *error == "down").observed(&log);
    assert_eq!(now(fallback.run(well())), Ok(1));
    assert_eq!(now(fallback.run(ready(Err("forbidden")))), Err("forbidden"));
    assert!(log.0.borrow().is_empty());
    assert_eq!(now(fallback.run(fails())), Ok(9));
    assert_eq!(*log.0.borrow(), ["fallback: down"]);
    let line = RefCell::new(String::new());
    let lines = Lines::new(|text: &str| *line.borrow_mut() = text.to_string());
    assert_eq!(now(Fallback::value(9).observed(lines).run(fails())), Ok(9));
    assert_eq!(*line.borrow(), "the fallback is used: down");
}

#[test]
fn a_panic_is_no_error_and_goes_through() {
    let fallback = Fallback::with(|_: &()| -> u32 { unreachable!("it is not asked") });
    let mut run = Probe::new(fallback.run(async { panic!("a bug") }));
    let panic = catch_unwind(AssertUnwindSafe(|| run.poll())).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a bug"));
}

#[test]
fn the_operation_is_gone_before_the_fallback_is_called() {
    let alive = Arc::new(());
    let guard = alive.clone();
    // It has what it captures until it is dropped, and not only until it is ready.
    let future = std::future::poll_fn(move |_| {
        let _guard = &guard;
        std::task::Poll::Ready(Err::<usize, ()>(()))
    });
    let fallback = Fallback::with(|_: &()| Arc::strong_count(&alive));
    assert_eq!(now(fallback.run(future)), Ok(1));
}

#[test]
fn rules_are_a_value_for_many_runs() {
    const RULES: Fallback<Value<u32>> = Fallback::value(9);
    (0..3).for_each(|_| assert_eq!(now(RULES.run(fails())), Ok(9)));
    assert_eq!(format!("{RULES:?}"), "Fallback { instead: Value { .. }, cover: EveryError }");
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polled_again_after_it_was_ready_it_panics() {
    let mut run = Probe::new(Fallback::value(9).run(fails()));
    let _ = run.assert_ready();
    let _ = run.poll();
}

#[test]
fn a_thread_can_wait_for_it() {
    assert_eq!(Fallback::value(9).run(fails()).wait(), Ok(9));
    assert!(Fallback::value(9).run(fails()).outcome().wait().unwrap().is_fallback());
}
