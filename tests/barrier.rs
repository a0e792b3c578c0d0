//! What a `Barrier` promises: a round is its parties, each of them there, and no ghosts.
#![cfg(all(feature = "std", feature = "testing"))]

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;
use untether::spawn::{SpawnExt, Task};
use untether::sync::Barrier;
use untether::sync::barrier::{Passage, Wait};
use untether::testing::sim::{Check, Sim};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether_support::{allocations, cases};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

type Party = Probe<Wait<Arc<Barrier>>>;

fn party(barrier: &Arc<Barrier>) -> Party {
    Probe::new(Barrier::wait_owned(barrier.clone()))
}

#[test]
fn the_last_who_comes_leads_and_lets_all_through() {
    let barrier = Arc::new(Barrier::new(3));
    let mut parties: Vec<Party> = (0..2).map(|_| party(&barrier)).collect();
    parties.iter_mut().for_each(Probe::assert_pending);
    assert_eq!((barrier.waiting(), barrier.parties()), (2, 3));
    assert!(party(&barrier).assert_ready().is_leader());
    assert!(parties.iter_mut().all(|party| party.wakes() == 1 && !party.assert_ready().is_leader()));
    assert_eq!(barrier.waiting(), 0);
}

#[test]
fn it_is_used_again_round_after_round() {
    let barrier = Arc::new(Barrier::new(2));
    for _ in 0..10 {
        let mut first = party(&barrier);
        first.assert_pending();
        assert!(party(&barrier).assert_ready().is_leader());
        assert!(!first.assert_ready().is_leader());
    }
}

/// tokio's and async-lock's go on counting a party that came and was cancelled.
#[test]
fn a_party_that_came_and_was_cancelled_does_not_count() {
    let barrier = Arc::new(Barrier::new(2));
    let mut ghost = party(&barrier);
    ghost.assert_pending();
    drop(ghost);
    assert_eq!(barrier.waiting(), 0);
    let mut second = party(&barrier);
    second.assert_pending();
    assert!(party(&barrier).assert_ready().is_leader());
    second.assert_ready();
}

#[test]
fn a_party_that_is_dropped_after_its_round_was_complete_takes_nothing_from_the_next() {
    let barrier = Arc::new(Barrier::new(2));
    let mut first = party(&barrier);
    first.assert_pending();
    party(&barrier).assert_ready();
    let mut next = party(&barrier);
    next.assert_pending();
    drop(first);
    assert_eq!(barrier.waiting(), 1);
    assert!(party(&barrier).assert_ready().is_leader());
    next.assert_ready();
}

/// Forty are woken in several goes: between them parties of the next round come, and some of the old round leave.
#[test]
fn parties_that_come_while_a_round_is_let_through_belong_to_the_next() {
    let barrier = Arc::new(Barrier::new(40));
    let came = Arc::new(AtomicUsize::new(0));
    let mut parties: Vec<Party> = (0..39).map(|_| party(&barrier)).collect();
    for old in &mut parties {
        let (barrier, came) = (barrier.clone(), came.clone());
        let hook = move || {
            let mut new = party(&barrier);
            assert!(new.poll().is_pending());
            std::mem::forget(new);
            came.fetch_add(1, Ordering::Relaxed);
        };
        assert!(old.poll_with(&HookWaker::new().on_wake(hook).waker()).is_pending());
    }
    assert!(party(&barrier).assert_ready().is_leader());
    assert_eq!((came.load(Ordering::Relaxed), barrier.waiting()), (39, 39));
    assert!(parties.iter_mut().all(|party| !party.assert_ready().is_leader()));
    drop(parties);
    assert_eq!(barrier.waiting(), 39);
    assert!(party(&barrier).assert_ready().is_leader());
}

