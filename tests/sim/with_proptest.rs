//! Inputs from proptest, schedules from the simulator: a failing case is made smaller in both.

use super::*;
use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Reads, gives way, and writes: what another has paid in meanwhile is lost.
async fn pay_in(sim: Sim, amounts: Vec<u32>) {
    let (balance, sum) = (Arc::new(AtomicU32::new(0)), amounts.iter().sum::<u32>());
    let tasks: Vec<_> = amounts
        .into_iter()
        .map(|amount| {
            let balance = balance.clone();
            let task = async move {
                let before = balance.load(Ordering::Relaxed);
                yield_now().await;
                balance.store(before + amount, Ordering::Relaxed);
            };
            sim.spawn_task(task).unwrap()
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(balance.load(Ordering::Relaxed), sum, "the balance");
}

fn runner() -> TestRunner {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn proptest_makes_the_input_smaller_and_the_simulator_the_schedule() {
    let outcome = runner().run(&vec(1..1_000_u32, 0..8), |amounts| {
        let check = Check::random(20).run(|sim| pay_in(sim, amounts.clone()));
        check.map(|_| ()).map_err(|failure| TestCaseError::fail(failure.to_string()))
    });
    let Err(TestError::Fail(reason, smallest)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(smallest, [1, 1], "two payments of as little as can be");
    // Nothing but the usual order: both read before either writes.
    assert!(reason.message().contains("UNTETHER_TAPE=''"), "{reason}");
    assert!(reason.message().contains("to 0 in"), "{reason}");
}

#[test]
fn a_schedule_may_be_an_input_as_well() {
    let outcome = runner().run(&(vec(1..1_000_u32, 0..8), vec(0..=255_u8, 0..100)), |(amounts, bytes)| {
        let check = Check::bytes(&bytes).unshrunk().run(|sim| pay_in(sim, amounts.clone()));
        check.map(|_| ()).map_err(|failure| TestCaseError::fail(failure.to_string()))
    });
    let Err(TestError::Fail(_, (amounts, bytes))) = outcome else { panic!("{outcome:?}") };
    assert!(amounts.len() <= 3 && amounts.iter().all(|amount| *amount == 1), "{amounts:?}");
    assert!(bytes.len() <= 2 && bytes.iter().all(|byte| *byte == 0), "the usual order: {bytes:?}");
}

#[test]
fn a_panic_of_assert_is_a_failing_case_like_any_other() {
    let outcome = runner().run(&(0..1_000_u32), |amount| {
        Check::random(3).assert(async |_| assert!(amount < 500, "{amount} is too much"));
        Ok(())
    });
    assert!(matches!(outcome, Err(TestError::Fail(_, 500))), "{outcome:?}");
}
