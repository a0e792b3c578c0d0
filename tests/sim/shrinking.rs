//! A failing tape is made smaller, and stays a tape of the same failure.

use super::*;

/// Spawns a number of tasks, of which those from the fourth on may fail.
async fn one_of_many_fails(sim: Sim) {
    let tasks: Vec<_> = (0..sim.choose(20))
        .map(|n| {
            let theirs = sim.clone();
            let task = async move {
                yield_now().await;
                let drawn = theirs.choose(1_000);
                assert!(n < 3 || drawn < 500, "task {n} drew {drawn}");
            };
            sim.spawn_task(task).unwrap()
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[test]
fn a_failing_tape_becomes_small_and_the_report_is_of_the_smaller_run() {
    let long = Check::random(100).unshrunk().run(one_of_many_fails).unwrap_err();
    assert_eq!(long.shrunk, None);
    for check in [Check::random(100), Check::random(100).seed(1_000)] {
        let failure = check.run(one_of_many_fails).unwrap_err();
        let shrunk = failure.shrunk.unwrap();
        // Four tasks, of which the last runs first, goes on at once, and draws 500.
        let choices = failure.tape.choices();
        assert_eq!(failure.tape.to_string(), "433(500)", "{failure}");
        assert!(shrunk.from > choices.len() && shrunk.runs < 1_000, "{failure}");
        assert!(failure.kind.to_string().contains("task 3 drew 500"), "{failure}");
        assert!(failure.tasks.len() <= 5, "main and four: {failure}");
        let text = failure.to_string();
        let said =
            format!("shrunk from {} choices to {} in {} runs", shrunk.from, choices.len(), shrunk.runs);
        assert!(text.contains(&said), "{text}");
        let again = Check::replay(failure.tape.clone()).run(one_of_many_fails).unwrap_err();
        assert_eq!((&again.kind, &again.tape, again.shrunk), (&failure.kind, &failure.tape, None));
    }
}

#[test]
fn shrinking_goes_the_same_way_each_time() {
    let run = || Check::random(100).run(one_of_many_fails).unwrap_err();
    let (one, two) = (run(), run());
    assert_eq!(
        (&one.tape, one.shrunk, one.schedules, one.seed),
        (&two.tape, two.shrunk, two.schedules, two.seed)
    );
}

#[test]
fn it_does_not_shrink_into_another_failure() {
    // The smallest tapes that fail are those of the small panic and of the deadlock.
    let body = async |sim: Sim| match [sim.choose(100), sim.choose(100), sim.choose(100)] {
        [_, b, c] if b >= 10 && c >= 20 => panic!("the large one with {}", sim.choose(3)),
        [_, _, 1..=99] => panic!("the small one"),
        [1..=99, ..] => pending().await,
        _ => {}
    };
    let large: Tape = "(70)(90)(80)2".parse().unwrap();
    let found = (0..1_000).find_map(|seed| {
        let failure = Check::random(1).seed(seed).run(body).err()?;
        failure.kind.to_string().contains("large").then_some(failure)
    });
    assert_eq!(found.unwrap().tape.to_string(), "0ak", "10 is 'a', 20 is 'k'");
    assert_eq!(
        Check::replay(large.clone()).run(body).unwrap_err().tape,
        large,
        "what is replayed stays as it is"
    );
}

#[test]
fn of_an_exhaustive_search_the_tape_is_made_smaller_as_well() {
    let body = async |sim: Sim| {
        let drawn = [sim.choose(2), sim.choose(2), sim.choose(2), sim.choose(2)];
        assert!(drawn[1] == 0 || drawn[2..] == [0, 0], "{drawn:?}");
    };
    let failure = Check::exhaustive(1_000).run(body).unwrap_err();
    assert_eq!((failure.tape.to_string(), failure.schedules), ("011".to_string(), 6));
}

#[test]
fn shrinking_takes_a_thousand_runs_at_most_and_not_too_many_polls() {
    let runs = AtomicU32::new(0);
    let hopeless = async |sim: Sim| {
        runs.fetch_add(1, Ordering::Relaxed);
        let drawn: Vec<u32> = (0..3_000).map(|_| sim.choose(1_000)).collect();
        assert!(drawn.iter().sum::<u32>() < 400_000);
    };
    let failure = Check::random(1).run(hopeless).unwrap_err();
    assert_eq!(failure.shrunk.unwrap().runs, 1_000);
    // The one that was found, those of the search, and the last one for the report.
    assert_eq!(runs.load(Ordering::Relaxed), 1_002);

    let spins = AtomicU32::new(0);
    let spinning = async |sim: Sim| {
        if (0..20).map(|_| sim.choose(1_000)).sum::<u32>() < 2_000 {
            return;
        }
        spins.fetch_add(1, Ordering::Relaxed);
        loop {
            yield_now().await;
        }
    };
    Check::random(1).max_polls(500_000).run(spinning).unwrap_err();
    // The one that was found, those of two million polls, and the last one.
    assert_eq!(spins.load(Ordering::Relaxed), 6);
}

#[test]
fn what_fails_only_once_is_told_as_it_was() {
    let runs = AtomicU32::new(0);
    let fickle = async |sim: Sim| {
        let drawn = sim.choose(1_000_000);
        assert!(runs.fetch_add(1, Ordering::Relaxed) > 0, "drew {drawn}");
    };
    let failure = Check::random(10).run(fickle).unwrap_err();
    assert_eq!(failure.schedules, 1);
    assert!(failure.kind.to_string().contains(&format!("drew {}", failure.tape.choices()[0])), "{failure}");
}

/// Fails if it is asked to: the child of the test below.
#[test]
fn fails_with_a_large_tape_when_asked_to() {
    if std::env::var_os("UNTETHER_TEST_FAILS_LARGE").is_some() {
        check(async |sim| {
            let drawn: u32 = (0..20).map(|_| sim.choose(1_000)).sum();
            assert!(drawn < 2_000, "on purpose");
        });
    }
}

#[test]
fn the_panics_of_shrinking_are_not_printed_and_later_ones_are() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "shrinking::fails_with_a_large_tape_when_asked_to", "--nocapture"]);
    let output = child.env("UNTETHER_TEST_FAILS_LARGE", "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(text.contains("shrunk from 20 choices"), "{text}");
    // The run that was found, the one that is told, and the panic of the test with its report.
    assert_eq!(text.matches("panicked at").count(), 3, "{text}");
}