#[test]
fn a_waker_that_drops_the_others_of_its_round_withdraws_nobody_of_the_next() {
    let barrier = Arc::new(Barrier::new(41));
    #[expect(clippy::disallowed_types, reason = "what the waker drops")]
    let others: Arc<std::sync::Mutex<Vec<Party>>> = Arc::default();
    let (drops, comes) = (others.clone(), barrier.clone());
    let hook = move || {
        let mut new = party(&comes);
        assert!(new.poll().is_pending());
        std::mem::forget(new);
        let dropped = std::mem::take(&mut *drops.lock().unwrap());
        drop(dropped);
    };
    let mut first = party(&barrier);
    assert!(first.poll_with(&HookWaker::new().on_wake(hook).waker()).is_pending());
    others.lock().unwrap().extend((0..39).map(|_| party(&barrier)));
    others.lock().unwrap().iter_mut().for_each(Probe::assert_pending);
    assert!(party(&barrier).assert_ready().is_leader());
    assert_eq!(barrier.waiting(), 1);
    assert!(!first.assert_ready().is_leader());
}

#[test]
fn one_party_never_waits_and_always_leads() {
    let barrier = Barrier::new(1);
    assert!(barrier.wait().wait().is_leader() && barrier.wait().wait().is_leader());
}

#[test]
fn ready_stays_ready_and_is_one_arrival() {
    let barrier = Arc::new(Barrier::new(2));
    let mut first = party(&barrier);
    first.assert_pending();
    let mut second = party(&barrier);
    for _ in 0..3 {
        assert!(second.assert_ready().is_leader());
        assert!(!first.assert_ready().is_leader());
    }
    assert_eq!(barrier.waiting(), 0);
}

#[test]
fn a_party_that_was_not_polled_has_not_come() {
    let barrier = Barrier::new(1);
    let wait = barrier.wait();
    assert_eq!(barrier.waiting(), 0);
    assert_eq!(format!("{wait:?}"), "Wait { arrived: false, .. }");
}

#[test]
fn nobody_is_refused_with_what_to_do() {
    assert_eq!(Barrier::try_new(0).unwrap_err().to_string(), "a barrier needs at least one party");
    let panic = std::panic::catch_unwind(|| Barrier::new(0)).unwrap_err();
    assert!(panic.downcast_ref::<&str>().unwrap().contains("`try_new` gives an error instead"));
}

#[test]
fn as_many_parties_as_can_be_counted_are_a_number_like_others() {
    let barrier = Arc::new(Barrier::new(usize::MAX));
    let mut parties = [party(&barrier), party(&barrier)];
    parties.iter_mut().for_each(Probe::assert_pending);
    assert_eq!((barrier.parties(), barrier.waiting()), (usize::MAX, 2));
    drop(parties);
    assert_eq!(barrier.waiting(), 0);
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (barrier, last) = (Arc::new(Barrier::new(2)), CountingWaker::new());
    let mut first = party(&barrier);
    first.assert_pending();
    assert!(first.poll_with(&last.waker()).is_pending());
    party(&barrier).assert_ready();
    assert_eq!((first.wakes(), last.wakes()), (0, 1));
}

#[test]
fn threads_meet() {
    let barrier = Barrier::new(3);
    let late = barrier.wait().wait_timeout(Duration::from_millis(1)).unwrap_err();
    assert_eq!(barrier.waiting(), 1);
    let leaders: usize = std::thread::scope(|scope| {
        let threads = [1, 2].map(|_| scope.spawn(|| usize::from(barrier.wait().wait().is_leader())));
        let own = usize::from(late.wait().is_leader());
        own + threads.map(|thread| thread.join().unwrap()).iter().sum::<usize>()
    });
    assert_eq!(leaders, 1);
}

