//! What the environment says is obeyed: the test runs itself as a child process.

use super::*;

/// Fails if it is asked to: the child of the test below.
#[test]
fn fails_when_asked_to_by_the_environment() {
    if std::env::var_os("UNTETHER_TEST_FAILS").is_none() {
        return check(async |_| {});
    }
    check(async |sim| assert_ne!(sim.choose(50), 31, "on purpose"));
}

#[test]
fn the_printed_line_replays_the_failure_in_a_new_process() {
    let run = |tape: Option<&str>| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "environment::fails_when_asked_to_by_the_environment", "--nocapture"]);
        child.env("UNTETHER_TEST_FAILS", "1").env_remove("UNTETHER_TAPE").env_remove("UNTETHER_SEED");
        child.envs(tape.map(|tape| ("UNTETHER_TAPE", tape)));
        let output = child.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (passed, text) = run(None);
    assert!(!passed, "{text}");
    let line = text.lines().find_map(|line| line.split_once("to replay it: ")).unwrap().1;
    let expected = "UNTETHER_TAPE='v' cargo test --all-features environment::fails_when_asked_to_by_the_environment -- --exact";
    assert_eq!(line, expected);
    let (passed, text) = run(Some("v"));
    assert!(!passed && text.contains("in schedule 1 "), "{text}");
    let (passed, text) = run(Some("0"));
    assert!(passed, "another tape passes: {text}");
    let (passed, text) = run(Some("-"));
    assert!(!passed && text.contains("UNTETHER_TAPE is set to '-'"), "{text}");
}

/// Says what it was given, if it is asked to: the child of the tests below.
#[test]
fn says_what_it_was_given_when_asked_to() {
    if std::env::var_os("UNTETHER_TEST_SAYS").is_none() {
        return;
    }
    Check::random(5).assert(async |sim| println!("random {}", sim.choose(1_000_000)));
    Check::exhaustive(2).assert(async |sim| println!("exhaustive {}", sim.choose(1_000_000)));
    Check::pct(3, 2).assert(async |sim| println!("pct {}", sim.choose(1_000_000)));
    Check::bytes(&[1, 2, 3]).assert(async |sim| println!("bytes {}", sim.choose(1_000_000)));
    Check::replay("(77)".parse().unwrap()).assert(async |sim| println!("replay {}", sim.choose(1_000_000)));
}

/// What the child was given, by strategy: five lists.
fn given(variable: &str, value: &str) -> [Vec<u32>; 5] {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "environment::says_what_it_was_given_when_asked_to", "--nocapture"]);
    for other in ["UNTETHER_TAPE", "UNTETHER_SEED", "UNTETHER_EFFORT"] {
        child.env_remove(other);
    }
    let output = child.env("UNTETHER_TEST_SAYS", "1").env(variable, value).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    ["random ", "exhaustive ", "pct ", "bytes ", "replay "].map(|strategy| {
        let said = text.lines().filter_map(|line| line.rsplit_once(strategy)?.1.trim().parse().ok());
        said.collect()
    })
}

#[test]
fn effort_multiplies_the_schedules_of_a_search_and_of_nothing_else() {
    let usual = given("UNTETHER_EFFORT", "1");
    assert_eq!(usual.each_ref().map(Vec::len), [5, 2, 3, 1, 1]);
    let three = given("UNTETHER_EFFORT", "3");
    assert_eq!(three.each_ref().map(Vec::len), [15, 6, 9, 1, 1]);
    assert_eq!(three[0][..5], usual[0], "the same ones first");
}

#[test]
fn a_seed_runs_its_one_schedule_whatever_was_asked_for() {
    let usual = given("UNTETHER_EFFORT", "1");
    let third = given("UNTETHER_SEED", "2");
    assert_eq!(third, [(); 5].map(|()| vec![usual[0][2]]));
}

#[test]
fn a_tape_is_replayed_whatever_was_asked_for() {
    assert_eq!(given("UNTETHER_TAPE", "(4711)"), [(); 5].map(|()| vec![4_711]));
}
