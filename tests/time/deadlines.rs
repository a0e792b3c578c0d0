//! One budget for several awaits.

use super::*;

#[test]
fn several_awaits_share_one_budget() {
    check(async |sim| {
        let deadline = Deadline::after(10 * SECOND, &sim).named("request");
        deadline.run(sim.sleep(4 * SECOND), &sim).await.unwrap();
        assert_eq!(deadline.remaining(&sim), 6 * SECOND);
        deadline.run(sim.sleep(4 * SECOND), &sim).await.unwrap();
        let error = deadline.run(sim.sleep(4 * SECOND), &sim).await.unwrap_err();
        assert_eq!(error.to_string(), "request: timed out after 10s");
        assert!(deadline.has_passed(&sim));
        assert_eq!(deadline.remaining(&sim), Duration::ZERO);
        assert_eq!(deadline.run(ready(1), &sim).await, Ok(1), "what is ready is returned all the same");
    });
}

#[test]
fn of_two_deadlines_the_one_that_passed_is_named() {
    check(async |sim| {
        let request = Deadline::after(30 * SECOND, &sim).named("request");
        let query = Deadline::after(5 * SECOND, &sim).named("query").min(request);
        let error = query.run(pending::<()>(), &sim).await.unwrap_err();
        assert_eq!((error.name(), error.after()), (Some("query"), 5 * SECOND));
        sim.sleep(22 * SECOND).await;
        let late = Deadline::after(5 * SECOND, &sim).named("query").min(request);
        let error = late.run(pending::<()>(), &sim).await.unwrap_err();
        assert_eq!((error.name(), error.after()), (Some("request"), 30 * SECOND));
    });
}
