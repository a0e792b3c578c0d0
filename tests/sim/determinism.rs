//! A test that is decided by more than its tape is found out.

use super::*;
use std::collections::HashMap;

/// Places of the choice, and both sides of it.
fn difference(check: Check, body: impl AsyncFn(Sim)) -> (usize, String, String) {
    let failure = check.deterministic().run(async |sim| body(sim).await).unwrap_err();
    let FailureKind::NonDeterminism { place, first, second, .. } = &failure.kind else { panic!("{failure}") };
    assert_eq!(failure.shrunk, None, "there is nothing to shrink: {failure}");
    (*place, first.clone(), second.clone())
}

#[test]
fn a_deterministic_test_is_found_to_be_one_and_passes() {
    let runs = AtomicU32::new(0);
    let check = Check::random(50).deterministic().buggify().timer_jitter(SECOND).spurious_polls();
    let passed = check.run(async |sim| {
        runs.fetch_add(1, Ordering::Relaxed);
        let tasks = [1, 2, 3].map(|n| {
            let timer = sim.clone();
            sim.spawn_task(async move { timer.sleep(n * SECOND).await }).unwrap()
        });
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(u64::from(runs.into_inner()), 2 * passed.unwrap().schedules);
    let orders = Check::exhaustive(10_000).deterministic();
    assert!(orders.run(async |sim| note_order(sim, &Mutex::default()).await).unwrap().complete);
}

#[test]
fn the_order_of_a_hash_map_is_found() {
    let (place, first, second) = difference(Check::random(50), async |sim| {
        let names = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
        let map: HashMap<&'static str, ()> = names.map(|name| (name, ())).into();
        for name in map.into_keys() {
            Task::builder().name(name).spawn(&sim, yield_now()).unwrap().detach();
        }
        sim.sleep(SECOND).await;
    });
    // The same task may be the first by chance, but hardly ever the same eight in a row.
    assert!(place < 8, "{place}");
    for side in [&first, &second] {
        assert!(side.contains(" tasks runs (\"") && side.contains(file!()), "{side}");
    }
    assert_ne!(first, second);
}

#[test]
fn what_an_earlier_run_left_behind_is_found_and_the_first_choice_that_differs_is_named() {
    let runs = AtomicU32::new(0);
    let found = difference(Check::random(50), async |sim| {
        let earlier = runs.fetch_add(1, Ordering::Relaxed);
        assert!(sim.choose(3) < 3 && sim.next_u64() < u64::MAX);
        let drawn = if earlier % 2 == 0 { u64::from(sim.choose(5)) } else { sim.next_u64() };
        assert!(drawn < u64::MAX);
    });
    let expected =
        (2, "which of 5 alternatives the test takes".to_string(), "what the entropy says".to_string());
    assert_eq!(found, expected);
}

#[test]
fn another_end_after_the_same_choices_is_found_as_well() {
    let runs = AtomicU32::new(0);
    let longer = difference(Check::exhaustive(50), async |sim| {
        if runs.fetch_add(1, Ordering::Relaxed) % 2 == 1 {
            assert!(sim.choose(3) < 3);
        }
    });
    let passed = "the end of the run, which passed".to_string();
    assert_eq!(longer, (0, passed.clone(), "which of 3 alternatives the test takes".to_string()));
    let runs = AtomicU32::new(0);
    let other = difference(Check::random(50), async |sim| {
        assert!(sim.choose(3) < 3);
        assert!(runs.fetch_add(1, Ordering::Relaxed) % 2 == 0, "every other time");
    });
    assert_eq!(other, (1, passed, "the end of the run (panic: every other time)".to_string()));
}

#[test]
fn a_failure_of_a_deterministic_test_is_told_shrunk_and_replayed_as_ever() {
    let body = async |sim: Sim| assert!([sim.choose(100), sim.choose(100)][1] < 50);
    let failure = Check::random(50).deterministic().run(body).unwrap_err();
    assert_eq!(failure.tape.choices(), [0, 50]);
    let again = Check::replay(failure.tape.clone()).deterministic().run(body).unwrap_err();
    assert_eq!(again.kind, failure.kind);
}
