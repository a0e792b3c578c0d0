//! What the other side asks for.

use super::*;

fn waited(schedule: Backoff<impl Schedule>, wish: Duration) -> Vec<Duration> {
    let (clock, told) = (ManualClock::new(), RefCell::new(Vec::new()));
    let hinted = retry(fails(99), schedule)
        .hint(|_| Some(wish))
        .on_retry(|failed| told.borrow_mut().push(failed.delay()));
    assert!(run(&clock, hinted.on(&clock)).is_err());
    told.into_inner()
}

#[test]
fn an_hour_is_clamped_to_five_seconds_more_than_our_own() {
    assert_eq!(waited(every(SECOND).attempts(3), 3_600 * SECOND), [6 * SECOND; 2]);
    assert_eq!(waited(every(SECOND).attempts(3), 3 * SECOND), [3 * SECOND; 2]);
}

#[test]
fn a_wish_in_the_past_leaves_our_own() {
    assert_eq!(waited(every(SECOND).attempts(3), Duration::ZERO), [SECOND; 2]);
}

#[test]
fn each_rule_does_what_its_name_says() {
    let (soon, late) = (SECOND / 2, 3_600 * SECOND);
    let rule = |hint, wish| waited(every(SECOND).attempts(2).hint(hint), wish)[0];
    assert_eq!((rule(Hint::Ignore, soon), rule(Hint::Ignore, late)), (SECOND, SECOND));
    assert_eq!((rule(Hint::AtLeast, soon), rule(Hint::AtLeast, late)), (SECOND, late));
    assert_eq!((rule(Hint::Exact, soon), rule(Hint::Exact, late)), (soon, late));
    let extra = Hint::Clamp { extra: Duration::MAX };
    assert_eq!(rule(extra, late), late);
}

#[test]
fn the_cap_is_above_every_wish() {
    for hint in [Hint::AtLeast, Hint::Exact, Hint::default()] {
        assert_eq!(waited(every(SECOND).attempts(2).cap(4 * SECOND).hint(hint), Duration::MAX), [4 * SECOND]);
    }
}

/// backon's example returns the hint when no attempt is left: 52 calls with a maximum of 3.
#[test]
fn a_wish_makes_no_further_attempt() {
    assert_eq!(waited(every(SECOND).attempts(3).hint(Hint::Exact), SECOND).len(), 2);
}

/// The jitter wanders by its own rule, whatever was wished for in between.
#[test]
fn a_wish_does_not_lengthen_the_delays_after_it() {
    let clock = ManualClock::new();
    let told = RefCell::new(Vec::new());
    let schedule = decorrelated(SECOND).attempts(4).hint(Hint::Exact);
    let wish = |error: &&str| (*error == "busy").then_some(50 * SECOND);
    let errors = |attempt: Attempt| ready(Err::<(), _>(if attempt.is_first() { "busy" } else { "down" }));
    let _ = run(
        &clock,
        retry(errors, schedule)
            .entropy(seed())
            .hint(wish)
            .on_retry(|failed| told.borrow_mut().push(failed.delay()))
            .on(&clock),
    );
    assert_eq!(told.borrow()[0], 50 * SECOND);
    assert!(told.borrow()[1] <= 9 * SECOND && told.borrow()[2] <= 27 * SECOND);
}

/// What stands around the parts would clamp what they have clamped already, and above their caps.
#[test]
fn in_a_combination_the_parts_listen_and_nothing_is_added_around_them() {
    let (two, late) = (every(SECOND).attempts(2), 3_600 * SECOND);
    assert_eq!(waited(two.then(two), late), [6 * SECOND; 2]);
    assert_eq!((waited(two.and(two), late), waited(two.or(two), late)), (vec![6 * SECOND], vec![6 * SECOND]));
    assert_eq!(waited(two.then(two.hint(Hint::Ignore)), late), [6 * SECOND, SECOND]);
    let capped = two.cap(2 * SECOND);
    assert_eq!(waited(capped.then(capped), late), [2 * SECOND; 2]);
    assert_eq!(
        waited(capped.then(capped).hint(Hint::Exact), late),
        [late; 2],
        "unless it is said of the whole"
    );
}
