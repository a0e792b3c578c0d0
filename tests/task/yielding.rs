//! Giving way.

use super::*;

#[test]
fn yield_now_lets_every_other_ready_task_run_once() {
    let mut local = Local::new();
    let spawner = local.local_spawner();
    let log = Rc::new(RefCell::new(Vec::new()));
    for name in ["a", "b", "c"] {
        let log = log.clone();
        let task = async move {
            for turn in 0..3 {
                log.borrow_mut().push((name, turn));
                yield_now().await;
            }
        };
        spawner.spawn_local(task).unwrap();
    }
    let mut run = Probe::new(local.run());
    while run.poll().is_pending() {}
    let expected: Vec<_> = (0..3).flat_map(|turn| ["a", "b", "c"].map(|name| (name, turn))).collect();
    assert_eq!(*log.borrow(), expected);
}

#[test]
fn yield_now_is_pending_once_wakes_once_and_stays_ready() {
    let mut future = Probe::new(yield_now());
    future.assert_pending();
    assert_eq!(future.wakes(), 1);
    for _ in 0..3 {
        future.assert_ready();
    }
    assert_eq!(future.wakes(), 1);
}

#[test]
fn yield_every_gives_way_in_every_nth_turn_and_with_0_never() {
    for (every, turns, expected) in [(0, 100, 0), (1, 10, 10), (2, 10, 5), (3, 10, 3), (11, 10, 0)] {
        let mut breath = yield_every(every);
        let mut pauses = 0;
        for turn in 1..=turns {
            let mut turn_taken = Probe::new(breath.turn());
            if turn_taken.poll().is_pending() {
                pauses += 1;
                assert_eq!(turn % every, 0, "turn {turn} of every {every}");
                turn_taken.assert_ready();
            }
        }
        assert_eq!(pauses, expected, "every {every}");
    }
}

#[test]
fn a_turn_that_was_never_polled_still_counts_and_the_counter_does_not_overflow() {
    let mut breath = yield_every(u32::MAX);
    for _ in 0..1_000 {
        Probe::new(breath.turn()).assert_ready();
    }
    let mut breath = yield_every(2);
    drop(breath.turn());
    Probe::new(breath.turn()).assert_pending();
}
