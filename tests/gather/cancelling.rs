//! Dropping it drops all, at whatever poll.

use super::*;
use untether::spawn::yield_now;

#[test]
fn dropped_at_any_poll_it_leaves_no_child_and_no_value() {
    let alive = Cell::new(0);
    let alive = &alive;
    for count in [2, 16, 17, 200] {
        for polls in 0..6 {
            let child = |n: usize| async move {
                let value = Alive::new(alive);
                let _own = Alive::new(alive);
                for _ in 0..n % 5 {
                    yield_now().await;
                }
                Ok::<_, ()>(value)
            };
            let mut gathering = Probe::new(gather((0..count).map(child)));
            let mut outcomes = Poll::Pending;
            for _ in 0..polls {
                if outcomes.is_pending() {
                    outcomes = gathering.poll();
                }
            }
            drop((gathering, outcomes));
            assert_eq!(alive.get(), 0);
        }
    }
}

#[test]
fn dropped_before_its_first_poll_it_has_begun_nothing() {
    let begun = Cell::new(false);
    let child = || async {
        begun.set(true);
        Ok::<(), ()>(())
    };
    drop(gather((child(), child())));
    drop(gather([child(), child()]));
    assert!(!begun.get());
}

#[test]
fn what_a_child_left_is_there_for_the_next_who_asks() {
    // A receiver loses nothing when it is dropped; so a race of receivers loses nothing either.
    let (sender, mut receiver) = oneshot::<u32>();
    assert_eq!(Probe::new(race((async { (&mut receiver).await.unwrap_or(0) }, ready(7)))).assert_ready(), 7);
    sender.send(5).unwrap();
    assert_eq!(Probe::new(receiver).assert_ready(), Ok(5));
}