#[test]
fn rounds_allocate_nothing_after_the_first() {
    let barrier = Barrier::new(3);
    let waker = CountingWaker::new().waker();
    let mut cx = std::task::Context::from_waker(&waker);
    let mut round = || {
        let mut parties: [Wait<&Barrier>; 3] = std::array::from_fn(|_| barrier.wait());
        parties.iter_mut().map(|party| usize::from(party.poll_wait(&mut cx).is_ready())).sum::<usize>()
    };
    round();
    let before = allocations();
    assert!((0..100).all(|_| round() == 1));
    assert_eq!(allocations(), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]
    #[test]
    fn it_is_a_list_of_those_present_that_is_let_go_when_it_is_full(
        size in 1..5_usize,
        steps in prop::collection::vec((0..5_u8, any::<usize>()), 0..150),
    ) {
        let barrier = Arc::new(Barrier::new(size));
        let (mut parties, mut present) = (Vec::new(), Vec::new());
        let mut passed: BTreeMap<usize, bool> = BTreeMap::new();
        for (name, (step, which)) in steps.into_iter().enumerate() {
            match step {
                0 | 1 => parties.push((name, party(&barrier))),
                2 if !parties.is_empty() => {
                    let (name, gone) = parties.remove(which % parties.len());
                    drop(gone);
                    present.retain(|other| *other != name);
                }
                _ if !parties.is_empty() => {
                    let which = which % parties.len();
                    let (name, party) = &mut parties[which];
                    if !passed.contains_key(name) && !present.contains(name) {
                        present.push(*name);
                        if present.len() == size {
                            passed.extend(present.drain(..).map(|other| (other, other == *name)));
                        }
                    }
                    let expected = passed.get(name).copied();
                    let polled = match party.poll() {
                        Poll::Ready(passage) => Some(Passage::is_leader(passage)),
                        Poll::Pending => None,
                    };
                    prop_assert_eq!(polled, expected);
                }
                _ => {}
            }
            prop_assert_eq!(barrier.waiting(), present.len());
        }
    }
}

#[test]
fn whoever_leaves_leaves_no_ghost_in_any_schedule() {
    Check::random(10_000).cancel("fickle").no_leaks().assert(ghosts);
    let passed = Check::exhaustive(1_000_000).cancel("fickle").no_leaks().run(ghosts).unwrap();
    assert!(passed.complete, "cut off after {} schedules", passed.schedules);
}

/// Waits, and counts itself while it is there. The last who comes goes on at once, so it sees the others of its round.
async fn arrive(barrier: Arc<Barrier>, present: Arc<AtomicUsize>) -> Passage {
    struct Present(Arc<AtomicUsize>);
    impl Drop for Present {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    present.fetch_add(1, Ordering::Relaxed);
    let present = Present(present);
    let passage = barrier.wait().await;
    let there = present.0.load(Ordering::Relaxed);
    assert!(!passage.is_leader() || there >= barrier.parties(), "a ghost completed the round");
    passage
}

async fn ghosts(sim: Sim) {
    let (barrier, present) = (Arc::new(Barrier::new(2)), Arc::default());
    let waiting_for =
        |name| Task::builder().name(name).spawn(&sim, arrive(barrier.clone(), Arc::clone(&present))).unwrap();
    let (fickle, steady) = (waiting_for("fickle"), waiting_for("steady"));
    let outcome = fickle.await;
    match outcome {
        Ok(passage) => assert!(passage.is_leader() != steady.await.unwrap().is_leader()),
        Err(_) => {
            // Either the round was complete before it left, or it was withdrawn and the other still waits.
            sim.idle().await;
            if !steady.is_finished() {
                assert_eq!(barrier.waiting(), 1);
                assert!(arrive(barrier.clone(), present.clone()).await.is_leader());
            }
            steady.await.unwrap();
        }
    }
    assert_eq!(barrier.waiting(), 0);
}

#[test]
fn three_rounds_of_three_tasks_stay_in_step() {
    Check::random(10_000).spurious_polls().no_leaks().assert(async |sim| {
        let (barrier, leaders) = (Arc::new(Barrier::new(3)), Arc::new(AtomicUsize::new(0)));
        let steps = Arc::new(AtomicUsize::new(0));
        let parties = [1, 2, 3].map(|_| {
            let (barrier, leaders, steps) = (barrier.clone(), leaders.clone(), steps.clone());
            let go = async move {
                for round in 1..=3 {
                    steps.fetch_add(1, Ordering::Relaxed);
                    let leads = barrier.wait().await.is_leader();
                    leaders.fetch_add(usize::from(leads), Ordering::Relaxed);
                    assert!(steps.load(Ordering::Relaxed) >= 3 * round);
                }
            };
            sim.spawn_task(go).unwrap()
        });
        for party in parties {
            party.await.unwrap();
        }
        assert_eq!(leaders.load(Ordering::Relaxed), 3);
    });
}
