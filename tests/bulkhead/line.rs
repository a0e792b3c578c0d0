//! The line: first come, first served, and never longer than it may be.

use super::*;

#[test]
fn who_came_first_is_admitted_first_and_nobody_overtakes() {
    let bulkhead = Bulkhead::new(1);
    let first = held(&bulkhead);
    let mut waits = [waiting(&bulkhead), waiting(&bulkhead)];
    drop(first);
    assert_eq!(bulkhead.try_acquire().unwrap_err(), TryAcquireError::Full, "it is granted already");
    assert_eq!(bulkhead.stats().granted, 1);
    waits[1].assert_pending();
    let second = waits[0].assert_ready().unwrap();
    drop(second);
    drop(waits[1].assert_ready().unwrap());
    assert_whole(&bulkhead);
}

#[test]
fn exactly_so_many_wait_and_one_more_is_refused() {
    let bulkhead = Bulkhead::builder(2).queue(2).build();
    let running = [held(&bulkhead), held(&bulkhead)];
    let mut waits = [waiting(&bulkhead), waiting(&bulkhead)];
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::Full);
    assert_eq!(counts(&bulkhead), (2, 2));
    drop(running);
    // Who was admitted waits no more, also before it knows.
    let _third = waiting(&bulkhead);
    let _fourth = waiting(&bulkhead);
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::Full);
    waits.iter_mut().for_each(|waits| drop(waits.assert_ready().unwrap()));
}

/// With one semaphore for those who run and another for those who wait, who could run is refused where the line is full, or waits in it.
#[test]
fn who_finds_room_is_never_counted_among_those_who_wait() {
    let bulkhead = Bulkhead::builder(2).queue(0).build();
    let mut runs = [Probe::new(bulkhead.run(pending::<()>)), Probe::new(bulkhead.run(pending::<()>))];
    runs.iter_mut().for_each(Probe::assert_pending);
    assert_eq!(counts(&bulkhead), (2, 0));
    let [one, _other] = runs;
    drop(one);
    assert_eq!(Probe::new(bulkhead.run(says(3))).assert_ready().unwrap(), 3);
}

#[test]
fn the_places_in_line_of_those_who_gave_up_are_free_at_once() {
    let bulkhead = Bulkhead::builder(1).queue(2).build();
    let first = held(&bulkhead);
    for _ in 0..1_000 {
        // In each order: from the front, and from the back.
        let [one, other] = [waiting(&bulkhead), waiting(&bulkhead)];
        drop(one);
        let third = waiting(&bulkhead);
        drop((other, third));
        assert_eq!(counts(&bulkhead), (1, 0));
    }
    let mut last = waiting(&bulkhead);
    drop(first);
    drop(last.assert_ready().unwrap());
    assert_whole(&bulkhead);
}

#[test]
fn a_line_of_any_length_costs_each_the_same() {
    let bulkhead = Bulkhead::new(1);
    let mut running = Some(held(&bulkhead));
    let mut waits: Vec<_> = (0..10_000).map(|_| waiting(&bulkhead)).collect();
    for waits in &mut waits {
        drop(running.take());
        running = Some(waits.assert_ready().unwrap());
        assert_eq!(waits.wakes(), 1);
    }
}
