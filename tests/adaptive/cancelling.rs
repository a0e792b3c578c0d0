//! Futures that are dropped.

use super::*;
use untether::spawn::yield_now;

#[test]
fn a_call_that_is_dropped_at_any_of_its_polls_gives_its_place_back() {
    for polls in 0..4 {
        let limit = aimd(1);
        let mut first = Some(held(&limit));
        let operation = async || {
            yield_now().await;
            yield_now().await;
        };
        let mut runs = Probe::new(limit.run(operation, |()| Some(Outcome::Success)));
        for poll in 0..polls {
            if poll == 1 {
                first = None;
            }
            runs.assert_pending();
        }
        drop(runs);
        drop(first);
        assert_eq!(limit.limit(), 1);
        assert_whole(&limit);
    }
}

#[test]
fn who_is_dropped_when_it_was_admitted_lets_the_next_go() {
    let limit = fixed(1);
    let first = held(&limit);
    let (one, mut other) = (waiting(&limit), waiting(&limit));
    first.success();
    assert_eq!((one.wakes(), other.wakes()), (1, 0));
    drop(one);
    assert_eq!(other.wakes(), 1);
    drop(other.assert_ready().unwrap());
    drop(other);
    assert_whole(&limit);
}

#[test]
fn a_forgotten_permit_keeps_its_place_and_no_other() {
    let limit = fixed(2);
    std::mem::forget(held(&limit));
    held(&limit).success();
    let _second = held(&limit);
    waiting(&limit);
    assert_eq!(limit.in_flight(), 2);
}
