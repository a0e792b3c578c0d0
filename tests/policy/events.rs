//! Who is told what.

use super::*;

#[test]
fn what_the_policies_do_is_told_by_the_name_of_what_is_called() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let bulkhead = Bulkhead::builder(1).queue(0).build();
        let limiter = RateLimiter::new(Quota::per(1, 2 * SECOND).burst(1), sim.clone());
        let env = Env::new(&sim).observed(&told).named("users");

        let calls = stack((every_second(2), Timeout::new(SECOND))).on(env);
        let _ = calls.run(never).await;
        let retried = ["users: attempt 1 failed: operation timed out after 1s; retrying in 1.00s"];
        let expected = [&["timeout users after=1s"][..], &retried, &["timeout users after=1s"]].concat();
        assert_eq!(lines.take(), expected);

        let held = bulkhead.try_acquire();
        let _ = stack((&bulkhead,)).on(env).run(fails(0)).await;
        let rejecting = stack((Reject(&limiter),)).on(env);
        let _ = rejecting.run(fails(0)).await;
        let _ = rejecting.run(fails(0)).await;
        drop(held);
        assert_eq!(
            lines.take(),
            ["refused users by=bulkhead", "refused users by=rate limiter retry_after=2s"]
        );
    });
}
