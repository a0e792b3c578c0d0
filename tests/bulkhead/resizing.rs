//! More or fewer at once.

use super::*;

#[test]
fn more_admits_those_who_wait_at_once() {
    let bulkhead = Bulkhead::new(1);
    let first = held(&bulkhead);
    let mut waits = [waiting(&bulkhead), waiting(&bulkhead), waiting(&bulkhead)];
    bulkhead.resize(3);
    assert_eq!(waits.each_ref().map(Probe::wakes), [1, 1, 0]);
    let running = [waits[0].assert_ready().unwrap(), waits[1].assert_ready().unwrap()];
    waits[2].assert_pending();
    drop(first);
    drop((running, waits[2].assert_ready().unwrap()));
    drop(waits);
    assert_whole(&bulkhead);
}

#[test]
fn fewer_lets_those_who_run_go_on_and_admits_nobody_until_enough_have_ended() {
    let bulkhead = Bulkhead::new(3);
    let [one, two, three] = [(); 3].map(|()| held(&bulkhead));
    bulkhead.resize(1);
    let stats = bulkhead.stats();
    assert_eq!((stats.size, stats.running), (1, 3));
    let mut waits = waiting(&bulkhead);
    drop(one);
    waits.assert_pending();
    drop(two);
    waits.assert_pending();
    assert_eq!(bulkhead.stats().running, 1);
    drop(three);
    drop(waits.assert_ready().unwrap());
    assert_whole(&bulkhead);
}

#[test]
fn an_impossible_size_changes_nothing() {
    let bulkhead = Bulkhead::new(2);
    assert!(bulkhead.try_resize(0).is_err() && bulkhead.try_resize(usize::MAX).is_err());
    assert_eq!(bulkhead.stats().size, 2);
    assert_eq!(
        bulkhead.try_resize(0).unwrap_err().to_string(),
        "a bulkhead of no calls, or of more than can be counted"
    );
    assert_whole(&bulkhead);
}
